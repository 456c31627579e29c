"""One entry on its way: opened before its turn, and always a piece ahead of who takes it."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING, Protocol

from fanlight.errors import (
    BadLocator,
    ObjectChanged,
    ObjectMissing,
    StorageError,
    StorageUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
    from concurrent.futures import Executor

LARGE = 1 << 15
"""Bytes from which on a checksum is made in a thread."""


class Body(Protocol):
    """Bytes that come one piece after another. Iterate once; always `aclose`."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises StorageError."""
        ...

    async def aclose(self) -> None:
        """Let go of it."""
        ...


class Reading:
    """The bytes of an entry from `start` to `stop`, and their checksum."""

    def __init__(
        self,
        opener: Callable[[int, int, int], Awaitable[Body]],
        index: int,
        start: int,
        stop: int,
        pool: Executor,
    ) -> None:
        self.start = start
        self.crc = 0
        """Of the pieces that were taken."""
        self._left = stop - start
        self._pool = pool
        self._body: Body | None = None
        self._source: AsyncIterator[bytes] | None = None
        self._next = asyncio.create_task(self._begin(opener, index, stop))

    async def failure(self) -> StorageError | None:
        """Why nothing of it can be had any more; `None` if its first bytes are there.

        Raises any other StorageError.
        """
        try:
            await asyncio.shield(self._next)
        except (ObjectMissing, ObjectChanged, BadLocator) as error:
            return error
        return None

    async def pieces(self, wanted: int) -> AsyncGenerator[bytes]:
        """What comes from the place `wanted` on; what is before it is only summed up.

        Raises StorageError, also if there is less than there should be.
        """
        skipped = wanted - self.start
        while True:
            piece, self.crc = await self._next
            if not piece:
                return
            self._next = asyncio.create_task(self._one(self.crc))
            if skipped >= len(piece):
                skipped -= len(piece)
            elif skipped:
                yield piece[skipped:]
                skipped = 0
            else:
                yield piece

    async def aclose(self) -> None:
        """Let go of it, wherever it is. May be called twice."""
        self._next.cancel()
        await asyncio.wait({self._next})
        if not self._next.cancelled():
            self._next.exception()  # nobody asks for it any more
        body, self._body = self._body, None
        if body is not None:
            await body.aclose()

    async def _begin(
        self, opener: Callable[[int, int, int], Awaitable[Body]], index: int, stop: int
    ) -> tuple[bytes, int]:
        self._body = await opener(index, self.start, stop)
        self._source = aiter(self._body)
        return await self._one(0)

    async def _one(self, crc: int) -> tuple[bytes, int]:
        """The next piece, empty at the end, and the checksum up to its end."""
        assert self._source is not None  # noqa: S101 -- set before the first piece
        piece = await anext(self._source, b"")
        self._left -= len(piece)
        if (self._left != 0) if not piece else self._left < 0:
            raise StorageUnavailable("The storage sent another length than it announced.")
        if len(piece) < LARGE:
            return piece, zlib.crc32(piece, crc)
        loop = asyncio.get_running_loop()
        return piece, await loop.run_in_executor(self._pool, zlib.crc32, piece, crc)
