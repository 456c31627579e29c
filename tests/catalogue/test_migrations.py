"""Bringing databases up to date: at once, from before, from the future, and all alike."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from fanlight.catalogue import Catalogue, Seal, migrate, schema
from fanlight.catalogue.database import database
from fanlight.errors import CatalogueBusy, CatalogueError, CatalogueTooNew, CatalogueUnavailable
from tests.support.records import an_asset, fill

if TYPE_CHECKING:
    from tests.support.postgres import Server

KEY = Seal.new_key()
OPEN = """
import sys
from fanlight.catalogue import Catalogue, Seal
sys.stdin.readline()  # everything is loaded: now all at once
catalogue = Catalogue.open(sys.argv[1], seal=Seal([sys.argv[2]]))
catalogue.write_now(lambda records: records.settings.set(sys.argv[3], 1))
print("alembic" in sys.modules)
catalogue.close()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without anything in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'fanlight.db'}"
    return request.getfixturevalue("empty_postgres_url")


def run_sql(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(statement)
            connection.commit()
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)  # pyright: ignore[reportCallIssue, reportArgumentType]


def opened(url: str) -> Catalogue:
    return Catalogue.open(url, seal=Seal([KEY]))


def test_processes_that_start_at_once_all_start(empty_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, empty_url, KEY, f"p{number}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for number in range(2)
    ]

    def end(process: subprocess.Popen[str]) -> tuple[int, str]:
        _, errors = process.communicate("go\n", timeout=120)
        return process.returncode, errors

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(end, processes)) == [(0, "")] * 2
    catalogue = opened(empty_url)
    assert set(catalogue.read_now(lambda records: records.settings.all())) == {"p0", "p1"}
    catalogue.close()


def test_threads_that_start_at_once_all_start(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / str(number % 2)}.db" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for catalogue in pool.map(opened, urls):
            catalogue.close()


def test_a_second_start_does_without_alembic(catalogue_url: str) -> None:
    output = subprocess.run(
        [sys.executable, "-c", OPEN, catalogue_url, KEY, "x"],
        input="go\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert output.stdout.strip() == "False"


def made_by_hand(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """What only one of the databases has is not in the schema: search, and Alembic's own table."""
    del thing, kind
    return name is None or not name.startswith(
        ("asset_grams", "asset_words", "asset_text_", "alembic_", "procrastinate_", "sqlite_")
    )


def test_migrations_make_the_schema(empty_url: str) -> None:
    opened(empty_url).close()
    source = database(empty_url, busy=1)
    with source.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": made_by_hand}
        )
        assert compare_metadata(context, schema.metadata) == []


@pytest.mark.parametrize("before", migrate.REVISIONS[:-1])
def test_an_older_catalogue_is_brought_up_to_date(empty_url: str, before: str) -> None:
    source = database(empty_url, busy=1)
    if source.path is not None:
        source.path.parent.mkdir()
    session = source.session(writer=True)
    session.begin()
    migrate.upgrade(session.connection, before)
    session.do(
        "INSERT INTO user_account (id, name, role, password_hash, created_at)"
        " VALUES ('u1', 'Ann', 'owner', 'x', 1)"
    )
    session.commit()
    session.close()
    catalogue = opened(empty_url)
    assert catalogue.read_now(lambda records: records.users.get("u1")).name == "Ann"
    fill(catalogue, an_asset())
    catalogue.close()


def test_a_catalogue_of_a_later_version_is_left_alone(catalogue_url: str) -> None:
    opened(catalogue_url).close()
    run_sql(catalogue_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CatalogueTooNew):
        opened(catalogue_url)
    run_sql(catalogue_url, f"UPDATE alembic_version SET version_num = '{migrate.REVISIONS[-1]}'")
    opened(catalogue_url).close()


def test_a_migration_that_fails_leaves_nothing(empty_url: str) -> None:
    """As when it is killed: all of it is one transaction."""
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir()
    run_sql(empty_url, "CREATE TABLE tag (mine INTEGER)")
    with pytest.raises(CatalogueError):
        opened(empty_url)
    run_sql(empty_url, "DROP TABLE tag")
    opened(empty_url).close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://x/y",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////dev/null/x.db",
        "postgresql://user:hidden@/x?host=/nowhere",
        "postgres://user:hidden@127.0.0.1:1/x?connect_timeout=1",
    ],
)
def test_a_database_that_cannot_be_reached(url: str) -> None:
    with pytest.raises(CatalogueUnavailable) as caught:
        opened(url)
    assert caught.value.public_remedy
    assert "hidden" not in f"{caught.value} {caught.value.public_remedy} {caught.value.__cause__}"


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "fanlight.db"
    path.write_bytes(b"no database\n" * 1000)
    with pytest.raises(CatalogueUnavailable):
        opened(f"sqlite:///{path}")
    assert path.read_bytes() == b"no database\n" * 1000


def test_the_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "fanlight.db"
    catalogue = opened(f"sqlite:///{path}")
    fill(catalogue, an_asset())
    for each in tmp_path.glob("fanlight.db*"):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
    catalogue.close()


def test_a_user_without_rights_is_told_what_is_missing(
    postgres_server: Server, empty_postgres_url: str
) -> None:
    postgres_server.run("CREATE ROLE weak LOGIN")
    url = empty_postgres_url.replace("postgres@", "weak@")
    with pytest.raises(CatalogueUnavailable) as caught:
        opened(url)
    assert "pg_trgm" in caught.value.public_remedy
    postgres_server.run("DROP ROLE weak")


def test_a_lock_held_while_starting_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "fanlight.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE mine (x)")
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            starting = pool.submit(opened, f"sqlite:///{path}")
            with pytest.raises(TimeoutError):
                starting.result(0.3)
            other.execute("COMMIT")
            starting.result(30).close()
    assert issubclass(CatalogueBusy, CatalogueError)
