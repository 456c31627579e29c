"""Items: which assets are in a gallery, in which order, and who sees them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fanlight.catalogue import cursors
from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.facts import facts_from
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.plain import Plain, quoted
from fanlight.catalogue.rows import WIDTH_OF_ASSET, asset_from, columns_of_asset
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.types import micros, moment
from fanlight.catalogue.words import can_be_asked
from fanlight.errors import NotFound
from fanlight.gallery_model import Count, Item, Shape, Shown
from fanlight.model import Facts, Kind, Page

_PLAIN = Plain(schema.gallery_item)
_OWN = len(_PLAIN.names)
_KEY = ("gallery_id", "asset_id")
_NO_FACTS = Facts()
_SHOWN = (
    f"SELECT {columns_of_asset()}, {quoted(_PLAIN.names, 'i.')}, f.facts"  # noqa: S608
    # CROSS keeps SQLite from beginning with all assets there are
    " FROM gallery_item i CROSS JOIN asset a"
    " LEFT JOIN asset_facts f ON f.seq = a.seq AND f.version = a.version"
)
_PUT = f"{_PLAIN.insert} ON CONFLICT (gallery_id, asset_id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in _PLAIN.names if name not in _KEY
)
_OF_GALLERY = "i.gallery_id = :gallery_id AND a.id = i.asset_id"
_IN_USE = (
    "NOT i.away AND a.deleted_at IS NULL AND a.visibility <> 'blocked'"
    " AND (a.expires_at IS NULL OR a.expires_at > :at)"
)
_NOT_HIDDEN = (
    "NOT i.hidden AND NOT EXISTS (SELECT 1 FROM section s WHERE s.id = i.section_id AND s.hidden)"
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which items of a gallery somebody sees."""

    at: datetime
    """Now: what has expired is not seen."""
    hidden: bool = False
    """Also what the owner hid, and what is in hidden sections."""
    kept: bool = False
    """Also what clients keep from guests."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a gallery to look."""

    gallery_id: str
    section_id: str | None = None
    """`None` for all of it."""


