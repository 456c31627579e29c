"""A placement of an object as it was just listed, stored or found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.library.desk import new_id
from fanlight.model import Placement, PlacementState

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.storage.base import Entry, Traits


def place_of(
    entry: Entry,
    traits: Traits,
    *,
    asset_id: str,
    channel_id: str,
    at: datetime,
    id: str | None = None,  # noqa: A002 - the field's name in the record
) -> Placement:
    """The primary placement of an asset whose object is this entry."""
    return Placement(
        id=id or new_id(),
        asset_id=asset_id,
        channel_id=channel_id,
        locator=entry.locator,
        version=entry.version,
        size=entry.size,
        state=PlacementState.STORED,
        primary=True,
        created_at=at,
        checked_at=at,
        path=traits.key(entry.path),
        checksum=checksum_of(entry),
    )


def checksum_of(entry: Entry) -> str:
    """What the provider sums the bytes up as; empty if it does not say."""
    return "" if entry.checksum is None else str(entry.checksum)
