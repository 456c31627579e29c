"""The face of the parts: readers over what is kept, and what is on its way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from fanlight.delivery.parts.flight import Flight
from fanlight.delivery.parts.reader import Reader
from fanlight.delivery.parts.shelf import Shelf

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from fanlight.delivery.parts.source import Source
    from fanlight.delivery.ranges import Piece
    from fanlight.storage.store import Store

AT_ONCE = 16
"""Parts that are fetched from one channel at the same time."""


class Parts:
    """Parts of originals in a folder, up to `most_bytes` (0: nothing is kept)."""

    def __init__(self, top: Path, most_bytes: int, disk: Executor) -> None:
        self._shelf = Shelf(top, most_bytes, disk)
        self._flights: dict[str, Flight] = {}
        self._works: set[asyncio.Task[None]] = set()
        """Of all flights, also of those that nobody wants any more and that are tidying up."""
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
        return Reader(source, piece, self._flight)

    def has(self, source: Source, index: int) -> bool:
        """Whether a part is kept, or on its way."""
        name = source.part(index)
        return name in self._flights or self._shelf.has(name)

    def _flight(self, source: Source, index: int) -> Flight:
        """The flight of a part: the one there is, however many want it, or a new one."""
        name = source.part(index)
        flight = self._flights.get(name)
        if flight is None:
            slots = self._slots.get(source.store)
            if slots is None:
                most = min(AT_ONCE, source.store.traits.parallel)
                slots = self._slots[source.store] = asyncio.Semaphore(most)
            flight = Flight(source, index, self._shelf, slots, self._ended)
            self._flights[name] = flight
            self._works.add(flight.work)
            flight.work.add_done_callback(self._works.discard)
        return flight

    def _ended(self, flight: Flight) -> None:
        if self._flights.get(flight.name) is flight:
            del self._flights[flight.name]
