"""One thread that writes to SQLite, and saves the disk's time by committing in groups.

SQLite takes one writer, and making a commit safe costs a wait for the disk. So units of work
queue up here; whatever has queued up while the last commit was under way is run in one
transaction, each unit in a savepoint of its own, and committed at once. A unit that fails
is undone alone. Nobody is answered before the commit that makes the answer true.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from fanlight.catalogue import counts
from fanlight.catalogue.faults import is_busy, translated
from fanlight.catalogue.records import Records
from fanlight.errors import CatalogueBusy, CatalogueUnavailable

_MOST_IN_GROUP = 128

Unit = Callable[[Records], Any]


@dataclass(slots=True)
class _Order:
    unit: Unit
    future: Future[Any]
    deadline: float
    """Until when a lock held by another process is waited for, by `time.monotonic`."""
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Takes units of work from any thread and runs them on its own."""

    def __init__(
        self, records: Records, announce: Callable[[Sequence[str]], None], busy: float
    ) -> None:
        """Begin the thread, which owns `records` from now on.

        `announce` is told which assets changed, after each commit; `busy` is how many seconds
        another process's lock is waited for.
        """
        self._records = records
        self._session = records.session
        self._announce = announce
        self._busy = busy
        self._queue: SimpleQueue[_Order | None] = SimpleQueue()
        self._waiting: deque[_Order] = deque()
        self._entrance = threading.Lock()
        self._closed = False
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="fanlight-writer", daemon=True)
        self._thread.start()

    def submit(self, unit: Unit) -> Future[Any]:
        """Queue a unit; the future has its result once that is committed.

        A unit whose future is cancelled before its turn is not run. Raises CatalogueUnavailable
        after `close`.
        """
        future: Future[Any] = Future()
        with self._entrance:
            if self._closed:
                raise CatalogueUnavailable("The catalogue is closed.")
            self._queue.put(_Order(unit, future, time.monotonic() + self._busy))
        return future

    def is_here(self) -> bool:
        """Whether the caller is the writer's own thread, which must not wait for itself."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Run what is queued, then end the thread and its connection."""
        with self._entrance:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    # --- the thread -------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while self._gather():
                if self._begin():
                    self._run_group()
        finally:
            self._session.close()

    def _gather(self) -> bool:
        """Take all orders that are there, waiting for the first; False when there are no more."""
        if not self._waiting and not self._ended:
            self._take(self._queue.get())
        while len(self._waiting) < _MOST_IN_GROUP and not self._queue.empty():
            self._take(self._queue.get_nowait())
        return bool(self._waiting) or not self._ended

    def _take(self, order: _Order | None) -> None:
        if order is None:
            self._ended = True
        elif order.future.set_running_or_notify_cancel():
            self._waiting.append(order)

    def _begin(self) -> bool:
        """Get the database's write lock; False when nobody is left who waits for it.

        Asked for again and again rather than waited for inside SQLite, whose pauses grow so long
        that a neighbour who never rests always comes first.
        """
        while self._waiting:
            try:
                self._session.begin()
            except Exception as error:
                if not is_busy(error):
                    self._fail(error)
            else:
                return True
            self._fail(CatalogueBusy(), before=time.monotonic())
            time.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 - not a secret
        return False

    def _fail(self, error: BaseException, before: float = math.inf) -> None:
        """Fail those in the queue, oldest first, whose deadline has passed."""
        while self._waiting and self._waiting[0].deadline < before:
            self._waiting.popleft().future.set_exception(translated(error))

    def _run_group(self) -> None:
        tried: list[_Order] = []
        changed: dict[str, None] = {}
        try:
            while self._waiting:
                tried.append(self._waiting.popleft())
                changed |= dict.fromkeys(self._run_one(tried[-1]))
            self._session.commit()
        except BaseException as error:
            # Nothing of this group is kept; those not tried yet have their turn in the next.
            self._session.rollback()
            for order in tried:
                order.error = order.error or translated(error)
            changed.clear()
        if changed:
            self._announce(tuple(changed))
        for order in tried:
            _answer(order)

    def _run_one(self, order: _Order) -> tuple[str, ...]:
        """Run a unit in a savepoint. Raises only when the whole transaction is lost."""
        driver = self._session.driver
        driver.execute("SAVEPOINT unit")
        try:
            order.result = order.unit(self._records)
            changed = counts.flush(self._session)
        except BaseException as error:
            order.error = translated(error)
            self._session.forget()
            driver.execute("ROLLBACK TO unit")  # fails if SQLite gave up the transaction itself
            changed = ()
        driver.execute("RELEASE unit")
        return changed


def _answer(order: _Order) -> None:
    if order.error is None:
        order.future.set_result(order.result)
    else:
        order.future.set_exception(order.error)
