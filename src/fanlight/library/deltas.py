"""What a page of changes comes to, and writing it into the catalogue.

Objects are known again by the locators that they keep; only what is gone is told by its path. Of
one page first what is known, wherever it is now, then what is gone, last what is new: so a folder
that was renamed is a folder that was renamed, in whatever order its parts are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.library.findings import add_found, is_hidden, name_of, renew
from fanlight.library.naming import free_path
from fanlight.library.places import checksum_of
from fanlight.model import PlacementState
from fanlight.storage.base import Gone
from fanlight.storage.store import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.library.findings import Ground
    from fanlight.library.requests import IndexReport
    from fanlight.model import Asset, Placement
    from fanlight.storage.base import Entry, Traits

_NUMBER = re.compile(r" \(\d+\)(?=(\.[^./]*)*$)")


@dataclass(frozen=True, slots=True)
class Tally:
    """What one unit of work has written down."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    back: int = 0

    def into(self, report: IndexReport) -> None:
        """Add it to what the whole run has done."""
        report.added += self.added
        report.changed += self.changed
        report.moved += self.moved
        report.missing += self.missing
        report.back += self.back


def net(
    changes: Iterable[Entry | Gone], traits: Traits
) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """What is there after a page, by locator, and the keys of the paths that are gone."""
    there: dict[str, Entry] = {}
    gone: dict[str, None] = {}
    for change in changes:
        if isinstance(change, Gone):
            key = traits.key(change.path)
            gone[key] = None
            lost = [one for one, entry in there.items() if _is_in(traits.key(entry.path), key)]
            for locator in lost:
                del there[locator]
        elif not change.folder:
            there[change.locator] = change
    return there, tuple(gone)


def _is_in(key: str, folder: str) -> bool:
    return key == folder or key.startswith(f"{folder}/")


def unread(entry: Entry) -> Stored:
    """An object as its listing describes it: nobody has read its bytes."""
    return Stored(entry, "", entry.size, b"")


# --- what is known ------------------------------------------------------------------------------


def see_known(
    records: Records, ground: Ground, entries: Sequence[Entry], now: datetime
) -> tuple[list[Entry], Tally]:
    """Bring the placements of known objects up to date; gives the unknown ones back."""
    unknown: list[Entry] = []
    same: list[str] = []
    changed = moved = missing = back = 0
    for entry in entries:
        places = records.placements.by_locator(ground.channel.id, entry.locator)
        if not places:
            unknown.append(entry)
        for place in places:
            if is_hidden(entry):
                missing += lose(records, [place], now)
            elif _is_as_it_was(place, entry, ground.traits):
                same.append(place.id)
            elif place.state is not PlacementState.DELETING:
                back += place.state is PlacementState.MISSING
                moved += place.path != ground.traits.key(entry.path)
                changed += see(records, ground, place, entry, now)
    records.placements.seen(same, now)
    return unknown, Tally(changed=changed, moved=moved, missing=missing, back=back)


def _is_as_it_was(place: Placement, entry: Entry, traits: Traits) -> bool:
    return (
        place.state is PlacementState.STORED
        and place.version == entry.version
        and place.path == traits.key(entry.path)
    )


def see(records: Records, ground: Ground, place: Placement, entry: Entry, now: datetime) -> bool:
    """Write down what an object is now, and where; whether it has other bytes."""
    records.placements.update(
        place.id,
        locator=entry.locator,
        version=entry.version,
        size=entry.size,
        state=PlacementState.STORED,
        checked_at=now,
        path=ground.traits.key(entry.path),
        checksum=checksum_of(entry),
    )
    asset = records.assets.get(place.asset_id, trashed=True)
    if place.path != ground.traits.key(entry.path):
        asset = _follow(records, asset, place, entry, ground.traits, now)
    other = not _same_bytes(place, entry)
    if other:
        renew(records, asset, unread(entry), now)
    return other


def _same_bytes(place: Placement, entry: Entry) -> bool:
    """Services give new versions to what was only moved, too: their checksum knows better."""
    checksum = checksum_of(entry)
    if place.checksum and checksum:
        return place.checksum == checksum
    return place.version == entry.version


def _follow(
    records: Records,
    asset: Asset,
    place: Placement,
    entry: Entry,
    traits: Traits,
    now: datetime,
) -> Asset:
    """Have the alias go where the object went, if it was the object's path so far."""
    if place.path not in (traits.key(asset.alias), traits.key(_NUMBER.sub("", asset.alias))):
        return asset

    def taken(path: str) -> bool:
        alias = records.aliases.find(path)
        return records.aliases.taken(path) if alias is None else alias.asset_id != asset.id

    path = free_path(entry.path, taken)
    records.aliases.set_current(asset.id, path, at=now)
    folder = entry.path.rpartition("/")[0]
    return records.assets.update(asset.id, name=name_of(entry), folder=folder)


# --- what is gone, and what is new --------------------------------------------------------------


def lose_paths(
    records: Records, ground: Ground, keys: Iterable[str], there: AbstractSet[str], now: datetime
) -> tuple[tuple[()], Tally]:
    """Mark what was at these paths, or below them, as missing, unless it is `there` elsewhere."""
    missing = 0
    for key in keys:
        places = records.placements.at_or_below(ground.channel.id, key)
        missing += lose(records, [one for one in places if one.locator not in there], now)
    return (), Tally(missing=missing)


def lose(records: Records, places: Iterable[Placement], now: datetime) -> int:
    """Mark those as missing that are stored as far as we know; how many."""
    stored = [place for place in places if place.state is PlacementState.STORED]
    for place in stored:
        records.placements.update(place.id, state=PlacementState.MISSING, checked_at=now)
    return len(stored)


def meet_new(
    records: Records,
    ground: Ground,
    entries: Iterable[Entry],
    orphans: AbstractSet[str],
    now: datetime,
) -> tuple[tuple[()], Tally]:
    """Make assets of unknown objects.

    One at the path of an object that is not there any more takes its place: many programs save by
    writing a new object and removing the old one. `orphans` are placements whose object is gone
    though nobody has said so yet.
    """
    fresh: list[Stored] = []
    changed = back = 0
    for entry in entries:
        if is_hidden(entry) or records.placements.by_locator(ground.channel.id, entry.locator):
            continue
        before = _without_object(records, ground, entry, orphans)
        if not before:
            fresh.append(unread(entry))
        for place in before:
            back += 1
            changed += see(records, ground, place, entry, now)
    added = add_found(records, ground, fresh, now)
    return (), Tally(added=added, changed=changed, back=back)


def _without_object(
    records: Records, ground: Ground, entry: Entry, orphans: AbstractSet[str]
) -> list[Placement]:
    return [
        place
        for place in at_path(records, ground, entry)
        if place.state is PlacementState.MISSING or place.id in orphans
    ]


def at_path(records: Records, ground: Ground, entry: Entry) -> list[Placement]:
    """The placements whose object is, or was, at the path of this one."""
    return list(records.placements.at(ground.channel.id, ground.traits.key(entry.path)))
