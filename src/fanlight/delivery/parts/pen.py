"""Writing parts down behind the backs of those who read them: one hop to the disk for much at once.

So what comes fast costs few hops, and what comes slowly is soon there for other processes to read.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fanlight.delivery.parts.flight import KEPT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

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
        self._page: tuple[Flight, Draft] | None = None
        """The part that comes now; none before the first and after the last."""
        self._before: Flight | None = None
        """The one before it, of which the end is in memory."""
        self._writing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def follow(self, flight: Flight, draft: Draft) -> None:
        """More has come: see that it is written. At most two handfuls are left unwritten.

        Raises OSError, also for what was written before.
        """
        if self._page is not None and self._page[0] is not flight:
            self._before = self._page[0]
        self._page = flight, draft
        if self._writing is not None and self._writing.done():
            self._writing.result()  # it has failed: what ends well is no longer here
        if flight.whole or flight.in_hand >= 2 * HANDFUL:
            if not flight.whole:  # more is to come
                await flight.await_readers()
            await self.rest()
            self._write()
        elif flight.in_hand >= HANDFUL:
            self._write()
        else:
            self._write_soon()
        if self._before is not None and flight.filled >= KEPT:
            self._before.forget()

    async def rest(self) -> None:
        """Wait until what is being written is there. Raises OSError."""
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def lay_down(self, drafts: Iterable[Draft]) -> None:
        """Write no more; what is not finished is given up. Never raises OSError."""
        last, self._page = self._page, None
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        self._put_off()
        for flight in (self._before, last and last[0]):
            if flight is not None:
                flight.forget()
        await self._shelf.drop(list(drafts))

    def _write_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK, self._write)

    def _write(self) -> None:
        """Begin to write what is in hand; later, if what came before is still being written."""
        self._put_off()
        if self._page is None:
            return
        flight, draft = self._page
        if self._writing is not None:
            self._write_soon()
        elif flight.in_hand:
            self._writing = asyncio.create_task(self._written(flight, draft))

    async def _written(self, flight: Flight, draft: Draft) -> None:
        pieces = flight.pieces
        size = sum(map(len, pieces))
        if flight.whole:
            await self._finish(draft, pieces)
        else:
            await self._shelf.run(draft.write, pieces)
        flight.put_down(size)
        self._writing = None
        self._write_soon()

    def _put_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
