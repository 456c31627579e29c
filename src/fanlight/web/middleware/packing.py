"""Pages and answers of the API are sent compressed, without telling by their length what they hold.

Who can have a browser ask for pages with words of theirs in the address, and sees how long the
answers are, could guess at what else stands there (BREACH). Proofs of forms are masked anew in
each page (`guard.secret`), and a name of random length in the packing hides the length of the
rest. See docs/decisions/compression.md.
"""

from __future__ import annotations

import gzip
import secrets
from io import BytesIO
from typing import TYPE_CHECKING

from fanlight.web.incoming import header

if TYPE_CHECKING:
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

SHORTEST = 1000
"""Bytes below which an answer fits in one packet anyway."""
LEVEL = 5
"""Half the time of the best one, for a twentieth more."""
NOISE = 100
"""The most bytes that the length says too much."""
PACKED = (b"text/html", b"application/json")

Headers = list[tuple[bytes, bytes]]


class Packing:
    """Compresses whole pages and API answers for who takes gzip; all else passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        takes = "gzip" in header(scope, b"accept-encoding")
        start: Message | None = None

        async def answer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_packed(message["headers"]):
                start = message
                return
            if start is not None:
                begun, start = start, None
                begun, message = _answer(begun, message, takes=takes)
                await send(begun)
            await send(message)

        await self._app(scope, receive, answer)


def _is_packed(headers: Headers) -> bool:
    found = dict(headers)
    kind = found.get(b"content-type", b"")
    return kind.startswith(PACKED) and b"content-encoding" not in found


def _answer(start: Message, body: Message, *, takes: bool) -> tuple[Message, Message]:
    headers: Headers = [*start["headers"], (b"vary", b"Accept-Encoding")]
    plain: bytes = body.get("body", b"")
    if takes and len(plain) >= SHORTEST and not body.get("more_body"):
        packed = pack(plain)
        headers = [pair for pair in headers if pair[0] != b"content-length"]
        headers += [(b"content-length", b"%d" % len(packed)), (b"content-encoding", b"gzip")]
        body = {**body, "body": packed}
    return {**start, "headers": headers}, body


def pack(plain: bytes) -> bytes:
    """Compressed, a little longer than it need be by nobody knows how much."""
    packed = BytesIO()
    name = "x" * secrets.randbelow(NOISE)
    with gzip.GzipFile(name, "wb", LEVEL, packed, mtime=0) as file:
        file.write(plain)
    return packed.getvalue()