class Items:
    """The assets of galleries. A page costs one statement, with all that is shown of each."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- what is there ----------------------------------------------------------------------------

    def of(self, gallery_id: str) -> tuple[Item, ...]:
        """All of a gallery, what is hidden and away too, in its order."""
        rows = self._session.fetch(
            f"{_PLAIN.select} WHERE gallery_id = :gallery_id ORDER BY position, asset_id",
            gallery_id=gallery_id,
        )
        return tuple(Item(**_PLAIN.fields(row)) for row in rows)

    def get(self, gallery_id: str, asset_id: str) -> Item:
        """One, whoever sees it. Raises NotFound."""
        asked = {"gallery_id": gallery_id, "asset_id": asset_id}
        where = " WHERE gallery_id = :gallery_id AND asset_id = :asset_id"
        if all(map(can_be_asked, asked.values())):
            for row in self._session.fetch(_PLAIN.select + where, **asked):
                return Item(**_PLAIN.fields(row))
        raise NotFound("There is no such photo in the gallery.", code="not-found.item")

    def with_asset(self, asset_id: str) -> tuple[str, ...]:
        """The galleries that have an asset."""
        rows = self._session.fetch(
            "SELECT gallery_id FROM gallery_item WHERE asset_id = :asset_id ORDER BY gallery_id",
            asset_id=asset_id,
        )
        return tuple(row[0] for row in rows)

    # --- what is seen -----------------------------------------------------------------------------

    def page(
        self, place: Place, sight: Sight, *, after: str | None = None, limit: int = 200
    ) -> Page[Shown]:
        """One page in the gallery's order. Raises BadCursor."""
        limit, beyond = clamp(limit), ""
        asked: dict[str, Any] = {}
        if after is not None:
            position, asset_id = cursors.decode(after, "items", int, str)
            asked = {"position": position, "asset_id": asset_id}
            beyond = " AND (i.position, i.asset_id) > (:position, :asset_id)"
        rows = self._seen(f"{_SHOWN} WHERE {{}}{beyond}", place, sight, limit=limit + 1, **asked)
        found = tuple(map(_shown, rows[:limit]))
        if len(rows) <= limit:
            return Page(found)
        last = found[-1].item
        return Page(found, cursors.encode("items", last.position, last.asset_id))

    def cursor(self, gallery_id: str, asset_id: str) -> str:
        """The cursor of what comes after an asset. Raises NotFound."""
        return cursors.encode("items", self.get(gallery_id, asset_id).position, asset_id)

    def all(self, place: Place, sight: Sight) -> tuple[Shown, ...]:
        """All that is seen, in the gallery's order."""
        return tuple(map(_shown, self._seen(f"{_SHOWN} WHERE {{}}", place, sight)))

    def some(self, place: Place, sight: Sight, asset_ids: Iterable[str]) -> tuple[Shown, ...]:
        """Those of these assets that are seen, in the gallery's order."""
        wanted = [one for one in asset_ids if can_be_asked(one)]
        within, ids = "i.asset_id IN (SELECT value FROM json_each(:ids))", json.dumps(wanted)
        if self._session.on_postgresql:
            within = "i.asset_id IN (SELECT json_array_elements_text(CAST(:ids AS json)))"
        rows = self._seen(f"{_SHOWN} WHERE {{}} AND {within}", place, sight, ids=ids)
        return tuple(map(_shown, rows))

    def names(self, place: Place, sight: Sight) -> tuple[tuple[str, str], ...]:
        """The id and the name of all that is seen, in the gallery's order."""
        statement = "SELECT i.asset_id, a.name FROM gallery_item i CROSS JOIN asset a WHERE {}"
        return tuple((row[0], row[1]) for row in self._seen(statement, place, sight))

    def shapes(self, place: Place, sight: Sight) -> tuple[Shape, ...]:
        """The shapes of all that is seen, in the gallery's order."""
        statement = (
            "SELECT i.asset_id, a.name, i.section_id, coalesce(a.width, 0), coalesce(a.height, 0)"
            " FROM gallery_item i CROSS JOIN asset a WHERE {}"
        )
        return tuple(Shape(*row) for row in self._seen(statement, place, sight))

    def counts(self, gallery_id: str, sight: Sight) -> Mapping[str | None, Count]:
        """How much is seen, by section (`None`: in no section)."""
        statement = (
            "SELECT i.section_id, a.kind, count(*), sum(a.size)"
            " FROM gallery_item i CROSS JOIN asset a WHERE {} GROUP BY i.section_id, a.kind"
        )
        return _counted(self._seen(statement, Place(gallery_id), sight, order=""))

    def counts_of_all(self, sight: Sight) -> Mapping[str | None, Count]:
        """How much is seen in each gallery."""
        rows = self._session.fetch(
            "SELECT i.gallery_id, a.kind, count(*), sum(a.size)"  # noqa: S608
            " FROM gallery_item i CROSS JOIN asset a"
            f" WHERE a.id = i.asset_id AND {_seen_by(sight)} GROUP BY i.gallery_id, a.kind",
            at=micros(sight.at),
        )
        return _counted(rows)

    def covers(self, gallery_ids: Iterable[str], sight: Sight) -> Mapping[str, Shown]:
        """The cover of each gallery: the chosen one if it is seen, else the first that is."""
        chosen = "i.asset_id = (SELECT cover_id FROM gallery WHERE id = :gallery_id)"
        covers: dict[str, Shown] = {}
        for gallery_id in gallery_ids:
            place = Place(gallery_id)
            for condition in (chosen, "true"):
                statement = f"{_SHOWN} WHERE {{}} AND {condition}"
                if rows := self._seen(statement, place, sight, limit=1):
                    covers[gallery_id] = _shown(rows[0])
                    break
        return covers

    def lasting(self, gallery_id: str, at: datetime) -> tuple[int, datetime | None]:
        """How many there are, whoever sees them, and when the next of their assets expires."""
        rows = self._session.fetch(
            "SELECT count(*), min(CASE WHEN a.expires_at > :at THEN a.expires_at END)"
            " FROM gallery_item i CROSS JOIN asset a"
            " WHERE i.gallery_id = :gallery_id AND a.id = i.asset_id",
            gallery_id=gallery_id,
            at=micros(at),
        )
        number, next_ = rows[0]
        return int(number), None if next_ is None else moment(next_)

    def _seen(
        self,
        statement: str,
        place: Place,
        sight: Sight,
        *,
        order: str = " ORDER BY i.position, i.asset_id",
        limit: int | None = None,
        **asked: object,
    ) -> list[Row]:
        conditions = f"{_OF_GALLERY} AND {_seen_by(sight)}"
        if place.section_id is not None:
            conditions += " AND i.section_id = :section_id"
            asked["section_id"] = place.section_id
        if not all(can_be_asked(one) for one in (place.gallery_id, place.section_id or "")):
            return []
        if limit is not None:
            order, asked["limit"] = f"{order} LIMIT :limit", limit
        return self._session.fetch(
            statement.format(conditions) + order,
            gallery_id=place.gallery_id,
            at=micros(sight.at),
            **asked,
        )

    # --- changes ----------------------------------------------------------------------------------

    def put(self, items: Iterable[Item]) -> None:
        """Write items, whether they are new or there already."""
        kept = [{name: getattr(item, name) for name in _PLAIN.names} for item in items]
        self._session.many(_PUT, kept)

    def remove(self, gallery_id: str, asset_ids: Iterable[str]) -> None:
        """Take assets out of a gallery. What is not in it is passed over."""
        self._session.many(
            "DELETE FROM gallery_item WHERE gallery_id = :gallery_id AND asset_id = :asset_id",
            [{"gallery_id": gallery_id, "asset_id": one} for one in asset_ids],
        )


def _seen_by(sight: Sight) -> str:
    """The condition under which somebody sees an item. The one place where this is decided."""
    conditions = [_IN_USE]
    if not sight.hidden:
        conditions.append(_NOT_HIDDEN)
    if not sight.kept:
        conditions.append("NOT i.kept_from_guests")
    return " AND ".join(conditions)


def _shown(row: Row) -> Shown:
    asset = asset_from(row)
    item = _PLAIN.fields(row[WIDTH_OF_ASSET : WIDTH_OF_ASSET + _OWN])
    kept = row[WIDTH_OF_ASSET + _OWN]
    return Shown(Item(**item), asset, facts_from(kept, asset.placeholder) if kept else _NO_FACTS)


def _counted(rows: Iterable[Row]) -> dict[str | None, Count]:
    """Counts of rows of a key, a kind, a number and bytes."""
    counted: dict[str | None, dict[str, Any]] = {}
    for key, kind, number, size in rows:
        sums = counted.setdefault(key, {"photos": 0, "videos": 0, "size": 0})
        sums["videos" if kind == Kind.VIDEO else "photos"] += int(number)
        sums["size"] += int(size)
    return {key: Count(**sums) for key, sums in counted.items()}
