"""What every handler is given with its request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from fanlight.web.incoming import Incoming

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from fanlight.app import Fanlight
    from fanlight.web.types import HttpScope, Receive, Send

FORM_ROOM = 1 << 20
"""Bytes that a form may have beside the content it carries."""
UNLIMITED = 1 << 62
SMALL_FORM = 256 << 10
"""Largest form without content, in bytes."""


class Direct:
    """A handler as a plain ASGI app, for the byte path: without what a framework puts around it.

    Its errors go to `middleware.failures` as they are.
    """

    def __init__(self, handler: Callable[[Request], Awaitable[Response]]) -> None:
        self._handler = handler

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI says."""
        response = await self._handler(Request(scope, receive, send))
        await response(scope, receive, send)


def fanlight_of(request: Request) -> Fanlight:
    """The use cases."""
    return cast("Fanlight", request.scope["fanlight"])


def origin_of(request: Request) -> str:
    """Scheme and host that people use for this server, without a slash at the end."""
    public = fanlight_of(request).settings.public_url
    if public:
        return public
    host = request.headers.get("host") or "localhost"
    return f"{request.scope['scheme']}://{host}"


def incoming_of(request: Request, *, limit: int | None = None) -> Incoming:
    """The request's body as a stream. Without a `limit`, of an upload's size."""
    settings = fanlight_of(request).settings
    if limit is None:
        limit = settings.max_upload + FORM_ROOM if settings.max_upload else UNLIMITED
    return Incoming(request.scope, request.receive, stall=settings.upload_timeout, limit=limit)
