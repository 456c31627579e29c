"""Scripts of other sites may call the upload and API routes, with a token and never with a cookie.

Credentials are not allowed across origins: an answer never carries Allow-Credentials, so a page
elsewhere cannot use somebody's sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.web.incoming import header

if TYPE_CHECKING:
    from collections.abc import Collection

    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
UPLOAD_METHODS = b"POST, OPTIONS"
HEADERS = b"Content-Type, Authorization, authCode, X-Request-Id"
EXPOSED = b"Location, Retry-After, X-Request-Id"
SECONDS = b"86400"


class Cors:
    """Answers preflights and marks answers on `/upload` and `/api`."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self._app = app
        self._any = "*" in origins
        self._origins = frozenset(origins)

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http" or not covered(scope["path"]):
            await self._app(scope, receive, send)
            return
        allowed = self._allow(header(scope, b"origin"))
        if scope["method"] == "OPTIONS":
            await _preflight(scope["path"], allowed, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                marks = [*allowed, (b"access-control-expose-headers", EXPOSED)]
                headers = [*message.get("headers", ()), *(marks if allowed else ())]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, answer)

    def _allow(self, origin: str) -> list[tuple[bytes, bytes]]:
        if self._any:
            return [(b"access-control-allow-origin", b"*")]
        if origin in self._origins:
            return [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"vary", b"Origin"),
            ]
        return []


def covered(path: str) -> bool:
    """Whether scripts of other origins may call this address."""
    return path.startswith("/api/") or path in ("/upload", "/upload/")


async def _preflight(path: str, allowed: list[tuple[bytes, bytes]], send: Send) -> None:
    # what one address of the API takes only its route knows; browsers ask for the whole
    api = path.startswith("/api/")
    methods = METHODS if api else UPLOAD_METHODS
    headers = [] if api else [(b"allow", methods)]
    if allowed:
        headers += [
            *allowed,
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", HEADERS),
            (b"access-control-max-age", SECONDS),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
