"""Writing parts down behind the backs of those who read them: one hop to the disk for much at once.

So what comes fast costs few hops, and what comes slowly is soon there for other processes to read.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fanlight.delivery.parts.files import Draft
    from fanlight.delivery.parts.flight import Flight
    from fanlight.delivery.parts.shelf import Shelf

HANDFUL = 1 << 20
"""Bytes that are written at once..."""
LOOK = 0.02
"""...or fewer, so many seconds after they have come: that is how often other processes look."""


class Pen:
    """Writes the parts of one request in their order.

    `finish` is called with the last pieces of each: it writes them and takes the part in.
    """

    def __init__(
        self, shelf: Shelf, finish: Callable[[Draft, Sequence[bytes]], Awaitable[None]]
    ) -> None:
        self._shelf = shelf
        self._finish = finish
        self._writing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def follow(self, flight: Flight, draft: Draft) -> None:
        """More has come: see that it is written. At most two handfuls are left in memory.

        Raises OSError, also for what was written before.
        """
        if self._writing is not None and self._writing.done():
            self._writing.result()  # it has failed: what ends well is no longer here
        if flight.whole or flight.in_hand >= 2 * HANDFUL:
            await self.rest()
            self._write(flight, draft)
        elif flight.in_hand >= HANDFUL:
            self._write(flight, draft)
        else:
            self._write_soon(flight, draft)

    async def rest(self) -> None:
        """Wait until what is being written is there. Raises OSError."""
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def lay_down(self, drafts: Sequence[Draft]) -> None:
        """Write no more; what is not finished is given up. Never raises OSError."""
        self._put_off()
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._shelf.drop(drafts)

    def _write_soon(self, flight: Flight, draft: Draft) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK, self._write, flight, draft)

    def _write(self, flight: Flight, draft: Draft) -> None:
        """Begin to write what is in hand, unless it is busy or has failed."""
        self._put_off()
        if self._writing is None and flight.in_hand:
            self._writing = asyncio.create_task(self._written(flight, draft))

    async def _written(self, flight: Flight, draft: Draft) -> None:
        pieces = flight.pieces
        if flight.whole:
            await self._finish(draft, pieces)
        else:
            await self._shelf.run(draft.write, pieces)
        flight.put_down(len(pieces))
        self._writing = None
        if flight.in_hand and not flight.whole:
            self._write_soon(flight, draft)

    def _put_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
