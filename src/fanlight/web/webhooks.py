"""Calls from services that something has changed: answered at once, looked into by a job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from fanlight.errors import Forbidden, Invalid, NotFound, TooLarge

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.app import Fanlight

MOST_BYTES = 1 << 18
_CHALLENGE = re.compile(r"[A-Za-z0-9_.~+/=-]{1,500}")


async def answer_challenge(request: Request) -> Response:
    """Show that the address is ours, by repeating what the service asks."""
    _known(request)
    challenge = request.query_params.get("challenge", "")
    if not _CHALLENGE.fullmatch(challenge):
        raise Invalid("There is no challenge in this request.", code="invalid.challenge")
    return PlainTextResponse(challenge, headers={"x-content-type-options": "nosniff"})


async def hear_change(request: Request) -> Response:
    """Have the channels looked into that the call is about, if it is the service's own."""
    provider = _known(request)
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooLarge
    fanlight: Fanlight = request.scope["fanlight"]
    headers = {name.lower(): value for name, value in request.headers.items()}
    about = await fanlight.channels.stores.rung(provider, headers, body)
    if not about:
        raise Forbidden("This call is not about any channel here.", code="forbidden.webhook")
    for channel_id in about:
        if await fanlight.library.reading(channel_id):  # else nobody has asked to have it read
            await fanlight.jobs.catch_up(channel_id)
    return Response(status_code=200)


def _known(request: Request) -> str:
    fanlight: Fanlight = request.scope["fanlight"]
    provider = str(request.path_params["provider"])
    if provider not in {listed.name for listed in fanlight.channels.providers()}:
        raise NotFound
    return provider
