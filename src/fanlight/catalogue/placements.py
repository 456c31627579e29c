"""Where the bytes of assets are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fanlight.catalogue import cursors, schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.types import micros
from fanlight.model import Page, Placement


class Placements(Keep[Placement]):
    """Placements by asset, by channel and by the object they point at."""

    plain = Plain(schema.placement)
    noun = "placement"
    record = Placement

    def add(self, record: Placement) -> Placement:
        """Write a new placement. Raises Conflict for an id or channel that does not fit."""
        self._session.touch(record.asset_id)
        return super().add(record)

    def update(self, id: str, **fields: object) -> Placement:  # noqa: A002
        """Change fields of a placement and give it back. Raises NotFound."""
        changed = super().update(id, **fields)
        self._session.touch(changed.asset_id)
        return changed

    def remove(self, id: str) -> None:  # noqa: A002
        """Remove a placement. Raises NotFound."""
        self._session.touch(self.get(id).asset_id)
        super().remove(id)

    def of(self, asset_id: str) -> tuple[Placement, ...]:
        """An asset's placements, the primary one first."""
        found = self._all(asset_id=asset_id)
        return tuple(sorted(found, key=lambda one: not one.primary))

    def by_locator(self, channel_id: str, locator: str) -> tuple[Placement, ...]:
        """Those that point at one object, oldest first."""
        return self._all(channel_id=channel_id, locator=locator)

    def at(self, channel_id: str, path: str) -> tuple[Placement, ...]:
        """Those of the object at a path, oldest first."""
        return self._all(channel_id=channel_id, path=path)

    def at_or_below(self, channel_id: str, path: str) -> tuple[Placement, ...]:
        """Those of the object at a path, or of all below it if it is a folder, oldest first."""
        # said twice, as no index serves an OR
        return self._where(
            "channel_id = :channel_id AND path >= :path AND path < :after"
            " AND (path = :path OR path > :below)",
            channel_id=channel_id,
            path=path,
            below=f"{path}/",
            after=f"{path}0",  # the character that follows the slash
        )

    def seen(self, ids: Iterable[str], at: datetime) -> None:
        """Note that these were looked at and are what they were. No link is touched."""
        self._session.many(
            "UPDATE placement SET checked_at = :at WHERE id = :id",
            [{"id": one, "at": micros(at)} for one in ids],
        )

    def unseen(self, channel_id: str, before: datetime, limit: int = 100) -> tuple[Placement, ...]:
        """Stored ones of a channel that nobody has looked at since `before`."""
        rows = self._session.fetch(
            f"{self.plain.select} WHERE channel_id = :channel_id AND state = 'stored'"
            " AND checked_at < :before ORDER BY locator, id LIMIT :limit",
            channel_id=channel_id,
            before=micros(before),
            limit=limit,
        )
        return tuple(map(self._record, rows))

    def sharing(self, channel_id: str, locator: str) -> int:
        """How many placements point at one object. In a `write`, it stays so until the commit."""
        same = "FROM placement WHERE channel_id = :channel_id AND locator = :locator"
        asked = {"channel_id": channel_id, "locator": locator}
        if self._session.on_postgresql and self._session.writing:
            # First lock, then count: what another transaction adds after it got hold of one of
            # these rows is only seen by a statement that begins after it is done.
            self._session.fetch(f"SELECT 1 {same} FOR UPDATE", **asked)
        return int(self._session.fetch(f"SELECT count(*) {same}", **asked)[0][0])

    def weigh_channel(self, channel_id: str) -> tuple[int, int]:
        """How many assets are in this channel alone, and how many elsewhere as well."""
        elsewhere = (
            "EXISTS (SELECT 1 FROM placement o WHERE o.asset_id = p.asset_id"
            " AND o.channel_id <> :channel_id AND o.state = 'stored')"
        )
        rows = self._session.fetch(
            f"SELECT {elsewhere}, count(DISTINCT p.asset_id) FROM placement p"  # noqa: S608
            " WHERE p.channel_id = :channel_id GROUP BY 1",
            channel_id=channel_id,
        )
        counted = {bool(there): int(count) for there, count in rows}
        return counted.get(False, 0), counted.get(True, 0)

    def in_channel(
        self, channel_id: str, after: str | None = None, limit: int = 100
    ) -> Page[Placement]:
        """A channel's placements in the order of their locators. Raises BadCursor."""
        limit = clamp(limit)
        condition, asked = "channel_id = :channel_id", {"channel_id": channel_id}
        if after is not None:
            asked["locator"], asked["id"] = cursors.decode(after, "placement", str, str)
            condition += " AND (locator, id) > (:locator, :id)"
        rows = self._session.fetch(
            f"{self.plain.select} WHERE {condition} ORDER BY locator, id LIMIT :limit",
            **asked,
            limit=limit + 1,
        )
        found = tuple(map(self._record, rows[:limit]))
        if len(rows) <= limit:
            return Page(found)
        return Page(found, cursors.encode("placement", found[-1].locator, found[-1].id))
