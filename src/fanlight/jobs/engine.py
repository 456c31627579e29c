"""What both engines share: jobs are kept in the catalogue, and periodic tasks take turns there.

An engine adds how a worker finds the next job (`_serve`) and what wakes it.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import NotFound
from fanlight.jobs.run import LiveRun, Outcome, Pace, Why, perform
from fanlight.model import Job, JobState, Page

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue
    from fanlight.catalogue.jobs import Claim
    from fanlight.jobs.port import Task

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The clock of an engine that is not given another."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A task that is run once each period, whoever does it."""

    task: str
    seconds: float
    at_start: bool

    def period(self, now: datetime) -> int:
        """The number of the period that `now` lies in: the same in every process."""
        return int(now.timestamp() // self.seconds)

    def pause(self, now: datetime) -> float:
        """Seconds until the next period begins."""
        return self.seconds - now.timestamp() % self.seconds


class CatalogueEngine(ABC):
    """A `port.JobEngine` that keeps its jobs in the catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._catalogue = catalogue
        self._pace = pace or Pace()
        self._clock = clock
        self._tasks: dict[str, Task] = {}
        self._schedules: list[Schedule] = []
        self._runs: dict[str, LiveRun] = {}
        self._stopping = False

    def declare(self, *tasks: Task) -> None:
        """See `port.JobEngine`."""
        self._tasks.update({task.name: task for task in tasks})

    def every(self, task: str, seconds: float, *, at_start: bool = False) -> None:
        """See `port.JobEngine`."""
        self._schedules.append(Schedule(self._known(task).name, seconds, at_start))

    async def enqueue(
        self,
        task: str,
        arguments: Mapping[str, object] | None = None,
        *,
        key: str | None = None,
        delay: float = 0,
    ) -> Job:
        """See `port.JobEngine`."""
        given = dict(arguments or {})
        template = self._known(task).lock
        lock = template.format_map(given) if template else None
        now = self._clock()
        due_at = now + timedelta(seconds=delay)
        job = await self._catalogue.write(
            lambda records: records.jobs.add(
                task, given, now=now, key=key, lock=lock, due_at=due_at
            )
        )
        self._wake()
        return job

    async def cancel(self, job_id: str) -> Job:
        """See `port.JobEngine`."""
        now = self._clock()
        job = await self._catalogue.write(lambda records: records.jobs.cancel(job_id, now=now))
        if job.state is JobState.RUNNING and job.id in self._runs:
            self._runs[job.id].ask(Why.CANCELLED)
        return job

    async def get(self, job_id: str) -> Job:
        """See `port.JobEngine`."""
        return await self._catalogue.read(lambda records: records.jobs.get(job_id))

    async def list(
        self, state: JobState | None = None, *, after: str | None = None, limit: int = 50
    ) -> Page[Job]:
        """See `port.JobEngine`."""
        return await self._catalogue.read(
            lambda records: records.jobs.page(state, after=after, limit=limit)
        )

    async def prune(self, before: datetime) -> int:
        """See `port.JobEngine`."""
        return await self._catalogue.write(lambda records: records.jobs.prune(before))

    async def work(self, *, slots: int, stop: asyncio.Event) -> None:
        """See `port.JobEngine`."""
        self._stopping = False
        turns = asyncio.create_task(self._take_turns(stop))
        try:
            await self._serve(slots, stop)
        finally:
            await put_an_end_to(turns)

    @abstractmethod
    async def _serve(self, slots: int, stop: asyncio.Event) -> None:
        """Run jobs until `stop`, then give back what is running."""

    @abstractmethod
    def _wake(self) -> None:
        """Have workers look for a job now, as far as they would not notice."""

    async def _run(self, claim: Claim) -> Outcome:
        """Run a claimed job, where it can be cancelled and stopped from this process."""
        run = LiveRun(claim, self._catalogue, pace=self._pace, clock=self._clock)
        self._runs[run.job_id] = run
        if self._stopping:
            run.ask(Why.STOPPING)
        try:
            return await perform(
                self._known(claim.job.task), run, pace=self._pace, clock=self._clock
            )
        finally:
            del self._runs[run.job_id]

    def _stop_runs(self) -> None:
        """Have what is running, and what may be just beginning, go back to the queue."""
        self._stopping = True
        for run in self._runs.values():
            run.ask(Why.STOPPING)

    def _known(self, name: str) -> Task:
        try:
            return self._tasks[name]
        except KeyError:
            raise NotFound(f"There is no task named {name}.", code="not-found.task") from None

    async def _take_turns(self, stop: asyncio.Event) -> None:
        """Enqueue periodic tasks; over all processes once a period."""
        taken: dict[Schedule, int] = {}
        starting = [schedule for schedule in self._schedules if schedule.at_start]
        while self._schedules and not stop.is_set():
            now = self._clock()
            try:
                while starting:
                    await self.enqueue(starting[-1].task, key=starting[-1].task)
                    starting.pop()
                for schedule in self._schedules:
                    if taken.get(schedule) != schedule.period(now):
                        await self._take_turn(schedule, now)
                        taken[schedule] = schedule.period(now)
                pause = min(schedule.pause(now) for schedule in self._schedules)
            except Exception:
                log.exception("jobs.turn_not_taken")
                pause = self._pace.poll
            await asyncio.sleep(pause)

    async def _take_turn(self, schedule: Schedule, now: datetime) -> None:
        task, period, lock = schedule.task, schedule.period(now), self._known(schedule.task).lock
        name = f"{task}/{schedule.seconds:g}"
        taken = await self._catalogue.write(
            lambda records: records.jobs.take_turn(name, period, task, lock=lock, now=now)
        )
        if taken:
            self._wake()


async def first_of(*events: asyncio.Event, within: float) -> None:
    """Wait until one of the events is set, or `within` seconds have passed."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)


async def put_an_end_to(task: asyncio.Task[None], *, patience: float = 0.2) -> None:
    """Cancel a task until it has ended: once more whenever `patience` seconds have passed.

    Once is not enough where others wait in it: a cancel that meets the answer of
    `asyncio.wait_for` is lost (before Python 3.12), and database drivers wait so.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=patience)


class Patience:
    """How long to wait before asking an unreachable database again: up to half a minute."""

    def __init__(self, first: float = 0.5, longest: float = 30.0) -> None:
        self._first = first
        self._longest = longest
        self._pause = first
        self._since = time.monotonic()

    def next(self) -> float:
        """Seconds to wait now; doubles with each failure that follows closely on another."""
        if time.monotonic() - self._since > 2 * self._longest:
            self._pause = self._first
        self._since = time.monotonic()
        pause, self._pause = self._pause, min(self._pause * 2, self._longest)
        return pause
