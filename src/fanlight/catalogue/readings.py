"""How far channels have been read: one row each, moved on together with what was read."""

from __future__ import annotations

from fanlight.catalogue import schema
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.session import Session
from fanlight.model import Reading

_READING = Plain(schema.reading)
_SETTING = ", ".join(f"{name} = excluded.{name}" for name in _READING.names)


class Readings:
    """Readings by channel."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, channel_id: str) -> Reading | None:
        """How far a channel has been read; None if never."""
        statement = f"{_READING.select} WHERE channel_id = :channel_id"
        rows = self._session.fetch(statement, channel_id=channel_id)
        return Reading(**_READING.fields(rows[0])) if rows else None

    def all(self) -> dict[str, Reading]:
        """Every reading, by channel."""
        rows = self._session.fetch(_READING.select)
        found = [Reading(**_READING.fields(row)) for row in rows]
        return {reading.channel_id: reading for reading in found}

    def set(self, reading: Reading) -> None:
        """Write down how far a channel has been read."""
        fields = {name: getattr(reading, name) for name in _READING.names}
        self._session.do(
            f"{_READING.insert} ON CONFLICT (channel_id) DO UPDATE SET {_SETTING}",
            **_READING.kept(fields),
        )
