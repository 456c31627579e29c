"""What is special to SQLite: one writer, commits in groups, other processes' locks, full disks."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from fanlight.catalogue import Catalogue, Records, Seal
from fanlight.errors import CatalogueBusy, CatalogueUnavailable, FanlightError
from tests.support.catalogues import KEY
from tests.support.records import an_asset, fill, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future


def other(url: str) -> sqlite3.Connection:
    """A connection like another process would have."""
    return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=0)


def setting(name: str) -> Callable[[Records], None]:
    return lambda records: records.settings.set(name, 1)


def group(catalogue: Catalogue, *units: Callable[[Records], object]) -> list[Future[object]]:
    """Have units queue up behind a slow one, so that all of them come into one commit."""
    started, go_on = threading.Event(), threading.Event()

    def slow(_: Records) -> None:
        started.set()
        go_on.wait(10)

    with ThreadPoolExecutor(len(units) + 1) as pool:
        first = pool.submit(catalogue.write_now, slow)
        started.wait(10)
        queued = threading.Barrier(len(units) + 1)

        def queue(unit: Callable[[Records], object]) -> object:
            queued.wait(10)
            return catalogue.write_now(unit)

        futures = [pool.submit(queue, unit) for unit in units]
        queued.wait(10)
        threading.Event().wait(0.1)
        go_on.set()
        first.result()
    return futures


def test_the_database_is_set_up_to_be_safe(sqlite_catalogue: Catalogue) -> None:
    def pragmas(records: Records) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [records.session.fetch(f"PRAGMA {name}")[0][0] for name in names]

    full = 2
    assert sqlite_catalogue.write_now(pragmas) == ["wal", full, 1]


def test_units_that_wait_are_committed_together(
    sqlite_catalogue: Catalogue, sqlite_url: str
) -> None:
    """What units see of each other, nobody else sees before the one commit of all."""
    seen: list[tuple[int, int]] = []

    def unit(number: int) -> Callable[[Records], None]:
        def run(records: Records) -> None:
            records.settings.set(f"n{number}", 1)
            with closing(other(sqlite_url)) as outside:
                (count,) = outside.execute("SELECT count(*) FROM setting").fetchone()
            seen.append((len(records.settings.all()), count))

        return run

    for future in group(sqlite_catalogue, *(unit(number) for number in range(8))):
        future.result()
    inside, outside = zip(*seen, strict=True)
    assert inside == (1, 2, 3, 4, 5, 6, 7, 8)
    assert len(set(outside)) < 8
    assert 0 in outside


@pytest.mark.anyio
async def test_a_unit_whose_caller_left_before_its_turn_is_not_run(
    sqlite_catalogue: Catalogue,
) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(_: Records) -> None:
        started.set()
        go_on.wait(10)

    first = asyncio.ensure_future(sqlite_catalogue.write(slow))
    await asyncio.to_thread(started.wait, 10)
    left = asyncio.ensure_future(sqlite_catalogue.write(setting("left")))
    stayed = asyncio.ensure_future(sqlite_catalogue.write(setting("stayed")))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.wait({left})
    go_on.set()
    await asyncio.gather(first, stayed)
    kept = await sqlite_catalogue.read(lambda records: records.settings.all())
    assert set(kept) == {"stayed"}


def test_a_unit_that_loses_the_whole_transaction_fails_only_its_group(
    sqlite_catalogue: Catalogue,
) -> None:
    """As SQLite does by itself when the disk is full or fails."""

    def lose(records: Records) -> None:
        records.session.do("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")

    futures = group(sqlite_catalogue, setting("a"), lose, setting("b"))
    failed = [future for future in futures if future.exception()]
    assert futures[1] in failed
    for future in failed:
        assert isinstance(future.exception(), FanlightError)
    kept = sqlite_catalogue.read_now(lambda records: set(records.settings.all()))
    answered = {name for name, at in (("a", 0), ("b", 2)) if futures[at] not in failed}
    assert kept == answered
    sqlite_catalogue.write_now(setting("c"))


def test_a_full_disk_is_told_and_survived(sqlite_catalogue: Catalogue) -> None:
    def limit(pages: int) -> Callable[[Records], None]:
        return lambda records: records.session.do(f"PRAGMA max_page_count = {pages}")

    (asset,) = fill(sqlite_catalogue, an_asset())
    sqlite_catalogue.write_now(limit(1))
    with pytest.raises(CatalogueUnavailable, match="space"):
        sqlite_catalogue.write_now(
            lambda records: [put(records, an_asset(n)) for n in range(2, 500)]
        )
    assert sqlite_catalogue.read_now(lambda records: records.assets.get("a1")) == asset
    assert sqlite_catalogue.read_now(lambda records: records.assets.count()) == 1
    sqlite_catalogue.write_now(limit(1_000_000))
    fill(sqlite_catalogue, an_asset(2))


def test_another_process_that_keeps_the_lock_makes_it_busy(sqlite_url: str) -> None:
    catalogue = Catalogue.open(sqlite_url, seal=Seal([KEY]), busy=0.2)
    with closing(other(sqlite_url)) as locker:
        locker.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(3) as pool:
            writing = [pool.submit(catalogue.write_now, setting(name)) for name in "abc"]
            for future in writing:
                assert isinstance(future.exception(), CatalogueBusy)
        assert catalogue.read_now(lambda records: records.settings.all()) == {}
        locker.execute("COMMIT")
        catalogue.write_now(setting("d"))
        assert set(catalogue.read_now(lambda records: records.settings.all())) == {"d"}
    catalogue.close()


def test_a_lock_that_is_given_up_in_time_is_waited_for(
    sqlite_catalogue: Catalogue, sqlite_url: str
) -> None:
    with closing(other(sqlite_url)) as locker, ThreadPoolExecutor(1) as pool:
        locker.execute("BEGIN IMMEDIATE")
        writing = pool.submit(sqlite_catalogue.write_now, setting("a"))
        with pytest.raises(TimeoutError):
            writing.result(0.2)
        locker.execute("COMMIT")
        writing.result(10)


def test_a_neighbour_who_never_rests_does_not_keep_us_out(
    sqlite_catalogue: Catalogue, sqlite_url: str
) -> None:
    neighbour = Catalogue.open(sqlite_url, seal=Seal([KEY]))
    ended = threading.Event()

    def never_rest() -> int:
        rounds = 0
        while not ended.is_set():
            neighbour.write_now(setting("round"))
            rounds += 1
        return rounds

    with ThreadPoolExecutor(2) as pool:
        resting = [pool.submit(never_rest) for _ in range(2)]
        for number in range(20):
            sqlite_catalogue.write_now(setting(f"n{number}"))
        ended.set()
        assert all(each.result() > 0 for each in resting)
    neighbour.close()


WRITE = """
import sys
from fanlight.catalogue import Catalogue, Seal
catalogue = Catalogue.open(sys.argv[1], seal=Seal([sys.argv[2]]))
number = 0
while True:
    number += 1
    catalogue.write_now(lambda records: records.settings.set(f"n{number}", 1))
    print(number, flush=True)
