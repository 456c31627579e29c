"""A limited number at once: others wait for their turn, or are told how many are before them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fanlight.errors import Overloaded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

PATIENCE = 20.0
"""Seconds that somebody is kept waiting; then they are told to come again."""
PAUSE = 15.0
"""Seconds after which to come again."""
_MOST = 4
"""How many wait for each that is under way."""


class Turns:
    """Turns, so many at once."""

    def __init__(self, at_once: int, *, patience: float = PATIENCE) -> None:
        self.at_once = at_once
        self.taken = 0
        self.waiting = 0
        self._patience = patience
        self._free = asyncio.Semaphore(at_once)

    def check(self) -> None:
        """Raise Overloaded when nobody would have a turn at once."""
        if self._free.locked():
            raise self._overloaded()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Have a turn for the length of the block. Raises Overloaded."""
        await self._take()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._free.release()

    async def _take(self) -> None:
        if self._free.locked() and self.waiting >= _MOST * self.at_once:
            raise self._overloaded()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
            return
        except TimeoutError:
            pass
        finally:
            self.waiting -= 1
        raise self._overloaded()

    def _overloaded(self) -> Overloaded:
        return Overloaded(
            f"There is no room for another download yet: under way {self.taken},"
            f" waiting {self.waiting}.",
            remedy="Yours begins when there is room: try again in a moment.",
            code="overloaded.archives",
            retry_after=PAUSE,
        )
