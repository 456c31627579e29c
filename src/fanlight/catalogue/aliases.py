"""Paths by which assets can be asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from fanlight.catalogue import schema
from fanlight.catalogue.counts import next_number
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros, moment
from fanlight.catalogue.words import can_be_asked, checked
from fanlight.errors import Conflict, NotFound
from fanlight.model import Alias

_COLUMNS = 'path, asset_id, "current", created_at'


class Aliases:
    """Current aliases lead to their asset, old ones redirect to its current one."""

    table = schema.alias

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, asset_id: str) -> tuple[Alias, ...]:
        """An asset's aliases, the current one first, then the newest old one."""
        rows = self._session.fetch(
            f"SELECT {_COLUMNS} FROM alias WHERE asset_id = :asset_id"  # noqa: S608
            ' ORDER BY "current" DESC, created_at DESC, path',
            asset_id=asset_id,
        )
        return tuple(Alias(row[0], row[1], bool(row[2]), moment(row[3])) for row in rows)

    def find(self, path: str) -> Alias | None:
        """The alias at a path, current or old, or None."""
        if not can_be_asked(path):
            return None
        rows = self._session.fetch(
            f"SELECT {_COLUMNS} FROM alias WHERE path = :path",  # noqa: S608
            path=path,
        )
        return Alias(rows[0][0], rows[0][1], bool(rows[0][2]), moment(rows[0][3])) if rows else None

    def taken(self, path: str) -> bool:
        """Whether an alias (current or old) or the reservation of an intent has the path."""
        if not can_be_asked(path):
            return False
        rows = self._session.fetch(
            "SELECT 1 FROM alias WHERE path = :path UNION ALL SELECT 1 FROM intent"
            " WHERE path = :path",
            path=path,
        )
        return bool(rows)

    def set_current(self, asset_id: str, path: str, *, at: datetime | None = None) -> Alias:
        """Make a path the asset's current alias; those it had before redirect to it.

        An old alias of another asset is taken over. Raises NotFound for an unknown asset and
        Conflict (`conflict.alias`) when another asset, or an intent for one, has the path.
        """
        found = self._session.fetch(
            "UPDATE asset SET alias = :path WHERE id = :asset_id RETURNING 1",
            path=checked(path),
            asset_id=asset_id,
        )
        if not found:
            raise NotFound("There is no such asset.", code="not-found.asset")
        alias = claim(self._session, asset_id, path, at or datetime.now(UTC))
        self._session.do(
            'UPDATE alias SET "current" = FALSE WHERE asset_id = :asset_id AND path <> :path'
            ' AND "current"',
            asset_id=asset_id,
            path=path,
        )
        self._session.touch(asset_id)
        return alias

    def next_index(self, folder: str) -> int:
        """The next number for names in a folder: 1, 2, 3 and never one of them again."""
        return next_number(self._session, f"index:{folder}")


def claim(session: Session, asset_id: str, path: str, at: datetime) -> Alias:
    """Write a current alias. Raises Conflict (`conflict.alias`)."""
    session.lock(checked(path))
    reserved = session.fetch(
        "SELECT 1 FROM intent WHERE path = :path AND asset_id <> :asset_id AND kind <> 'delete'",
        path=path,
        asset_id=asset_id,
    )
    held = session.fetch('SELECT asset_id, "current" FROM alias WHERE path = :path', path=path)
    if reserved or (held and held[0][0] != asset_id and held[0][1]):
        raise alias_taken(path)
    if held and held[0][0] != asset_id:
        session.touch(held[0][0])
    session.do(
        'INSERT INTO alias (path, asset_id, "current", created_at)'
        " VALUES (:path, :asset_id, TRUE, :at)"
        ' ON CONFLICT (path) DO UPDATE SET asset_id = excluded.asset_id, "current" = TRUE,'
        " created_at = excluded.created_at",
        path=path,
        asset_id=asset_id,
        at=micros(at),
    )
    return Alias(path, asset_id, True, at)


def alias_taken(path: str) -> Conflict:
    """The error for a path that is somebody else's."""
    return Conflict(
        f"There is already something at {path}.",
        remedy="Choose another name or folder.",
        code="conflict.alias",
        about="name",
    )
