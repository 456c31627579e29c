"""What happened in galleries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fanlight.catalogue import cursors
from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.plain import Plain, quoted
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import EPOCH, micros
from fanlight.errors import NotFound
from fanlight.gallery_model import Act, Activity
from fanlight.model import Page


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one kind has happened."""

    times: int
    count: int
    """Photos that it concerned, all together."""
    size: int
    """Bytes that it concerned, all together."""
    visits: int
    """Different visits that it came from."""


class Activities:
    """A journal: written, read and forgotten, never changed. Ids grow in the order of commits."""

    _plain = Plain(schema.activity)

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, activities: Iterable[Activity]) -> None:
        """Write some down, each under a new id. What is about a gallery that is gone is dropped."""
        names = [name for name in self._plain.names if name != "id"]
        values = ", ".join(f":{name}" for name in names)
        if self._session.on_postgresql:  # what selects has no types of its own
            values = ", ".join(f"CAST(:{name} AS {_TYPES.get(name, 'TEXT')})" for name in names)
        self._session.lock("activity")
        self._session.many(
            f"INSERT INTO activity ({quoted(names)}) SELECT {values}"  # noqa: S608
            " WHERE EXISTS (SELECT 1 FROM gallery WHERE id = :gallery_id)",
            [self._plain.kept({n: getattr(one, n) for n in names}) for one in activities],
        )

    def get(self, id: int) -> Activity:  # noqa: A002 - the field's name
        """One. Raises NotFound."""
        for row in self._session.fetch(f"{self._plain.select} WHERE id = :id", id=id):
            return Activity(**self._plain.fields(row))
        raise NotFound("There is no such activity.", code="not-found.activity")

    def page(
        self, gallery_id: str | None, after: str | None = None, limit: int = 100
    ) -> Page[Activity]:
        """Of a gallery, or of all, newest first. Raises BadCursor."""
        limit, conditions, asked = clamp(limit), ["TRUE"], dict[str, object]()
        if gallery_id is not None:
            conditions.append("gallery_id = :gallery_id")
            asked["gallery_id"] = gallery_id
        if after is not None:
            (asked["before"],) = cursors.decode(after, "activity", int)
            conditions.append("id < :before")
        rows = self._session.fetch(
            f"{self._plain.select} WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT :limit",
            limit=limit + 1,
            **asked,
        )
        found = tuple(Activity(**self._plain.fields(row)) for row in rows[:limit])
        more = cursors.encode("activity", found[-1].id) if len(rows) > limit else None
        return Page(found, more)

    def beyond(self, id: int, limit: int = 100) -> tuple[Activity, ...]:  # noqa: A002
        """What came after that one, oldest first."""
        rows = self._session.fetch(
            f"{self._plain.select} WHERE id > :id ORDER BY id LIMIT :limit",
            id=id,
            limit=clamp(limit),
        )
        return tuple(Activity(**self._plain.fields(row)) for row in rows)

    def tallies(self, gallery_id: str, since: datetime | None = None) -> Mapping[Act, Tally]:
        """How much of each kind has happened in a gallery."""
        rows = self._session.fetch(
            "SELECT act, count(*), sum(count), sum(size), count(DISTINCT visit) FROM activity"
            " WHERE gallery_id = :gallery_id AND at >= :since GROUP BY act",
            gallery_id=gallery_id,
            since=0 if since is None else micros(since),
        )
        return {Act(act): Tally(*map(int, numbers)) for act, *numbers in rows}

    def days(self, gallery_id: str, since: datetime) -> Mapping[date, Mapping[Act, Tally]]:
        """The same for each day, in UTC, on which something has happened."""
        rows = self._session.fetch(
            f"SELECT at / {_DAY}, act, count(*), sum(count), sum(size), count(DISTINCT visit)"  # noqa: S608
            " FROM activity WHERE gallery_id = :gallery_id AND at >= :since GROUP BY 1, act",
            gallery_id=gallery_id,
            since=micros(since),
        )
        found: dict[date, dict[Act, Tally]] = {}
        for number, act, *numbers in rows:
            day = (EPOCH + timedelta(days=int(number))).date()
            found.setdefault(day, {})[Act(act)] = Tally(*map(int, numbers))
        return found

    def is_first(self, activity: Activity) -> bool:
        """Whether nothing of its kind has happened in its gallery before."""
        rows = self._session.fetch(
            "SELECT 1 FROM activity WHERE gallery_id = :gallery_id AND act = :act AND id < :id"
            " LIMIT 1",
            gallery_id=activity.gallery_id,
            act=activity.act.value,
            id=activity.id,
        )
        return not rows

    def by(self, gallery_id: str, viewer_id: str) -> tuple[Activity, ...]:
        """What a viewer did in a gallery, oldest first."""
        rows = self._session.fetch(
            f"{self._plain.select} WHERE gallery_id = :gallery_id AND viewer_id = :viewer_id"
            " ORDER BY id",
            gallery_id=gallery_id,
            viewer_id=viewer_id,
        )
        return tuple(Activity(**self._plain.fields(row)) for row in rows)

    def forget(self, gallery_id: str, viewer_id: str) -> None:
        """Keep what a viewer did in a gallery, but not that it was they."""
        self._session.do(
            "UPDATE activity SET viewer_id = NULL"
            " WHERE gallery_id = :gallery_id AND viewer_id = :viewer_id",
            gallery_id=gallery_id,
            viewer_id=viewer_id,
        )

    def prune(self, before: datetime) -> int:
        """Forget what happened before; how many."""
        statement = "DELETE FROM activity WHERE at < :before RETURNING 1"
        return len(self._session.fetch(statement, before=micros(before)))


_DAY = 86_400_000_000
"""Microseconds."""
_TYPES = {"at": "BIGINT", "count": "BIGINT", "size": "BIGINT"}
