"""The pool: a worker may die in any way, and only its own order feels it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest

from fanlight.errors import (
    BrokenPicture,
    FanlightError,
    Overloaded,
    PictureError,
    PictureTooLarge,
    PictureTooSlow,
)
from fanlight.renditions import process
from fanlight.renditions.deaths import MOST_KILLED, kills_for_memory
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Order, Output
from fanlight.renditions.pool import IDLE, ORDERS, Pool
from fanlight.renditions.recipes import PRESETS
from tests.renditions.rig import until

pytestmark = pytest.mark.anyio

STUB = (sys.executable, "-m", "tests.renditions.stub_worker")
QUICK = Limits(seconds=0.3 - process.MARGIN)
"""So that a worker that hangs is killed after a third of a second."""


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that the server runs on; other tests of renditions run on the usual one."""
    return ("asyncio", {"use_uvloop": True})


class Rig:
    def __init__(self, folder: Path, pool: Pool) -> None:
        self.folder = folder
        self.pool = pool

    @property
    def rooms(self) -> list[Path]:
        return list((self.folder / "rooms").iterdir())

    async def run(self, how: str = "", content: str = "") -> str:
        target = self.folder / token_hex(4)
        output = Output(PRESETS["thumb"], None, str(target))
        await self.pool.run(Order(str(self.folder / "original"), how, (output,)), content)
        return target.read_text().split()[0]


@asynccontextmanager
async def rig_of(
    folder: Path,
    workers: int = 1,
    *before: str,
    limits: Limits | None = None,
    idle: float = IDLE,
    orders: int = ORDERS,
    kills_for_memory: Callable[[], int] = lambda: 0,
) -> AsyncGenerator[Rig]:
    rooms = folder / "rooms"
    rooms.mkdir()
    with ThreadPoolExecutor(2) as disk:
        pool = Pool(
            workers,
            limits or Limits(),
            lambda: rooms / token_hex(4),
            disk=disk,
            command=(*STUB, *before),
            idle=idle,
            orders=orders,
            kills_for_memory=kills_for_memory,
        )
        rig = Rig(folder, pool)
        try:
            yield rig
        finally:
            pids = pool.pids
            await pool.close()
        assert rig.rooms == []
        assert [pid for pid in pids if exists(pid)] == []


def exists(pid: int) -> bool:
    """Whether there is such a process, a zombie included."""
    return Path(f"/proc/{pid}").exists()


async def test_workers_are_started_when_needed_and_used_again(tmp_path: Path) -> None:
    async with rig_of(tmp_path, 3) as rig:
        assert rig.pool.pids == []
        assert len({await rig.run() for _ in range(5)}) == 1
        assert len(rig.pool.pids) == rig.pool.started == 1


async def test_workers_that_are_expected_to_be_needed_are_there_by_then(tmp_path: Path) -> None:
    async with rig_of(tmp_path, 3) as rig:
        for _ in range(3):
            rig.pool.expect(2)
        await until(lambda: rig.pool.started == 2)
        expected = set(rig.pool.pids)
        assert {await rig.run(), await rig.run()} <= {str(pid) for pid in expected}
        rig.pool.expect(2)
        await asyncio.sleep(0)
        assert set(rig.pool.pids) == expected


async def test_no_more_are_expected_than_allowed_and_none_without_rest(tmp_path: Path) -> None:
    async with rig_of(tmp_path, 2, idle=0.05) as rig:
        running = asyncio.create_task(rig.run())
        await until(lambda: rig.pool.attempts)
        rig.pool.expect(10)
        await until(lambda: rig.pool.started == 2)
        await running
        await until(lambda: not rig.pool.pids)
        assert rig.pool.attempts == 2


