"""One viewer's way through an original, part by part, with an eye on what comes next."""

from __future__ import annotations

from collections import deque
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
"""How many times more that is each time the viewer is seen to keep up; and the share of it, as one
over this, that is asked for at a time."""
TASTE = PART // 4
"""Bytes of a part after which that is looked at."""


class Reader:
    """The bytes of a piece. Iterate once; always `aclose`."""

    def __init__(
        self,
        source: Source,
        piece: Piece,
        hold: Callable[[Source, range, int], list[Flight]],
    ) -> None:
        """`hold` begins the flights of some parts, or joins them.

        It is told before which part we end, if we wait for them.
        """
        self._source = source
        self._at = piece.start
        self._stop = piece.stop
        self._hold = hold
        self._held: deque[Flight] = deque()
        """Of the part that we are in, and of those ahead."""
        self._next = piece.start // PART
        """The first part that is not asked for yet."""
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
        start, stop = self._at - begin, min(PART, self._stop - begin)
        taste = min(start + TASTE, stop)
        if not self._held:
            self._look_ahead(index, waiting=False)
        flight = self._held[0]
        async for data in flight.chunks(start, taste):
            yield data
        if waiting := not flight.whole:  # a slow viewer, who may leave, has little fetched in vain
            self._ahead = min(FARTHEST, self._ahead * STRIDE)
        self._look_ahead(index, waiting=waiting)
        async for data in flight.chunks(taste, stop):
            yield data
        self._held.popleft().release(finished=True)

    def _look_ahead(self, index: int, *, waiting: bool) -> None:
        """Ask for what comes next, unless it is too little to be worth a request."""
        last = (self._stop - 1) // PART
        stop = min(index + self._ahead, last) + 1
        if (stop - self._next) * STRIDE >= self._ahead or stop > last:
            until = last + 1 if waiting else 0
            self._held += self._hold(self._source, range(self._next, stop), until)
            self._next = max(self._next, stop)

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
            self._held.popleft().release(finished=False)

    async def aclose(self) -> None:
        """Stop reading; what nobody else wants is not fetched on. May be called twice."""
        self._let_go()
        if self._body is not None:
            await self._body.aclose()
