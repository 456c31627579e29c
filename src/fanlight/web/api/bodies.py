"""What a request to the API may weigh, but for uploads: the framework holds it in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.web.incoming import Incoming

if TYPE_CHECKING:
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

LARGEST = 256 << 10
"""Bytes of a JSON body."""
STALL = 30.0
"""Seconds its sender may make us wait."""
WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class SmallBodies:
    """Limits the body of every request that is no upload, before anybody is asked who they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] == "http" and scope["method"] in WITH_BODY:
            receive = _limited(scope, receive)
        await self._app(scope, receive, send)


def _limited(scope: HttpScope, receive: Receive) -> Receive:
    incoming = Incoming(scope, receive, stall=STALL, limit=LARGEST)
    ended = False

    async def limited() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        incoming.check()
        piece = await incoming.read()
        ended = not piece
        return {"type": "http.request", "body": piece, "more_body": not ended}

    return limited