async def test_there_are_never_more_workers_than_allowed(tmp_path: Path) -> None:
    async with rig_of(tmp_path, 2) as rig:
        pids = await asyncio.gather(*(rig.run() for _ in range(8)))
        assert len(set(pids)) <= len(rig.pool.pids) <= 2


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        ("crash", BrokenPicture),
        ("exit", BrokenPicture),
        ("gibberish", BrokenPicture),
        ("half", BrokenPicture),
        ("endless", BrokenPicture),
        ("killed", Overloaded),
        ("ended", Overloaded),
        ("memory", PictureTooLarge),
        ("alarm", PictureTooSlow),
    ],
)
async def test_a_worker_that_dies_fails_its_own_order_alone(
    tmp_path: Path, how: str, verdict: type[FanlightError]
) -> None:
    async with rig_of(tmp_path, 2) as rig:
        before = {await rig.run()}
        results = await asyncio.gather(
            *(rig.run(how if number == 3 else "") for number in range(7)), return_exceptions=True
        )
        failed = [result for result in results if not isinstance(result, str)]
        assert [type(failure) for failure in failed] == [verdict]
        assert isinstance(results[3], verdict)
        assert before
        assert await rig.run()


async def test_a_worker_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    async with rig_of(tmp_path, limits=QUICK) as rig:
        first = await rig.run()
        with pytest.raises(PictureTooSlow):
            await rig.run("spin")
        assert await rig.run() != first
        assert rig.pool.started == 2, "what was too slow once is not tried again"


@pytest.mark.parametrize("how", ["hang", "slow"])
async def test_an_order_that_had_no_core_to_run_on_was_not_too_slow(
    tmp_path: Path, how: str
) -> None:
    async with rig_of(tmp_path, limits=replace(QUICK, seconds=0.3)) as rig:
        with pytest.raises(Overloaded):
            await rig.run(how)
        assert await rig.run()


async def test_an_order_whose_worker_was_killed_is_tried_once_more(tmp_path: Path) -> None:
    async with rig_of(tmp_path) as rig:
        assert await rig.run("once")
        assert rig.pool.started == 2


async def test_an_original_whose_workers_are_killed_again_and_again_is_refused(
    tmp_path: Path,
) -> None:
    async with rig_of(tmp_path) as rig:
        for _ in range(MOST_KILLED - 1):
            with pytest.raises(Overloaded):
                await rig.run("killed", "bomb")
            with pytest.raises(Overloaded):
                await rig.run("killed", f"another {rig.pool.started}")
        with pytest.raises(PictureTooLarge):
            await rig.run("killed", "bomb")


async def test_an_original_that_was_made_in_between_was_not_the_reason(tmp_path: Path) -> None:
    async with rig_of(tmp_path) as rig:
        for _ in range(MOST_KILLED + 1):
            with pytest.raises(Overloaded):
                await rig.run("killed", "photo")
            assert await rig.run("", "photo")


async def test_what_the_kernel_kills_for_want_of_memory_is_too_large(tmp_path: Path) -> None:
    kills = iter(range(10))
    async with rig_of(tmp_path, kills_for_memory=lambda: next(kills)) as rig:
        with pytest.raises(PictureTooLarge):
            await rig.run("killed")


async def test_a_worker_killed_from_outside_in_mid_order_is_replaced(tmp_path: Path) -> None:
    async with rig_of(tmp_path, limits=QUICK) as rig:
        await rig.run()
        (pid,) = rig.pool.pids
        running = asyncio.create_task(rig.run("hang"))
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(Overloaded):  # the second worker hangs as well
            await running
        assert await rig.run()


async def test_a_worker_killed_at_rest_is_replaced(tmp_path: Path) -> None:
    async with rig_of(tmp_path) as rig:
        first = await rig.run()
        os.kill(int(first), signal.SIGKILL)
        assert await rig.run() != first
        await until(lambda: not exists(int(first)))


async def test_an_error_of_the_picture_is_raised_and_the_worker_stays(tmp_path: Path) -> None:
    async with rig_of(tmp_path) as rig:
        first = await rig.run()
        with pytest.raises(BrokenPicture):
            await rig.run("broken")
        assert await rig.run() == first


