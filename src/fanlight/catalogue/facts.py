"""Facts: what the bytes of an asset say about themselves, or why they say nothing.

Kept for the newest version alone. What pages show and sort by goes into the asset's own row; where
a picture was taken stands in columns apart, so that nothing shows it by accident.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from fanlight.catalogue import cursors
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.rows import asset_from, columns_of_asset
from fanlight.catalogue.schema import UNPREPARED
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.types import micros, moment, to_json
from fanlight.catalogue.words import can_be_asked
from fanlight.errors import PictureError
from fanlight.model import Asset, Facts, FactSheet, Page, Spot

_COLUMNS = columns_of_asset()
_APART = frozenset({"spot", "placeholder"})
"""Facts with columns of their own."""
_NOTHING = Facts()
_FIND = (
    "SELECT f.version, f.facts, f.latitude, f.longitude, f.altitude, a.placeholder,"
    " f.problem, f.message, f.remedy"
    " FROM asset a JOIN asset_facts f ON f.seq = a.seq WHERE a.id = :id AND f.version = a.version"
)
_KEEP = (
    "INSERT INTO asset_facts"
    " (seq, version, facts, latitude, longitude, altitude, problem, message, remedy) VALUES"
    " (:seq, :version, :facts, :latitude, :longitude, :altitude, :problem, :message, :remedy)"
    " ON CONFLICT (seq) DO UPDATE SET version = excluded.version, facts = excluded.facts,"
    " latitude = excluded.latitude, longitude = excluded.longitude, altitude = excluded.altitude,"
    " problem = excluded.problem, message = excluded.message, remedy = excluded.remedy"
)


class FactsOfAssets:
    """Facts by asset, and which assets still lack them.

    What is kept here is shown beside a picture, so the asset is touched by it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, asset_id: str) -> FactSheet | None:
        """What is known of the asset's present version, or None."""
        if not can_be_asked(asset_id):
            return None
        rows = self._session.fetch(_FIND, id=asset_id)
        return _sheet(rows[0]) if rows else None

    def offsets(self, asset_ids: Collection[str]) -> dict[str, int]:
        """How many minutes east cameras' clocks stood, of those assets whose cameras said so.

        For about as many as one page has.
        """
        if not asset_ids:
            return {}
        names = ", ".join(f":id{number}" for number in range(len(asset_ids)))
        rows = self._session.fetch(
            "SELECT a.id, f.facts FROM asset a JOIN asset_facts f"  # noqa: S608
            f" ON f.seq = a.seq AND f.version = a.version WHERE a.id IN ({names})",
            **{f"id{number}": asset_id for number, asset_id in enumerate(asset_ids)},
        )
        said = {asset_id: json.loads(kept).get("taken_offset") for asset_id, kept in rows}
        return {asset_id: offset for asset_id, offset in said.items() if offset is not None}

    def keep(self, asset_id: str, version: int, facts: Facts) -> bool:
        """Write down the facts of a version and fill what the asset shows of them.

        `taken_at` stays if it was set by a person. False if the asset has another version by now,
        or is gone: then nothing is written.
        """
        known = self._known(asset_id, version)
        if known is None:
            return False
        seq, taken_at, before = known
        by_hand = taken_at is not None and taken_at != before.get("taken_at")
        found = None if facts.taken_at is None else micros(facts.taken_at)
        self._session.do(
            "UPDATE asset SET prepared = version, problem = '', width = :width, height = :height,"
            " placeholder = :placeholder, taken_at = :taken_at WHERE seq = :seq",
            seq=seq,
            width=facts.width,
            height=facts.height,
            placeholder=facts.placeholder,
            taken_at=taken_at if by_hand else found,
        )
        self._write(seq, FactSheet(version, facts))
        self._session.touch(asset_id)
        return True

    def keep_problem(self, asset_id: str, version: int, error: PictureError) -> bool:
        """Write down why no picture can be made of a version; its facts stay. As `keep`."""
        known = self._known(asset_id, version)
        if known is None:
            return False
        self._session.do(
            "UPDATE asset SET prepared = version, problem = :problem WHERE seq = :seq",
            seq=known[0],
            problem=error.code,
        )
        sheet = self.find(asset_id)
        self._write(
            known[0],
            FactSheet(
                version,
                _NOTHING if sheet is None else sheet.facts,
                error.code,
                error.public_message,
                error.public_remedy,
            ),
        )
        self._session.touch(asset_id)
        return True

    def forget_problems(self, limit: int = 1000) -> int:
        """Have assets of which no picture could be made tried again; how many."""
        rows = self._session.fetch(
            "UPDATE asset SET prepared = 0, problem = '' WHERE seq IN"
            " (SELECT seq FROM asset WHERE problem <> '' ORDER BY seq LIMIT :limit)"
            " RETURNING id, seq",
            limit=limit,
        )
        for asset_id, seq in rows:
            self._session.do("DELETE FROM asset_facts WHERE seq = :seq", seq=seq)
            self._session.touch(asset_id)
        return len(rows)

    def unprepared(
        self, limit: int = 100, after: str | None = None, until: str | None = None
    ) -> Page[Asset]:
        """One page of the pictures and videos in use without facts, the last added first.

        `until` leaves out those that were there at a `mark`. Raises BadCursor.
        """
        limit = clamp(limit)
        below, above = _number(after, 2**63 - 1), _number(until, -1)
        rows = self._session.fetch(
            f"SELECT {_COLUMNS} FROM {self._by('asset_unprepared')} WHERE {UNPREPARED}"  # noqa: S608
            " AND seq < :below AND seq > :above ORDER BY seq DESC LIMIT :limit",
            below=below,
            above=above,
            limit=limit + 1,
        )
        found = tuple(map(asset_from, rows[:limit]))
        if len(rows) <= limit:
            return Page(found)
        return Page(found, cursors.encode("unprepared", int(rows[limit - 1][0])))

    def unprepared_in_galleries(self, limit: int) -> tuple[str, ...]:
        """The first of those that galleries show, by id, in the order in which viewers meet them.

        Galleries that are published come before drafts, and new ones before old ones.
        """
        rows = self._session.fetch(
            "SELECT u.id FROM"  # noqa: S608
            f" (SELECT id FROM {self._by('asset_unprepared')} WHERE {UNPREPARED}) u"
            " CROSS JOIN gallery_item i CROSS JOIN gallery g"
            " WHERE i.asset_id = u.id AND NOT i.away AND NOT i.hidden"
            " AND g.id = i.gallery_id AND g.state <> 'archived'"
            " ORDER BY (g.state = 'published') DESC, g.created_at DESC, g.id,"
            " i.position, i.asset_id LIMIT :limit",
            limit=limit,
        )
        return tuple(dict.fromkeys(row[0] for row in rows))

    def mark(self) -> str:
        """A cursor at the last asset that was added."""
        newest = self._session.fetch("SELECT coalesce(max(seq), 0) FROM asset")[0][0]
        return cursors.encode("unprepared", int(newest))

    def count_unprepared(self) -> int:
        """How many pictures and videos in use have no facts yet."""
        return self._count("asset_unprepared", UNPREPARED)

    def count_problems(self) -> int:
        """Of how many assets no picture can be made."""
        return self._count("asset_problem", "problem <> ''")

    def _count(self, index: str, condition: str) -> int:
        statement = f"SELECT count(*) FROM {self._by(index)} WHERE {condition}"  # noqa: S608
        return int(self._session.fetch(statement)[0][0])

    def _by(self, index: str) -> str:
        """The assets, by an index that SQLite would pass over for a much longer one."""
        return "asset a" if self._session.on_postgresql else f"asset a INDEXED BY {index}"

    def _known(
        self, asset_id: str, version: int
    ) -> tuple[int, int | None, Mapping[str, Any]] | None:
        """The asset's number and taken-at, and the facts of whichever version, or None."""
        if not can_be_asked(asset_id):
            return None
        lock = " FOR UPDATE OF a" if self._session.on_postgresql else ""
        rows = self._session.fetch(
            "SELECT a.seq, a.taken_at, f.facts FROM asset a"  # noqa: S608
            " LEFT JOIN asset_facts f ON f.seq = a.seq"
            f" WHERE a.id = :id AND a.version = :version{lock}",
            id=asset_id,
            version=version,
        )
        if not rows:
            return None
        seq, taken_at, kept = rows[0]
        return seq, taken_at, json.loads(kept) if kept else {}

    def _write(self, seq: int, sheet: FactSheet) -> None:
        spot = sheet.facts.spot
        self._session.do(
            _KEEP,
            seq=seq,
            version=sheet.version,
            facts=to_json(_plain(sheet.facts)),
            latitude=None if spot is None else spot.latitude,
            longitude=None if spot is None else spot.longitude,
            altitude=None if spot is None else spot.altitude,
            problem=sheet.problem,
            message=sheet.message,
            remedy=sheet.remedy,
        )


def _number(cursor: str | None, otherwise: int) -> int:
    return otherwise if cursor is None else cursors.decode(cursor, "unprepared", int)[0]


def _plain(facts: Facts) -> dict[str, object]:
    """What is said at all, as JSON values."""
    said = {
        field.name: value
        for field in fields(facts)
        if field.name not in _APART and (value := getattr(facts, field.name)) != field.default
    }
    if facts.taken_at is not None:
        said["taken_at"] = micros(facts.taken_at)
    return said


def _sheet(row: Row) -> FactSheet:
    version, kept, latitude, longitude, altitude, placeholder, *problem = row
    spot = None if latitude is None else Spot(latitude, longitude, altitude)
    return FactSheet(version, facts_from(kept, placeholder, spot), *problem)


def facts_from(kept: str, placeholder: bytes | None, spot: Spot | None = None) -> Facts:
    """The facts of what the column keeps of them."""
    said: dict[str, Any] = json.loads(kept)
    if "taken_at" in said:
        said["taken_at"] = moment(said["taken_at"])
    if "keywords" in said:
        said["keywords"] = tuple(said["keywords"])
    return Facts(**said, spot=spot, placeholder=placeholder)
