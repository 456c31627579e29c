"""Where keys lead, in memory: asked for each picture that a page shows.

What is kept here is used for less than half a second after it was read, so a change in another
process holds from then on; one made in this process holds at once, since whoever changes a gallery
or a link says so.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.guard.secret import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.catalogue import Catalogue, Records
    from fanlight.gallery_model import Gallery, ShareLink
    from fanlight.sharing.keys import Key

LASTS = 0.4
"""Seconds from the begin of a read for which its result is used."""
MOST = 1000
"""Keys that are kept, those read last."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a key leads."""

    gallery: Gallery
    link: ShareLink | None = None


class Leads:
    """Reads where keys lead, and remembers it for a moment."""

    def __init__(
        self, catalogue: Catalogue, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._catalogue = catalogue
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, Lead]] = OrderedDict()
        self._changes = 0

    async def find(self, key: Key) -> Lead | None:
        """Where a key leads, whoever may go there. Raises CatalogueError."""
        name = key.door
        kept = self._kept.get(name)
        now = self._monotonic()
        if kept is not None and now < kept[0]:
            return kept[1]
        changes = self._changes
        lead = await self._catalogue.read(lambda records: _read(records, key))
        if lead is None:
            self._kept.pop(name, None)
        elif changes == self._changes:
            self._kept[name] = (now + LASTS, lead)
            self._kept.move_to_end(name)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return lead

    def forget(self) -> None:
        """Read again, whatever is asked for: something has changed. May be called by any thread."""
        self._changes += 1
        self._kept = OrderedDict()


def _read(records: Records, key: Key) -> Lead | None:
    if key.slug:
        gallery = records.galleries.by_slug(key.slug)
        return None if gallery is None else Lead(gallery)
    link = records.share_links.by_hash(digest(key.token))
    if link is None:
        return None
    gallery = records.galleries.find(link.gallery_id)
    return None if gallery is None else Lead(gallery, link)
