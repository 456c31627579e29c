"""PostgreSQL: jobs that fell out of a worker's hands are handed out again.

Two ways lead here. A worker that dies stops its heartbeat, and procrastinate tells which jobs it
had. A worker that lives may fail to tell procrastinate of a job's end, when the connection breaks
in that moment; then procrastinate believes the job to be running, for ever, and keeps its lock.
The catalogue's row knows better.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from procrastinate.exceptions import ConnectorException

if TYPE_CHECKING:
    from procrastinate.jobs import Job as QueuedJob
    from procrastinate.manager import JobManager

    from fanlight.catalogue import Catalogue
    from fanlight.jobs.run import Pace

log = structlog.get_logger(__name__)


class Rescue:
    """Looks three times a lease, in one process at a time."""

    def __init__(
        self,
        manager: JobManager,
        catalogue: Catalogue,
        *,
        pace: Pace,
        clock: Callable[[], datetime],
    ) -> None:
        self._manager = manager
        self._catalogue = catalogue
        self._lease = pace.lease
        self._pause = pace.lease / 3
        self._clock = clock
        self._suspects: set[tuple[int | None, int]] = set()

    async def keep_watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                if await self._is_our_turn(self._clock()):
                    await self._put_back(await self._left_by_the_dead())
                    await self._put_back(await self._dropped())
            except Exception:
                log.exception("jobs.not_rescued")
            await asyncio.sleep(self._pause)

    async def _is_our_turn(self, now: datetime) -> bool:
        name, period = f"{self._pause:g}", int(now.timestamp() // self._pause)
        return await self._catalogue.write(
            lambda records: records.jobs.rescue(name, period, now=now)
        )

    async def _left_by_the_dead(self) -> Iterable[QueuedJob]:
        return await self._manager.get_stalled_jobs(seconds_since_heartbeat=self._lease)

    async def _dropped(self) -> Iterable[QueuedJob]:
        """Jobs that are running to procrastinate and not to us, now and when we last looked.

        Once may be the moment between being handed out and begun, or between done and said so.
        """
        running = await self._manager.list_jobs_async(status="doing")
        now = self._clock()
        held = await self._catalogue.read(lambda records: records.jobs.held(now))
        dropped = {(job.id, job.attempts): job for job in running if job.id not in held}
        again = [job for known, job in dropped.items() if known in self._suspects]
        self._suspects = set(dropped)
        return again

    async def _put_back(self, jobs: Iterable[QueuedJob]) -> None:
        for job in jobs:
            log.warning("job.rescued", job=job.task_kwargs.get("job"))
            with suppress(ConnectorException):  # it has ended, or been put back, meanwhile
                await self._manager.retry_job(job, retry_at=self._clock())
