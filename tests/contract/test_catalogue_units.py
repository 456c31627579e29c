"""Contract of the catalogue: units of work, whatever they do and whoever waits for them."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import (
    CatalogueError,
    CatalogueUnavailable,
    Conflict,
    FanlightError,
    NotFound,
)
from tests.support.records import an_asset, fill, put, put_channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.catalogue import Catalogue, Records

pytestmark = pytest.mark.anyio


async def test_reading_and_writing_give_what_the_unit_gives(catalogue: Catalogue) -> None:
    asset = await catalogue.write(lambda records: put(records, an_asset()))
    assert await catalogue.read(lambda records: records.assets.get("a1")) == asset
    assert catalogue.write_now(lambda _: None) is None


async def test_many_at_once(catalogue: Catalogue) -> None:
    catalogue.write_now(put_channel)

    async def add(number: int) -> None:
        await catalogue.write(lambda records: put(records, an_asset(number, tags=("t",))))
        await catalogue.read(lambda records: records.assets.get(f"a{number}"))

    await asyncio.gather(*(add(number) for number in range(60)))
    assert await catalogue.read(lambda records: records.assets.count()) == 60
    assert (await catalogue.read(lambda records: records.tags.all()))[0].count == 60


class NotOurs(BaseException):
    """Something that `except Exception` lets through."""


@pytest.mark.parametrize("error", [NotFound, ValueError, StopIteration, NotOurs, SystemExit])
async def test_a_unit_that_raises_is_undone_alone(
    catalogue: Catalogue, error: type[BaseException]
) -> None:
    catalogue.write_now(put_channel)

    def fail(records: Records) -> None:
        put(records, an_asset(0, folder="lost", tags=("lost",)))
        records.assets.update("a0", name="x")
        raise error

    def same(number: int) -> Callable[[Records], Any]:
        return lambda records: put(records, an_asset(number))

    units = [same(1), fail, same(2), fail, same(3)]
    futures = [asyncio.ensure_future(asyncio.to_thread(run, catalogue, unit)) for unit in units]
    outcomes = await asyncio.gather(*futures)
    assert [type(each) for each in outcomes] == [type(None), error] * 2 + [type(None)]
    assert await catalogue.read(
        lambda records: (
            records.assets.count(),
            records.assets.folders(),
            records.tags.all(),
            records.changes.latest(),
        )
    ) == (3, (), (), 0)


def run(catalogue: Catalogue, unit: Callable[[Records], Any]) -> BaseException | None:
    try:
        catalogue.write_now(unit)
    except BaseException as error:
        return error
    return None


def test_a_unit_may_go_on_after_a_conflict_of_ours(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1))

    def second_choice(records: Records) -> str:
        with pytest.raises(Conflict):
            put(records, an_asset(1), "2.jpg")
        return put(records, an_asset(2)).alias

    assert catalogue.write_now(second_choice) == "2.jpg"


def test_a_reading_unit_cannot_write(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError):
        catalogue.read_now(lambda records: records.settings.set("x", 1))
    assert catalogue.read_now(lambda records: records.settings.get("x")) is None
    catalogue.write_now(lambda records: records.settings.set("x", 1))
    assert catalogue.read_now(lambda records: records.settings.get("x")) == 1


def test_what_is_written_is_seen_by_all_at_once(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    other = open_catalogue()
    written, go_on = threading.Event(), threading.Event()

    def unit(records: Records) -> None:
        records.settings.set("a", 1)
        written.set()
        go_on.wait(10)
        records.settings.set("b", 1)

    def seen() -> list[dict[str, object]]:
        return [
            each.read_now(lambda records: records.settings.all()) for each in (catalogue, other)
        ]

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(catalogue.write_now, unit)
        assert written.wait(10)
        assert seen() == [{}, {}]
        go_on.set()
        writing.result()
    assert seen() == [{"a": 1, "b": 1}] * 2


def test_two_catalogues_write_to_one_database(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    sources = [catalogue, open_catalogue()]
    catalogue.write_now(put_channel)

    def add(number: int) -> None:
        folder = f"f{number % 3}"
        sources[number % 2].write_now(
            lambda records: put(records, an_asset(number, folder=folder, tags=("x", "y")))
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    found = sources[1].read_now(lambda records: records.assets.folders())
    assert [folder.count for folder in found] == [27, 27, 26]
    assert sources[0].read_now(lambda records: records.assets.count()) == 80


async def test_who_stops_waiting_changes_nothing_for_others(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(records: Records) -> None:
        started.set()
        go_on.wait(10)
        records.settings.set("slow", 1)

    waiting = asyncio.ensure_future(catalogue.write(slow))
    await asyncio.to_thread(started.wait, 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await catalogue.write(lambda records: records.settings.set("next", 1))
    await asyncio.to_thread(catalogue.close)
    assert open_catalogue().read_now(lambda records: records.settings.get("slow")) == 1


async def test_a_loop_that_ends_early_does_not_hurt(catalogue: Catalogue) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(records: Records) -> None:
        started.set()
        go_on.wait(10)
        records.settings.set("slow", 1)

    async def give_up() -> None:
        task = asyncio.ensure_future(catalogue.write(slow))
        await asyncio.to_thread(started.wait, 10)
        task.cancel()

    await asyncio.to_thread(asyncio.run, give_up())
    go_on.set()
    await catalogue.write(lambda records: records.settings.set("next", 1))


async def test_a_unit_cannot_wait_for_another(catalogue: Catalogue) -> None:
    def nested(_: Records) -> None:
        catalogue.write_now(lambda records: records.settings.set("x", 1))

    for run_unit in (catalogue.write, catalogue.read):
        with pytest.raises(RuntimeError, match="another"):
            await run_unit(nested)


async def test_closing_finishes_what_was_asked_for(catalogue: Catalogue) -> None:
    def slow(records: Records) -> int:
        time.sleep(0.1)
        records.settings.set("x", 1)
        return 7

    waiting = [asyncio.ensure_future(catalogue.write(slow)) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.to_thread(catalogue.close)
    assert await asyncio.gather(*waiting) == [7, 7, 7]
    for run_unit in (catalogue.write, catalogue.read):
        with pytest.raises(CatalogueUnavailable):
            await run_unit(slow)
    catalogue.close()


def test_a_forked_process_is_refused(catalogue: Catalogue) -> None:
    child = os.fork()
    if child == 0:
        try:
            catalogue.read_now(lambda records: records.changes.latest())
        except RuntimeError:
            os._exit(42)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
    assert catalogue.read_now(lambda records: records.changes.latest()) == 0


def test_no_error_of_a_database_comes_through(catalogue: Catalogue) -> None:
    with pytest.raises(FanlightError) as caught:
        catalogue.read_now(lambda records: records.session.fetch("SELECT nonsense"))
    assert type(caught.value) is CatalogueError
    with pytest.raises(FanlightError) as caught:
        catalogue.write_now(lambda records: records.session.do("DELETE FROM nonsense"))
    assert type(caught.value) is CatalogueError
    assert "nonsense" not in caught.value.public_message


def test_who_must_be_alone_is(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    sources = [catalogue, open_catalogue()]

    def claim(number: int) -> bool:
        def unit(records: Records) -> bool:
            records.alone("claim")
            if records.settings.get("claimed") is not None:
                return False
            time.sleep(0.02)
            records.settings.set("claimed", number)
            return True

        return sources[number % 2].write_now(unit)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(claim, range(4))) == 1
