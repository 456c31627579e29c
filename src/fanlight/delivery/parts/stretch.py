"""Some parts in a row, on their way by one request to the channel.

Of several processes one fetches a part, and the others watch it grow. Should that one give up or
end, another one begins: what has been read until then are the same bytes. A process asks the
channel only for what it alone writes, so no byte is sent twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from fanlight.delivery.parts.files import Growing, Kept
from fanlight.delivery.parts.flight import Flight, NotKeptError
from fanlight.delivery.parts.pen import LOOK, Pen
from fanlight.delivery.parts.source import PART
from fanlight.errors import StorageError, StorageUnavailable
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fanlight.delivery.parts.files import Draft
    from fanlight.delivery.parts.shelf import Shelf
    from fanlight.delivery.parts.source import Source
    from fanlight.storage.base import Body

LONGEST = 4
"""Parts that are asked for at once: who wants the last one waits for those before it."""


class Stretch:
    """Flights of the parts `indexes`, from the disk or from the channel, in their order.

    `ended` is called for each once it is here or given up, and nobody holds it.
    """

    def __init__(
        self,
        source: Source,
        indexes: range,
        shelf: Shelf,
        slots: asyncio.Semaphore,
        ended: Callable[[Flight], None],
    ) -> None:
        self._source = source
        self._shelf = shelf
        self._slots = slots
        self._ended = ended
        self.flights = [
            Flight(source.part(index), source.length(index), shelf, self._idle) for index in indexes
        ]
        self._left = deque(self.flights)
        """Those that are not here yet..."""
        self._next = indexes.start
        """...and the index of the first of them."""
        self.work = asyncio.create_task(self._run())
        """Until all are here, or given up, and nothing of them is left half done."""

    # --- who wants them

    def _idle(self, flight: Flight) -> None:
        if flight in self._left:
            self._stop_unless_wanted()
        else:
            self._ended(flight)

    def _stop_unless_wanted(self) -> None:
        if self._left and not any(flight.wanted for flight in self._left):
            self.work.cancel()
            self._give_up(StorageUnavailable())

    def _give_up(self, failure: Exception) -> None:
        while self._left:
            flight = self._left.popleft()
            flight.fail(failure)
            self._ended(flight)

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
        indexes = range(self._next, self._next + len(self._left))
        taken = await self._shelf.take(self._source, indexes)
        if isinstance(taken, Kept):
            self._left[0].begin(taken.part)
            self._arrive()
        elif isinstance(taken, Growing):
            await self._watch(taken)
        elif taken:
            await self._fetch(taken)
        else:
            raise NotKeptError

    def _arrive(self) -> None:
        """The first of those that are left is here."""
        flight = self._left.popleft()
        self._next += 1
        flight.grow(flight.length)
        if not flight.held:
            self._ended(flight)
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

    async def _fetch(self, drafts: Sequence[Draft]) -> None:
        """Have the channel send the next parts, which are ours."""
        source, pen = self._source, Pen(self._shelf, self._finish)
        flights = [flight for flight, _ in zip(self._left, drafts, strict=False)]
        start = self._next * PART
        span = Span(start, start + sum(flight.length for flight in flights))
        try:
            async with self._slots:
                body = await source.store.open(source.locator, span, source.version)
                try:
                    await self._receive(body, flights, drafts, pen)
                finally:
                    await body.aclose()
                await pen.rest()
        finally:
            await self._shelf.surely(pen.lay_down(drafts))

    async def _receive(
        self, body: Body, flights: Sequence[Flight], drafts: Sequence[Draft], pen: Pen
    ) -> None:
        pieces, data = aiter(body), b""
        for number, (flight, draft) in enumerate(zip(flights, drafts, strict=True)):
            if not any(one.wanted for one in flights[number:]):
                break
            flight.begin(draft.part)
            while not flight.whole:
                data = data or await anext(pieces, b"")
                if not data:
                    raise StorageUnavailable("The storage sent less than it announced.")
                room = flight.length - flight.filled
                flight.come(data[:room])
                data = data[room:]
                await pen.follow(flight, draft)

    async def _finish(self, draft: Draft, rest: Sequence[bytes]) -> None:
        await self._shelf.keep(self._source, self._next, draft, rest)
        if self._left:
            self._arrive()
