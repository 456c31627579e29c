"""What an index run writes down, a batch in a transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import BadName
from fanlight.library.naming import free_path, random_word, shown_name
from fanlight.library.places import checksum_of, place_of
from fanlight.library.sniff import by_name, sniff
from fanlight.model import Asset, Placement, PlacementState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.library.sniff import Nature
    from fanlight.model import Channel
    from fanlight.storage.base import Entry, Traits
    from fanlight.storage.store import Stored

_controls = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where findings are made, and for whom."""

    channel: Channel
    traits: Traits
    owner_id: str | None


def add_found(records: Records, ground: Ground, found: Iterable[Stored], now: datetime) -> int:
    """Make assets of new objects; how many.

    An object is passed over if it has become an asset meanwhile, or if its path is reserved: then
    an upload, move or removal is at it.
    """
    channel_id = ground.channel.id
    records.alone(f"index:{channel_id}")
    fresh: list[tuple[Asset, Placement, str]] = []
    paths: set[str] = set()
    for stored in found:
        entry = stored.entry
        if _is_taken_care_of(records, channel_id, entry):
            continue
        path = free_path(entry.path, lambda path: path in paths or records.aliases.taken(path))
        paths.add(path)
        asset = _asset(stored, path, ground, now)
        place = place_of(entry, ground.traits, asset_id=asset.id, channel_id=channel_id, at=now)
        fresh.append((asset, place, path))
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
        for place in records.placements.by_locator(channel_id, stored.entry.locator):
            _see(records, place, stored.entry, now)
            asset = records.assets.get(place.asset_id, trashed=True)
            if asset.sha256 == stored.sha256:
                continue
            changed += 1
            renew(records, asset, stored, now)
    return changed


def renew(records: Records, asset: Asset, stored: Stored, now: datetime) -> None:
    """Write down that an asset has other bytes, and forget what was known of those before."""
    nature = nature_of(stored)
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


def nature_of(stored: Stored) -> Nature:
    """What an object is, as far as its bytes are known: those of unread ones have no checksum."""
    name = stored.entry.name
    return sniff(stored.head, name) if stored.sha256 else by_name(name)


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
        checksum=checksum_of(entry),
    )


def _asset(stored: Stored, path: str, ground: Ground, now: datetime) -> Asset:
    entry = stored.entry
    folder, _, _ = entry.path.rpartition("/")
    nature = nature_of(stored)
    born = min(entry.modified_at, now)
    return Asset(
        id=random_word(16),
        name=name_of(entry),
        folder=folder,
        alias=path,
        kind=nature.kind,
        media_type=nature.media_type,
        size=stored.size,
        sha256=stored.sha256,
        version=1,
        visibility=ground.channel.found,
        owner_id=ground.owner_id,
        created_at=born,
        updated_at=born,
    )


def is_hidden(entry: Entry) -> bool:
    """Whether an object is left out, as some name on its path begins with a dot."""
    return any(part.startswith(".") for part in entry.path.split("/"))


def name_of(entry: Entry) -> str:
    """The name to show for an object: whatever it is called, there is one."""
    try:
        return shown_name(entry.name)
    except BadName:
        return _controls.sub("_", entry.name)
