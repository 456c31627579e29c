"""The catalogue: units of work over SQLite or PostgreSQL, each in one hop to a thread of ours."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar, cast

from fanlight.catalogue import counts, faults, migrate
from fanlight.catalogue.database import Database, database
from fanlight.catalogue.records import Records
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.writer import Writer
from fanlight.errors import CatalogueBusy, CatalogueUnavailable

T = TypeVar("T")
Listener = Callable[[Sequence[str]], None]

BUSY_SECONDS = 5.0
_TRIES = 3

_log = logging.getLogger(__name__)


class Catalogue:
    """All that is known, behind `read` and `write`.

    A unit of work is a function of `Records`. It runs in a thread, whole: it must not wait for
    anything but the database, must not keep `Records`, and may be run again from its beginning
    (on PostgreSQL, when another transaction came in between). What it raises, the caller gets.
    Cancelling the caller does not undo a unit that has begun.

    Raises from every unit: CatalogueBusy, CatalogueUnavailable, and BadName for text that no
    database can keep. A catalogue belongs to the process that opened it.
    """

    def __init__(self, source: Database, seal: Seal, threads: int, busy: float) -> None:
        """Use `open`."""
        self.dialect = source.dialect
        self._source = source
        self._seal = seal
        self._process = os.getpid()
        self._listeners: list[Listener] = []
        self._here = threading.local()
        self._opened: list[Records] = []
        self._closed = False
        self._readers = ThreadPoolExecutor(threads, thread_name_prefix="fanlight-catalogue")
        self._writer = None
        if source.path is not None:
            records = Records(source.session(writer=True), seal)
            self._writer = Writer(records, self._announce, busy)

    @classmethod
    def open(
        cls, url: str, *, seal: Seal, threads: int = 4, busy: float = BUSY_SECONDS
    ) -> Catalogue:
        """Connect, bring the tables up to date, and make sure that the key is the right one.

        `threads` is how many units run at once (on PostgreSQL also how many connections);
        `busy` how many seconds another process's lock on a SQLite file is waited for.
        Raises CatalogueUnavailable, CatalogueBusy, CatalogueTooNew, SealError.
        """
        source = database(url, busy=busy)
        try:
            migrate.prepare(source, seal)
            return cls(source, seal, threads, busy)
        except Exception as error:
            faults.reraise(error)

    async def read(self, unit: Callable[[Records], T]) -> T:
        """Run a unit that only reads. Each of its statements sees what is committed by then."""
        return await asyncio.wrap_future(self._submit(self._run_read, unit))

    async def write(self, unit: Callable[[Records], T]) -> T:
        """Run a unit in a transaction; its result is given once it is safe on the disk."""
        return await asyncio.wrap_future(self._submit_write(unit))

    def read_now(self, unit: Callable[[Records], T]) -> T:
        """`read` for callers without an event loop. Never from inside a unit."""
        return self._submit(self._run_read, unit).result()

    def write_now(self, unit: Callable[[Records], T]) -> T:
        """`write` for callers without an event loop. Never from inside a unit."""
        return self._submit_write(unit).result()

    def on_change(self, listener: Listener) -> None:
        """Have a listener told the ids of assets whose links changed in this process.

        It is called after the commit and before the answer, in a thread of the catalogue's: it must
        be quick and must not ask the catalogue.
        """
        self._listeners.append(listener)

    def close(self) -> None:
        """Finish what was asked for, then give all connections up. May be called again."""
        self._closed = True
        self._readers.shutdown(wait=True)
        if self._writer is not None:
            self._writer.close()
        while self._opened:
            self._opened.pop().session.close()
        self._source.engine.dispose()

    # --- running units ----------------------------------------------------------------------------

    def _submit(
        self, run: Callable[[Callable[[Records], T]], T], unit: Callable[[Records], T]
    ) -> Future[T]:
        self._check()
        try:
            return self._readers.submit(run, unit)
        except RuntimeError:  # closed since the check
            raise CatalogueUnavailable("The catalogue is closed.") from None

    def _submit_write(self, unit: Callable[[Records], T]) -> Future[T]:
        if self._writer is None:
            return self._submit(self._run_write, unit)
        self._check()
        return cast("Future[T]", self._writer.submit(unit))

    def _check(self) -> None:
        if self._closed:
            raise CatalogueUnavailable("The catalogue is closed.")
        if os.getpid() != self._process:
            raise RuntimeError("a catalogue cannot be used in a forked process: open another")
        if hasattr(self._here, "records") or (self._writer and self._writer.is_here()):
            raise RuntimeError("a unit of work cannot wait for another one")

    def _run_read(self, unit: Callable[[Records], T]) -> T:
        try:
            return unit(self._records())
        except Exception as error:
            if not self._is_broken():
                faults.reraise(error)
        try:  # once more, as it was the connection that failed
            self._drop()
            return unit(self._records())
        except Exception as error:
            faults.reraise(error)

    def _run_write(self, unit: Callable[[Records], T]) -> T:
        for left in reversed(range(_TRIES)):
            try:
                result, changed = self._transaction(unit)
            except Exception as error:
                if left and faults.may_succeed_again(error):
                    time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - not a secret
                    continue
                faults.reraise(error)
            self._announce(changed)
            return result
        raise CatalogueBusy

    def _transaction(self, unit: Callable[[Records], T]) -> tuple[T, tuple[str, ...]]:
        records = self._begun()
        try:
            result = unit(records)
            changed = counts.flush(records.session)
            records.session.commit()
        except BaseException:
            records.session.rollback()
            if self._is_broken():
                self._drop()
            raise
        return result, changed

    def _begun(self) -> Records:
        """The thread's connection in a transaction; a new one if the old one has died."""
        records = self._records()
        try:
            records.session.begin()
        except Exception:
            self._drop()
            records = self._records()
            records.session.begin()
        return records

    # --- this thread's connection -----------------------------------------------------------------

    def _records(self) -> Records:
        records: Records | None = getattr(self._here, "records", None)
        if records is None:
            records = Records(self._source.session(), self._seal)
            self._here.records = records
            self._opened.append(records)
        return records

    def _is_broken(self) -> bool:
        records: Records | None = getattr(self._here, "records", None)
        return self._source.path is None and records is not None and records.session.broken

    def _drop(self) -> None:
        records: Records | None = getattr(self._here, "records", None)
        if records is not None:
            del self._here.records
            self._opened.remove(records)
            records.session.close()

    def _announce(self, changed: Sequence[str]) -> None:
        if not changed:
            return
        for listener in self._listeners:
            try:
                listener(changed)
            except Exception:
                _log.exception("catalogue.listener_failed")
