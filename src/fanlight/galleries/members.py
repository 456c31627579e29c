"""What is in a gallery, in memory: asked for each picture and each page that is shown."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from fanlight.errors import Expired
from fanlight.gallery_model import Item

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue, Records
    from fanlight.gallery_model import Gallery

MOST = 100
"""Galleries that are kept, the last used."""


@dataclass(slots=True, eq=False)
class Known:
    """What is in a gallery, in one of its versions. Equal to nothing but itself."""

    version: int
    items: dict[str, Item]
    """By the asset's id, in the gallery's order."""
    hidden: frozenset[str]
    """Sections that are."""
    closed: frozenset[str]
    """Sections of which nothing is downloaded."""
    until: datetime | None
    """When the first of its assets expires; `None` for never."""
    changes: int
    """The number of a change of assets up to which all this holds."""

    def find(self, asset_id: str, *, kept: bool) -> Item | None:
        """The item, if it is seen; `kept`: also what is kept from guests."""
        item = self.items.get(asset_id)
        if item is None or item.away or item.hidden or item.section_id in self.hidden:
            return None
        return None if item.kept_from_guests and not kept else item

    def beside(self, asset_id: str, most: int, *, kept: bool) -> tuple[str, ...]:
        """What is seen around an asset, nearest first: all after it, and then before it."""
        ids = list(self.items)
        at = ids.index(asset_id) if asset_id in self.items else len(ids)
        around = chain(ids[at + 1 :], reversed(ids[:at]))
        return tuple(islice((one for one in around if self.find(one, kept=kept)), most))


class Members:
    """The items of the galleries that were looked at last.

    A gallery's version tells whether what we know is of today: each change of the gallery counts it
    up. What is changed about its assets stands in the catalogue's log of changes.
    """

    def __init__(self, catalogue: Catalogue, clock: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._known: OrderedDict[str, Known] = OrderedDict()

    async def of(self, gallery: Gallery) -> Known:
        """What is in a gallery, at least as new as this record of it. Its assets may have changed.

        Raises NotFound (`not-found.gallery`).
        """
        known = self._known.get(gallery.id)
        if known is None or known.version < gallery.version:
            now = self._clock()
            known = await self._catalogue.read(lambda records: _read(records, gallery.id, now))
        return self._keep(gallery.id, known)

    async def now(self, gallery_id: str) -> Known:
        """What is in a gallery at this moment, whichever process has changed it.

        The same object as before only while nothing has changed, of its assets neither. Raises
        NotFound (`not-found.gallery`).
        """
        before, now = self._known.get(gallery_id), self._clock()

        def unit(records: Records) -> Known:
            found = None if before is None else _renewed(records, gallery_id, before, now)
            return found or _read(records, gallery_id, now)

        known = await self._catalogue.read(unit)
        return known if known is before else self._keep(gallery_id, known)

    def _keep(self, gallery_id: str, known: Known) -> Known:
        self._known[gallery_id] = known
        self._known.move_to_end(gallery_id)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return known


def _renewed(records: Records, gallery_id: str, known: Known, now: datetime) -> Known | None:
    """The same while nothing has changed; another with the same items where only assets have.

    `None` if the items may be others. What happens between two looks is seen by the next one.
    """
    if records.galleries.version(gallery_id) != known.version:
        return None
    try:
        last, changed = records.changes.since(known.changes)
    except Expired:
        return None
    expired = known.until is not None and known.until <= now
    if not expired and not any(asset_id in known.items for asset_id in changed):
        known.changes = last
        return known
    there, until = records.items.lasting(gallery_id, now)
    if there != len(known.items):  # with its asset an item goes, and the gallery is not told
        return None
    return replace(known, until=until, changes=last)


def _read(records: Records, gallery_id: str, now: datetime) -> Known:
    changes = records.changes.latest()  # first: what comes after is no older
    version = records.galleries.version(gallery_id)
    sections = records.sections.of(gallery_id)
    return Known(
        version,
        {one.asset_id: one for one in records.items.of(gallery_id)},
        frozenset(one.id for one in sections if one.hidden),
        frozenset(one.id for one in sections if not one.downloads),
        records.items.lasting(gallery_id, now)[1],
        changes,
    )
