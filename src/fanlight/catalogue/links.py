"""The one hot lookup: what an address leads to."""

from __future__ import annotations

from fanlight.catalogue.rows import (
    WIDTH_OF_ASSET,
    asset_from,
    columns_of_asset,
    columns_of_placement,
    placement_from,
)
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.words import can_be_asked
from fanlight.model import Link, Placement, PlacementState

_COLUMNS = f"{columns_of_asset()}, {columns_of_placement()}"
_BY_ASSET = (
    f"SELECT {_COLUMNS}, TRUE FROM asset a LEFT JOIN placement p ON p.asset_id = a.id"  # noqa: S608
    " WHERE a.id = :key AND a.deleted_at IS NULL"
)
_BY_ALIAS = (
    f'SELECT {_COLUMNS}, l."current" FROM alias l JOIN asset a ON a.id = l.asset_id'  # noqa: S608
    " LEFT JOIN placement p ON p.asset_id = a.id"
    " WHERE l.path = :key AND a.deleted_at IS NULL"
)
_ORDER = {PlacementState.STORED: 0, PlacementState.MISSING: 1, PlacementState.DELETING: 2}


class Links:
    """Addresses to assets in use and the places of their bytes, in one statement."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_asset(self, id: str) -> Link | None:  # noqa: A002
        """The link of an asset in use, or None."""
        return self._link(_BY_ASSET, id)

    def by_alias(self, path: str) -> Link | None:
        """The link of the asset that has this path, now or once (`current` tells), or None."""
        return self._link(_BY_ALIAS, path)

    def _link(self, statement: str, key: str) -> Link | None:
        if not can_be_asked(key):
            return None
        rows = self._session.fetch(statement, key=key)
        if not rows:
            return None
        return Link(asset_from(rows[0]), _placements(rows), bool(rows[0][-1]))


def _placements(rows: list[Row]) -> tuple[Placement, ...]:
    if rows[0][WIDTH_OF_ASSET] is None:
        return ()
    if len(rows) == 1:
        return (placement_from(rows[0], WIDTH_OF_ASSET),)
    found = [placement_from(row, WIDTH_OF_ASSET) for row in rows]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.state], not one.primary, one.id)))
