"""One request body as it comes off the wire: counted, limited, and given up when it stands still.

Nothing is read ahead: a piece is asked for when the one before has been used, so a slow provider
slows the sender instead of filling our memory.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fanlight.errors import BadBody, Incomplete, Stalled, TooLarge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fanlight.web.types import HttpScope, Message, Receive

TRICKLE = 16 << 10
"""Bytes that must come within each time-out, or a trickle would hold a connection for ever."""


def header(scope: HttpScope, name: bytes) -> str:
    """The first request header of that (lower-case) name, or `""`."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


class Incoming:
    """The body of one request.

    `stall` is how many seconds the sender may make us wait; time that we spend with the pieces does
    not count. `limit` is in bytes. Iterate once. Raises Incomplete when the sender leaves or the
    length is not what it said, Stalled, TooLarge, and BadBody for a packed body.
    """

    def __init__(self, scope: HttpScope, receive: Receive, *, stall: float, limit: int) -> None:
        self.received = 0
        self._receive = receive
        self._stall = stall
        self._limit = limit
        self._waited = 0.0
        self._window = 0
        self._ended = False
        self._since = 0.0
        self._stalled = False
        self._task: asyncio.Task[object] | None = None
        self._timer: asyncio.TimerHandle | None = None
        length = header(scope, b"content-length")
        self.length = int(length) if length.isdecimal() else None
        self._packed = header(scope, b"content-encoding")

    def check(self) -> None:
        """Refuse what the headers already show to be too large or unreadable."""
        if self._packed not in ("", "identity"):
            raise BadBody(
                "The upload is packed with a Content-Encoding, which is not taken.",
                remedy="Send the bytes as they are.",
            )
        if self.length is not None and self.length > self._limit:
            raise TooLarge

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await self.read():
            yield piece

    async def read(self) -> bytes:
        """The next piece, `b""` once all has come."""
        while not self._ended:
            message = await self._next()
            if message["type"] == "http.disconnect":
                self._end()
                raise Incomplete
            piece: bytes = message.get("body", b"")
            self._count(len(piece))
            # once all that was announced is here, the empty last message need not be waited for
            if not message.get("more_body", False) or self.received == self.length:
                self._end()
                self._check_length()
            if piece:
                return piece
        return b""

    async def _next(self) -> Message:
        """The next message. One timer a body watches the waiting: one a message would cost more."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._timer = loop.call_later(self._stall - self._waited, self._look)
        self._since, self._task = loop.time(), asyncio.current_task()
        try:
            return await self._receive()
        except asyncio.CancelledError:
            if not self._stalled or self._task is None:
                raise
            self._task.uncancel()
            self._end()
            raise Stalled from None
        finally:
            self._task = None
            self._waited += loop.time() - self._since

    def _look(self) -> None:
        self._timer = None
        if self._task is None:
            return  # not waiting now: the next wait sets the timer again
        loop = asyncio.get_running_loop()
        left = self._stall - self._waited - (loop.time() - self._since)
        if left > 0:
            self._timer = loop.call_later(left, self._look)
            return
        self._stalled = True
        self._task.cancel()

    def _end(self) -> None:
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _count(self, size: int) -> None:
        self.received += size
        self._window += size
        if self._window >= TRICKLE:
            self._window, self._waited = 0, 0.0
        if self.received > self._limit:
            raise TooLarge

    def _check_length(self) -> None:
        if self.length is not None and self.received != self.length:
            raise Incomplete(
                f"{self.length} bytes were announced, but {self.received} came. Nothing was stored."
            )

    async def drain(self, *, at_most: int = 1 << 20, seconds: float = 2.0) -> None:
        """Throw away what is still coming, so that a refused sender gets to read the answer."""
        self._limit = self.received + at_most
        self._stall, self._waited = seconds, 0.0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            while await self.read():
                pass
        except (Incomplete, TooLarge):
            self._end()
