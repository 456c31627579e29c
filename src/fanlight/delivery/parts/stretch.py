"""Parts in a row, on their way by one request to the channel.

One that somebody waits for goes on by the same request as long as they do; one that nobody is in a
hurry for ends with the parts that it was begun for. Of several processes one fetches a part, and
the others watch it grow. Should that one give up or end, another one begins: what has been read
until then are the same bytes. A process takes only what it alone writes, so no part is sent twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from fanlight.delivery.parts.files import Growing, Kept
from fanlight.delivery.parts.flight import Flight, NotKeptError
from fanlight.delivery.parts.pen import LOOK, Pen
from fanlight.delivery.parts.source import PART
from fanlight.errors import StorageError, StorageUnavailable
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from fanlight.delivery.parts.files import Draft
    from fanlight.delivery.parts.shelf import Shelf
    from fanlight.delivery.parts.source import Source
    from fanlight.storage.base import Body

LONGEST = 4
"""Parts that are asked for at once: who wants the last one waits for those before it."""
IDLE = 1.0
"""Seconds after which a request that nobody needs more of is ended: others may have its place."""


class Stretch:
    """Flights of the parts `indexes`, from the disk or from the channel, in their order.

    It may be `extended` up to the part `until`, without another request as long as one goes on.
    `ended` is called for each once it is here or given up, and nobody holds it.
    """

    def __init__(
        self,
        source: Source,
        indexes: range,
        until: int,
        shelf: Shelf,
        slots: asyncio.Semaphore,
        ended: Callable[[Flight], None],
    ) -> None:
        self._source = source
        self._until = until
        self._shelf = shelf
        self._slots = slots
        self._ended = ended
        self._flights: set[Flight] = set()
        """Those that are not ended."""
        self._left: deque[Flight] = deque()
        """Those that are not here yet..."""
        self._next = self.stop = indexes.start
        """...and the index of the first of them; the one that is behind them all."""
        self._drafts: deque[Draft] = deque()
        """Those that we write, and have not finished."""
        self._changed = asyncio.Event()
        self._over = False
        self.flights = self.extend(indexes.stop)
        self.work = asyncio.create_task(self._run())
        """Until all are here, or given up, and nothing of them is left half done."""

    # --- who wants them

    def reaches(self, stop: int) -> bool:
        """Whether it can be extended so that it ends before the part `stop`."""
        return self.stop < stop <= self._until and not self._over

    def extend(self, stop: int) -> list[Flight]:
        """Go on up to the part before `stop`: the flights of what is new."""
        source, indexes = self._source, range(self.stop, stop)
        new = [Flight(source.part(i), source.length(i), self._shelf, self._idle) for i in indexes]
        self._flights.update(new)
        self._left += new
        self.stop = stop
        self._changed.set()
        return new

    def _idle(self, flight: Flight) -> None:
        self._changed.set()
        if flight in self._left:
            self._stop_unless_wanted()
        else:
            self._end(flight)

    def _end(self, flight: Flight) -> None:
        self._flights.discard(flight)
        self._ended(flight)

    def _stop_unless_wanted(self) -> None:
        if self._left and not self._wanted(self._next):
            self.work.cancel()
            self._give_up(StorageUnavailable())

    def _wanted(self, index: int) -> bool:
        """Whether somebody wants that part, or one behind it."""
        return any(flight.wanted for flight in islice(self._left, index - self._next, None))

    def _give_up(self, failure: Exception) -> None:
        self._over = True
        while self._left:
            flight = self._left.popleft()
            flight.fail(failure)
            self._end(flight)

    # --- the way

    async def _run(self) -> None:
        failure: Exception = StorageUnavailable()
        try:
            while self._left:
                await self._go_on()
        except (StorageError, NotKeptError) as error:
            failure = error
        except OSError as error:
            self._shelf.refused(error)
            failure = NotKeptError()
        except Exception as error:
            failure = error
            raise
        finally:
            self._give_up(failure)

    async def _go_on(self) -> None:
        wanted = range(self._next, self.stop)
        taken = await self._shelf.take(self._source, wanted)  # more may be wanted meanwhile
        if isinstance(taken, Kept):
            self._left[0].begin(taken.part)
            self._arrive()
        elif isinstance(taken, Growing):
            await self._watch(taken)
        elif taken:
            alone = len(taken) == len(wanted)  # nobody else has what comes next
            stop = max(wanted.stop, self._until) if alone else wanted.start + len(taken)
            await self._fetch(taken, stop)
        else:
            raise NotKeptError

    def _arrive(self) -> None:
        """The first of those that are left is here."""
        flight = self._left.popleft()
        self._next += 1
        flight.grow(flight.length)
        if not flight.held:
            self._end(flight)
        self._stop_unless_wanted()

    async def _watch(self, growing: Growing) -> None:
        """See the next part grow, until its process has come to the end of it or gives up."""
        flight = self._left[0]
        flight.begin(growing.part)
        while True:
            filled, ended = await self._shelf.run(growing.look, flight.length)
            flight.grow(filled)
            if ended:
                break
            await asyncio.sleep(LOOK)
        if flight.whole:
            self._shelf.kept(self._source, self._next)
            self._arrive()

    async def _fetch(self, drafts: list[Draft], stop: int) -> None:
        """Have the channel send the next parts, which are ours, and more, up to `stop`."""
        source, pen = self._source, Pen(self._shelf, self._finish)
        self._drafts += drafts
        span = Span(self._next * PART, min(stop * PART, source.size))
        try:
            async with self._slots:
                body = await source.store.open(source.locator, span, source.version)
                try:
                    await self._receive(body, pen, stop)
                finally:
                    await body.aclose()
                await pen.rest()
        finally:
            await self._shelf.surely(pen.lay_down(self._drafts))
            self._drafts.clear()

    async def _receive(self, body: Body, pen: Pen, stop: int) -> None:
        pieces, data = aiter(body), b""
        async for flight, draft in self._ours(stop):
            flight.begin(draft.part)
            while not flight.whole:
                data = data or await anext(pieces, b"")
                if not data:
                    raise StorageUnavailable("The storage sent less than it announced.")
                room = flight.length - flight.filled
                flight.come(data[:room])
                data = data[room:]
                await pen.follow(flight, draft)

    async def _ours(self, stop: int) -> AsyncIterator[tuple[Flight, Draft]]:
        """What we write up to `stop`, as long as it is wanted; also what is ours only later."""
        index, drafts = self._next, list(self._drafts)
        while drafts:
            for draft in drafts:
                if not self._wanted(index):
                    return
                yield self._left[index - self._next], draft
                index += 1
            drafts = await self._more(index) if index < stop else []
            self._drafts += drafts

    async def _more(self, index: int) -> list[Draft]:
        """Ours from a part on, as soon as it is wanted; none if that takes too long."""
        try:
            async with asyncio.timeout(IDLE):
                while index == self.stop:
                    if index == self._until or not any(one.held for one in self._flights):
                        return []
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return []
        taken = await self._shelf.take(self._source, range(index, self.stop))
        return taken if isinstance(taken, list) else []

    async def _finish(self, draft: Draft, rest: Sequence[bytes]) -> None:
        await self._shelf.keep(self._source, self._next, draft, rest)
        self._drafts.popleft()
        if self._left:
            self._arrive()
