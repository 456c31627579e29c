"""Filling catalogues for measurements: ten thousand by the catalogue itself, a million by SQL.

Every asset of the million is one of the ten thousand under another number, so what is measured
is exactly what `add_many` writes. Indices and triggers are taken away and made again as
they were: that sorts once instead of a million times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from fanlight.catalogue import Catalogue, Records, Seal
from fanlight.model import Asset, Channel, Connection, Kind, Placement, PlacementState, Visibility

SMALL = 10_000
TIMES = 100
FOLDER = 1_000
"""Assets in each folder."""
BORN = datetime(2020, 1, 1, tzinfo=UTC)
CHANNEL = "bench"
KEY = Seal.new_key()
SEAL = Seal([KEY])

_WORDS = (
    "autumn beach bridge castle church cloud desert family festival forest garden harbour"
    " holiday island lake market mirror mountain museum night party portrait river snow spring"
    " storm street summer sunset temple theatre tower valley wedding window winter"
)
WORDS = _WORDS.split()


def asset_id(number: int) -> str:
    """The id of the asset of a number, from 1."""
    return f"{number:016x}"


def entries(count: int) -> Iterator[tuple[Asset, Placement, str]]:
    """Photographs with two words in their names, a thousand in each folder."""
    chance = Random(1)
    for number in range(1, count + 1):
        born = BORN + timedelta(minutes=number)
        name = f"IMG_{number:07} {chance.choice(WORDS)} {chance.choice(WORDS)}.jpg"
        folder = f"f/{(number - 1) // FOLDER:04}"
        asset = Asset(
            asset_id(number), name, folder, "", Kind.PICTURE, "image/jpeg", 5_000_000 + number,
            f"{chance.getrandbits(256):064x}", 1, Visibility.PUBLIC, None, born, born,
            width=6000, height=4000, taken_at=born, placeholder=chance.randbytes(25),
        )  # fmt: skip
        placement = Placement(
            f"p{number:015x}", asset.id, CHANNEL, f"{folder}/{name}", "1-2-3", asset.size,
            PlacementState.STORED, True, born, born,
        )  # fmt: skip
        yield asset, placement, f"{folder}/{name}"


def open_small(url: str) -> Catalogue:
    """A catalogue of ten thousand assets, written by `add_many`."""
    catalogue = Catalogue.open(url, seal=SEAL)

    def fill(records: Records) -> None:
        records.connections.add(Connection("bench", "local", "", {}, {}, BORN, BORN))
        records.channels.add(
            Channel(CHANNEL, CHANNEL, "bench", "local", "", True, True, "", BORN, BORN)
        )
        records.assets.add_many(entries(SMALL))

    catalogue.write_now(fill)
    return catalogue


def _statements(on_postgresql: bool) -> Iterator[str]:
    """What turns ten thousand assets into a million, oldest first."""
    pad = "lpad(CAST(n AS text), 7, '0')" if on_postgresql else "printf('%07d', n)"
    key = "lpad(to_hex(n), {}, '0')" if on_postgresql else "printf('%0{}x', n)"
    folder = (
        f"'f/' || lpad(CAST((n - 1) / {FOLDER} AS text), 4, '0')"
        if on_postgresql
        else f"printf('f/%04d', (n - 1) / {FOLDER})"
    )
    numbers = (
        "(WITH RECURSIVE k (k) AS (SELECT 1 UNION ALL"
        f" SELECT k + 1 FROM k WHERE k < {TIMES - 1}) SELECT k FROM k)"
    )
    hashed = (
        "encode(sha256(CAST(CAST(n AS text) AS bytea)), 'hex')"
        if on_postgresql
        else "lower(hex(randomblob(32)))"
    )
    name = f"'IMG_' || {pad} || substr(name, 12)"
    yield (
        f"CREATE TEMPORARY TABLE more AS SELECT b.*, b.seq + {SMALL} * k.k AS n"
        f" FROM asset b CROSS JOIN {numbers} k"
    )
    kept = (
        f"kind, media_type, size, {hashed}, version, visibility, owner_id,"
        " created_at + (n - seq) * 60000000, updated_at + (n - seq) * 60000000, expires_at,"
        " deleted_at, width, height, taken_at, placeholder, tags"
    )
    yield (
        "INSERT INTO asset (seq, id, name, folder, alias, kind, media_type, size, sha256, version,"
        " visibility, owner_id, created_at, updated_at, expires_at, deleted_at, width, height,"
        f" taken_at, placeholder, tags) SELECT n, {key.format(16)}, {name}, {folder},"
        f" {folder} || '/' || {name}, {kept} FROM more ORDER BY n"
    )
    new = f"seq > {SMALL}"
    yield (
        'INSERT INTO alias (path, asset_id, "current", created_at)'
        f" SELECT alias, id, TRUE, created_at FROM asset WHERE {new} ORDER BY alias"
    )
    yield (
        "INSERT INTO placement (id, asset_id, channel_id, locator, version, size, state,"
        ' "primary", created_at, checked_at)'
        f" SELECT 'p' || {key.format(15)}, id, '{CHANNEL}', alias, '1-2-3', size, 'stored', TRUE,"
        f" created_at, created_at FROM (SELECT *, seq AS n FROM asset WHERE {new}) a ORDER BY seq"
    )
    yield (
        "INSERT INTO asset_text (seq, body, words)"
        f" SELECT seq, lower(name), replace(replace(lower(name), '_', ' '), '.', ' ')"
        f" FROM asset WHERE {new} ORDER BY seq"
    )
    yield "DELETE FROM folder"
    yield (
        "INSERT INTO folder (path, parent, count, total)"
        " SELECT folder, 'f', count(*), count(*) FROM asset GROUP BY folder"
        " UNION ALL SELECT 'f', '', 0, count(*) FROM asset"
        " UNION ALL SELECT '', NULL, 0, count(*) FROM asset"
    )


def grow_sqlite(path: Path) -> None:
    """Make a million of the ten thousand in a SQLite file."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "cache_size = -600000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    taken = connection.execute(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for kind, name, _ in taken:
        connection.execute(f"DROP {kind} {name}")
    for statement in _statements(on_postgresql=False):
        connection.execute(statement)
    new = f"SELECT seq, body FROM asset_text WHERE seq > {SMALL} ORDER BY seq"
    connection.execute(f"INSERT INTO asset_grams (rowid, body) {new}")
    new = f"SELECT seq, words FROM asset_text WHERE seq > {SMALL} ORDER BY seq"
    connection.execute(f"INSERT INTO asset_words (rowid, words) {new}")
    for _, _, made_by in taken:
        connection.execute(made_by)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def grow_postgresql(url: str) -> None:
    """Make a million of the ten thousand in a PostgreSQL database."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("work_mem = '256MB'", "maintenance_work_mem = '1GB'"):
            connection.execute(f"SET {setting}")
        tables = ("asset", "alias", "placement", "asset_text")
        taken = connection.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i LEFT JOIN pg_constraint c"
            " ON c.conname = i.indexname WHERE i.tablename = ANY(%s) AND c.conname IS NULL",
            [list(tables)],
        ).fetchall()
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # no foreign keys
            for name, _ in taken:
                connection.execute(f"DROP INDEX {name}")  # pyright: ignore
            for statement in _statements(on_postgresql=True):
                connection.execute(statement)  # pyright: ignore
            for _, made_by in taken:
                connection.execute(made_by)  # pyright: ignore
        connection.execute("SELECT setval('asset_seq_seq', max(seq)) FROM asset")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
