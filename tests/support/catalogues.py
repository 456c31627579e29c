"""Catalogues for tests: each test that takes one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from fanlight.catalogue import Catalogue, Seal
from tests.support.postgres import forget_the_seal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from tests.support.postgres import Server

DATABASES = ("sqlite", "postgresql")
KEY = Seal.new_key()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.db"
    catalogue = Catalogue.open(f"sqlite:///{path}", seal=Seal([KEY]))
    catalogue.write_now(forget_the_seal)
    catalogue.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """The address of a fresh SQLite file that has all tables and knows no seal yet."""
    path = tmp_path / "fanlight.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=DATABASES)
def catalogue_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database, of each kind in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(name)


@pytest.fixture
def open_catalogue(catalogue_url: str) -> Generator[Callable[[], Catalogue]]:
    """Opens the same database as often as asked, like several processes would."""
    opened: list[Catalogue] = []

    def again() -> Catalogue:
        opened.append(Catalogue.open(catalogue_url, seal=Seal([KEY]), threads=2))
        return opened[-1]

    yield again
    for catalogue in opened:
        catalogue.close()


@pytest.fixture
def catalogue(open_catalogue: Callable[[], Catalogue]) -> Catalogue:
    """An open, empty catalogue, of each kind in turn."""
    return open_catalogue()


@pytest.fixture(scope="module", params=DATABASES)
def shared_catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Catalogue]:
    """One catalogue of each kind for all tests of a module, which fills it once and only reads."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "fanlight.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        catalogue = Catalogue.open(f"sqlite:///{path}", seal=Seal([KEY]), threads=2)
        yield catalogue
        catalogue.close()
    else:
        server: Server = request.getfixturevalue("postgres_server")
        name = server.create("migrated")
        catalogue = Catalogue.open(server.url(name), seal=Seal([KEY]), threads=2)
        yield catalogue
        catalogue.close()
        server.drop(name)


@pytest.fixture
def sqlite_catalogue(sqlite_url: str) -> Generator[Catalogue]:
    """An open, empty catalogue on SQLite, for tests whose subject lies elsewhere."""
    catalogue = Catalogue.open(sqlite_url, seal=Seal([KEY]), threads=2)
    yield catalogue
    catalogue.close()
