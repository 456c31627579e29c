"""What is in a gallery, in memory: asked for each picture that a page shows."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.gallery_model import Item

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records
    from fanlight.gallery_model import Gallery

MOST = 100
"""Galleries that are kept, the last used."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is in a gallery, in one of its versions."""

    version: int
    items: dict[str, Item]
    hidden: frozenset[str]
    """Sections that are."""
    closed: frozenset[str]
    """Sections of which nothing is downloaded."""

    def find(self, asset_id: str, *, kept: bool) -> Item | None:
        """The item, if it is seen; `kept`: also what is kept from guests."""
        item = self.items.get(asset_id)
        if item is None or item.away or item.hidden or item.section_id in self.hidden:
            return None
        return None if item.kept_from_guests and not kept else item


class Members:
    """The items of the galleries that were looked at last.

    A gallery's version tells whether what we know is of today: each change counts it up.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: OrderedDict[str, Known] = OrderedDict()

    async def of(self, gallery: Gallery) -> Known:
        """What is in a gallery, at least as new as this record of it."""
        known = self._known.get(gallery.id)
        if known is None or known.version < gallery.version:
            known = await self._catalogue.read(lambda records: _read(records, gallery.id))
            self._known[gallery.id] = known
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        self._known.move_to_end(gallery.id)
        return known


def _read(records: Records, gallery_id: str) -> Known:
    version = records.galleries.get(gallery_id).version  # first: what comes after is no older
    sections = records.sections.of(gallery_id)
    return Known(
        version,
        {one.asset_id: one for one in records.items.of(gallery_id)},
        frozenset(one.id for one in sections if one.hidden),
        frozenset(one.id for one in sections if not one.downloads),
    )
