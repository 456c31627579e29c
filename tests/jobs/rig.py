"""Engines on real databases, workers that stop with the test, and waiting without guessing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fanlight.catalogue import Catalogue
from fanlight.catalogue.seal import Seal
from fanlight.jobs import JobEngine, Jobs, Pace, Task, open_engine
from fanlight.model import Job, JobState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from datetime import datetime

QUICK = Pace(poll=0.1, lease=2.5, grace=0.3, report=0.05)
LIMIT = 60
"""Seconds that a test waits for something that must happen; a machine may be slow."""

ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Rig:
    """One database, and any number of engines on it, each as if in a process of its own."""

    def __init__(self, url: str, key: Path, folder: Path) -> None:
        self.url = url
        self.key = key
        self.folder = folder
        self._catalogues: list[Catalogue] = []
        self._processes: list[subprocess.Popen[bytes]] = []

    def engine(
        self, *tasks: Task, pace: Pace = QUICK, clock: Callable[[], datetime] | None = None
    ) -> JobEngine:
        """An engine with a catalogue of its own."""
        given = {} if clock is None else {"clock": clock}
        engine = open_engine(self.catalogue(), self.url, pace=pace, **given)
        engine.declare(*tasks)
        return engine

    def catalogue(self) -> Catalogue:
        """One more connection to the database."""
        self._catalogues.append(Catalogue.open(self.url, seal=Seal.from_file(self.key)))
        return self._catalogues[-1]

    def process(self) -> subprocess.Popen[bytes]:
        """A worker in a real process; see `worker_process`."""
        script = Path(__file__).with_name("worker_process.py")
        command = [sys.executable, str(script), self.url, str(self.key), str(self.folder)]
        self._processes.append(subprocess.Popen(command))
        return self._processes[-1]

    def journal(self) -> list[str]:
        """What worker processes wrote down so far: `begin 7`, `end 7`."""
        path = self.folder / "journal"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def close(self) -> None:
        """End the processes that were started, then close every catalogue."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
        for catalogue in self._catalogues:
            catalogue.close()


@asynccontextmanager
async def working(engine: JobEngine, *, slots: int = 4) -> AsyncGenerator[asyncio.Event]:
    """The engine at work, until the block ends or the event that it is given is set."""
    stop = asyncio.Event()
    work = asyncio.create_task(engine.work(slots=slots, stop=stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(work, LIMIT)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens in this process or on the disk."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)


async def until_true(condition: Callable[[], Awaitable[object]]) -> None:
    """Wait for something that must be asked for."""
    deadline = time.monotonic() + LIMIT
    while not await condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)


async def until_seen(engine: JobEngine | Jobs, job: Job, condition: Callable[[Job], object]) -> Job:
    """Wait until a job looks as it should; fail if it has ended otherwise."""
    deadline = time.monotonic() + LIMIT
    while not condition(now := await engine.get(job.id)):
        assert now.state not in ENDED, f"it ended: {now}"
        assert time.monotonic() < deadline, f"it stays: {now}"
        await asyncio.sleep(0.01)
    return now


async def until_job(engine: JobEngine | Jobs, job: Job, *states: JobState) -> Job:
    """Wait until a job is in one of the states; fail if it has ended in another."""
    return await until_seen(engine, job, lambda now: now.state in states)


async def until_ended(engine: JobEngine | Jobs, job: Job) -> Job:
    """Wait until a job has ended, however."""
    return await until_job(engine, job, *ENDED)


async def all_jobs(engine: JobEngine) -> list[Job]:
    """Every job, newest first, page by page."""
    page = await engine.list(limit=100)
    jobs = list(page.items)
    while page.next is not None:
        page = await engine.list(after=page.next, limit=100)
        jobs.extend(page.items)
    return jobs
