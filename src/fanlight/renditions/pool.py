"""Worker processes that make pictures: started when needed, killed when they must be.

A picture may be made to harm, so it is decoded in a process that can die without harm: at lowest
priority, within limits that it sets itself and the pool enforces. A worker that dies fails the
order it had, and no other.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import structlog

from fanlight.errors import FanlightError, Overloaded, PictureTooLarge, PictureTooSlow
from fanlight.renditions.deaths import STARVED_PAUSE, Suspects, WorkerDied, kills_for_memory
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Done, Failed, Order
from fanlight.renditions.process import COMMAND, Worker

log = structlog.get_logger(__name__)

T = TypeVar("T")
R = TypeVar("R")

IDLE = 60.0
"""Seconds without an order after which a worker is ended: at rest nothing of it is left."""
ORDERS = 500
"""Orders after which a worker is replaced, whatever it may have leaked..."""
HEAVY = 300 << 20
"""...and bytes that it may keep between two orders."""
TRIES = 2
"""How often an order is tried whose worker died: the first death may have been an accident."""
LONGEST_PAUSE = 60.0
"""Seconds between two attempts to start a worker when none starts."""
BREATH = 0.1
"""Seconds between two looks whether a worker is free, while none can be started."""
_NONE = "No pictures can be made right now."


class _OnceFailed(Overloaded):
    """A worker did not start, and it is worth another try."""


class Pool:
    """At most `workers` processes at a time, which hold themselves to `limits`.

    `room` names a new folder for what a worker writes by itself; it is removed with the worker, in
    a thread of `disk`.
    For one event loop.
    """

    def __init__(
        self,
        workers: int,
        limits: Limits,
        room: Callable[[], Path],
        *,
        disk: Executor,
        command: tuple[str, ...] = COMMAND,
        idle: float = IDLE,
        orders: int = ORDERS,
        kills_for_memory: Callable[[], int] = kills_for_memory,
    ) -> None:
        self._workers = workers
        self._places = asyncio.Semaphore(workers)
        self._carried_out = 0
        self._limits = limits
        self._room = room
        self._disk = disk
        self._command = command
        self._idle = idle
        self._orders = orders
        self._kills_for_memory = kills_for_memory
        self._suspects = Suspects()
        self._resting: dict[Worker, float] = {}
        self._all: dict[Worker, Path] = {}
        self._orphans: set[asyncio.Task[Worker]] = set()
        self._busy: set[asyncio.Task[Worker] | asyncio.Task[None]] = set()
        self._tidying: asyncio.TimerHandle | None = None
        self._closed = False
        self._failures = 0
        self._next_start = 0.0
        self.attempts = 0
        """How often a worker was to be started so far..."""
        self.started = 0
        """...and became ready."""

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        return [worker.pid for worker in self._all]

    @property
    def carried_out(self) -> int:
        """Orders that have a place."""
        return self._carried_out

    async def run(self, order: Order, content: str = "") -> Done:
        """Have an order carried out, of an original that is called `content`.

        Raises PictureError (a plain one, of no subclass, says nothing about the picture but that
        this machine could not do it now); Overloaded if there is no worker to be had, or no core
        for it.
        """
        async with self._place():
            for tried in range(1, TRIES + 1):
                try:
                    said = await self._try(order)
                except WorkerDied as death:
                    log.warning("pictures.worker_died", status=death.status, reason=str(death))
                    if death.slow or tried == TRIES:
                        raise self._verdict(death, content) from death
                else:
                    self._suspects.acquit(content)
                    return understood(said)
        raise AssertionError("each try returns or raises")

    def expect(self, orders: int) -> None:
        """Start workers for so many orders that will come in a moment.

        A worker that no order comes for ends after its rest.
        """
        if self._closed or time.monotonic() < self._next_start:
            return
        wanted = min(orders, self._workers - self._carried_out)
        for _ in range(wanted - len(self._resting) - len(self._orphans)):
            self._orphan(self._begin_start())

    async def close(self) -> None:
        """Kill whoever is there. What runs raises."""
        self._closed = True
        if self._tidying is not None:
            self._tidying.cancel()
        for worker in list(self._all):
            worker.kill()
            self._end(worker)
        while self._busy:
            await asyncio.wait(set(self._busy))

    @asynccontextmanager
    async def _place(self) -> AsyncGenerator[None]:
        async with self._places:
            self._carried_out += 1
            try:
                yield
            finally:
                self._carried_out -= 1

    def _verdict(self, death: WorkerDied, content: str) -> FanlightError:
        if death.killed and not death.large and self._suspects.guilty(content):
            return PictureTooLarge()
        return death.verdict()

    async def _try(self, order: Order) -> Done | Failed:
        worker = await self._take()
        killed_so_far = self._kills_for_memory()
        try:
            said = await worker.ask(order, self._limits.seconds)
        except BaseException as error:
            if isinstance(error, WorkerDied) and error.killed:
                error.large |= self._kills_for_memory() > killed_so_far
            worker.kill()
            self._end(worker)
            raise
        starved = _is_slow(said) and worker.starved(self._limits.seconds)
        self._give_back(worker)
        if starved:
            raise Overloaded(retry_after=STARVED_PAUSE)
        return said

    # --- who is there

    async def _take(self) -> Worker:
        while not self._closed:
            if (worker := self._rested()) is not None:
                return worker
            pause = self._next_start - time.monotonic()
            if pause <= 0:
                with suppress(_OnceFailed):
                    return await self._started()
            elif self._all:  # one of those will be free
                await asyncio.sleep(min(pause, BREATH))
            else:
                raise Overloaded(_NONE, retry_after=max(1.0, pause))
        raise Overloaded(_NONE)

    def _rested(self) -> Worker | None:
        while self._resting:
            worker, _ = self._resting.popitem()  # the one whose memory is still warm
            if worker.alive:
                return worker
            self._end(worker)
        return None

    async def _started(self) -> Worker:
        start = next((task for task in self._orphans if not task.done()), None)
        if start is None:
            start = self._begin_start()
        else:
            self._orphans.discard(start)
            start.remove_done_callback(self._adopt)
        try:
            return await asyncio.shield(start)
        except asyncio.CancelledError:
            self._orphan(start)
            raise

    def _begin_start(self) -> asyncio.Task[Worker]:
        start = asyncio.create_task(self._start())
        self._busy.add(start)
        start.add_done_callback(self._busy.discard)
        return start

    def _orphan(self, start: asyncio.Task[Worker]) -> None:
        """The worker is for whoever comes next."""
        self._orphans.add(start)
        start.add_done_callback(self._adopt)

    def _adopt(self, start: asyncio.Task[Worker]) -> None:
        self._orphans.discard(start)
        if start.exception() is None:
            self._give_back(start.result())

    def _give_back(self, worker: Worker) -> None:
        if self._closed or worker.orders >= self._orders or worker.memory > HEAVY:
            self._end(worker)
            return
        self._resting[worker] = time.monotonic()
        if self._tidying is None:
            self._tidying = asyncio.get_running_loop().call_later(self._idle, self._tidy)

    def _tidy(self) -> None:
        """End those that have rested for long."""
        long_ago = time.monotonic() - self._idle
        for worker, since in list(self._resting.items()):
            if since <= long_ago:
                del self._resting[worker]
                self._end(worker)
        self._tidying = None
        if self._resting:
            self._tidying = asyncio.get_running_loop().call_later(self._idle / 2, self._tidy)

    async def _start(self) -> Worker:
        self.attempts += 1
        folder: Path | None = None
        try:
            folder = await self._in_thread(_make, self._room)
            worker = await Worker.start(self._command, self._limits, folder, self._disk)
        except OSError as error:
            if folder is not None:
                await self._in_thread(_remove, folder)
            raise self._not_started(error) from error
        self._all[worker] = folder
        if self._closed:
            worker.kill()
        try:
            await worker.ready()
        except WorkerDied as death:
            self._end(worker)
            raise self._not_started(death) from death
        self._failures = 0
        self.started += 1
        return worker

    def _not_started(self, error: Exception) -> Overloaded:
        """The first time may have been an accident; then the pauses get longer."""
        log.error("pictures.no_worker", reason=str(error))
        self._failures += 1
        if self._failures == 1:
            return _OnceFailed()
        pause = min(LONGEST_PAUSE, 2.0 ** (self._failures - 2))
        self._next_start = time.monotonic() + pause
        return Overloaded(_NONE, retry_after=pause)

    def _end(self, worker: Worker) -> None:
        if worker in self._all:
            task = asyncio.create_task(self._see_off(worker, self._all.pop(worker)))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _see_off(self, worker: Worker, folder: Path) -> None:
        await worker.end()
        await self._in_thread(_remove, folder)

    async def _in_thread(self, call: Callable[[T], R], argument: T) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._disk, call, argument)


def _make(room: Callable[[], Path]) -> Path:
    folder = room()
    folder.mkdir()
    return folder


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def understood(said: Done | Failed) -> Done:
    """What was done. Raises what it failed with."""
    if isinstance(said, Failed):
        log.info("pictures.failed", code=said.code, detail=said.detail)
        raise said.error()
    return said


def _is_slow(said: Done | Failed) -> bool:
    return isinstance(said, Failed) and said.code == PictureTooSlow.code
