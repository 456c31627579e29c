"""Uploading to a server elsewhere, by its API."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from fanlight import __version__, errors
from fanlight.cli.uploading import Linked, Order, Original, Sender, query_of
from fanlight.errors import FanlightError, Invalid, Unauthenticated, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

BY_STATUS: dict[int, type[FanlightError]] = {
    400: errors.Invalid,
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    408: errors.Stalled,
    409: errors.Conflict,
    410: errors.Expired,
    413: errors.TooLarge,
    422: errors.Invalid,
    429: errors.Throttled,
    503: errors.StorageUnavailable,
    507: errors.StorageFull,
}


@asynccontextmanager
async def remote_sender(to: str, token: str, order: Order) -> AsyncGenerator[Sender]:
    """Sends to the server at `to`. Raises Invalid, Unauthenticated for what cannot work."""
    if not to.startswith(("http://", "https://")):
        raise Invalid(f"{to!r} is not an address.", remedy="Write it with https://.")
    if not token:
        raise Unauthenticated("An upload elsewhere needs a token.", remedy="Give one with --token.")
    headers = {"Authorization": f"Bearer {token}", "User-Agent": f"fanlight/{__version__}"}
    waits = aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=300)
    async with aiohttp.ClientSession(headers=headers, timeout=waits) as session:

        async def send(original: Original, body: AsyncIterator[bytes]) -> Linked:
            return await _send(session, to, order, original, body)

        yield send


async def _send(
    session: aiohttp.ClientSession,
    to: str,
    order: Order,
    original: Original,
    body: AsyncIterator[bytes],
) -> Linked:
    # the query is encoded already: a name may have any character
    address = URL(f"{to.rstrip('/')}/api/v1/assets?{query_of(original, order)}", encoded=True)
    headers = {
        "Content-Length": str(original.size),
        "Content-Type": "application/octet-stream",
    }
    try:
        async with session.post(address, data=body, headers=headers) as answer:
            content = await answer.read()
            if answer.status != 201:
                raise _refusal(answer.status, content)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(f"{to} does not answer: {error}.") from None
    made = json.loads(content)
    return Linked(original.path, made["link"], made["url"], made["id"])


def _refusal(status: int, content: bytes) -> FanlightError:
    """The error that the server's problem describes."""
    try:
        problem = json.loads(content)
        title, remedy, code = problem["title"], problem["remedy"], problem["code"]
    except (ValueError, KeyError, TypeError):
        return Unreachable(
            f"There is no Fanlight at this address: it answered {status}.",
            remedy="Check the address.",
        )
    return BY_STATUS.get(status, errors.StorageError)(title, remedy=remedy, code=code)
