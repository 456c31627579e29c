"""One part on its way to all who want it.

What has come is read from memory until it is on the disk, and from there afterwards, by everybody
at their own speed: so a slow viewer costs no memory and holds up nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fanlight.delivery.parts.files import Descriptor
    from fanlight.delivery.parts.shelf import Shelf

CHUNK = 1 << 18
"""Bytes read from the disk at once for a viewer."""


class NotKeptError(Exception):
    """The disk takes nothing: whoever reads must go to the channel by themselves."""


class Flight:
    """A part that somebody wants; `length` is in bytes.

    It is held by those who read it or will. `idle` is called when nobody holds it any more.
    """

    def __init__(
        self, name: str, length: int, shelf: Shelf, idle: Callable[[Flight], None]
    ) -> None:
        self.name = name
        self.length = length
        self.filled = 0
        """Bytes from its beginning that can be read."""
        self._shelf = shelf
        self._idle = idle
        self._part: Descriptor | None = None
        self._hand: deque[tuple[int, bytes]] = deque()
        """What is not on the disk yet, and where it begins."""
        self._failure: Exception | None = None
        self._grown = asyncio.Event()
        self._holders = 0
        self._finished = False

    # --- for those who read

    @property
    def whole(self) -> bool:
        """Whether all of it has come."""
        return self.filled == self.length

    @property
    def held(self) -> bool:
        """Whether somebody reads it, or will."""
        return self._holders > 0

    @property
    def wanted(self) -> bool:
        """Whether somebody wants it, or has had what they wanted of it: then the rest comes."""
        return self.held or self._finished

    def hold(self) -> None:
        """Want it."""
        self._holders += 1

    def release(self, *, finished: bool) -> None:
        """Want it no more. The rest of it comes all the same if they `finished`."""
        self._holders -= 1
        self._finished |= finished
        if not self._holders:
            self._idle(self)

    async def chunks(self, start: int, stop: int) -> AsyncIterator[bytes]:
        """Its bytes from `start` to `stop`, counted from its own beginning, as they arrive.

        Raises StorageError, or NotKeptError.
        """
        while start < stop:
            filled = await self._ready(start)
            data = self._held(start, stop) or await self._written(start, min(stop, filled))
            start += len(data)
            yield data

    async def _ready(self, at: int) -> int:
        """Wait until there is more than `at`; how much there is."""
        while self.filled <= at:
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            await self._grown.wait()
        return self.filled

    def _held(self, start: int, stop: int) -> bytes:
        """What is in hand from `start` on, or nothing."""
        for begin, data in reversed(self._hand):  # most read what came last
            if begin <= start:
                return data[start - begin : stop - begin]
        return b""

    async def _written(self, start: int, stop: int) -> bytes:
        """What is on the disk from `start` on."""
        assert self._part is not None  # noqa: S101 -- something is filled
        size = min(CHUNK, stop - start)
        try:
            data = await self._shelf.run(self._part.read, start, size)
        except OSError as error:
            raise NotKeptError from error
        if not data:
            raise NotKeptError  # somebody has cut the file short
        return data

    # --- for who brings it

    @property
    def in_hand(self) -> int:
        """Bytes that are not on the disk yet."""
        return self.filled - self._hand[0][0] if self._hand else 0

    @property
    def pieces(self) -> list[bytes]:
        """What is not on the disk yet."""
        return [data for _, data in self._hand]

    def begin(self, part: Descriptor) -> None:
        """It is read from here, and nothing of it is there yet."""
        self._part, self.filled = part, 0

    def grow(self, filled: int) -> None:
        """So much of it is on the disk now."""
        if filled > self.filled:
            self.filled = filled
            self._tell()

    def come(self, data: bytes) -> None:
        """More of it has come, and is in hand until it is `put_down`."""
        self._hand.append((self.filled, data))
        self.filled += len(data)
        self._tell()

    def put_down(self, pieces: int) -> None:
        """So many pieces of what was in hand are on the disk."""
        for _ in range(pieces):
            self._hand.popleft()

    def fail(self, failure: Exception) -> None:
        """No more of it comes."""
        self._failure = failure
        self._tell()

    def _tell(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
