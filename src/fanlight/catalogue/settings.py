"""Small values by name, and the owner's activity list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from fanlight.catalogue import cursors, schema
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.session import Session
from fanlight.model import Event, Page


class Settings:
    """JSON values by name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str, default: object = None) -> object:
        """The value of a name, or `default`."""
        columns = schema.setting.c
        rows = self._session.run(select(columns.value).where(columns.name == name)).all()
        return rows[0][0] if rows else default

    def set(self, name: str, value: object) -> None:
        """Keep a value (JSON only) under a name."""
        columns = schema.setting.c
        if not self._session.insert_new(schema.setting, {"name": name, "value": value}):
            named = update(schema.setting).where(columns.name == name)
            self._session.run(named.values(value=value))

    def remove(self, name: str) -> bool:
        """Forget a name; whether there was one."""
        named = delete(schema.setting).where(schema.setting.c.name == name)
        return self._session.run(named).rowcount == 1

    def all(self, prefix: str = "") -> dict[str, object]:
        """All values whose names begin with `prefix`."""
        columns = schema.setting.c
        statement = select(columns.name, columns.value).order_by(columns.name)
        rows = self._session.run(statement).mappings()
        return {row["name"]: row["value"] for row in rows if row["name"].startswith(prefix)}


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
        values = {"at": at, "action": action, "actor": actor, "subject": subject}
        statement = insert(schema.event).values(**values, data=data or {})
        id_ = self._session.run(statement.returning(schema.event.c.id)).scalar_one()
        return Event(id_, at, action, actor, subject, data or {})

    def page(self, after: str | None = None, limit: int = 100) -> Page[Event]:
        """Events, newest first. Raises BadCursor."""
        columns = schema.event.c
        limit = clamp(limit)
        statement = select(schema.event).order_by(columns.id.desc()).limit(limit + 1)
        if after is not None:
            (id_,) = cursors.decode(after, "event", int)
            statement = statement.where(columns.id < id_)
        rows = self._session.run(statement).all()
        found = tuple(Event(*row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(found, cursors.encode("event", found[-1].id) if more else None)

    def prune(self, before: datetime) -> int:
        """Forget events from before; how many."""
        old = delete(schema.event).where(schema.event.c.at < before)
        return self._session.run(old).rowcount
