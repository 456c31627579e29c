"""The server's own tasks call the right use cases, at the right times."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import NotFound, StorageUnavailable
from fanlight.jobs import compose_jobs
from fanlight.jobs.tasks import Progress
from fanlight.model import SERVER, Actor, JobState
from fanlight.pictures.warm import Warmed
from tests.jobs.rig import LIMIT, QUICK, Rig, until, until_ended, until_seen, until_true
from tests.support.records import an_asset, fill

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from fanlight.jobs import Jobs

pytestmark = pytest.mark.anyio


class Library:
    def __init__(self) -> None:
        self.done: list[str] = []

    async def reconcile(self) -> None:
        self.done.append("reconcile")

    async def empty_trash(
        self,
        actor: Actor = SERVER,
        progress: Progress | None = None,
        *,
        before: datetime | None = None,
    ) -> None:
        self.done.append(f"empty_trash {before.isoformat()}" if before else "empty_trash")
        if progress is not None:
            await progress(3, None, "IMG_3.jpg")


class Channels:
    """Its `index` and `follow` report and go on until they may end."""

    def __init__(self) -> None:
        self.indexed: list[tuple[Actor, str]] = []
        self.forgotten: list[tuple[Actor, str]] = []
        self.caught_up: list[tuple[Actor, str]] = []
        self.watched: list[bool] = []
        self.rechecked = 0
        self.may_end = asyncio.Event()

    async def catch_up(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> None:
        assert progress is not None
        self.caught_up.append((actor, channel_id))
        await progress(1, None, "IMG_3.jpg")

    async def forget_channel(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> None:
        assert progress is not None
        self.forgotten.append((actor, channel_id))
        await progress(1, None, "Disk")
        raise NotFound

    async def follow(self, progress: Progress, *, watch: bool) -> None:
        self.watched.append(watch)
        while not self.may_end.is_set():
            await progress(1, None, "Following 1 channel.")
            await asyncio.sleep(0.01)

    async def followed(self) -> tuple[str, ...]:
        return ("c1",)

    async def recheck_folders(self, actor: Actor, progress: Progress | None = None) -> None:
        self.rechecked += 1

    async def index(self, actor: Actor, channel_id: str, progress: Progress | None = None) -> None:
        assert progress is not None
        self.indexed.append((actor, channel_id))
        await progress(1, None, "IMG_1.jpg")
        while not self.may_end.is_set():
            await progress(2, None, "IMG_2.jpg")
            await asyncio.sleep(0.01)


class Galleries:
    """Says what it was asked for."""

    def __init__(self) -> None:
        self.synced: list[str | None] = []
        self.by_time = 0
        self.filled: list[tuple[str, bool]] = []

    async def sync_channel(self, actor: Actor, channel_id: str | None = None) -> None:
        self.synced.append(channel_id)

    async def sync_by_time(self, actor: Actor) -> None:
        self.by_time += 1

    async def fill(
        self,
        actor: Actor,
        gallery_id: str,
        progress: Progress | None = None,
        *,
        anew: bool = False,
    ) -> None:
        assert progress is not None
        self.filled.append((gallery_id, anew))
        await progress(1, None, "IMG_1.jpg")


class Pictures:
    """Warming is broken off once, after its first report."""

    def __init__(self) -> None:
        self.prepared = 0
        self.warmed: list[tuple[Actor, str | None, Warmed]] = []

    async def prepare(self, progress: Progress | None = None) -> None:
        assert progress is not None
        await progress(1, 1, "IMG_1.jpg")
        self.prepared += 1

    async def warm(
        self,
        actor: Actor,
        folder: str | None = None,
        progress: Progress | None = None,
        *,
        report: Warmed | None = None,
        passed: Callable[[Warmed], Awaitable[None]] | None = None,
    ) -> None:
        assert progress is not None
        assert report is not None
        assert passed is not None
        self.warmed.append((actor, folder, report))
        if len(self.warmed) == 1:
            await passed(Warmed(3, 2, 1, "here"))
            raise StorageUnavailable
        await progress(7, 7, "IMG_7.jpg")


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
def pictures() -> Pictures:
    return Pictures()


@pytest.fixture
def galleries() -> Galleries:
    return Galleries()


@pytest.fixture
async def jobs(
    rig: Rig, library: Library, channels: Channels, pictures: Pictures, galleries: Galleries
) -> AsyncIterator[Jobs]:
    async with at_work(rig, library, channels, pictures, galleries) as jobs:
        yield jobs


@asynccontextmanager
async def at_work(
    rig: Rig, library: Library, channels: Channels, pictures: Pictures, galleries: Galleries
) -> AsyncGenerator[Jobs]:
    jobs = compose_jobs(
        rig.catalogue(),
        rig.url,
        library=library,
        channels=channels,
        pictures=pictures,
        galleries=galleries,
        pace=QUICK,
    )
    stop = asyncio.Event()
    work = asyncio.create_task(jobs.work(stop))
    yield jobs
    stop.set()
    await asyncio.wait_for(work, LIMIT)


async def test_a_server_reconciles_when_it_starts(jobs: Jobs, library: Library) -> None:
    await until(lambda: "reconcile" in library.done)
    assert [job.task for job in (await jobs.list()).items].count("reconcile") <= 2


async def test_the_trash_as_it_is_now_is_emptied(jobs: Jobs, library: Library) -> None:
    now = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)
    job = await until_ended(jobs, await jobs.clear_trash(now))
    assert (job.state, job.message) == (JobState.DONE, "IMG_3.jpg")
    assert f"empty_trash {now.isoformat()}" in library.done


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


async def test_a_channel_that_was_rung_for_is_caught_up_with(
    jobs: Jobs, channels: Channels
) -> None:
    job = await until_ended(jobs, await jobs.catch_up("c1"))
    assert (job.state, job.message) == (JobState.DONE, "IMG_3.jpg")
    assert channels.caught_up == [(SERVER, "c1")]


async def test_a_channel_that_is_forgotten_already_will_do(jobs: Jobs, channels: Channels) -> None:
    job = await until_ended(jobs, await jobs.forget_channel("c1"))
    assert (job.state, job.message) == (JobState.DONE, "Disk")
    assert channels.forgotten == [(SERVER, "c1")]


async def test_indexing_stops_when_it_is_cancelled(jobs: Jobs, channels: Channels) -> None:
    job = await jobs.index_channel("c1")
    await until(lambda: channels.indexed)
    await jobs.cancel(job.id)
    assert (await until_ended(jobs, job)).state is JobState.CANCELLED


async def test_pictures_are_prepared_when_a_server_starts_and_when_asked(
    jobs: Jobs, pictures: Pictures
) -> None:
    await until(lambda: pictures.prepared)
    job = await until_ended(jobs, await jobs.prepare_pictures())
    assert (job.state, job.message) == (JobState.DONE, "IMG_1.jpg")


async def test_a_folder_is_warmed_and_a_second_try_goes_on_where_the_first_ended(
    jobs: Jobs, pictures: Pictures
) -> None:
    job = await jobs.warm_pictures("a/b")
    assert (await until_ended(jobs, job)).state is JobState.DONE
    assert pictures.warmed == [
        (SERVER, "a/b", Warmed()),
        (SERVER, "a/b", Warmed(3, 2, 1, "here")),
    ]
    everything = await jobs.warm_pictures()
    assert (await until_ended(jobs, everything)).message == "IMG_7.jpg"
    assert pictures.warmed[-1] == (SERVER, None, Warmed())


@pytest.fixture
def scattered(rig: Rig) -> Callable[[], int]:
    """A search index in many pieces; how many they are now."""
    catalogue = rig.catalogue()
    segments = "SELECT count(DISTINCT segid) FROM asset_grams_idx"
    for number in range(4):
        fill(catalogue, an_asset(number))
    return lambda: catalogue.read_now(lambda records: records.session.fetch(segments))[0][0]


async def test_searches_are_made_quick_again(rig: Rig, scattered: Callable[[], int]) -> None:
    assert scattered() > 1
    async with at_work(rig, Library(), Channels(), Pictures(), Galleries()):
        await until(lambda: scattered() == 1)


async def test_galleries_are_synced_at_the_start_when_asked_and_when_pictures_are_known(
    jobs: Jobs, galleries: Galleries, pictures: Pictures
) -> None:
    await until(lambda: None in galleries.synced)
    await jobs.sync_galleries("c1")
    await until(lambda: "c1" in galleries.synced)
    await until(lambda: pictures.prepared > 0 and galleries.by_time > 0)


async def test_a_gallery_is_filled_by_a_job_with_progress(jobs: Jobs, galleries: Galleries) -> None:
    job = await jobs.fill_gallery("g1")
    await until(lambda: galleries.filled == [("g1", False)])
    assert (await jobs.get(job.id)).task == "fill_gallery"
    await jobs.fill_gallery("g1", anew=True)
    await until(lambda: galleries.filled[1:] == [("g1", True)])