async def test_whatever_a_worker_complains_of_does_not_hold_it_up(tmp_path: Path) -> None:
    async with rig_of(tmp_path) as rig:
        assert await rig.run("noise") == await rig.run()


async def test_workers_that_rest_for_long_are_ended(tmp_path: Path) -> None:
    async with rig_of(tmp_path, 2, idle=0.05) as rig:
        pids = await asyncio.gather(rig.run(), rig.run())
        await until(lambda: not (any(exists(int(pid)) for pid in pids) or rig.rooms))
        assert rig.pool.pids == []
        assert await rig.run() not in pids


async def test_a_worker_is_replaced_after_its_number_of_orders(tmp_path: Path) -> None:
    async with rig_of(tmp_path, orders=2) as rig:
        pids = [await rig.run() for _ in range(6)]
        assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4] == pids[5]


@pytest.mark.parametrize("how", ["exit", "crash"])
async def test_workers_that_do_not_start_are_not_started_again_and_again(
    tmp_path: Path, how: str
) -> None:
    async with rig_of(tmp_path, 2, how) as rig:
        for _ in range(20):
            with pytest.raises(Overloaded) as caught:
                await rig.run()
            assert caught.value.retry_after is not None
            assert caught.value.retry_after >= 1
        assert rig.pool.started == 0
        assert rig.pool.attempts <= 3


async def test_a_worker_that_once_does_not_start_is_no_reason_to_come_again(
    tmp_path: Path,
) -> None:
    async with rig_of(tmp_path, 1, "first") as rig:
        assert await rig.run()
        assert (rig.pool.attempts, rig.pool.started) == (2, 1)


async def test_a_command_that_is_not_there_is_no_fault_of_the_picture(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as disk:
        missing = (str(tmp_path / "nothing"),)
        pool = Pool(1, Limits(), lambda: tmp_path / "room", disk=disk, command=missing)
        with pytest.raises(Overloaded):
            await pool.run(Order("x", ""))
        await pool.close()
    assert not (tmp_path / "room").exists()


async def test_a_cancelled_order_takes_its_worker_along(tmp_path: Path) -> None:
    async with rig_of(tmp_path) as rig:
        first = await rig.run()
        running = asyncio.create_task(rig.run("hang"))
        await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await rig.run() != first
        await until(lambda: not exists(int(first)))


async def test_cancelled_at_any_moment_it_leaves_nothing_behind(tmp_path: Path) -> None:
    async with rig_of(tmp_path, 2) as rig:
        for steps in range(40):
            running = asyncio.create_task(rig.run())
            for _ in range(steps):
                await asyncio.sleep(0.002 if steps % 2 else 0)
            running.cancel()
            await asyncio.wait({running})
        assert await rig.run()
        assert len(rig.pool.pids) <= 2
        await until(lambda: len(rig.rooms) <= len(rig.pool.pids))


async def test_a_close_in_mid_order_is_quick_and_says_come_again_to_the_next(
    tmp_path: Path,
) -> None:
    async with rig_of(tmp_path) as rig:
        running = asyncio.create_task(rig.run("hang"))
        await until(lambda: rig.pool.pids)
        await asyncio.sleep(0.3)
        await rig.pool.close()
        with pytest.raises((PictureError, Overloaded)):
            await running
        with pytest.raises(Overloaded):
            await rig.run()


async def test_a_worker_sees_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FANLIGHT_KEY", "secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    assert "secret" not in process.environment(tmp_path).values()
    assert process.environment(tmp_path)["TMPDIR"] == str(tmp_path)


def test_the_kernel_says_how_often_it_killed_for_want_of_memory(tmp_path: Path) -> None:
    said = tmp_path / "vmstat"
    said.write_text("pgfault 12\noom_kill 7\noom_kill_other 8\n")
    assert kills_for_memory(said) == 7
    assert kills_for_memory(tmp_path / "elsewhere") == 0
    said.write_text("pgfault 12\n")
    assert kills_for_memory(said) == 0
