"""One thread's connection, and what a unit of work gathers on the way to its commit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Protocol, cast

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from fanlight.catalogue.faults import reraise

Row = tuple[Any, ...]


class Answer(Protocol):
    """The part of a driver's cursor that is used."""

    def fetchall(self) -> list[Row]:
        """All rows."""
        ...

    def fetchone(self) -> Row | None:
        """The next row."""
        ...


class Driver(Protocol):
    """The part of sqlite3's and psycopg's connections that is used."""

    def execute(self, statement: str, parameters: Mapping[str, object] = ..., /) -> Answer:
        """Run one statement."""
        ...


@lru_cache(maxsize=512)
def _psycopg_style(statement: str) -> str:
    """`:name` as `%(name)s`. Statements contain no colons in literals, and no casts by `::`."""
    return re.sub(r":(\w+)", r"%(\1)s", statement.replace("%", "%%"))


class Session:
    """A connection with the counts and changes that its unit of work has gathered.

    Nouns run SQLAlchemy statements with `run`, or (where speed counts) SQL written by hand with
    `fetch`. What many writers would fight over (counts, the number of the last change) is
    gathered and written by `flush` in one order at the very end, so that rows are locked
    for a moment only and never crosswise.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.on_postgresql = self.dialect == "postgresql"
        self.driver = cast("Driver", connection.connection.driver_connection)
        self.writing = False
        """Whether this is a unit that may write, in a transaction."""
        self.changed: dict[str, None] = {}
        self.folders: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()

    def fetch(self, statement: str, **parameters: object) -> list[Row]:
        """Rows of plain SQL with `:name` parameters, as the driver gives them.

        Raises our errors (Conflict, CatalogueBusy, ...) for the driver's.
        """
        try:
            return self._execute(statement, parameters).fetchall()
        except Exception as error:
            reraise(error)

    def do(self, statement: str, **parameters: object) -> None:
        """Run plain SQL that answers nothing. Raises like `fetch`."""
        try:
            self._execute(statement, parameters)
        except Exception as error:
            reraise(error)

    def many(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run plain SQL once for each of the rows. Raises like `fetch`."""
        if not rows:
            return
        cursor = cast("Any", self.driver).cursor()
        try:
            cursor.executemany(_psycopg_style(statement) if self.on_postgresql else statement, rows)
        except Exception as error:
            reraise(error)
        finally:
            cursor.close()

    def _execute(self, statement: str, parameters: Mapping[str, object]) -> Answer:
        if self.on_postgresql:
            return self.driver.execute(_psycopg_style(statement), parameters)
        return self.driver.execute(statement, parameters)

    def run(self, statement: Executable) -> CursorResult[Any]:
        """Run an SQLAlchemy statement."""
        return self.connection.execute(statement)

    def insert_new(self, table: Table, values: Mapping[str, object]) -> bool:
        """Insert a row; False if one of its unique values is taken already."""
        dialect = postgresql if self.on_postgresql else sqlite
        statement = dialect.insert(table).values(values).on_conflict_do_nothing()
        return self.run(statement.returning(*table.primary_key)).first() is not None

    def lock(self, name: str) -> None:
        """Let nobody else pass here with the same name until this transaction ends."""
        if self.on_postgresql:
            self.do("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))", name=name)

    # --- transactions ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin a transaction that may write."""
        self.driver.execute("BEGIN READ WRITE" if self.on_postgresql else "BEGIN IMMEDIATE")
        self.writing = True
        self.forget()

    def commit(self) -> None:
        """Make it true, and safe from a crash."""
        self.driver.execute("COMMIT")
        self.writing = False

    def rollback(self) -> None:
        """Undo all since `begin`. Never raises: a connection that cannot is of no use any more."""
        self.writing = False
        self.forget()
        with suppress(Exception):
            self.driver.execute("ROLLBACK")

    def close(self) -> None:
        """Give the connection up."""
        with suppress(Exception):
            self.connection.close()

    @property
    def broken(self) -> bool:
        """Whether the server or the way to it is gone (PostgreSQL)."""
        return bool(getattr(self.driver, "closed", False))

    # --- what is gathered -----------------------------------------------------------------------

    def touch(self, asset_id: str) -> None:
        """Note that this asset has changed, or what its links lead to."""
        self.changed[asset_id] = None

    def forget(self) -> None:
        """Drop what was gathered: the unit was rolled back, or a new one begins."""
        self.changed.clear()
        self.folders.clear()
        self.tags.clear()
