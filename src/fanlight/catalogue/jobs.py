"""Jobs: what was asked for, how far it is, and who is at it.

Both engines of `fanlight.jobs` keep their jobs here. On SQLite this table is also the queue
(`claim`, `next_due`); on PostgreSQL procrastinate is, beside it (`queue.Queue`, `start`).
A running job belongs to its `holder` until `due_at`, the end of the holder's lease; only the holder
can write to it, and a holder that let its lease run out may find that it has lost the job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    Row,
    Select,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from fanlight.catalogue import cursors
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.queue import Queue
from fanlight.catalogue.schema import metadata
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import Choice, Json, Moment, path
from fanlight.errors import NotFound
from fanlight.model import Job, JobState, Page

# As text, and in every statement: a partial index serves only what says the same.
_active = cast("ColumnElement[bool]", text("state IN ('waiting', 'running')"))
_ended = cast("ColumnElement[bool]", text("state NOT IN ('waiting', 'running')"))
_running = text("state = 'running'")

job = Table(
    "job",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("task", path(), nullable=False),
    Column("arguments", Json, nullable=False),
    Column("state", Choice(JobState), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # How many of the attempts ended with their worker.
    Column("losses", Integer, nullable=False, server_default="0"),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("message", Text, nullable=False, server_default=text("''")),
    Column("key", path()),
    Column("lock", path()),
    # Somebody wants it to stop.
    Column("cancelled", Boolean, nullable=False),
    Column("holder", path()),
    # Waiting: when it may begin. Running: when the holder's lease runs out.
    Column("due_at", Moment, nullable=False),
    Column("checkpoint", Json, nullable=False),
    # Its number in procrastinate's queue.
    Column("ticket", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
Index("job_key", job.c.key, unique=True, sqlite_where=_active, postgresql_where=_active)
Index("job_due", job.c.due_at, job.c.id, sqlite_where=_active, postgresql_where=_active)
Index("job_lock", job.c.lock, sqlite_where=_running, postgresql_where=_running)
Index("job_ended", job.c.state, job.c.id, sqlite_where=_ended, postgresql_where=_ended)
Index("job_updated", job.c.updated_at)

_ADVANCE = """
INSERT INTO counter (name, value) VALUES (:name, :period)
ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value
RETURNING value
"""
_LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that its holder may run now."""

    job: Job
    holder: str
    checkpoint: Mapping[str, Any]
    losses: int
    """How often a worker ended in the middle of it."""
    cancelled: bool
    """Whether it should stop before it begins."""


