"""Bringing a database up to date, also when two processes start at once.

Revisions are numbered `0001`, `0002`, ... and never changed once released. The table
`alembic_version` says which one a database has; Alembic itself is loaded only when it is not the
newest. Whoever migrates holds a lock on the whole database and looks again under it.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from fanlight.catalogue import faults, schema
from fanlight.catalogue.database import Database
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Session
from fanlight.errors import CatalogueTooNew, CatalogueUnavailable, SealError

MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = tuple(
    sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))
)
_ALEMBIC = threading.Lock()  # what a revision imports as `op` is one for the whole process
_CANARY = b"fanlight"
_MAY_NOT = "42501"
_PATIENCE = 60.0
_LOCK = 0x66616E6C  # any number nobody else takes a lock by


def prepare(source: Database, seal: Seal) -> None:
    """Migrate if needed and check the seal. Raises CatalogueTooNew, SealError."""
    if source.path is not None:
        try:
            source.path.parent.mkdir(parents=True, exist_ok=True)
            # Hashes of passwords and sealed secrets are nobody else's to read.
            os.close(os.open(source.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise CatalogueUnavailable(
                f"The folder of the catalogue cannot be used: {error}.",
                remedy="Choose another folder, or allow writing there.",
            ) from None
        _use_wal(source)
    connection = source.connect(writer=True)
    try:
        if revision_of(connection) != REVISIONS[-1] or not _knows(connection, seal):
            with _alone(source, connection):
                if revision_of(connection) != REVISIONS[-1]:
                    upgrade(connection)
                if not _knows(connection, seal):
                    sealed = seal.seal(_CANARY)
                    connection.execute(schema.canary.insert().values(id=1, sealed=sealed))
    finally:
        connection.close()


def revision_of(connection: Connection) -> str | None:
    """Which revision the database has; None when it is empty. Raises CatalogueTooNew."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in REVISIONS:
        raise CatalogueTooNew
    return revision


def _knows(connection: Connection, seal: Seal) -> bool:
    """Whether the database knows this seal; False when it knows none. Raises SealError."""
    sealed = connection.execute(select(schema.canary.c.sealed)).scalar()
    if sealed is None:
        return False
    try:
        seal.open(sealed)
    except SealError:
        raise SealError(
            "The key is not the one that this catalogue's secrets are sealed with."
        ) from None
    return True


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run revisions up to the newest, or to one of them, in the connection's transaction.

    Raises CatalogueUnavailable when the database's user may not do what is needed.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    if not connection.in_transaction():
        connection.begin()  # else Alembic would begin and end one itself
    scripts = ScriptDirectory(str(MIGRATIONS))
    with (
        _ALEMBIC,
        EnvironmentContext(
            Config(),
            scripts,
            fn=lambda revision, _: scripts._upgrade_revs(to, revision),  # pyright: ignore
        ) as environment,
    ):
        environment.configure(connection=connection, transactional_ddl=False)
        try:
            environment.run_migrations()
        except DBAPIError as error:
            if faults.sqlstate(error) != _MAY_NOT:
                raise
            raise CatalogueUnavailable(
                "The database's user may not make tables, or the extension pg_trgm.",
                remedy="As the database's owner run: CREATE EXTENSION pg_trgm; and grant CREATE.",
            ) from None


def _use_wal(source: Database) -> None:
    """Readers and the writer do not wait for each other, once and for all in the file."""

    def switch() -> None:
        connection = source.connect(writer=True)
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        finally:
            connection.close()

    _patiently(switch)


def _patiently(action: Callable[[], None]) -> None:
    """Again and again while another process holds SQLite's lock, up to a minute."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return action()
        except Exception as error:
            if not faults.is_busy(error) or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - not a secret


@contextmanager
def _alone(source: Database, connection: Connection) -> Generator[None]:
    """A transaction in which nobody else migrates."""
    session = Session(connection)
    if source.path is not None:
        _patiently(session.begin)
    else:
        session.begin()
        session.do("SELECT pg_advisory_xact_lock(:lock)", lock=_LOCK)
    try:
        yield
    except BaseException:
        session.rollback()
        raise
    session.commit()
