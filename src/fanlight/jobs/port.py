"""The seam between work that takes a while and whatever runs it.

A *task* is a function with a name, a *job* one run of it, a *worker* the process that runs jobs.
There are two engines, chosen by the database and held to one contract (`tests/contract/`):
`embedded` for SQLite, in process, on one machine; `distributed` for PostgreSQL, over any number.

What a task may count on, and what is asked of it:

* A job that was enqueued is run to its end at least once, also when its worker is killed: another
  takes it over when the dead one's lease has run out. So a task may run twice, and must bear it.
* It is never run by two workers at the same time, as long as it lets the event loop breathe:
  a task that blocks the loop for longer than the lease cannot renew it and loses the job.
* It is coarse: it reports progress and looks whether it should stop every few seconds, and puts
  into its checkpoint what it need not do again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime

    from fanlight.model import Job, JobState, Page


class Run(Protocol):
    """What a task's function is given: its arguments and its line to whoever watches the job."""

    @property
    def job_id(self) -> str:
        """The job that is being run."""
        ...

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the job was enqueued with: JSON values."""
        ...

    @property
    def attempt(self) -> int:
        """1 for the first run, one more for each retry."""
        ...

    @property
    def checkpoint(self) -> dict[str, Any]:
        """Whatever an earlier run of this job saved; change it, then `save` it. JSON values."""
        ...

    async def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how many units of work are behind us, and what is going on.

        Cheap: written at most twice a second. Raises JobCancelled like `check`.
        """
        ...

    async def check(self) -> None:
        """Let others on the event loop have a turn; raise JobCancelled if the job should stop."""
        ...

    async def save(self) -> None:
        """Write the checkpoint down now, so that a later run of this job finds it."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """A function that can be run as a job, and what to do when it fails.

    An error that is permanent (`FanlightError` with `temporary` false) fails the job at once.
    Anything else is tried again up to `retries` times, after `backoff` seconds, then twice as
    long, and so on up to ten minutes, each time shortened at random by up to a half.
    """

    name: str
    function: Callable[[Run], Awaitable[None]]
    retries: int = 3
    backoff: float = 2.0
    lock: str | None = None
    """No two jobs with the same lock run at once; `{name}` stands for the argument of that name
    (`channel:{channel_id}`)."""


class JobEngine(Protocol):
    """Keeps jobs, and runs them where `work` is called."""

    def declare(self, *tasks: Task) -> None:
        """Make tasks known: only these can be enqueued and worked here."""
        ...

    def every(self, task: str, seconds: float, *, at_start: bool = False) -> None:
        """Run a task once each `seconds`, over all workers together, and when `work` begins.

        A turn is skipped while the one before it is still waiting or running. Of those that went
        well only the last is kept.
        """
        ...

    async def enqueue(
        self,
        task: str,
        arguments: Mapping[str, object] | None = None,
        *,
        key: str | None = None,
        delay: float = 0,
    ) -> Job:
        """Keep a job to be run as soon as a worker is free, or `delay` seconds from now.

        At most one job of a `key` is waiting or running: if there is one, that one is returned
        and nothing is added. Raises NotFound (`not-found.task`), CatalogueError.
        """
        ...

    async def cancel(self, job_id: str) -> Job:
        """End a waiting job; ask a running one to stop, which it does at its next check.

        One that has ended already stays as it is. Returns the job as it is then. Raises NotFound.
        """
        ...

    async def get(self, job_id: str) -> Job:
        """One job. Raises NotFound (`not-found.job`)."""
        ...

    async def list(
        self, state: JobState | None = None, *, after: str | None = None, limit: int = 50
    ) -> Page[Job]:
        """Jobs, newest first. Raises BadCursor."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget jobs that ended before then; returns how many."""
        ...

    async def work(self, *, slots: int, stop: asyncio.Event) -> None:
        """Run jobs, at most `slots` at once, until `stop` is set.

        Then jobs in the middle of their work are told to stop, and go back to the queue. A
        database that cannot be reached for a while is waited for.
        """
        ...
