"""The contract of `fanlight.jobs.port`: what holds on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from fanlight.catalogue.jobs import Claim
from fanlight.errors import (
    BadCursor,
    Conflict,
    NotFound,
    RateLimited,
    StorageFull,
    StorageUnavailable,
)
from fanlight.jobs import JobEngine, Run, Task
from fanlight.jobs.run import MOST_LOSSES
from fanlight.model import Job, JobState
from tests.jobs.rig import (
    ENDED,
    Rig,
    all_jobs,
    until,
    until_ended,
    until_job,
    until_seen,
    until_true,
    working,
)
from tests.jobs.worker_process import SLOTS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

    from fanlight.catalogue.records import Records

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["embedded", "distributed"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "embedded":
        url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    rig = Rig(url, tmp_path / "key", tmp_path)
    yield rig
    rig.close()


async def nothing(run: Run) -> None:
    await run.check()


async def forever(run: Run) -> None:
    """Goes on until it is told not to."""
    while True:
        await run.check()
        await asyncio.sleep(0.01)


# --- running ------------------------------------------------------------------------------------


async def test_a_job_is_run_with_its_arguments(rig: Rig) -> None:
    seen: list[object] = []

    async def task(run: Run) -> None:
        seen.append((run.job_id, dict(run.arguments), run.attempt, run.checkpoint))

    engine = rig.engine(Task("note", task))
    asked = await engine.enqueue("note", {"name": "Müller", "list": [1, None]})
    assert (asked.state, asked.task, asked.attempts) == (JobState.WAITING, "note", 0)
    async with working(engine):
        done = await until_ended(engine, asked)
    assert (done.state, done.attempts) == (JobState.DONE, 1)
    assert seen == [(asked.id, {"name": "Müller", "list": [1, None]}, 1, {})]


async def test_a_job_asked_for_while_a_worker_is_idle_is_run(rig: Rig) -> None:
    engine = rig.engine(Task("nothing", nothing))
    async with working(engine):
        first = await until_ended(engine, await engine.enqueue("nothing"))
        second = await until_ended(engine, await engine.enqueue("nothing"))
    assert (first.state, second.state) == (JobState.DONE, JobState.DONE)


async def test_a_job_of_another_process_is_run(rig: Rig) -> None:
    here, there = rig.engine(Task("nothing", nothing)), rig.engine(Task("nothing", nothing))
    async with working(there):
        job = await here.enqueue("nothing")
        assert (await until_ended(here, job)).state is JobState.DONE


async def test_a_task_nobody_declared_is_refused(rig: Rig) -> None:
    with pytest.raises(NotFound) as refused:
        await rig.engine().enqueue("nothing")
    assert refused.value.public_code == "not-found.task"


async def test_a_worker_leaves_tasks_it_does_not_know_to_others(rig: Rig) -> None:
    both = rig.engine(Task("old", nothing), Task("new", nothing))
    new = await both.enqueue("new")
    async with working(old := rig.engine(Task("old", nothing))):
        await until_ended(old, await old.enqueue("old"))
        assert (await both.get(new.id)).state is JobState.WAITING
        async with working(both):
            assert (await until_ended(both, new)).state is JobState.DONE


async def test_a_delayed_job_waits_for_its_time(rig: Rig) -> None:
    begun: list[float] = []

    async def task(run: Run) -> None:
        begun.append(time.time())

    engine = rig.engine(Task("later", task), Task("now", nothing))
    asked_at = time.time()
    later = await engine.enqueue("later", delay=0.6)
    async with working(engine):
        await until_ended(engine, await engine.enqueue("now"))
        await until_ended(engine, later)
    assert begun[0] - asked_at >= 0.6


async def test_no_more_jobs_run_at_once_than_there_are_slots(rig: Rig) -> None:
    running, most = 0, 0

    async def task(run: Run) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await until(lambda: most >= 3)
        await asyncio.sleep(0.02)
        running -= 1

    engine = rig.engine(Task("busy", task))
    jobs = [await engine.enqueue("busy", {"number": number}) for number in range(12)]
    async with working(engine, slots=3):
        for job in jobs:
            await until_ended(engine, job)
    assert most == 3


async def test_jobs_are_asked_for_inside_a_transaction_and_go_back_with_it(rig: Rig) -> None:
    engine = rig.engine(Task("nothing", nothing))
    catalogue = rig.catalogue()
    now = datetime.now(UTC)

    def kept(records: Records) -> Job:
        return records.jobs.add("nothing", {}, now=now)

    def rolled_back(records: Records) -> None:
        records.jobs.add("nothing", {"lost": True}, now=now)
        raise Conflict

    with pytest.raises(Conflict):
        await catalogue.write(rolled_back)
    job = await catalogue.write(kept)
    async with working(engine):
        assert (await until_ended(engine, job)).state is JobState.DONE
    assert [found.id for found in await all_jobs(engine)] == [job.id]


# --- failing ------------------------------------------------------------------------------------


async def test_a_temporary_failure_is_tried_again_after_growing_pauses(rig: Rig) -> None:
    tries: list[float] = []

    async def task(run: Run) -> None:
        tries.append(time.time())
        assert run.attempt == len(tries)
        if len(tries) < 4:
            raise StorageUnavailable

    engine = rig.engine(Task("shaky", task, retries=3, backoff=0.2))
    async with working(engine):
        done = await until_ended(engine, await engine.enqueue("shaky"))
    assert (done.state, done.attempts) == (JobState.DONE, 4)
    pauses = [after - before for before, after in pairwise(tries)]
    assert all(pause >= shortest for pause, shortest in zip(pauses, (0.1, 0.2, 0.4), strict=True))


async def test_a_job_between_two_tries_waits_and_says_why(rig: Rig) -> None:
    async def task(run: Run) -> None:
        raise StorageUnavailable("The cloud is away.", retry_after=600)

    engine = rig.engine(Task("shaky", task, backoff=0.01))
    async with working(engine):
        job = await engine.enqueue("shaky")
        waiting = await until_seen(engine, job, lambda now: now.message)
    assert (waiting.state, waiting.message) == (JobState.WAITING, "The cloud is away.")


async def test_retries_come_to_an_end(rig: Rig) -> None:
    async def task(run: Run) -> None:
        raise RateLimited("Too fast.")

    engine = rig.engine(Task("refused", task, retries=2, backoff=0.01))
    async with working(engine):
        failed = await until_ended(engine, await engine.enqueue("refused"))
    assert (failed.state, failed.attempts, failed.message) == (JobState.FAILED, 3, "Too fast.")


async def test_a_permanent_error_fails_at_once(rig: Rig) -> None:
    async def task(run: Run) -> None:
        raise StorageFull("The disk in the cellar is full.")

    engine = rig.engine(Task("full", task, retries=5, backoff=0.01))
    async with working(engine):
        failed = await until_ended(engine, await engine.enqueue("full"))
    assert (failed.state, failed.attempts) == (JobState.FAILED, 1)
    assert failed.message == "The disk in the cellar is full."


async def test_an_unknown_error_is_tried_again_and_not_quoted(rig: Rig) -> None:
    async def task(run: Run) -> None:
        raise KeyError("secret-token")

    engine = rig.engine(Task("broken", task, retries=1, backoff=0.01))
    async with working(engine):
        failed = await until_ended(engine, await engine.enqueue("broken"))
    assert (failed.state, failed.attempts) == (JobState.FAILED, 2)
    assert "secret-token" not in failed.message
    assert "KeyError" in failed.message


async def test_a_checkpoint_survives_a_retry(rig: Rig) -> None:
    done: list[int] = []

    async def task(run: Run) -> None:
        for number in range(run.checkpoint.get("next", 0), 6):
            done.append(number)
            run.checkpoint["next"] = number + 1
            await run.save()
            if number == 2:
                raise StorageUnavailable

    engine = rig.engine(Task("steps", task, backoff=0.01))
    async with working(engine):
        assert (await until_ended(engine, await engine.enqueue("steps"))).state is JobState.DONE
    assert done == [0, 1, 2, 3, 4, 5]


async def test_what_was_not_saved_of_a_checkpoint_is_not_there_after_a_retry(rig: Rig) -> None:
    found: list[dict[str, object]] = []

    async def task(run: Run) -> None:
        found.append(dict(run.checkpoint))
        run.checkpoint["half"] = "way"
        if run.attempt == 1:
            raise StorageUnavailable

    engine = rig.engine(Task("careless", task, backoff=0.01))
    async with working(engine):
        await until_ended(engine, await engine.enqueue("careless"))
    assert found == [{}, {}]


# --- looking and cancelling ---------------------------------------------------------------------


async def test_progress_is_visible_while_the_job_runs(rig: Rig) -> None:
    go_on = asyncio.Event()

    async def task(run: Run) -> None:
        await run.progress(3, 10, "IMG_0003.jpg")
        await go_on.wait()
        await run.progress(10, 10, "The end\0\ud800")

    engine, elsewhere = rig.engine(Task("long", task)), rig.engine()
    async with working(engine):
        job = await engine.enqueue("long")
        seen = await until_seen(elsewhere, job, lambda now: now.done)
        assert seen.state is JobState.RUNNING
        assert (seen.done, seen.total, seen.message) == (3, 10, "IMG_0003.jpg")
        assert seen.updated_at >= seen.created_at
        go_on.set()
        done = await until_ended(engine, job)
    assert (done.done, done.total, done.message) == (10, 10, "The end ?")


async def test_progress_that_was_not_written_at_once_is_written_soon(rig: Rig) -> None:
    go_on = asyncio.Event()

    async def task(run: Run) -> None:
        for number in range(1, 51):
            await run.progress(number)
        await go_on.wait()

    engine = rig.engine(Task("quick", task))
    async with working(engine):
        job = await engine.enqueue("quick")
        await until_seen(engine, job, lambda now: now.done == 50)
        go_on.set()
        await until_ended(engine, job)


async def test_a_waiting_job_is_cancelled_and_never_run(rig: Rig) -> None:
    engine = rig.engine(Task("never", forever), Task("other", nothing))
    job = await engine.enqueue("never")
    cancelled = await engine.cancel(job.id)
    assert cancelled.state is JobState.CANCELLED
    async with working(engine):
        await until_ended(engine, await engine.enqueue("other"))
    assert await engine.get(job.id) == cancelled


@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_a_running_job_stops_when_it_is_cancelled(rig: Rig, where: str) -> None:
    ended_by: list[str] = []

    async def task(run: Run) -> None:
        try:
            await forever(run)
        except BaseException as error:
            ended_by.append(type(error).__name__)
            raise

    engine = rig.engine(Task("forever", task))
    async with working(engine):
        job = await engine.enqueue("forever")
        await until_job(engine, job, JobState.RUNNING)
        await (engine if where == "here" else rig.engine()).cancel(job.id)
        assert (await until_ended(engine, job)).state is JobState.CANCELLED
    assert ended_by == ["JobCancelled"]


async def test_a_task_that_does_not_look_is_stopped_after_a_grace(rig: Rig) -> None:
    async def task(run: Run) -> None:
        await asyncio.Event().wait()

    engine = rig.engine(Task("deaf", task))
    async with working(engine):
        job = await engine.enqueue("deaf")
        await until_job(engine, job, JobState.RUNNING)
        await engine.cancel(job.id)
        assert (await until_ended(engine, job)).state is JobState.CANCELLED


async def test_a_job_waiting_for_its_next_try_is_cancelled(rig: Rig) -> None:
    async def task(run: Run) -> None:
        raise StorageUnavailable(retry_after=600)

    engine = rig.engine(Task("shaky", task))
    async with working(engine):
        job = await engine.enqueue("shaky")
        await until_seen(engine, job, lambda now: now.message)
        assert (await engine.cancel(job.id)).state is JobState.CANCELLED
    assert (await engine.get(job.id)).state is JobState.CANCELLED


async def test_a_job_that_has_ended_stays_as_it_is_when_cancelled(rig: Rig) -> None:
    engine = rig.engine(Task("nothing", nothing))
    async with working(engine):
        done = await until_ended(engine, await engine.enqueue("nothing"))
    assert await engine.cancel(done.id) == done


@pytest.mark.parametrize("wrong", ["0", "999999", "-1", "x", "", "9" * 40, "١٢"])
async def test_a_job_that_is_not_there_is_not_found(rig: Rig, wrong: str) -> None:
    engine = rig.engine()
    for question in (engine.get(wrong), engine.cancel(wrong)):
        with pytest.raises(NotFound) as missing:
            await question
        assert missing.value.public_code == "not-found.job"


async def test_jobs_are_listed_in_pages_newest_first(rig: Rig) -> None:
    engine = rig.engine(Task("a", nothing), Task("b", nothing))
    jobs = [await engine.enqueue("a" if number % 2 else "b") for number in range(7)]
    await engine.cancel(jobs[2].id)
    await engine.cancel(jobs[5].id)

    first = await engine.list(limit=3)
    second = await engine.list(limit=3, after=first.next)
    third = await engine.list(limit=3, after=second.next)
    listed = [job.id for page in (first, second, third) for job in page.items]
    assert listed == [job.id for job in reversed(jobs)]
    assert [len(page.items) for page in (first, second, third)] == [3, 3, 1]
    assert third.next is None

    cancelled = await engine.list(JobState.CANCELLED)
    assert [job.id for job in cancelled.items] == [jobs[5].id, jobs[2].id]
    assert cancelled.next is None


async def test_a_cursor_that_is_not_ours_is_refused(rig: Rig) -> None:
    engine = rig.engine()
    for cursor in ("", "x", "12"):
        with pytest.raises(BadCursor):
            await engine.list(after=cursor)


async def test_old_jobs_are_forgotten_but_not_those_still_to_be_done(rig: Rig) -> None:
    engine = rig.engine(Task("nothing", nothing))
    waiting = await engine.enqueue("nothing", delay=3600)
    ended = await engine.enqueue("nothing")
    async with working(engine):
        await until_ended(engine, ended)
    long_ago, soon = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    assert await engine.prune(long_ago) == 0
    assert await engine.prune(soon) == 1
    assert [job.id for job in await all_jobs(engine)] == [waiting.id]


# --- keys and locks -----------------------------------------------------------------------------


async def test_at_most_one_job_of_a_key_is_waiting_or_running(rig: Rig) -> None:
    engine = rig.engine(Task("keyed", forever))
    first = await engine.enqueue("keyed", {"number": 1}, key="k")
    assert (await engine.enqueue("keyed", {"number": 2}, key="k")).id == first.id
    other = await engine.enqueue("keyed", key="another")
    assert other.id != first.id
    async with working(engine):
        await until_job(engine, first, JobState.RUNNING)
        assert (await engine.enqueue("keyed", key="k")).id == first.id
        await engine.cancel(first.id)
        await until_ended(engine, first)
        second = await engine.enqueue("keyed", key="k")
        assert second.id != first.id
        await until_job(engine, second, JobState.RUNNING)


async def test_of_many_that_ask_at_once_for_a_key_all_get_one_job(rig: Rig) -> None:
    engines = [rig.engine(Task("keyed", nothing)) for _ in range(2)]
    jobs = await asyncio.gather(
        *(engines[number % 2].enqueue("keyed", key="k") for number in range(16))
    )
    assert len({job.id for job in jobs}) == 1


async def test_jobs_of_one_lock_run_one_after_the_other(rig: Rig) -> None:
    inside: Counter[str] = Counter()
    most: Counter[str] = Counter()
    together = 0

    async def task(run: Run) -> None:
        nonlocal together
        place = run.arguments["place"]
        inside[place] += 1
        most[place] = max(most[place], inside[place])
        together = max(together, inside.total())
        await asyncio.sleep(0.05)
        inside[place] -= 1

    locked = Task("locked", task, lock="place:{place}")
    engines = [rig.engine(locked), rig.engine(locked)]
    jobs = [await engines[0].enqueue("locked", {"place": "ab"[number % 2]}) for number in range(8)]
    async with working(engines[0]), working(engines[1]):
        for job in jobs:
            assert (await until_ended(engines[0], job)).state is JobState.DONE
    assert most == {"a": 1, "b": 1}
    assert together == 2


# --- several workers ----------------------------------------------------------------------------


async def test_two_workers_never_run_the_same_job(rig: Rig) -> None:
    ran: Counter[int] = Counter()
    by: list[Counter[int]] = [Counter(), Counter()]

    def task(worker: int) -> Task:
        async def note(run: Run) -> None:
            ran[run.arguments["number"]] += 1
            by[worker][run.arguments["number"]] += 1
            await until(lambda: all(by))  # so that both have a share in it
            await asyncio.sleep(0.01)

        return Task("note", note)

    engines = [rig.engine(task(0)), rig.engine(task(1))]
    jobs = [await engines[0].enqueue("note", {"number": number}) for number in range(60)]
    async with working(engines[0]), working(engines[1]):
        for job in jobs:
            assert (await until_ended(engines[0], job)).state is JobState.DONE
    assert ran == dict.fromkeys(range(60), 1)


async def test_a_job_longer_than_its_lease_stays_with_its_worker(rig: Rig) -> None:
    begun = 0

    async def task(run: Run) -> None:
        nonlocal begun
        begun += 1
        await asyncio.sleep(5)

    engines = [rig.engine(Task("long", task)), rig.engine(Task("long", task))]
    async with working(engines[0]), working(engines[1]):
        done = await until_ended(engines[0], await engines[0].enqueue("long"))
    assert (done.state, done.attempts, begun) == (JobState.DONE, 1, 1)


def take(records: Records, job: Job, now: datetime) -> Claim:
    """As a worker does that finds the lease of another run out."""
    until = now + timedelta(seconds=60)
    if records.session.on_postgresql:
        claim = records.jobs.start(job.id, holder="another", now=now, until=until)
    else:
        claim = records.jobs.claim([job.task], holder="another", now=now, until=until)
    assert isinstance(claim, Claim)
    return claim


async def test_a_worker_that_lost_its_job_stops_and_writes_nothing_more(rig: Rig) -> None:
    ended_by: list[str] = []

    async def task(run: Run) -> None:
        try:
            await forever(run)
        except BaseException as error:
            ended_by.append(type(error).__name__)
            raise

    engine, elsewhere = rig.engine(Task("forever", task)), rig.catalogue()
    async with working(engine):
        job = await engine.enqueue("forever")
        await until_job(engine, job, JobState.RUNNING)
        later = datetime.now(UTC) + timedelta(seconds=60)
        claim = await elsewhere.write(lambda records: take(records, job, later))
        await until(lambda: ended_by)
    assert ended_by == ["JobCancelled"]
    assert (await engine.get(job.id)).state is JobState.RUNNING
    settled = await elsewhere.write(
        lambda records: records.jobs.settle(
            claim, JobState.DONE, now=later, progress=(1, 1, "by the other")
        )
    )
    assert settled
    assert (await engine.get(job.id)).message == "by the other"


async def test_a_job_that_ends_its_worker_again_and_again_is_given_up(rig: Rig) -> None:
    now = datetime.now(UTC) - timedelta(days=1)
    yesterday = rig.engine(Task("deadly", nothing), clock=lambda: now)
    job = await yesterday.enqueue("deadly")
    engine, elsewhere = rig.engine(Task("deadly", nothing)), rig.catalogue()
    for _ in range(MOST_LOSSES + 1):
        await elsewhere.write(lambda records: take(records, job, now))  # noqa: B023
        now += timedelta(minutes=2)
    async with working(engine):
        failed = await until_ended(engine, job)
    assert failed.state is JobState.FAILED
    assert failed.message == "The server ended each time this was run."


async def test_jobs_of_a_killed_worker_are_all_done_by_another(rig: Rig) -> None:
    engine = rig.engine(Task("note", nothing))
    jobs = [
        await engine.enqueue("note", {"number": number, "wait": number == 0})
        for number in range(40)
    ]
    victim = rig.process()
    await until(lambda: sum(line.startswith("end") for line in rig.journal()) >= 12)
    victim.kill()
    victim.wait()
    assert "begin 0" in rig.journal()
    (rig.folder / "go on").touch()
    rig.process()
    for job in jobs:
        assert (await until_ended(engine, job)).state is JobState.DONE
    journal = Counter(rig.journal())
    assert all(journal[f"end {number}"] for number in range(40))
    again = {number: begun for number in range(40) if (begun := journal[f"begin {number}"]) > 1}
    assert again[0] == 2
    assert len(again) <= SLOTS, "only what was under way is begun a second time"
    assert set(again.values()) == {2}


async def test_a_process_that_is_asked_to_end_gives_its_job_back(rig: Rig) -> None:
    engine = rig.engine(Task("note", nothing))
    job = await engine.enqueue("note", {"number": 1, "wait": True})
    worker = rig.process()
    await until(lambda: rig.journal() == ["begin 1"])
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 30) == 0
    given_back = await engine.get(job.id)
    assert (given_back.state, given_back.attempts) == (JobState.WAITING, 0)


async def test_a_stopped_worker_gives_its_jobs_back_with_their_checkpoints(rig: Rig) -> None:
    async def first_half(run: Run) -> None:
        run.checkpoint["half"] = 1
        await run.save()
        await forever(run)

    async def second_half(run: Run) -> None:
        assert run.checkpoint == {"half": 1}
        assert run.attempt == 1

    engine, next_one = (
        rig.engine(Task("halves", first_half)),
        rig.engine(Task("halves", second_half, retries=0)),
    )
    job = await engine.enqueue("halves")
    async with working(engine) as stop:
        await until_job(engine, job, JobState.RUNNING)
        stop.set()
        waiting = await until_job(next_one, job, JobState.WAITING)
    assert waiting.attempts == 0
    async with working(next_one):
        done = await until_ended(next_one, job)
    assert (done.state, done.attempts) == (JobState.DONE, 1)


async def test_a_cancelled_job_of_a_killed_worker_ends(rig: Rig) -> None:
    engine = rig.engine(Task("note", nothing))
    job = await engine.enqueue("note", {"number": 1, "wait": True})
    victim = rig.process()
    await until(lambda: rig.journal() == ["begin 1"])
    victim.kill()
    victim.wait()
    assert (await engine.cancel(job.id)).state is JobState.RUNNING
    async with working(engine):
        assert (await until_ended(engine, job)).state is JobState.CANCELLED


# --- periodic -----------------------------------------------------------------------------------


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def two_with_turns(rig: Rig, task: Task, clock: Clock) -> AsyncGenerator[JobEngine]:
    engines = [rig.engine(task, clock=clock), rig.engine(task, clock=clock)]
    for engine in engines:
        engine.every(task.name, 0.25)
    async with working(engines[0]), working(engines[1]):
        yield engines[0]


async def test_a_periodic_task_is_run_once_a_period_by_two_workers(rig: Rig) -> None:
    ran: list[str] = []

    async def task(run: Run) -> None:
        ran.append(run.job_id)

    clock = Clock()
    async with two_with_turns(rig, Task("turn", task), clock) as engine:
        for turn in range(1, 4):
            await until(lambda turn=turn: len(ran) >= turn)
            await asyncio.sleep(0.6)  # in which both looked again, in the same period
            assert len(ran) == turn
            clock.now += timedelta(seconds=0.25)
        await until(lambda: len(ran) == 4)
        await until_ended(engine, (await engine.list()).items[0])
    assert len(set(ran)) == 4


async def test_of_the_runs_of_a_periodic_task_the_last_is_kept(rig: Rig) -> None:
    clock = Clock()
    async with two_with_turns(rig, Task("turn", nothing), clock) as engine:
        seen: set[str] = set()
        while len(seen) < 5:
            seen |= {job.id for job in (await engine.list()).items if job.state in ENDED}
            clock.now += timedelta(seconds=0.25)
            await asyncio.sleep(0.05)
        assert len((await engine.list()).items) <= 2


async def test_a_turn_is_skipped_while_the_one_before_is_running(rig: Rig) -> None:
    clock = Clock()
    async with two_with_turns(rig, Task("turn", forever), clock) as engine:

        async def running() -> bool:
            return bool((await engine.list(JobState.RUNNING)).items)

        await until_true(running)
        for _ in range(3):
            clock.now += timedelta(seconds=0.25)
            await asyncio.sleep(0.3)
        assert [job.state for job in await all_jobs(engine)] == [JobState.RUNNING]


async def test_a_periodic_task_can_be_run_at_every_start(rig: Rig) -> None:
    ran: list[str] = []

    async def task(run: Run) -> None:
        ran.append(run.job_id)

    clock = Clock()
    for start in range(1, 3):
        engine = rig.engine(Task("turn", task), clock=clock)
        engine.every("turn", 3600, at_start=True)
        async with working(engine):
            await until(lambda start=start: len(ran) >= start)