class Jobs:
    """See the module."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._queue = Queue(session) if session.on_postgresql else None

    # --- asking for jobs, and about them ----------------------------------------------------------

    def add(
        self,
        task: str,
        arguments: Mapping[str, object],
        *,
        now: datetime,
        key: str | None = None,
        lock: str | None = None,
        due_at: datetime | None = None,
    ) -> Job:
        """Keep a job to be run, as soon as this transaction is committed or at `due_at`.

        If a job of this `key` is waiting or running already, that one is given and nothing added.
        """
        values = {
            "task": task,
            "arguments": dict(arguments),
            "state": JobState.WAITING,
            "key": key,
            "lock": lock,
            "cancelled": False,
            "due_at": due_at or now,
            "checkpoint": {},
            "created_at": now,
            "updated_at": now,
        }
        while True:
            if (row := self._insert(values)) is not None:
                self._put(row)
                return _job(row)
            if (row := self._one(job.c.key == key, _active)) is not None:
                return _job(row)

    def get(self, job_id: str) -> Job:
        """One job. Raises NotFound."""
        row = self._one(job.c.id == _number(job_id))
        if row is None:
            raise NotFound("There is no such job.", code="not-found.job")
        return _job(row)

    def page(
        self, state: JobState | None = None, *, after: str | None = None, limit: int = 50
    ) -> Page[Job]:
        """Jobs, newest first. Raises BadCursor."""
        limit = clamp(limit)
        wanted = select(job).order_by(job.c.id.desc()).limit(limit + 1)
        if state is not None:
            active = state in (JobState.WAITING, JobState.RUNNING)
            wanted = wanted.where(job.c.state == state, _active if active else _ended)
        if after is not None:
            (last,) = cursors.decode(after, "job", int)
            wanted = wanted.where(job.c.id < last)
        rows = self._session.run(wanted).all()
        items = tuple(_job(row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, cursors.encode("job", int(items[-1].id)) if more else None)

    def cancel(self, job_id: str, *, now: datetime) -> Job:
        """End a waiting job; note for a running one that it should stop. Raises NotFound."""
        waiting = job.c.state == JobState.WAITING
        row = self._change(
            [job.c.id == _number(job_id), _active],
            state=case((waiting, JobState.CANCELLED.value), else_=job.c.state),
            cancelled=True,
            updated_at=now,
        )
        if row is not None and self._queue is not None:
            self._queue.withdraw(row.ticket)
        return self.get(job_id) if row is None else _job(row)

    def prune(self, before: datetime) -> int:
        """Forget jobs that ended before; returns how many."""
        ended = and_(_ended, job.c.updated_at < before)
        return self._session.run(delete(job).where(ended)).rowcount

    def take_turn(
        self, name: str, period: int, task: str, *, lock: str | None, now: datetime
    ) -> bool:
        """Add the job of a periodic task, unless this period's was; returns whether it was ours.

        Runs of it that went well are forgotten but for the last.
        """
        if not self._first_in(f"turn:{name}", period):
            return False
        added = self.add(task, {}, now=now, key=task, lock=lock)
        past = and_(job.c.key == task, job.c.state == JobState.DONE)
        newest = select(func.max(job.c.id)).where(past).scalar_subquery()
        self._session.run(delete(job).where(past, job.c.id != newest, job.c.id != int(added.id)))
        return True

    # --- running them -----------------------------------------------------------------------------

    def next_due(self, tasks: Iterable[str]) -> datetime | None:
        """When the next job of these tasks may begin, or its holder's lease runs out."""
        found = select(func.min(job.c.due_at)).where(_active, job.c.task.in_(tuple(tasks)))
        return self._session.run(found).scalar()

    def claim(
        self, tasks: Iterable[str], *, holder: str, now: datetime, until: datetime
    ) -> Claim | None:
        """Take the job of these tasks that has been due longest, if there is one (SQLite)."""
        other = job.alias("other")
        locked = (
            select(1)
            .where(other.c.lock == job.c.lock, other.c.id != job.c.id)
            .where(text("other.state = 'running'"))
            .exists()
        )
        due = (
            select(job.c.id)
            .where(_active, job.c.due_at <= now, job.c.task.in_(tuple(tasks)))
            .where(or_(job.c.lock.is_(None), ~locked))
            .order_by(job.c.due_at, job.c.id)
            .limit(1)
        )
        return self._take([job.c.id == due.scalar_subquery()], holder, now, until)

    def start(
        self, job_id: str, *, holder: str, now: datetime, until: datetime
    ) -> Claim | datetime | None:
        """Take the job that the queue handed out (PostgreSQL).

        None if it is at its end or forgotten. If another worker's lease on it has not run out,
        the time when it will.
        """
        free = or_(job.c.state == JobState.WAITING, job.c.due_at <= now)
        this = [job.c.id == _number(job_id), _active]
        if claim := self._take([*this, free], holder, now, until):
            return claim
        row = self._one(*this)
        return None if row is None else row.due_at

    def renew(
        self,
        claim: Claim,
        *,
        now: datetime,
        until: datetime,
        progress: tuple[int, int | None, str],
        checkpoint: Mapping[str, object] | None = None,
    ) -> bool | None:
        """Report progress and keep the lease; whether the job is still wanted.

        None if it is not the claim's any more. A checkpoint left out stays as it is.
        """
        saved = {} if checkpoint is None else {"checkpoint": dict(checkpoint)}
        row = self._change(
            _held(claim), due_at=until, updated_at=now, **_progress(progress), **saved
        )
        return None if row is None else not row.cancelled

    def settle(
        self,
        claim: Claim,
        state: JobState,
        *,
        now: datetime,
        progress: tuple[int, int | None, str],
        due_at: datetime | None = None,
        given_back: bool = False,
    ) -> bool:
        """Write what came of a run; False if the job is not the claim's any more.

        A job that should wait but was cancelled meanwhile is cancelled. One that is `given_back`
        does not count as tried.
        """
        after: Any = state.value
        if state is JobState.WAITING:
            after = case((job.c.cancelled, JobState.CANCELLED.value), else_=state.value)
        row = self._change(
            _held(claim),
            state=after,
            attempts=job.c.attempts - int(given_back),
            holder=None,
            due_at=due_at or now,
            updated_at=now,
            **_progress(progress),
        )
        return row is not None

    # --- PostgreSQL -------------------------------------------------------------------------------

    def install_queue(
        self, version: str, schema: str, migrations: Sequence[tuple[str, str]]
    ) -> None:
        """See `queue.Queue.install`."""
        Queue(self._session).install(version, schema, migrations)

    def rescue(self, name: str, period: int, *, now: datetime) -> bool:
        """Whether it is ours, this period, to look after what dead workers left behind.

        If so, their jobs that were to stop are ended: the queue will not hand those out again.
        """
        if not self._first_in(f"rescue:{name}", period):
            return False
        dead = [job.c.state == JobState.RUNNING, job.c.cancelled, job.c.due_at <= now]
        self._session.run(update(job).where(*dead).values(state=JobState.CANCELLED, updated_at=now))
        return True

    def held(self, now: datetime) -> frozenset[int]:
        """The queue's numbers of jobs that somebody is at."""
        running = select(job.c.ticket).where(job.c.state == JobState.RUNNING, job.c.due_at > now)
        return frozenset(self._session.run(running).scalars())

    # --- inside -----------------------------------------------------------------------------------

    def _first_in(self, name: str, period: int) -> bool:
        """Whether nobody has been here in this period or a later one; notes that we were."""
        return bool(self._session.fetch(_ADVANCE, name=name, period=period))

    def _insert(self, values: Mapping[str, object]) -> Row[Any] | None:
        dialect = postgresql if self._session.on_postgresql else sqlite
        new = dialect.insert(job).values(values).on_conflict_do_nothing().returning(*job.c)
        return self._session.run(new).one_or_none()

    def _put(self, row: Row[Any]) -> None:
        if self._queue is not None:
            due_at = row.due_at if row.due_at > row.created_at else None
            ticket = self._queue.put(row.id, row.task, lock=row.lock, due_at=due_at)
            self._session.run(update(job).where(job.c.id == row.id).values(ticket=ticket))

    def _take(
        self, wanted: list[ColumnElement[bool]], holder: str, now: datetime, until: datetime
    ) -> Claim | None:
        lost = case((job.c.state == JobState.RUNNING, 1), else_=0)
        row = self._change(
            wanted,
            state=JobState.RUNNING,
            attempts=job.c.attempts + 1,
            losses=job.c.losses + lost,
            holder=holder,
            due_at=until,
            updated_at=now,
        )
        if row is None:
            return None
        return Claim(_job(row), holder, row.checkpoint, row.losses, row.cancelled)

    def _change(self, wanted: list[ColumnElement[bool]], **values: object) -> Row[Any] | None:
        change = update(job).where(*wanted).values(**values).returning(*job.c)
        return self._session.run(change).one_or_none()

    def _one(self, *wanted: ColumnElement[bool]) -> Row[Any] | None:
        found: Select[Any] = select(job).where(*wanted)
        return self._session.run(found).one_or_none()


def _held(claim: Claim) -> list[ColumnElement[bool]]:
    running = job.c.state == JobState.RUNNING
    return [job.c.id == int(claim.job.id), job.c.holder == claim.holder, running]


def _progress(progress: tuple[int, int | None, str]) -> dict[str, object]:
    done, total, message = progress
    readable = message.replace("\0", " ").encode(errors="replace").decode()
    return {"done": done, "total": total, "message": readable[:_LONGEST_MESSAGE]}


def _job(row: Row[Any]) -> Job:
    return Job(
        id=str(row.id),
        task=row.task,
        arguments=row.arguments,
        state=row.state,
        attempts=row.attempts,
        done=row.done,
        total=row.total,
        message=row.message,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _number(job_id: str) -> int:
    """The row of a job; -1, which no row has, for what is not a number of ours."""
    return int(job_id) if job_id.isdecimal() and len(job_id) < 19 else -1
