"""The databases' exceptions, told as ours."""

from __future__ import annotations

import sqlite3
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

from fanlight.errors import (
    BadName,
    CatalogueBusy,
    CatalogueError,
    CatalogueUnavailable,
    Conflict,
    FanlightError,
)

_SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_SQLITE_BROKEN = {
    sqlite3.SQLITE_FULL: "There is no space left for the catalogue.",
    sqlite3.SQLITE_READONLY: "The catalogue cannot be written to.",
    sqlite3.SQLITE_CANTOPEN: "The catalogue's file cannot be opened.",
    sqlite3.SQLITE_NOTADB: "The catalogue's file is not a SQLite database.",
    sqlite3.SQLITE_CORRUPT: "The catalogue's file is damaged.",
    sqlite3.SQLITE_IOERR: "The catalogue's file cannot be read or written.",
}
_TRY_AGAIN = ("40001", "40P01")


def driver_error(error: BaseException) -> BaseException:
    """The driver's own exception behind SQLAlchemy's, or behind ours."""
    if isinstance(error, FanlightError) and error.__cause__ is not None:
        error = error.__cause__
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five-letter code, or nothing."""
    return str(getattr(driver_error(error), "sqlstate", None) or "")


def may_succeed_again(error: BaseException) -> bool:
    """Whether PostgreSQL gave up this transaction only because of another one."""
    return sqlstate(error) in _TRY_AGAIN


def is_busy(error: BaseException) -> bool:
    """Whether SQLite's lock is held by somebody else."""
    error = driver_error(error)
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.Error) and code is not None and code & 0xFF in _SQLITE_BUSY


def is_driver_error(error: BaseException) -> bool:
    """Whether a database driver raised it (or SQLAlchemy around it)."""
    error = driver_error(error)
    return isinstance(error, sqlite3.Error) or type(error).__module__.startswith("psycopg")


def translated(error: BaseException) -> BaseException:
    """Our error for a database's; anything else as it is."""
    if isinstance(error, FanlightError):
        return error
    if isinstance(error, UnicodeEncodeError):
        return BadName()
    if not is_driver_error(error):
        return error
    cause = driver_error(error)
    if is_busy(cause):
        return CatalogueBusy()
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause)
    return _from_postgresql(cause)


def reraise(error: Exception) -> NoReturn:
    """Raise our error for a database's, caused by it; anything else as it is."""
    ours = translated(error)
    if ours is error:
        raise error
    raise ours from error


def _from_sqlite(error: sqlite3.Error) -> CatalogueError | Conflict:
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(code="conflict.reference")
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and (meaning := _SQLITE_BROKEN.get(code & 0xFF)):
        return CatalogueUnavailable(meaning, remedy="Check the disk and the folder's rights.")
    return CatalogueError()


def _from_postgresql(error: BaseException) -> CatalogueError | Conflict | BadName:
    state = sqlstate(error)
    if state.startswith("23"):
        return Conflict(code="conflict.reference")
    if state in _TRY_AGAIN or state == "55P03":
        return CatalogueBusy()
    if "NUL" in str(error) and type(error).__name__ == "DataError":
        return BadName()
    if not state or state[:2] in ("08", "53", "57", "28", "3D"):
        return CatalogueUnavailable()
    return CatalogueError()
