"""Reading the journal: what has happened in a gallery, in figures, in a list, and as a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from fanlight.catalogue.activities import Tally
from fanlight.gallery_model import Act
from fanlight.model import Scope
from fanlight.notices.desk import Desk
from fanlight.proofing.exports.tables import harmless

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Activity, ShareLink, Viewer
    from fanlight.model import Actor, Asset, Page

COLUMNS = ("when", "what", "who", "link", "photo", "photos", "bytes")
NONE = Tally(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, with the names of those it is about."""

    activity: Activity
    viewer: Viewer | None
    link: ShareLink | None
    asset: Asset | None


@dataclass(frozen=True, slots=True)
class Insight:
    """A gallery in figures."""

    tallies: Mapping[Act, Tally]

    def of(self, act: Act) -> Tally:
        """How much of one kind."""
        return self.tallies.get(act, NONE)


class Reading(Desk):
    """What the owner reads."""

    async def insight(self, actor: Actor, gallery_id: str) -> Insight:
        """Figures of a gallery. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> Insight:
            records.galleries.get(gallery_id)
            return Insight(records.activities.tallies(gallery_id))

        return await self._catalogue.read(unit)

    async def days(
        self, actor: Actor, gallery_id: str, count: int
    ) -> tuple[tuple[date, Insight], ...]:
        """Figures of each of the last `count` days, in UTC; today's stand last.

        Raises Forbidden, NotFound.
        """
        actor.require_everywhere(Scope.MANAGE)
        today = self._clock().astimezone(UTC).date()
        asked = [today - timedelta(days=ago) for ago in reversed(range(count))]
        since = datetime.combine(asked[0] if asked else today, time(), UTC)

        def unit(records: Records) -> tuple[tuple[date, Insight], ...]:
            records.galleries.get(gallery_id)
            known = records.activities.days(gallery_id, since)
            return tuple((day, Insight(known.get(day, {}))) for day in asked)

        return await self._catalogue.read(unit)

    async def journal(
        self, actor: Actor, gallery_id: str, after: str | None = None, limit: int = 100
    ) -> tuple[tuple[Entry, ...], str | None]:
        """A page of what happened, newest first, and the cursor of the next.

        Raises Forbidden, NotFound, BadCursor.
        """
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> tuple[tuple[Entry, ...], str | None]:
            records.galleries.get(gallery_id)
            page = records.activities.page(gallery_id, after, limit)
            return _entries(records, gallery_id, page), page.next

        return await self._catalogue.read(unit)

    async def table(self, actor: Actor, gallery_id: str) -> AsyncIterator[bytes]:
        """All that happened as CSV in UTF-8, piece by piece, newest first. Raises as `journal`."""
        yield _csv([COLUMNS]).encode("utf-8-sig")
        cursor: str | None = None
        while True:
            entries, cursor = await self.journal(actor, gallery_id, cursor, 500)
            yield _csv(map(_row, entries)).encode()
            if cursor is None:
                return


def _entries(records: Records, gallery_id: str, page: Page[Activity]) -> tuple[Entry, ...]:
    viewers = {one.id: one for one in records.viewers.of(gallery_id)}
    links = {one.id: one for one in records.share_links.of(gallery_id)}
    ids = [entry.asset_id for entry in page.items if entry.asset_id]
    assets = {one.id: one for one in records.assets.many(ids)}
    return tuple(
        Entry(
            entry,
            viewers.get(entry.viewer_id or ""),
            links.get(entry.link_id or ""),
            assets.get(entry.asset_id or ""),
        )
        for entry in page.items
    )


def _row(entry: Entry) -> tuple[str, ...]:
    activity = entry.activity
    return (
        activity.at.isoformat(timespec="seconds"),
        activity.act.value,
        harmless(entry.viewer.name if entry.viewer else ""),
        harmless(entry.link.name if entry.link else ""),
        harmless(entry.asset.name if entry.asset else ""),
        str(activity.count),
        str(activity.size),
    )


def _csv(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
