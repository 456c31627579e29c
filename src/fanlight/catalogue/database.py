"""Opening connections to the two databases, each set up so that they behave alike."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from fanlight.catalogue.session import Session
from fanlight.errors import CatalogueUnavailable

_CACHE_KIB = 8192
_WAL_BYTES = 64 << 20
# It asks for the lock again and again itself, in shorter pauses than SQLite would.
_WRITER = "busy_timeout = 10"

_POSTGRESQL = (
    "default_transaction_read_only=on",  # `Session.begin` says when it may write
    "timezone=UTC",
    # What we ask ends after a page: neither pays before that.
    "jit=off",
    "enable_mergejoin=off",
)


@dataclass(frozen=True)
class Database:
    """Where the catalogue is, and how to get a connection to it.

    Connections are in AUTOCOMMIT and can only read until `Session` begins a transaction; each
    belongs to one thread, which keeps it.
    """

    engine: Engine
    path: Path | None
    """The file of a SQLite database."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def connect(self, *, writer: bool = False) -> Connection:
        """A new connection. On SQLite only the writer's may write."""
        connection = self.engine.connect()
        if self.path is not None:
            kind = _WRITER if writer else "query_only = ON"
            connection.exec_driver_sql(f"PRAGMA {kind}")
        return connection

    def session(self, *, writer: bool = False) -> Session:
        """A new connection as a session."""
        return Session(self.connect(writer=writer))


def database(url: str, *, busy: float) -> Database:
    """The database of an address. `busy` is how many seconds SQLite's lock is waited for.

    Raises CatalogueUnavailable for an address that is not one of ours.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _not_an_address() from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, busy)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return _postgresql(parsed)
    raise _not_an_address()


def _sqlite(url: URL, busy: float) -> Database:
    if not url.database or url.database == ":memory:":
        raise CatalogueUnavailable("The catalogue needs a file.", remedy="Name it: sqlite:///path")
    path = Path(url.database)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=busy, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = MEMORY",
            f"journal_size_limit = {_WAL_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    return Database(engine, path)


def _postgresql(url: URL) -> Database:
    options = {
        "options": " ".join(f"-c {setting}" for setting in _POSTGRESQL),
        "application_name": "fanlight",
        "connect_timeout": "10",
    }
    query: dict[str, Any] = options | dict(url.query)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg", query=query),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
        )
    except ImportError:
        raise CatalogueUnavailable(
            "PostgreSQL needs a package that is not installed.",
            remedy="Install fanlight[postgres].",
        ) from None
    return Database(engine, None)


def _not_an_address() -> CatalogueUnavailable:
    return CatalogueUnavailable(
        "The address of the database is not valid.",
        remedy="Use sqlite:///path or postgresql://user:password@host/name.",
    )
