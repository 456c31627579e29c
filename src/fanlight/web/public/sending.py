"""Sending bytes: small ones in one message, long local ones by the server, others as a stream.

Granian takes only `bytes` as a body; anything else it sends as nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

import structlog

from fanlight.delivery.answers import Multipart
from fanlight.delivery.originals import Local
from fanlight.errors import FanlightError
from fanlight.web.middleware.failures import Cut

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine
    from typing import Any

    from fanlight.delivery.answers import Sent
    from fanlight.delivery.originals import Original
    from fanlight.delivery.ranges import Piece
    from fanlight.delivery.representation import Head
    from fanlight.web.types import HttpScope, Message, Receive, Send

T = TypeVar("T")

log = structlog.get_logger(__name__)

SMALL = 1 << 18
"""Up to this many bytes are read at once and sent in one message."""

PATHSEND = "http.response.pathsend"

Parts = tuple[tuple[bytes, "Piece"], ...]
"""Pieces in the order they are sent, each with what stands before it."""


async def send_asset(
    scope: HttpScope, receive: Receive, send: Send, answer: Sent, original: Original
) -> None:
    """Send what was decided. Raises a StorageError only as long as nothing has been sent."""
    if scope["method"] == "HEAD":
        await send_small(send, answer.status, answer.head, b"")
        return
    parts, end = _parts_of(answer)
    if isinstance(original, Local):
        if sum(piece.stop - piece.start for _, piece in parts) <= SMALL:
            body = b"".join([lead + original.read(piece) for lead, piece in parts]) + end
            await send_small(send, answer.status, answer.head, body)
            return
        if _is_all(parts, original) and PATHSEND in scope.get("extensions", ()):
            await _start(send, answer.status, answer.head)
            await send({"type": PATHSEND, "path": original.path})
            return
    chunks = _chunks(original, parts, end)
    await send_stream(receive, send, answer.status, answer.head, chunks)


def _is_all(parts: Parts, original: Original) -> bool:
    """Whether it is the whole body, which players also ask for as `bytes=0-`."""
    return len(parts) == 1 and parts[0][1] == (0, original.shown.size)


async def send_small(send: Send, status: int, head: Head, body: bytes) -> None:
    """A whole answer."""
    await _start(send, status, head)
    await send({"type": "http.response.body", "body": body})


async def _start(send: Send, status: int, head: Head) -> None:
    await send({"type": "http.response.start", "status": status, "headers": head})


def _parts_of(answer: Sent) -> tuple[Parts, bytes]:
    if isinstance(answer, Multipart):
        return answer.parts, answer.end
    return ((b"", answer.piece),), b""


# --- streams ----------------------------------------------------------------------------------


async def _chunks(original: Original, parts: Parts, end: bytes) -> AsyncGenerator[bytes]:
    for lead, piece in parts:
        body = await original.open(piece)
        try:
            before = lead
            async for data in body:
                yield before + data if before else data
                before = b""
        finally:
            await body.aclose()
    if end:
        yield end


async def send_stream(
    receive: Receive, send: Send, status: int, head: Head, chunks: AsyncGenerator[bytes]
) -> None:
    """Send chunk by chunk, as fast as they are taken; stop when nobody takes them any more.

    The first chunk is read before anything is sent, so that what fails at once can still be told.
    """
    async with aclosing(chunks):
        first = await anext(chunks, b"")
        await _start(send, status, head)
        pump = asyncio.create_task(_pump(send, first, chunks))
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({pump, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pump.cancel()
            gone.cancel()
            await asyncio.wait({pump, gone})
    if not pump.cancelled() and (error := pump.exception()) is not None:
        code = error.public_code if isinstance(error, FanlightError) else type(error).__name__
        log.warning("delivery.broken_off", code=code)
        raise BrokenOff from error


class Leaving:
    """A `receive` that several may wait at, one after another, for the viewer to leave.

    The server takes a `receive` that was cancelled for the last one: the next is told at once that
    the viewer has left, though they have not.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._gone: asyncio.Task[None] | None = None

    async def __call__(self) -> Message:
        """Returns when the viewer has left. May be cancelled, and called again."""
        if self._gone is None:
            self._gone = asyncio.create_task(_gone(self._receive))
        await asyncio.shield(self._gone)
        return {"type": "http.disconnect"}

    async def end(self) -> None:
        """Wait no more: the answer is over."""
        if self._gone is not None:
            self._gone.cancel()
            await asyncio.wait({self._gone})


class Left(Exception):
    """The viewer has gone before there was anything to send."""


async def while_there(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work; when the viewer leaves first, it is cancelled. Raises Left then."""
    working, gone = asyncio.create_task(work), asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Left
    finally:
        working.cancel()
        gone.cancel()
        await asyncio.wait({working, gone})


class BrokenOff(Cut):
    """The bytes ended too early: the server must cut the connection, so that the client knows."""


async def _pump(send: Send, first: bytes, chunks: AsyncGenerator[bytes]) -> None:
    await send({"type": "http.response.body", "body": first, "more_body": True})
    async for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
