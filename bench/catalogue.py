"""The catalogue with a million assets, against the same statements in plain `sqlite3`.

What is measured is what a door waits for: `await catalogue.read(...)`, with the hop to a thread
and back and records made of rows; the peer only fetches the rows. Both take turns call by
call, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import uvloop

from bench.catalogue_seed import (
    FOLDER,
    SEAL,
    SMALL,
    TIMES,
    asset_id,
    grow_postgresql,
    grow_sqlite,
    open_small,
)
from bench.report import Row, middle, table
from fanlight.catalogue import Catalogue
from tests.support.postgres import serving

CALLS, ROUNDS = 40, 7
LARGE = SMALL * TIMES
ASSET = (
    "a.seq, a.id, a.name, a.folder, a.alias, a.kind, a.media_type, a.size, a.sha256, a.version,"
    " a.visibility, a.owner_id, a.created_at, a.updated_at, a.expires_at, a.deleted_at, a.width,"
    " a.height, a.taken_at, a.placeholder, a.tags"
)
PLACEMENT = (
    'p.id, p.asset_id, p.channel_id, p.locator, p.version, p.size, p.state, p."primary",'
    " p.created_at, p.checked_at"
)
PAGE = (
    f"SELECT {ASSET} FROM asset a WHERE a.folder = ? AND a.deleted_at IS NULL"
    " ORDER BY a.created_at DESC, a.seq DESC LIMIT 101"
)
LINK = (
    f"SELECT {ASSET}, {PLACEMENT} FROM asset a LEFT JOIN placement p ON p.asset_id = a.id"
    " WHERE a.id = ? AND a.deleted_at IS NULL"
)
ALIAS = (
    f"SELECT {ASSET}, {PLACEMENT} FROM alias l JOIN asset a ON a.id = l.asset_id"
    " LEFT JOIN placement p ON p.asset_id = a.id WHERE l.path = ? AND a.deleted_at IS NULL"
)
SEARCH = (
    f"SELECT {ASSET} FROM asset_grams g CROSS JOIN asset_text x ON x.seq = g.rowid"
    " CROSS JOIN asset a WHERE asset_grams MATCH ? AND instr(x.body, ?) > 0 AND a.seq = g.rowid"
    " AND a.deleted_at IS NULL ORDER BY g.rowid DESC LIMIT 101"
)
WORDS = (
    f"SELECT {ASSET} FROM asset_words g CROSS JOIN asset a WHERE asset_words MATCH ?"
    " AND a.seq = g.rowid AND a.deleted_at IS NULL ORDER BY g.rowid DESC LIMIT 101"
)
"""What the catalogue asks, as it asks it."""


@dataclass
class Case:
    """One question: how the catalogue is asked it, and how plain sqlite3."""

    what: str
    target: float
    ours: Callable[[Catalogue, int], Awaitable[object]]
    plain: Callable[[int], tuple[str, tuple[object, ...]]]
    growth: float = 1.5
    """How much longer it may take with a hundred times the assets."""


def folder(number: int) -> str:
    return f"f/{(number - 1) // FOLDER:04}"


def search(what: str, query: str, statement: str, *parameters: str, growth: float = 1.5) -> Case:
    return Case(
        f"search: {what} ({query})",
        3,
        lambda catalogue, _: catalogue.read(lambda records: records.assets.search(query)),
        lambda _: (statement, parameters),
        growth,
    )


CASES = (
    Case(
        "folder page of 100",
        2.5,
        lambda catalogue, number: catalogue.read(
            lambda records: records.assets.page(folder=folder(number))
        ),
        lambda number: (PAGE, (folder(number),)),
    ),
    search("a word", "sunset", SEARCH, '"sun" AND "set"', "sunset"),
    search("part of a word", "ountai", SEARCH, '"oun" AND "tai"', "ountai"),
    search("beginning of a word", "su", WORDS, '"su" *'),
    # Not a page but one match among ever more candidates, so it may grow a little.
    search("a number, found once", "0009999", SEARCH, '"000" AND "999"', "0009999", growth=3),
    Case(
        "link by asset, uncached",
        20,
        lambda catalogue, number: catalogue.read(
            lambda records: records.links.by_asset(asset_id(number))
        ),
        lambda number: (LINK, (asset_id(number),)),
    ),
)


def sample(count: int, seed: int) -> list[int]:
    """Numbers of assets, spread over all there are.

    Everybody gets other ones, as pages that somebody has just read are quick for the next.
    """
    chance = Random(seed)
    return [chance.randint(1, count) for _ in range(CALLS)]


async def ask(case: Case, catalogue: Catalogue, number: int) -> float:
    """Seconds of one question to the catalogue."""
    began = time.perf_counter()
    await case.ours(catalogue, number)
    return time.perf_counter() - began


def fetch(case: Case, connection: sqlite3.Connection, number: int) -> float:
    """Seconds of the same in plain sqlite3."""
    statement, parameters = case.plain(number)
    began = time.perf_counter()
    connection.execute(statement, parameters).fetchall()
    return time.perf_counter() - began


@dataclass
class Sources:
    """Who is asked."""

    small: Catalogue
    large: Catalogue
    postgresql: Catalogue
    plain: sqlite3.Connection


async def one_round(case: Case, sources: Sources, seed: int) -> dict[str, float]:
    """The median seconds of each, in turns."""
    few, many, again, other = (
        sample(count, 4 * seed + at) for at, count in enumerate((SMALL, LARGE, LARGE, LARGE))
    )
    times: dict[str, list[float]] = {"small": [], "large": [], "plain": [], "pg": []}
    for call in range(CALLS):
        times["large"].append(await ask(case, sources.large, many[call]))
        times["plain"].append(fetch(case, sources.plain, again[call]))
        times["small"].append(await ask(case, sources.small, few[call]))
        times["pg"].append(await ask(case, sources.postgresql, other[call]))
    return {name: middle(each) for name, each in times.items()}


async def measure(sources: Sources) -> tuple[list[Row], list[Row], list[Row]]:
    """The lines of the three tables."""
    peer: list[Row] = []
    flat: list[Row] = []
    other: list[Row] = []
    for case in CASES:
        rounds = [await one_round(case, sources, seed) for seed in range(ROUNDS)]

        def row(
            ours: str,
            theirs: str,
            target: float,
            rounds: list[dict[str, float]] = rounds,
            what: str = case.what,
        ) -> Row:
            shown = [
                f"{middle([each[who] for each in rounds]) * 1e6:.0f} us" for who in (ours, theirs)
            ]
            ratio = middle([each[ours] / each[theirs] for each in rounds])
            return Row(what, shown[0], shown[1], ratio, target, at_most=True)

        peer.append(row("large", "plain", case.target))
        flat.append(row("large", "small", case.growth))
        other.append(row("pg", "large", 3))
    return peer, flat, other


def tidied(catalogue: Catalogue) -> Catalogue:
    """As it is after the hourly tidying, with statistics."""
    catalogue.write_now(lambda records: records.assets.tidy())
    return catalogue


def seed_sqlite(folder: Path) -> tuple[Catalogue, Catalogue]:
    """Ten thousand assets, and a million."""
    small, large = folder / "small.db", folder / "large.db"
    open_small(f"sqlite:///{small}").close()
    shutil.copyfile(small, large)
    grow_sqlite(large)
    opened = [tidied(Catalogue.open(f"sqlite:///{path}", seal=SEAL)) for path in (small, large)]
    return opened[0], opened[1]


def seed_postgresql(url: str) -> Catalogue:
    """A million assets on PostgreSQL."""
    open_small(url).close()
    grow_postgresql(url)
    return Catalogue.open(url, seal=SEAL)


def warm(path: Path) -> None:
    """Read a file once, so that no measurement waits for the disk."""
    with path.open("rb", buffering=0) as source:
        while source.read(1 << 22):
            pass


def main() -> None:
    """Print the tables."""
    began = time.perf_counter()
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd())))
        server = stack.enter_context(serving("shared_buffers=512MB", "max_wal_size=8GB"))
        server.run("CREATE DATABASE bench")
        seeding = pool.submit(seed_postgresql, server.url("bench"))
        small, large = seed_sqlite(folder)
        postgresql = seeding.result()
        seeded = time.perf_counter() - began
        plain = sqlite3.connect(folder / "large.db", isolation_level=None)
        plain.execute("PRAGMA cache_size = -8192")
        warm(folder / "large.db")
        peer, flat, other = uvloop.run(measure(Sources(small, large, postgresql, plain)))
        plain.close()
        for catalogue in (small, large, postgresql):
            catalogue.close()
    print(table(f"Catalogue: {LARGE:,} assets on SQLite against plain sqlite3", peer))
    print(table(f"Catalogue: {LARGE:,} assets against {SMALL:,}", flat))
    print(table(f"Catalogue: {LARGE:,} assets on PostgreSQL against SQLite", other))
    print(f"Seeded in {seeded:.0f} s, measured in {time.perf_counter() - began - seeded:.0f} s.\n")


if __name__ == "__main__":
    main()
