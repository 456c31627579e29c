"""The face of the parts: readers over what is kept, and what is on its way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from fanlight.delivery.parts.reader import Reader
from fanlight.delivery.parts.shelf import Shelf
from fanlight.delivery.parts.stretch import LONGEST, Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor
    from pathlib import Path

    from fanlight.delivery.parts.flight import Flight
    from fanlight.delivery.parts.source import Source
    from fanlight.delivery.ranges import Piece
    from fanlight.storage.store import Store

AT_ONCE = 16
"""Requests for parts that one channel is sent at the same time."""


class Parts:
    """Parts of originals in a folder, up to `most_bytes` (0: nothing is kept)."""

    def __init__(self, top: Path, most_bytes: int, disk: Executor) -> None:
        self._shelf = Shelf(top, most_bytes, disk)
        self._flights: dict[str, Flight] = {}
        self._leading: dict[str, Stretch] = {}
        """Stretches by the part that follows their last one."""
        self._works: set[asyncio.Task[None]] = set()
        """Of all stretches, also of those that nobody wants any more and that are tidying up."""
        self._slots: WeakKeyDictionary[Store, asyncio.Semaphore] = WeakKeyDictionary()

    def start(self) -> None:
        """Begin to look at what is kept. Reading works before it is done."""
        self._shelf.start()

    async def close(self) -> None:
        """End: nothing is fetched on."""
        for work in self._works:
            work.cancel()
        if self._works:
            await asyncio.wait(set(self._works))
        await self._shelf.close()

    @property
    def bytes(self) -> int:
        """Of all parts that are known to be kept."""
        return self._shelf.bytes

    def read(self, source: Source, piece: Piece) -> Reader:
        """A reader of some bytes of an original. Nothing is fetched until it is iterated."""
        return Reader(source, piece, self._hold)

    def has(self, source: Source, index: int) -> bool:
        """Whether a part is kept, or on its way."""
        name = source.part(index)
        return name in self._flights or self._shelf.has(name)

    def _hold(self, source: Source, indexes: range, until: int) -> list[Flight]:
        """The flights of some parts: those there are, however many want them, and new ones.

        `until` is the part before which whoever waits for them will end; 0 if nobody waits.
        """
        new = [index for index in indexes if source.part(index) not in self._flights]
        for row in in_rows(new, LONGEST):
            if not self._extend(source, row):
                self._begin(source, row, until)
        flights = [self._flights[source.part(index)] for index in indexes]
        for flight in flights:
            flight.hold()
        return flights

    def _extend(self, source: Source, indexes: range) -> bool:
        """Have what is on its way go on with some parts, if it ends before them and can."""
        name = source.part(indexes.start)
        stretch = self._leading.get(name)
        if stretch is None or not stretch.reaches(indexes.stop):
            return False
        del self._leading[name]
        self._lead(source, stretch, stretch.extend(indexes.stop))
        return True

    def _begin(self, source: Source, indexes: range, until: int) -> None:
        slots = self._slots.get(source.store)
        if slots is None:
            most = min(AT_ONCE, source.store.traits.parallel)
            slots = self._slots[source.store] = asyncio.Semaphore(most)
        stretch = Stretch(source, indexes, until, self._shelf, slots, self._ended)
        self._lead(source, stretch, stretch.flights)
        self._works.add(stretch.work)
        stretch.work.add_done_callback(self._works.discard)
        stretch.work.add_done_callback(lambda _: self._lead_no_more(source, stretch))

    def _lead(self, source: Source, stretch: Stretch, flights: list[Flight]) -> None:
        """Some parts are on their way, and what follows them may be."""
        self._flights |= {flight.name: flight for flight in flights}
        self._leading[source.part(stretch.stop)] = stretch

    def _lead_no_more(self, source: Source, stretch: Stretch) -> None:
        name = source.part(stretch.stop)
        if self._leading.get(name) is stretch:
            del self._leading[name]

    def _ended(self, flight: Flight) -> None:
        if self._flights.get(flight.name) is flight:
            del self._flights[flight.name]


def in_rows(numbers: Iterable[int], longest: int) -> list[range]:
    """Rising numbers as rows of neighbours, none of them longer than that."""
    rows: list[range] = []
    for number in numbers:
        if rows and rows[-1].stop == number and len(rows[-1]) < longest:
            rows[-1] = range(rows[-1].start, number + 1)
        else:
            rows.append(range(number, number + 1))
    return rows
