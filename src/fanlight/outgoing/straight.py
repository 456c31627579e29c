"""The rest of a long body, read straight from its connection into one buffer.

An HTTP client takes each TLS record as an object of its own, joins them, and hands them on by way
of a queue, where they are joined again. For the gigabyte of one large original that is a third of
what this server has to do. So the connection is given another protocol for the rest of the body,
which has records decrypted into a buffer of its own, and is closed in the end.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from aiohttp import ClientResponse

LONG = 16 << 20
"""Bytes that must be left of a body: what is shorter leaves its connection for others to use."""
ROOM = 1 << 20
"""Bytes that are read ahead of who takes them..."""
ENOUGH = 1 << 18
"""...so many of which are handed on at once..."""
SOON = 0.005
"""...or fewer, so many seconds after they have come."""


class Straight(asyncio.BufferedProtocol):
    """Iterate once; then, or if that is broken off, close the answer that it was taken from.

    Raises OSError where the connection breaks or ends early, and TimeoutError when no byte comes
    for `stall` seconds.
    """

    def __init__(
        self, transport: asyncio.Transport, before: asyncio.BaseProtocol, left: int, stall: float
    ) -> None:
        self._transport = transport
        self._before = before
        self._left = left
        """Bytes that have not come yet."""
        self._stall = stall
        self._buffer = memoryview(bytearray(ROOM))
        self._filled = 0
        self._paused = False
        self._lost: Exception | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._soon: asyncio.TimerHandle | None = None

    # --- for the connection

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go."""
        del sizehint
        return self._buffer[self._filled : min(ROOM, self._filled + self._left)]

    def buffer_updated(self, nbytes: int) -> None:
        """So many have come."""
        self._filled += nbytes
        self._left -= nbytes
        if self._filled == ROOM or not self._left:
            self._paused = True
            self._transport.pause_reading()
        if self._filled >= ENOUGH or not self._left:
            self._tell()
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SOON, self._tell)

    def eof_received(self) -> bool:
        """The other side sends no more."""
        self._lose(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed, by whichever side."""
        self._lose(exc)
        self._before.connection_lost(exc)

    def _lose(self, error: Exception | None) -> None:
        if self._left and self._lost is None:
            broken = "The connection ended before the body did."
            self._lost = error if isinstance(error, OSError) else ConnectionError(broken)
        self._tell()

    def _tell(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    # --- for who reads

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """The next bytes, as they have come."""
        if not self._filled or self._soon is not None:
            await self._some()
        if not self._filled:
            if self._lost is not None:
                raise self._lost
            raise StopAsyncIteration
        data = bytes(self._buffer[: self._filled])
        self._filled = 0
        if self._paused and self._left:
            self._paused = False
            self._transport.resume_reading()
        return data

    async def _some(self) -> None:
        """Wait until there is something, or no more comes."""
        if self._lost is not None or not self._left:
            return
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._stall):
                await self._waiting
        finally:
            self._waiting = None


def taken_over(response: ClientResponse, stall: float) -> tuple[bytes, Straight] | None:
    """What has come of a body, and the rest of it; None if it is not long, or not as it comes."""
    connection, size = response.connection, response.content_length
    if connection is None or size is None or "Transfer-Encoding" in response.headers:
        return None
    transport, before = connection.transport, connection.protocol
    left = size - response.content.total_bytes
    if left < LONG or before is None or transport is None or transport.is_closing():
        return None
    begun = response.content.read_nowait()
    straight = Straight(transport, before, left, stall)
    transport.pause_reading()  # a change of protocol is only noticed when reading begins
    transport.set_protocol(straight)
    transport.resume_reading()
    return begun, straight
