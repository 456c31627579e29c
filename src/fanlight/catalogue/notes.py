"""Notes about a connection that all processes see, and turns that they take. Each has an end."""

from __future__ import annotations

from datetime import datetime

from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros


class Notes:
    """Texts by connection and name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, connection_id: str, name: str, now: datetime) -> str | None:
        """What is noted; `None` if nothing is, or if it has ended."""
        rows = self._session.fetch(
            "SELECT value FROM connection_note"
            " WHERE connection_id = :id AND name = :name AND ends_at > :now",
            id=connection_id,
            name=name,
            now=micros(now),
        )
        return str(rows[0][0]) if rows else None

    def put(self, connection_id: str, name: str, value: str, ends_at: datetime) -> None:
        """Note something until then. Raises Conflict if there is no such connection."""
        self._session.do(
            "INSERT INTO connection_note (connection_id, name, value, ends_at)"
            " VALUES (:id, :name, :value, :ends_at) ON CONFLICT (connection_id, name)"
            " DO UPDATE SET value = excluded.value, ends_at = excluded.ends_at",
            id=connection_id,
            name=name,
            value=value,
            ends_at=micros(ends_at),
        )

    def take(
        self, connection_id: str, name: str, holder: str, now: datetime, ends_at: datetime
    ) -> bool:
        """Have the turn until then, or longer if one has it; whether nobody else has."""
        rows = self._session.fetch(
            "INSERT INTO connection_note (connection_id, name, value, ends_at)"
            " VALUES (:id, :name, :holder, :ends_at) ON CONFLICT (connection_id, name)"
            " DO UPDATE SET value = excluded.value, ends_at = excluded.ends_at"
            " WHERE connection_note.ends_at <= :now OR connection_note.value = :holder"
            " RETURNING 1",
            id=connection_id,
            name=name,
            holder=holder,
            now=micros(now),
            ends_at=micros(ends_at),
        )
        return bool(rows)

    def remove(self, connection_id: str, name: str, value: str | None = None) -> None:
        """Forget a note, or only one that says `value`. None there is fine."""
        self._session.do(
            "DELETE FROM connection_note WHERE connection_id = :id AND name = :name"
            " AND value = coalesce(:value, value)",
            id=connection_id,
            name=name,
            value=value,
        )

    def prune(self, now: datetime) -> int:
        """Forget what has ended; how much that is."""
        statement = "DELETE FROM connection_note WHERE ends_at <= :now RETURNING 1"
        return len(self._session.fetch(statement, now=micros(now)))
