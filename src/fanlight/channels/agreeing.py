"""What all processes agree on about an account, by way of the catalogue.

The turn (a lease) ends by itself when its holder has died. Should one be lost while its holder
lives on, a service is pressed by two at once and says so: nothing is stored twice.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue, Records

LEASE = timedelta(seconds=15)
"""How long a turn lasts if its holder dies."""
SURE = timedelta(seconds=1)
"""How much longer one waits to be sure that a holder lives."""
PAUSES = (0.02, 0.5)
"""Seconds between two looks whether the turn is free: first, and at most."""

log = structlog.get_logger(__name__)


class Agreed:
    """One connection's. Stores of its channels in this process hold the same one."""

    def __init__(
        self,
        catalogue: Catalogue,
        connection_id: str,
        *,
        clock: Callable[[], datetime],
        patience: timedelta = LEASE + SURE,
    ) -> None:
        """`patience` is how long a claim waits for whoever has it."""
        self._catalogue = catalogue
        self._patience = patience.total_seconds()
        self._id = connection_id
        self._clock = clock
        self._holder = token_hex(8)
        self._here: dict[str, asyncio.Lock] = {}
        self._claims: set[str] = set()

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncGenerator[None]:
        """Held by one at a time, over all processes. Raises CatalogueError."""
        async with self._here.setdefault(name, asyncio.Lock()):
            await self._taken(f"turn-{name}")
            async with self._renewed(f"turn-{name}"):
                yield

    @asynccontextmanager
    async def claimed(self, name: str) -> AsyncGenerator[bool]:
        """Whether it is held; waits while somebody has it who may be about to end, or dead."""
        try:
            async with asyncio.timeout(self._patience):
                while name in self._claims:  # noqa: ASYNC110 - hardly ever more than once
                    await asyncio.sleep(PAUSES[0])
                self._claims.add(name)
        except TimeoutError:
            yield False
            return
        try:
            async with self._claimed(f"claim-{name}") as held:
                yield held
        finally:
            self._claims.discard(name)

    @asynccontextmanager
    async def _claimed(self, name: str) -> AsyncGenerator[bool]:
        try:
            async with asyncio.timeout(self._patience):
                await self._taken(name)
        except TimeoutError:
            yield False
        else:
            async with self._renewed(name):
                yield True

    async def note(self, name: str) -> str | None:
        """What was last kept under a name."""
        now = self._clock()
        return await self._catalogue.read(lambda records: records.notes.get(self._id, name, now))

    async def keep(self, name: str, value: str | None, *, seconds: float = 86400.0) -> None:
        """Keep a text under a name, for so long; `None` forgets it."""
        now = self._clock()

        def unit(records: Records) -> None:
            if value is None:
                records.notes.remove(self._id, name)
            else:
                records.notes.prune(now)
                records.notes.put(self._id, name, value, now + timedelta(seconds=seconds))

        await self._catalogue.write(unit)

    async def _taken(self, name: str) -> None:
        pause, longest = PAUSES
        while not await self._take(name):
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)

    @asynccontextmanager
    async def _renewed(self, name: str) -> AsyncGenerator[None]:
        """Keep what was taken; then free it."""
        renewing = asyncio.create_task(self._renew(name))
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            await self._free(name)

    async def _take(self, name: str) -> bool:
        now = self._clock()

        def unit(records: Records) -> bool:
            return records.notes.take(self._id, name, self._holder, now, now + LEASE)

        return await self._catalogue.write(unit)

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                if not await self._take(name):
                    log.warning("turn.lost", connection=self._id, turn=name)
            except CatalogueError:
                log.exception("turn.not-renewed")

    async def _free(self, name: str) -> None:
        with suppress(CatalogueError):  # it ends by itself
            await self._catalogue.write(
                lambda records: records.notes.remove(self._id, name, self._holder)
            )