"""


def test_what_was_answered_survives_the_death_of_the_process(sqlite_url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, sqlite_url, KEY], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    answered = [int(process.stdout.readline()) for _ in range(20)]
    process.kill()
    answered += [int(line) for line in process.stdout if line.endswith("\n")]
    process.wait()
    process.stdout.close()
    catalogue = Catalogue.open(sqlite_url, seal=Seal([KEY]))
    kept = catalogue.read_now(lambda records: records.settings.all("n"))
    assert {f"n{number}" for number in answered} <= set(kept)
    catalogue.close()


def test_tidying_changes_no_answer(sqlite_catalogue: Catalogue) -> None:
    for number in range(5):
        fill(sqlite_catalogue, an_asset(number, name=f"sunset {number}"))

    def ask() -> object:
        return sqlite_catalogue.read_now(
            lambda records: [records.assets.search(text) for text in ("sun", "su", "nset 3")]
        )

    before = ask()
    sqlite_catalogue.write_now(lambda records: records.assets.tidy())
    assert ask() == before


def test_the_search_index_agrees_with_what_it_indexes(sqlite_catalogue: Catalogue) -> None:
    """Contentless indices must be told exactly what they were told before, or they rot."""

    def change(records: Records) -> None:
        for number in range(30):
            put(records, an_asset(number, name=f"näme {number} 海", tags=("a", "b")))
        for number in range(0, 30, 3):
            records.assets.update(f"a{number}", name=f"other {number}", tags=("c",))
        for number in range(1, 30, 3):
            records.assets.purge(f"a{number}")

    sqlite_catalogue.write_now(change)

    def check(records: Records) -> list[object]:
        for index, column in (("asset_grams", "body"), ("asset_words", "words")):
            mode, table = ("row", f"{index}_terms")
            records.session.do(
                f"CREATE VIRTUAL TABLE temp.{table} USING fts5vocab('main', '{index}', '{mode}')"
            )
            del column
        return [
            sum(row[0] for row in records.session.fetch(f"SELECT doc FROM {index}_terms"))
            for index in ("asset_grams", "asset_words")
        ]

    def expected(records: Records) -> list[object]:
        rows = records.session.fetch("SELECT body, words FROM asset_text")
        grams = [len({body[at : at + 3] for at in range(len(body) - 2)}) for body, _ in rows]
        return [sum(grams), sum(len(words.split()) for _, words in rows)]

    assert sqlite_catalogue.write_now(check) == sqlite_catalogue.read_now(expected)
