"""Who uploads by the compatible door: token, then session, then upload code, as clients send them.

A wrong token is no refusal while a right code is there, because some clients send their code in
both places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from fanlight.errors import Expired, Unauthenticated
from fanlight.web.door import fanlight_of
from fanlight.web.people import from_our_page, token_of, visitor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from fanlight.model import Actor

CODE = "authCode"


async def uploader_of(request: Request) -> Actor:
    """Who may upload with what this request shows. Raises Unauthenticated."""
    accounts = fanlight_of(request).accounts
    if token := token_of(request):
        try:
            return await accounts.actor_for_token(token)
        except (Unauthenticated, Expired):
            pass
    if from_our_page(request) and (visitor := await visitor_of(request)):
        return visitor.actor
    code = next(codes_of(request), None)
    if code is None:
        raise Unauthenticated
    return accounts.actor_for_code(code)


def codes_of(request: Request) -> Iterator[str]:
    """The upload codes of a request, first the one that counts."""
    referer = parse_qs(urlsplit(request.headers.get("referer", "")).query)
    found = (
        request.query_params.get(CODE),
        *referer.get(CODE, ()),
        request.headers.get(CODE),
        request.cookies.get(CODE),
    )
    return (code for code in found if code)
