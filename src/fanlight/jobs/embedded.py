"""The engine for SQLite: a lease table in the catalogue, worked in process.

Deliberately small: several processes on one machine may share it, several machines may not. It
finds jobs of its own process at once and those of others at the next poll; while there is nothing
to do a poll is one indexed read.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from fanlight.jobs.engine import CatalogueEngine, Patience, first_of

if TYPE_CHECKING:
    from fanlight.catalogue.jobs import Claim

log = structlog.get_logger(__name__)


class EmbeddedEngine(CatalogueEngine):
    """See `port.JobEngine`."""

    _bell: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def _wake(self) -> None:
        """Safe from any thread."""
        if self._bell is not None:
            loop, event = self._bell
            with suppress(RuntimeError):  # the worker's loop has ended meanwhile
                loop.call_soon_threadsafe(event.set)

    async def _serve(self, slots: int, stop: asyncio.Event) -> None:
        bell = asyncio.Event()
        self._bell = (asyncio.get_running_loop(), bell)
        running: set[asyncio.Task[None]] = set()
        patience = Patience()
        try:
            while not stop.is_set():
                bell.clear()
                try:
                    pause = await self._fill(running, slots, stop)
                except Exception:
                    log.exception("jobs.not_claimed")
                    pause = patience.next()
                await first_of(bell, stop, within=pause)
        finally:
            self._bell = None
            self._stop_runs()
            if running:
                await asyncio.wait(running)

    async def _fill(
        self, running: set[asyncio.Task[None]], slots: int, stop: asyncio.Event
    ) -> float:
        """Begin what can begin; returns how many seconds there is nothing to look for."""
        while len(running) < slots and not stop.is_set():
            pause = await self._pause()
            if pause > 0:
                return min(pause, self._pace.poll)
            if not await self._begin(running):
                break
        return self._pace.poll

    async def _pause(self) -> float:
        """Seconds until a job is due: asked first, as it takes no write."""
        names = tuple(self._tasks)
        due_at = await self._catalogue.read(lambda records: records.jobs.next_due(names))
        if due_at is None:
            return self._pace.poll
        return (due_at - self._clock()).total_seconds()

    async def _begin(self, running: set[asyncio.Task[None]]) -> bool:
        names, holder, now = tuple(self._tasks), uuid.uuid4().hex, self._clock()
        until = now + timedelta(seconds=self._pace.lease)
        claim = await self._catalogue.write(
            lambda records: records.jobs.claim(names, holder=holder, now=now, until=until)
        )
        if claim is None:
            return False
        job = asyncio.create_task(self._finish(claim))
        running.add(job)
        job.add_done_callback(running.discard)
        return True

    async def _finish(self, claim: Claim) -> None:
        try:
            await self._run(claim)
        except Exception:  # its lease runs out, and it is taken over
            log.exception("job.not_settled", job=claim.job.id)
        finally:
            self._wake()
