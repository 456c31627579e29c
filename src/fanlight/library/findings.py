"""What an index run writes down, a batch in a transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fanlight.errors import BadName
from fanlight.library.desk import new_id
from fanlight.library.naming import free_path, random_word, shown_name
from fanlight.library.sniff import sniff
from fanlight.model import Asset, Placement, PlacementState, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Stored

_controls = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def add_found(
    records: Records, channel_id: str, owner_id: str | None, found: Iterable[Stored], now: datetime
) -> int:
    """Make assets of new objects; how many.

    An object is passed over if it has become an asset meanwhile, or if its path is reserved: then
    an upload, move or removal is at it.
    """
    records.alone(f"index:{channel_id}")
    fresh: list[tuple[Asset, Placement, str]] = []
    paths: set[str] = set()
    for stored in found:
        entry = stored.entry
        if _is_taken_care_of(records, channel_id, entry):
            continue
        path = free_path(entry.path, lambda path: path in paths or records.aliases.taken(path))
        paths.add(path)
        asset = _asset(stored, path, owner_id, now)
        fresh.append((asset, _placement(asset, stored, channel_id, now), path))
    return records.assets.add_many(fresh) if fresh else 0


def _is_taken_care_of(records: Records, channel_id: str, entry: Entry) -> bool:
    """Whether an object has an asset, or an intent is about its path.

    Looked at twice around the intent: whatever others commit meanwhile, one of the three sees it.
    """
    return bool(
        records.placements.by_locator(channel_id, entry.locator)
        or (records.aliases.find(entry.path) is None and records.aliases.taken(entry.path))
        or records.placements.by_locator(channel_id, entry.locator)
    )


def write_changed(records: Records, channel_id: str, found: Iterable[Stored], now: datetime) -> int:
    """Give the assets of changed objects their new bytes; how many really are other bytes."""
    changed = 0
    for stored in found:
        nature = sniff(stored.head, stored.entry.name)
        for place in records.placements.by_locator(channel_id, stored.entry.locator):
            _see(records, place, stored.entry, now)
            asset = records.assets.get(place.asset_id, trashed=True)
            if asset.sha256 == stored.sha256:
                continue
            changed += 1
            records.assets.update(
                asset.id,
                version=asset.version + 1,
                sha256=stored.sha256,
                size=stored.size,
                media_type=nature.media_type,
                kind=nature.kind,
                updated_at=now,
                width=None,
                height=None,
                placeholder=None,
            )
    return changed


def mark_back(records: Records, channel_id: str, found: Iterable[Entry], now: datetime) -> int:
    """Believe in objects again that had been missing; how many placements that is."""
    back = 0
    for entry in found:
        for place in records.placements.by_locator(channel_id, entry.locator):
            _see(records, place, entry, now)
            back += place.state is PlacementState.MISSING
    return back


def mark_missing(records: Records, gone: Iterable[Placement], now: datetime) -> int:
    """Write down that objects are not there; how many placements that is."""
    missing = 0
    for place in gone:
        for there in records.placements.by_locator(place.channel_id, place.locator):
            if there.id == place.id and there.version == place.version:
                records.placements.update(place.id, state=PlacementState.MISSING, checked_at=now)
                missing += 1
    return missing


def _see(records: Records, place: Placement, entry: Entry, now: datetime) -> None:
    records.placements.update(
        place.id,
        version=entry.version,
        size=entry.size,
        state=PlacementState.STORED,
        checked_at=now,
    )


def _asset(stored: Stored, path: str, owner_id: str | None, now: datetime) -> Asset:
    entry = stored.entry
    folder, _, _ = entry.path.rpartition("/")
    nature = sniff(stored.head, entry.name)
    born = min(entry.modified_at, now)
    return Asset(
        id=random_word(16),
        name=_name(entry),
        folder=folder,
        alias=path,
        kind=nature.kind,
        media_type=nature.media_type,
        size=stored.size,
        sha256=stored.sha256,
        version=1,
        visibility=Visibility.PUBLIC,
        owner_id=owner_id,
        created_at=born,
        updated_at=born,
    )


def _name(entry: Entry) -> str:
    try:
        return shown_name(entry.name)
    except BadName:
        return _controls.sub("_", entry.name)


def _placement(asset: Asset, stored: Stored, channel_id: str, now: datetime) -> Placement:
    return Placement(
        id=new_id(),
        asset_id=asset.id,
        channel_id=channel_id,
        locator=stored.entry.locator,
        version=stored.entry.version,
        size=stored.size,
        state=PlacementState.STORED,
        primary=True,
        created_at=now,
        checked_at=now,
    )
