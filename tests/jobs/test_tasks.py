"""The server's own tasks call the right use cases, at the right times."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.jobs import compose_jobs
from fanlight.jobs.tasks import Progress
from fanlight.model import SERVER, Actor, JobState
from tests.jobs.rig import LIMIT, QUICK, Rig, until, until_ended, until_seen, until_true

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from fanlight.jobs import Jobs

pytestmark = pytest.mark.anyio


class Library:
    def __init__(self) -> None:
        self.done: list[str] = []

    async def reconcile(self) -> None:
        self.done.append("reconcile")

    async def empty_trash(self) -> None:
        self.done.append("empty_trash")


class Channels:
    """Its `index` reports and goes on until it may end."""

    def __init__(self) -> None:
        self.indexed: list[tuple[Actor, str]] = []
        self.may_end = asyncio.Event()

    async def index(self, actor: Actor, channel_id: str, progress: Progress | None = None) -> None:
        assert progress is not None
        self.indexed.append((actor, channel_id))
        await progress(1, None, "IMG_1.jpg")
        while not self.may_end.is_set():
            await progress(2, None, "IMG_2.jpg")
            await asyncio.sleep(0.01)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(f"sqlite:///{tmp_path / 'catalogue.db'}", tmp_path / "key", tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def channels() -> Channels:
    return Channels()


@pytest.fixture
async def jobs(rig: Rig, library: Library, channels: Channels) -> AsyncIterator[Jobs]:
    jobs = compose_jobs(rig.catalogue(), rig.url, library=library, channels=channels, pace=QUICK)
    stop = asyncio.Event()
    work = asyncio.create_task(jobs.work(stop))
    yield jobs
    stop.set()
    await asyncio.wait_for(work, LIMIT)


async def test_a_server_reconciles_when_it_starts(jobs: Jobs, library: Library) -> None:
    await until(lambda: "reconcile" in library.done)
    assert [job.task for job in (await jobs.list()).items].count("reconcile") <= 2


async def test_the_trash_is_emptied_and_old_records_pruned(jobs: Jobs, library: Library) -> None:
    await until(lambda: "empty_trash" in library.done)

    async def pruned() -> bool:
        return "prune" in [job.task for job in (await jobs.list(JobState.DONE)).items]

    await until_true(pruned)


async def test_a_channel_is_indexed_by_the_server_with_progress(
    jobs: Jobs, channels: Channels
) -> None:
    job = await jobs.index_channel("c1")
    await until_seen(jobs, job, lambda now: now.message == "IMG_2.jpg")
    assert (await jobs.index_channel("c1")).id == job.id
    channels.may_end.set()
    assert (await until_ended(jobs, job)).state is JobState.DONE
    assert channels.indexed == [(SERVER, "c1")]


async def test_indexing_stops_when_it_is_cancelled(jobs: Jobs, channels: Channels) -> None:
    job = await jobs.index_channel("c1")
    await until(lambda: channels.indexed)
    await jobs.cancel(job.id)
    assert (await until_ended(jobs, job)).state is JobState.CANCELLED
