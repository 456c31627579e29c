"""Small values by name, and the owner's activity list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from fanlight.catalogue import cursors, schema
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros, to_json
from fanlight.catalogue.words import can_be_asked, checked
from fanlight.model import Event, Page

_EVENTS = Plain(schema.event)


class Settings:
    """JSON values by name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str, default: object = None) -> object:
        """The value of a name, or `default`."""
        if not can_be_asked(name):
            return default
        rows = self._session.fetch("SELECT value FROM setting WHERE name = :name", name=name)
        return json.loads(rows[0][0]) if rows else default

    def set(self, name: str, value: object) -> None:
        """Keep a value (JSON only) under a name. Raises BadName."""
        self._session.do(
            "INSERT INTO setting (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name=checked(name),
            value=to_json(value),
        )

    def remove(self, name: str) -> bool:
        """Forget a name; whether there was one."""
        statement = "DELETE FROM setting WHERE name = :name RETURNING 1"
        return bool(self._session.fetch(statement, name=name))

    def all(self, prefix: str = "") -> dict[str, object]:
        """All values whose names begin with `prefix`."""
        rows = self._session.fetch("SELECT name, value FROM setting ORDER BY name")
        return {name: json.loads(value) for name, value in rows if name.startswith(prefix)}


class Events:
    """What happened, newest first."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        at: datetime,
        action: str,
        actor: str,
        subject: str,
        data: Mapping[str, object] | None = None,
    ) -> Event:
        """Note something that happened. `data` holds JSON values and never a secret."""
        rows = self._session.fetch(
            "INSERT INTO event (at, action, actor, subject, data)"
            " VALUES (:at, :action, :actor, :subject, :data) RETURNING id",
            at=micros(at),
            action=checked(action),
            actor=checked(actor),
            subject=checked(subject),
            data=to_json(data or {}),
        )
        return Event(int(rows[0][0]), at, action, actor, subject, data or {})

    def page(self, after: str | None = None, limit: int = 100) -> Page[Event]:
        """Events, newest first. Raises BadCursor."""
        limit = clamp(limit)
        condition, asked = "TRUE", {"limit": limit + 1}
        if after is not None:
            condition = "id < :id"
            (asked["id"],) = cursors.decode(after, "event", int)
        rows = self._session.fetch(
            f"{_EVENTS.select} WHERE {condition} ORDER BY id DESC LIMIT :limit", **asked
        )
        found = tuple(Event(**_EVENTS.fields(row)) for row in rows[:limit])
        more = len(rows) > limit
        return Page(found, cursors.encode("event", found[-1].id) if more else None)

    def prune(self, before: datetime) -> int:
        """Forget events from before; how many."""
        statement = "DELETE FROM event WHERE at < :before RETURNING 1"
        return len(self._session.fetch(statement, before=micros(before)))
