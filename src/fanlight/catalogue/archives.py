"""Plans of archives, and the checksums that they need. Nobody searches in what is in a plan."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime

from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros, moment
from fanlight.catalogue.words import can_be_asked, checked
from fanlight.errors import NotFound
from fanlight.model import ArchiveItem, ArchivePlan

_AT_ONCE = 500
ENGLISH = "en"
"""The language of plans that were written down before there were others."""


class Archives:
    """Plans by id. All have an end."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, plan: ArchivePlan) -> None:
        """Write a new plan down."""
        self._session.do(
            "INSERT INTO archive_plan (id, subject, name, contents, created_at, expires_at)"
            " VALUES (:id, :subject, :name, :contents, :created_at, :expires_at)",
            id=plan.id,
            subject=checked(plan.subject),
            name=checked(plan.name),
            contents=_packed(plan),
            created_at=micros(plan.created_at),
            expires_at=micros(plan.expires_at),
        )

    def get(self, id: str) -> ArchivePlan:  # noqa: A002
        """The plan. Raises NotFound (`not-found.archive`)."""
        rows = can_be_asked(id) and self._session.fetch(
            "SELECT subject, name, contents, created_at, expires_at"
            " FROM archive_plan WHERE id = :id",
            id=id,
        )
        if not rows:
            raise NotFound("There is no such archive.", code="not-found.archive")
        subject, name, contents, created_at, expires_at = rows[0]
        items, left_out, *said = json.loads(zlib.decompress(contents))
        return ArchivePlan(
            id=id,
            subject=subject,
            name=name,
            items=tuple(ArchiveItem(*item) for item in items),
            left_out=tuple(left_out),
            created_at=moment(created_at),
            expires_at=moment(expires_at),
            language=said[0] if said else ENGLISH,
        )

    def last(self, subject: str) -> ArchivePlan | None:
        """The newest plan that was made for this, or None."""
        rows = self._session.fetch(
            "SELECT id FROM archive_plan WHERE subject = :subject"
            " ORDER BY created_at DESC, id LIMIT 1",
            subject=checked(subject),
        )
        return self.get(str(rows[0][0])) if rows else None

    def complete(self, id: str, made: Mapping[str, ArchiveItem | None]) -> ArchivePlan:  # noqa: A002
        """Fill in what was missing, by name; what is `None` cannot be had, and is left out.

        What is filled in stays. Raises NotFound.
        """
        self._session.lock(f"archive {id}")
        plan = self.get(id)
        open_ones = {item.name for item in plan.items if not item.content}
        news = {name: item for name, item in made.items() if name in open_ones}
        items = [news.get(item.name, item) for item in plan.items]
        plan = replace(
            plan,
            items=tuple(item for item in items if item is not None),
            left_out=(*plan.left_out, *(name for name, item in news.items() if item is None)),
        )
        self._session.do(
            "UPDATE archive_plan SET contents = :contents WHERE id = :id",
            id=id,
            contents=_packed(plan),
        )
        return plan

    def lost(self, id: str) -> set[int]:  # noqa: A002
        """The entries that could not be read."""
        rows = self._session.fetch("SELECT entry FROM archive_lost WHERE plan_id = :id", id=id)
        return {int(row[0]) for row in rows}

    def lose(self, id: str, entry: int) -> None:  # noqa: A002
        """Note that an entry could not be read. Raises Conflict if the plan is gone."""
        self._session.do(
            "INSERT INTO archive_lost (plan_id, entry) VALUES (:id, :entry)"
            " ON CONFLICT (plan_id, entry) DO NOTHING",
            id=id,
            entry=entry,
        )

    def prune(self, now: datetime) -> None:
        """Forget plans whose time is over."""
        self._session.do("DELETE FROM archive_plan WHERE expires_at <= :now", now=micros(now))


class Sums:
    """CRC-32 of bytes, by what names them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, contents: Sequence[str]) -> dict[str, int]:
        """Those that are known."""
        found: dict[str, int] = {}
        for start in range(0, len(contents), _AT_ONCE):
            asked = {f"c{at}": name for at, name in enumerate(contents[start : start + _AT_ONCE])}
            names = ", ".join(f":{name}" for name in asked)
            rows = self._session.fetch(
                f"SELECT content, crc FROM content_crc WHERE content IN ({names})",  # noqa: S608
                **asked,
            )
            found.update({str(content): int(crc) for content, crc in rows})
        return found

    def put(self, sums: Mapping[str, int]) -> None:
        """Remember some."""
        self._session.many(
            "INSERT INTO content_crc (content, crc) VALUES (:content, :crc)"
            " ON CONFLICT (content) DO UPDATE SET crc = excluded.crc",
            [{"content": content, "crc": crc} for content, crc in sorted(sums.items())],
        )


def _packed(plan: ArchivePlan) -> bytes:
    """Items, what is left out and the language, small: nobody asks for one of them."""
    parts = [[astuple(item) for item in plan.items], plan.left_out, plan.language]
    return zlib.compress(json.dumps(parts, separators=(",", ":")).encode(), 1)
