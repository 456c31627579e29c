"""Bodies as a server would hand them to us, for tests of what reads them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fanlight.web.forms import Form
from fanlight.web.incoming import Incoming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.web.types import Receive

BOUNDARY = "frontier"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def receiving(pieces: Sequence[bytes], *, then: str = "end") -> Receive:
    """A receive that gives the pieces, then ends, disconnects (`leave`) or stands still."""
    waiting = list(pieces)

    async def receive() -> dict[str, object]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
        if then == "leave":
            return {"type": "http.disconnect"}
        if then == "stall":
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


def incoming(
    pieces: Sequence[bytes],
    *,
    then: str = "end",
    headers: Sequence[tuple[bytes, bytes]] = (),
    stall: float = 5,
    limit: int = 10**9,
) -> Incoming:
    """An `Incoming` over those pieces."""
    scope = {"type": "http", "headers": list(headers)}
    return Incoming(scope, receiving(pieces, then=then), stall=stall, limit=limit)


def form(body: bytes, *, content_type: str = TYPE, then: str = "end", size: int = 64) -> Form:
    """A `Form` over a body cut into pieces of `size` bytes."""
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return Form(incoming(pieces, then=then), content_type)


def part(disposition: str, content: bytes, *, more: str = "") -> bytes:
    """One part, up to the next boundary."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n"
    return head.encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()
