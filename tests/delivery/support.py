"""Records for the tests of delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fanlight.model import Asset, Kind, Link, Placement, PlacementState, Visibility

AT = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def make_asset(**fields: Any) -> Asset:
    asset = Asset(
        id="asset1",
        name="photo.jpg",
        folder="a",
        alias="a/photo.jpg",
        kind=Kind.PICTURE,
        media_type="image/jpeg",
        size=1000,
        sha256="0123456789abcdef" * 4,
        version=3,
        visibility=Visibility.PUBLIC,
        owner_id="ada",
        created_at=AT,
        updated_at=AT,
    )
    return replace(asset, **fields)


def make_placement(**fields: Any) -> Placement:
    placement = Placement(
        id="placement1",
        asset_id="asset1",
        channel_id="channel1",
        locator="a/photo.jpg",
        version="v1",
        size=1000,
        state=PlacementState.STORED,
        primary=True,
        created_at=AT,
        checked_at=AT,
    )
    return replace(placement, **fields)


def make_link(current: bool = True, **fields: Any) -> Link:
    return Link(make_asset(**fields), (make_placement(),), current)
