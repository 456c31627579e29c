"""One part on its way to all who want it.

What has just come is read from memory, and from the disk afterwards, by everybody at their own
speed: so a slow viewer costs no memory and holds up nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fanlight.delivery.parts.files import Descriptor
    from fanlight.delivery.parts.shelf import Shelf

CHUNK = 1 << 18
"""Bytes read from the disk at once for a viewer."""
NEAR = 1 << 20
"""Bytes that who reads may be behind before they are waited for..."""
WAIT = 0.02
"""...for so many seconds at most: else they would read what has just gone from memory."""
KEPT = 2 << 20
"""Bytes that stay in memory for them though they are on the disk."""


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
        """What is in memory, and where it begins."""
        self._down = 0
        """Bytes that are on the disk."""
        self._taken = 0
        """Bytes that the first of those who read it has had."""
        self._took = asyncio.Event()
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
            self._have_taken(start)
            filled = await self._ready(start)
            data = self._held(start, stop) or await self._written(start, min(stop, filled))
            start += len(data)
            yield data
        self._have_taken(start)

    def _have_taken(self, at: int) -> None:
        if at > self._taken:
            self._taken = at
            self._took.set()

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
        return self.filled - self._down

    @property
    def pieces(self) -> list[bytes]:
        """What is not on the disk yet."""
        return [data for begin, data in self._hand if begin >= self._down]

    def begin(self, part: Descriptor) -> None:
        """It is read from here, and nothing of it is there yet."""
        self._part, self.filled, self._down = part, 0, 0
        self._hand.clear()

    def grow(self, filled: int) -> None:
        """So much of it is on the disk now."""
        self._down = max(self._down, filled)
        if filled > self.filled:
            self.filled = filled
            self._tell()

    def come(self, data: bytes) -> None:
        """More of it has come, and is in hand until it is `put_down`."""
        self._hand.append((self.filled, data))
        self.filled += len(data)
        self._tell()

    async def await_readers(self) -> None:
        """Wait a moment for those who read it, if they are far behind."""
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                while self.held and self.filled - self._taken > NEAR:
                    self._took.clear()
                    await self._took.wait()

    def put_down(self, size: int) -> None:
        """So many bytes more are on the disk."""
        self._down = min(self._down + size, self.length)
        self.forget(KEPT)

    def forget(self, but: int = 0) -> None:
        """Have no more in memory than the last so many bytes, and what is not on the disk."""
        until = min(self._down, self.filled - but)
        while self._hand and self._hand[0][0] + len(self._hand[0][1]) <= until:
            self._hand.popleft()

    def fail(self, failure: Exception) -> None:
        """No more of it comes."""
        self._failure = failure
        self._tell()

    def _tell(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
