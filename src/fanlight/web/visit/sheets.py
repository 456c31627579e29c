"""Sheets: photos of a gallery as all see them who see the same, made once and kept in memory.

Who may come in and what they may do is judged at each request, and what somebody has said or picked
is added then: a sheet has none of it, nor any address, since addresses carry rights.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from sys import getsizeof
from typing import TYPE_CHECKING

from markupsafe import Markup

from fanlight.galleries.viewing import SCREEN
from fanlight.gallery_model import CoverStyle
from fanlight.web.visit.page import VisitItem, VisitSection, written
from fanlight.web.visit.showing import Showing
from fanlight.words import page_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.requests import Request

    from fanlight.galleries import Galleries
    from fanlight.galleries.viewing import Edition
    from fanlight.gallery_model import Count
    from fanlight.sharing.passes import Pass
    from fanlight.web.studio.pages import Pages

BASE = "\0"
"""Stands for the visitor's base in tiles: no text that the catalogue keeps has this character."""
ROOM = 64 << 20
"""Bytes of sheets that are kept; those that nobody has asked for the longest go first."""
_BESIDE = 2000
"""Bytes of a sheet without its photos, about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which photos of a gallery a page shows."""

    after: str | None = None
    """A cursor."""
    section: str | None = None
    search: str = ""
    mine: bool = False

    @classmethod
    def by(cls, query: Mapping[str, str]) -> Asked:
        """What the query of an address asks for."""
        after, section = query.get("after") or None, query.get("section") or None
        return cls(after, section, query.get("search", ""), query.get("only") == "mine")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of photos, and what stands around them."""

    total: Count
    """All that is seen of the gallery."""
    found: int
    """How many there are of what was asked for."""
    next: str | None
    """The cursor of the next page."""
    sections: tuple[VisitSection, ...]
    cover: VisitItem | None
    photos: Mapping[str, str]
    """What scripts are told of each photo, by its id in order: JSON that may stand in a page."""
    tiles: Markup | None
    """The same for who has no script; `None` where nobody has asked for it."""

    def told(self, said: Mapping[str, int]) -> tuple[str, ...]:
        """What scripts are told of the photos, with how many comments there are about which."""
        if not said:
            return tuple(self.photos.values())
        return tuple(
            f'{one[:-1]},"comments":{said[asset_id]}}}' if asset_id in said else one
            for asset_id, one in self.photos.items()
        )

    def tiles_below(self, base: str) -> Markup:
        """The tiles for a visitor whose addresses begin with this base."""
        return Markup((self.tiles or "").replace(BASE, base))  # noqa: S704 -- of letters alone

    @property
    def size(self) -> int:
        """Bytes, about."""
        texts = (self.tiles or "", *self.photos.values())
        return _BESIDE + sum(map(getsizeof, texts))


Place = tuple[str, bool, str | None, str | None]
"""A gallery, whether what is kept from guests is seen, a section, a cursor."""


class Sheets:
    """Makes sheets, and keeps them while they show what there is. For one event loop."""

    def __init__(self, galleries: Galleries, pages: Pages, *, room: int = ROOM) -> None:
        self._galleries = galleries
        self._pages = pages
        self._room = room
        self._kept: OrderedDict[Place, tuple[Edition, Sheet]] = OrderedDict()
        self._size = 0

    async def sheet(
        self, pass_: Pass, asked: Asked, *, only: Collection[str] | None = None, tiles: bool = False
    ) -> Sheet:
        """What the holder of a pass sees, as it is now; with `tiles` where they are wanted.

        A search, and what shows `only` these assets, is not kept. Raises Forbidden, NotFound,
        BadCursor.
        """
        if asked.search or only is not None:
            return await self._make(pass_, asked, only, tiles=tiles)
        edition = await self._galleries.edition(pass_)
        place = (pass_.gallery.id, edition.kept, asked.section, asked.after)
        kept = self._kept.get(place)
        if kept is not None and kept[0] == edition and (kept[1].tiles is not None or not tiles):
            self._kept.move_to_end(place)
            return kept[1]
        sheet = await self._make(pass_, asked, None, tiles=tiles)
        self._keep(place, edition, sheet)
        return sheet

    def _keep(self, place: Place, edition: Edition, sheet: Sheet) -> None:
        before = self._kept.pop(place, None)
        if before is not None:
            self._size -= before[1].size
        self._kept[place] = edition, sheet
        self._size += sheet.size
        while self._size > self._room:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._size -= oldest.size

    async def _make(
        self, pass_: Pass, asked: Asked, only: Collection[str] | None, *, tiles: bool
    ) -> Sheet:
        seen = await self._galleries.page(
            pass_, after=asked.after, section=asked.section, search=asked.search, only=only
        )
        cover = await self._galleries.cover(pass_)
        closed = (one.id for one in seen.sections if not one.downloads)
        showing = Showing(pass_.gallery.rules, closed)
        items = tuple(map(showing.item, seen.items))
        return Sheet(
            total=seen.total,
            found=seen.found,
            next=seen.next,
            sections=tuple(
                VisitSection(one.id, one.title, one.count.items, one.downloads)
                for one in seen.sections
            ),
            cover=None if cover is None else showing.item(cover),
            photos={one.id: written(one.data) for one in items},
            tiles=self._tiles(pass_, items, cover=cover is not None) if tiles else None,
        )

    def _tiles(self, pass_: Pass, items: tuple[VisitItem, ...], *, cover: bool) -> Markup:
        look = pass_.gallery.look
        plain = not cover or look.cover is CoverStyle.PLAIN
        page = {"base": BASE, "words": page_words(look.language)}
        said = self._pages.text(
            "visit-tiles.html", page=page, items=items, plain=plain, screen=SCREEN
        )
        return Markup(said)  # noqa: S704 -- a template's


def sheets_of(request: Request) -> Sheets:
    """The sheets that the app keeps."""
    sheets: Sheets = request.scope["sheets"]
    return sheets
