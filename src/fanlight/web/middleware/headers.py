"""Headers that keep browsers from doing what nobody asked for.

They are added where an answer does not set them itself. Pages run only scripts and styles of our
own origin, so a mistake in a template cannot become somebody's program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

CSP = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    b"media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)

EVERYWHERE: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)

PAGES: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CSP),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class SecurityHeaders:
    """Adds the headers above to every answer, the second set to pages only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with(list(message.get("headers", ())))}
            await send(message)

        await self._app(scope, receive, answer)


def _with(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower(): value for name, value in headers}
    wanted = EVERYWHERE
    if present.get(b"content-type", b"").startswith(b"text/html"):
        wanted = EVERYWHERE + PAGES
    said = set(present)
    if b"frame-ancestors" in present.get(b"content-security-policy", b""):
        said.add(b"x-frame-options")  # the newer word says it, and knows more than yes and no
    return headers + [pair for pair in wanted if pair[0] not in said]
