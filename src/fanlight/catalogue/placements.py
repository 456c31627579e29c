"""Where the bytes of assets are."""

from __future__ import annotations

from sqlalchemy import func, literal, select, tuple_

from fanlight.catalogue import cursors, schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.pages import clamp
from fanlight.model import Page, Placement


class Placements(Keep[Placement]):
    """Placements by asset, by channel and by the object they point at."""

    table = schema.placement
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
        found = self._all(self.table.c.asset_id == asset_id)
        return tuple(sorted(found, key=lambda one: not one.primary))

    def by_locator(self, channel_id: str, locator: str) -> tuple[Placement, ...]:
        """Those that point at one object, oldest first."""
        columns = self.table.c
        return self._all(columns.channel_id == channel_id, columns.locator == locator)

    def sharing(self, channel_id: str, locator: str) -> int:
        """How many placements point at one object. In a `write`, it stays so until the commit."""
        columns = self.table.c
        same = (columns.channel_id == channel_id, columns.locator == locator)
        if self._session.writing:
            # First lock, then count: what another transaction adds after it got hold of one of
            # these rows is only seen by a statement that begins after it is done.
            self._session.run(select(columns.id).where(*same).with_for_update()).all()
        return self._session.run(select(func.count()).where(*same)).scalar_one()

    def in_channel(
        self, channel_id: str, after: str | None = None, limit: int = 100
    ) -> Page[Placement]:
        """A channel's placements in the order of their locators. Raises BadCursor."""
        columns = self.table.c
        limit = clamp(limit)
        statement = select(self.table).where(columns.channel_id == channel_id)
        if after is not None:
            locator, id_ = cursors.decode(after, "placement", str, str)
            statement = statement.where(
                tuple_(columns.locator, columns.id) > tuple_(literal(locator), literal(id_))
            )
        statement = statement.order_by(columns.locator, columns.id).limit(limit + 1)
        rows = self._session.run(statement).mappings().all()
        found = tuple(Placement(**self._of_row(row)) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(found)
        return Page(found, cursors.encode("placement", found[-1].locator, found[-1].id))
