"""One viewer's way through an original, part by part, with an eye on what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.delivery.parts.flight import NotKeptError
from fanlight.delivery.parts.source import PART
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fanlight.delivery.parts.flight import Flight
    from fanlight.delivery.parts.source import Source
    from fanlight.delivery.ranges import Piece
    from fanlight.storage.base import Body

FARTHEST = 16
"""Parts that are fetched ahead of a viewer who reads faster than they come."""
STRIDE = 4
"""How many times more that is each time the viewer has caught up."""


class Reader:
    """The bytes of a piece. Iterate once; always `aclose`."""

    def __init__(
        self, source: Source, piece: Piece, flight_of: Callable[[Source, int], Flight]
    ) -> None:
        self._source = source
        self._at = piece.start
        self._stop = piece.stop
        self._flight_of = flight_of
        self._held: dict[int, Flight] = {}
        self._ahead = 1
        self._body: Body | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """As they arrive. Raises StorageError."""
        try:
            while self._at < self._stop:
                async for data in self._part():
                    self._at += len(data)
                    yield data
        except NotKeptError:
            async for data in self._direct():
                yield data

    async def _part(self) -> AsyncIterator[bytes]:
        """The rest of the part that we are in, or as much of it as is wanted."""
        index = self._at // PART
        begin = index * PART
        flight = self._hold(index)
        last = (self._stop - 1) // PART
        for next_one in range(index + 1, min(index + self._ahead, last) + 1):
            self._hold(next_one)
        caught_up = not flight.whole
        async for data in flight.chunks(self._at - begin, min(PART, self._stop - begin)):
            yield data
        self._held.pop(index).release(finished=True)
        if caught_up:  # a slow viewer, who may leave any time, has little fetched in vain
            self._ahead = min(FARTHEST, self._ahead * STRIDE)

    def _hold(self, index: int) -> Flight:
        flight = self._held.get(index)
        if flight is None:
            flight = self._held[index] = self._flight_of(self._source, index)
            flight.hold()
        return flight

    async def _direct(self) -> AsyncIterator[bytes]:
        """The rest, straight from the channel."""
        self._let_go()
        source = self._source
        span = Span(self._at, self._stop)
        self._body = await source.store.open(source.locator, span, source.version)
        async for data in self._body:
            yield data

    def _let_go(self) -> None:
        while self._held:
            self._held.popitem()[1].release(finished=False)

    async def aclose(self) -> None:
        """Stop reading; what nobody else wants is not fetched on. May be called twice."""
        self._let_go()
        if self._body is not None:
            await self._body.aclose()
