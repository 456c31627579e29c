"""One run of one job: progress, the lease, being asked to stop, and what came of it.

Both engines run a claimed job through `perform`; they differ in how they find it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import structlog

from fanlight.errors import CatalogueError, FanlightError, JobCancelled
from fanlight.model import JobState

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue
    from fanlight.catalogue.jobs import Claim
    from fanlight.jobs.port import Task

log = structlog.get_logger(__name__)

LONGEST_BACKOFF = 600.0
MOST_LOSSES = 5
"""How often a job's worker may die under it before we believe that the job kills it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often an engine looks and reports, in seconds."""

    poll: float = 2.0
    """Between looks for jobs of other processes, and for requests to stop."""
    lease: float = 30.0
    """After which the jobs of a worker that is no longer heard of are taken over."""
    grace: float = 1.0
    """Which a job that should stop has for reaching its next check."""
    report: float = 0.5
    """Between two writes of progress, at least."""


class Why(Enum):
    """Why a run should stop."""

    CANCELLED = auto()
    """Somebody wants it."""
    STOPPING = auto()
    """The worker ends; another goes on with it."""
    LOST = auto()
    """The job has another worker by now, or has been forgotten."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. `state` is `None` when it is not ours to say any more."""

    state: JobState | None
    message: str | None = None
    due_at: datetime | None = None
    """When to try again, for a job that goes back to waiting."""
    given_back: bool = False
    """Whether the attempt does not count."""


class LiveRun:
    """The `Run` that a task is given, writing to the catalogue."""

    def __init__(
        self, claim: Claim, catalogue: Catalogue, *, pace: Pace, clock: Callable[[], datetime]
    ) -> None:
        self.claim = claim
        self.why: Why | None = None
        self.asked = asyncio.Event()
        self._catalogue = catalogue
        self._pace = pace
        self._clock = clock
        self._checkpoint = dict(claim.checkpoint)
        self._progress = (claim.job.done, claim.job.total, "")  # why it failed before is over
        self._next_report = 0.0

    @property
    def job_id(self) -> str:
        """The job that is being run."""
        return self.claim.job.id

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the job was enqueued with."""
        return self.claim.job.arguments

    @property
    def attempt(self) -> int:
        """1 for the first run."""
        return self.claim.job.attempts

    @property
    def checkpoint(self) -> dict[str, Any]:
        """Whatever an earlier run saved."""
        return self._checkpoint

    async def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """See `port.Run`."""
        self._progress = (done, total, message)
        if self._now() >= self._next_report:
            with suppress(CatalogueError):  # the next report will do
                await self._report()
        await self.check()

    async def check(self) -> None:
        """See `port.Run`."""
        await asyncio.sleep(0)
        if self.why is not None:
            raise JobCancelled

    async def save(self) -> None:
        """See `port.Run`."""
        await self._report(self._checkpoint)

    def ask(self, why: Why) -> None:
        """Have it stop at its next check. The first reason given is the one that counts."""
        if self.why is None:
            self.why = why
        self.asked.set()

    async def keep(self) -> None:
        """Renew the lease and hear about cancellations, until cancelled.

        When the catalogue could not be reached for as long as the lease is, somebody else may
        have the job by now: then it is given up here.
        """
        pause = min(self._pace.poll, self._pace.lease / 3)
        renewed = self._now()
        while True:
            await asyncio.sleep(pause)
            try:
                await self._report()
                renewed = self._now()
            except CatalogueError:
                log.warning("job.lease_not_renewed", job=self.job_id, exc_info=True)
                if self._now() - renewed >= self._pace.lease:
                    self.ask(Why.LOST)

    async def settle(self, outcome: Outcome) -> bool:
        """Write down what came of it; returns whether it was still ours to say."""
        if outcome.state is None:
            return False
        state, now, (done, total, message) = outcome.state, self._clock(), self._progress
        return await self._catalogue.write(
            lambda records: records.jobs.settle(
                self.claim,
                state,
                now=now,
                progress=(done, total, message if outcome.message is None else outcome.message),
                due_at=outcome.due_at,
                given_back=outcome.given_back,
            )
        )

    async def _report(self, checkpoint: Mapping[str, object] | None = None) -> None:
        self._next_report = self._now() + self._pace.report
        now = self._clock()
        until = now + timedelta(seconds=self._pace.lease)
        progress = self._progress
        wanted = await self._catalogue.write(
            lambda records: records.jobs.renew(
                self.claim, now=now, until=until, progress=progress, checkpoint=checkpoint
            )
        )
        if wanted is None:
            self.ask(Why.LOST)
        elif not wanted:
            self.ask(Why.CANCELLED)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def perform(
    task: Task, run: LiveRun, *, pace: Pace, clock: Callable[[], datetime]
) -> Outcome:
    """Run a claimed job to its end, or until it is asked to stop, and write down the outcome."""
    if run.claim.cancelled:
        outcome = Outcome(JobState.CANCELLED)
    elif run.claim.losses > MOST_LOSSES:
        outcome = Outcome(JobState.FAILED, "The server ended each time this was run.")
    else:
        work = asyncio.ensure_future(task.function(run))
        keep = asyncio.create_task(run.keep())
        await _supervise(work, run, pace.grace)
        keep.cancel()
        await asyncio.wait({keep})
        outcome = _judge(task, run, _error(work), clock())
    if not await _settle(run, outcome):
        log.warning("job.lost", job=run.job_id, task=task.name)
        return Outcome(None)
    return outcome


async def _settle(run: LiveRun, outcome: Outcome) -> bool:
    """Insist a little: work that is done should not be done again for a moment's lock."""
    for pause in (0.2, 1.0):
        try:
            return await run.settle(outcome)
        except CatalogueError:
            log.warning("job.not_settled_yet", job=run.job_id, exc_info=True)
            await asyncio.sleep(pause)
    return await run.settle(outcome)


