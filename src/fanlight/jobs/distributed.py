"""The engine for PostgreSQL: procrastinate hands out the jobs, over any number of machines.

The catalogue's row is what people see and what decides: state, progress, checkpoint, key. Beside
each row that is not at its end there is one procrastinate job, made in the same transaction, which
carries its number through the queue of its task's name. Procrastinate wakes workers (LISTEN), picks
the next job (SKIP LOCKED), keeps locks, waits out retries, and notices dead workers by their
heartbeat. When the two differ after a crash, procrastinate runs the job again and the row says
what is left to do; so nothing is lost, and nothing that is done is done again.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import AbortReason
from procrastinate.schema import SchemaManager
from psycopg import OperationalError

from fanlight.catalogue.queue import TASK
from fanlight.jobs.engine import CatalogueEngine, Patience, first_of, put_an_end_to, utc_now
from fanlight.jobs.rescue import Rescue
from fanlight.jobs.run import Pace, Why
from fanlight.model import JobState

if TYPE_CHECKING:
    from procrastinate.jobs import Job as QueuedJob

    from fanlight.catalogue import Catalogue

log = structlog.get_logger(__name__)


def install(catalogue: Catalogue) -> None:
    """Make procrastinate's tables beside the catalogue's, or bring them up to the package's.

    Safe when several processes start at once. Raises CatalogueUnavailable.
    """
    version = importlib.metadata.version("procrastinate")
    folder = Path(SchemaManager.get_migrations_path())
    scripts = [(path.name, path.read_text(encoding="utf-8")) for path in folder.glob("*.sql")]
    schema = SchemaManager.get_schema()
    catalogue.write_now(lambda records: records.jobs.install_queue(version, schema, scripts))


class Later(Exception):
    """Told to procrastinate: put the job back, as for a retry, and hand it out again at `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(f"again at {at:%H:%M:%S}")


class _Connector(PsycopgConnector):
    """Tries again what a worker says of a job's end: procrastinate says it once and forgets it."""

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """See procrastinate. Its commands: a second time they are refused, or change nothing."""
        for tried, pause in enumerate((0.1, 0.5, 2.0)):
            try:
                return await super().execute_query_async(query, **arguments)
            except ConnectorException as error:
                if not isinstance(error.__cause__, OperationalError):
                    if tried:
                        return None  # refused: only the answer to the first had been lost
                    raise
                log.warning("jobs.connection_lost", exc_info=True)
            await asyncio.sleep(pause)
        return await super().execute_query_async(query, **arguments)


class _PutBack(BaseRetryStrategy):
    """A job leaves procrastinate only by returning: whatever is raised puts it back."""

    def __init__(self, clock: Callable[[], datetime], pace: Pace) -> None:
        self._clock = clock
        self._pace = pace

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision:
        """See procrastinate."""
        del job
        if isinstance(exception, Later):
            return RetryDecision(retry_at=exception.at)
        return RetryDecision(retry_at=self._clock() + timedelta(seconds=self._pace.lease))


class DistributedEngine(CatalogueEngine):
    """See `port.JobEngine`. `url` is the address of the catalogue's own database."""

    def __init__(
        self,
        catalogue: Catalogue,
        url: str,
        *,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(catalogue, pace=pace, clock=clock)
        self._app = App(connector=_Connector(conninfo=url, min_size=1, max_size=4))
        self._app.task(name=TASK, pass_context=True, retry=_PutBack(clock, self._pace))(self._take)
        self._rescue = Rescue(self._app.job_manager, catalogue, pace=self._pace, clock=clock)
        self._time_to_end = 2 * self._pace.grace
        # What a job means is logged by us; here it would be said twice, and as an error.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)

    def _wake(self) -> None:
        """Nothing to do: PostgreSQL notifies the workers when the transaction commits."""

    async def _serve(self, slots: int, stop: asyncio.Event) -> None:
        patience = Patience()
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._stopping = False
                life = asyncio.create_task(self._live(slots))
                try:
                    await asyncio.wait({life, stopped}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await self._end(life)
                await first_of(stop, within=patience.next())
        finally:
            stopped.cancel()

    async def _live(self, slots: int) -> None:
        """One life of a procrastinate worker: until cancelled, or until it gives up by itself."""
        pace = self._pace
        rescue: asyncio.Task[None] | None = None
        try:
            await self._app.open_async()
            rescue = asyncio.create_task(self._rescue.keep_watch())
            await self._app.run_worker_async(
                queues=list(self._tasks),
                concurrency=slots,
                fetch_job_polling_interval=pace.poll,
                abort_job_polling_interval=pace.poll,
                shutdown_graceful_timeout=self._time_to_end,
                update_heartbeat_interval=pace.lease / 3,
                stalled_worker_timeout=pace.lease,
                delete_jobs="always",
                install_signal_handlers=False,
            )
        finally:
            if rescue is not None:
                await put_an_end_to(rescue)
            await self._app.close_async()

    async def _end(self, life: asyncio.Task[None]) -> None:
        """Stop the worker: its runs first, so that they go back to the queue by themselves."""
        self._stop_runs()
        await put_an_end_to(life, patience=2 * self._time_to_end)
        if not life.cancelled() and (error := life.exception()):
            log.error("jobs.worker_failed", exc_info=error)

    async def _take(self, context: JobContext, *, job: str) -> None:
        """What procrastinate calls; returning takes the job off its hands, Later does not.

        In a task of its own: procrastinate cancels us at once, but a run has its grace.
        """
        attempt = asyncio.create_task(self._attempt(job))
        while not attempt.done():
            try:
                await asyncio.wait({attempt})
            except asyncio.CancelledError:
                wanted = context.abort_reason() is AbortReason.USER_REQUEST
                if run := self._runs.get(job):
                    run.ask(Why.CANCELLED if wanted else Why.STOPPING)
        if (again_at := attempt.result()) is not None:
            raise Later(again_at)

    async def _attempt(self, job: str) -> datetime | None:
        """Run the row, unless it is at its end or in other hands; when to try again, if at all."""
        now = self._clock()
        if self._stopping:
            return now
        until, holder = now + timedelta(seconds=self._pace.lease), uuid.uuid4().hex
        claim = await self._catalogue.write(
            lambda records: records.jobs.start(job, holder=holder, now=now, until=until)
        )
        if claim is None or isinstance(claim, datetime):
            return claim
        outcome = await self._run(claim)
        if outcome.state is None:
            return self._clock() + timedelta(seconds=self._pace.lease)
        return outcome.due_at if outcome.state is JobState.WAITING else None
