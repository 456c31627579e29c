"""What is special to the engine on PostgreSQL: procrastinate beside the catalogue's rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from procrastinate import App, PsycopgConnector

from fanlight.catalogue.jobs import Claim
from fanlight.errors import StorageUnavailable
from fanlight.jobs import Run, Task
from fanlight.jobs.distributed import install
from fanlight.model import JobState
from tests.jobs.rig import LIMIT, Rig, until_ended, until_job, until_seen, until_true, working

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

    from fanlight.catalogue.records import Records

pytestmark = pytest.mark.anyio


@pytest.fixture
def rig(postgres_url: str, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(postgres_url, tmp_path / "key", tmp_path)
    yield rig
    rig.close()


async def nothing(run: Run) -> None:
    await run.check()


@asynccontextmanager
async def queue_of(rig: Rig) -> AsyncGenerator[App]:
    """The database as procrastinate sees it."""
    async with App(connector=PsycopgConnector(conninfo=rig.url)).open_async() as app:
        yield app


async def queued(app: App) -> list[str | None]:
    return [job.status for job in await app.job_manager.list_jobs_async()]


async def nothing_to_do(app: App) -> bool:
    return not {"todo", "doing"} & {*await queued(app)}


def tables(records: Records) -> set[str]:
    return {
        name
        for (name,) in records.session.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
    }


def test_the_queue_is_made_once_when_two_processes_start_together(rig: Rig) -> None:
    catalogues = [rig.catalogue(), rig.catalogue()]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(install, catalogue) for catalogue in catalogues]:
            done.result(timeout=LIMIT)
    assert "procrastinate_jobs" in catalogues[0].read_now(tables)


def test_a_newer_procrastinate_brings_its_tables_up_to_date_once(rig: Rig) -> None:
    catalogue = rig.catalogue()
    scripts = [
        ("03.10.00_01_old.sql", "CREATE TABLE not_this (n int);"),
        ("03.11.00_50_post.sql", "INSERT INTO this VALUES (1); INSERT INTO this VALUES (2);"),
        ("03.11.00_01_pre.sql", "CREATE TABLE this (n int); -- 100 % :sure"),
        ("03.12.00_01_new.sql", "CREATE TABLE nor_this (n int);"),
    ]
    for version in ("3.10.0", "3.11.2", "3.11.2"):
        catalogue.write_now(
            lambda records, version=version: records.jobs.install_queue(
                version, "CREATE TABLE procrastinate_jobs (n int);", scripts
            )
        )
    assert {"this", "not_this", "nor_this"} & catalogue.read_now(tables) == {"this"}
    assert catalogue.read_now(lambda records: records.session.fetch("SELECT n FROM this")) == [
        (1,),
        (2,),
    ]


async def test_the_queue_holds_only_what_is_still_to_be_done(rig: Rig) -> None:
    async def failing(run: Run) -> None:
        raise ValueError

    engine = rig.engine(Task("fine", nothing), Task("failing", failing, retries=0))
    later = await engine.enqueue("fine", delay=3600)
    async with queue_of(rig) as app:
        async with working(engine):
            for task in ("fine", "failing"):
                await until_ended(engine, await engine.enqueue(task))
        assert await queued(app) == ["todo"]
        await engine.cancel(later.id)
        assert await queued(app) == []


async def test_a_job_that_was_done_when_its_worker_died_is_not_done_again(rig: Rig) -> None:
    ran: list[str] = []

    async def task(run: Run) -> None:
        ran.append(run.job_id)

    engine, catalogue = rig.engine(Task("once", task)), rig.catalogue()
    job = await engine.enqueue("once")
    now = datetime.now(UTC)

    def do_it(records: Records) -> None:
        claim = records.jobs.start(
            job.id, holder="dead", now=now, until=now + timedelta(seconds=60)
        )
        assert isinstance(claim, Claim)
        assert records.jobs.settle(claim, JobState.DONE, now=now, progress=(1, 1, ""))

    await catalogue.write(do_it)
    async with queue_of(rig) as app, working(engine):
        await until_true(lambda: nothing_to_do(app))
    assert ran == []


async def test_a_worker_begins_again_after_the_database_cut_it_off(rig: Rig) -> None:
    engine, catalogue = rig.engine(Task("fine", nothing)), rig.catalogue()
    async with working(engine):
        await until_ended(engine, await engine.enqueue("fine"))
        catalogue.write_now(
            lambda records: records.session.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                " AND application_name <> 'fanlight'"
            )
        )
        await until_ended(engine, await engine.enqueue("fine"))


async def test_a_job_that_a_living_worker_dropped_is_handed_out_again(rig: Rig) -> None:
    engine = rig.engine(Task("fine", nothing, lock="one"))
    async with queue_of(rig) as app:
        job = await engine.enqueue("fine")
        dropper = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=None, worker_id=dropper)

        async def done() -> bool:
            await app.job_manager.update_heartbeat(dropper)
            return (await engine.get(job.id)).state is JobState.DONE

        async with working(engine):
            await until_true(done)


async def test_cancelling_between_two_tries_leaves_nothing_in_the_queue(rig: Rig) -> None:
    async def shaky(run: Run) -> None:
        raise StorageUnavailable(retry_after=600)

    engine = rig.engine(Task("shaky", shaky))
    async with queue_of(rig) as app, working(engine):
        job = await engine.enqueue("shaky")
        await until_seen(engine, job, lambda now: now.message)
        await until_job(engine, job, JobState.WAITING)
        assert (await engine.cancel(job.id)).state is JobState.CANCELLED
        await until_true(lambda: nothing_to_do(app))