async def _supervise(work: asyncio.Future[None], run: LiveRun, grace: float) -> None:
    asked = asyncio.create_task(run.asked.wait())
    await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not work.done():
        await asyncio.wait({work}, timeout=grace)
        work.cancel()
        await asyncio.wait({work})


def _error(work: asyncio.Future[None]) -> BaseException | None:
    return asyncio.CancelledError() if work.cancelled() else work.exception()


def _judge(task: Task, run: LiveRun, error: BaseException | None, now: datetime) -> Outcome:
    """What an end means: done, stopped as asked, given up, or to be tried again."""
    job = {"job": run.job_id, "task": task.name, "attempt": run.attempt}
    if error is None:
        log.debug("job.done", **job)
        return Outcome(JobState.DONE)
    if isinstance(error, JobCancelled | asyncio.CancelledError) and run.why is Why.STOPPING:
        return Outcome(JobState.WAITING, due_at=now, given_back=True)
    if isinstance(error, JobCancelled) or run.why is Why.CANCELLED:
        log.info("job.cancelled", **job)
        return Outcome(JobState.CANCELLED)
    permanent = isinstance(error, FanlightError) and not error.temporary
    if permanent or run.attempt - run.claim.losses > task.retries:
        log.error("job.failed", **job, exc_info=None if permanent else error)
        return Outcome(JobState.FAILED, describe(error))
    delay = backoff(task, run.attempt - run.claim.losses, error)
    log.warning("job.retry", **job, delay=delay, error=describe(error), exc_info=error)
    return Outcome(JobState.WAITING, describe(error), due_at=now + timedelta(seconds=delay))


def backoff(task: Task, failures: int, error: BaseException | None = None) -> float:
    """Seconds to wait after the nth failure; never less than the error itself asks for."""
    longest = min(LONGEST_BACKOFF, task.backoff * 2 ** min(failures - 1, 30))
    asked = getattr(error, "retry_after", None) or 0.0
    return max(longest * random.uniform(0.5, 1), asked)  # noqa: S311 -- spreads load, no secret


def describe(error: BaseException) -> str:
    """An error as its owner may read it: public sentences, never an unknown error's words."""
    if isinstance(error, FanlightError):
        return error.public_message
    return f"{FanlightError.message} ({type(error).__name__})"
