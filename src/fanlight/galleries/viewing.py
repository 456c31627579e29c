"""What a viewer reads of a gallery. Everything here takes a pass, and gives what it may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fanlight.catalogue import cursors
from fanlight.catalogue.items import Place, Sight
from fanlight.catalogue.words import fold
from fanlight.errors import NotFound
from fanlight.galleries.desk import Desk
from fanlight.gallery_model import Count, Gallery, Item, Party, Right, Section, Shape, Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.galleries.members import Known
    from fanlight.sharing.passes import Pass

PAGE = 200
"""Items of a page."""
SCREEN = 24
"""What somebody sees at once, or is about to look at, about."""


@dataclass(frozen=True, slots=True)
class SeenSection:
    """A section as a viewer sees it: one that is not hidden and not empty."""

    id: str
    title: str
    count: Count
    downloads: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A gallery as somebody sees it at one time: equal ones show the same photos, and the same way.

    Not what the holder of a pass may do with them, nor what anybody has said or picked.
    """

    known: Known
    version: int
    """Of the gallery's own record."""
    kept: bool
    """Whether what clients keep from guests is seen."""


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """One page of a gallery, as somebody sees it."""

    gallery: Gallery
    items: tuple[Shown, ...]
    next: str | None
    """The cursor of the next page."""
    total: Count
    """All that this viewer sees of the gallery."""
    found: int
    """How many there are of what was asked for: in the section, by the search, of `only`."""
    sections: tuple[SeenSection, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A page of which only the shapes are known."""

    after: str | None
    """The cursor that it is asked for with; `None` for the first one."""
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """One photo of a gallery, and where it lies there."""

    shown: Shown
    number: int
    """1 for the first."""
    of: int
    before: str | None
    after: str | None
    """The assets beside it."""
    page: str | None
    """The cursor of the page that it is on; `None` for the first one."""


class Viewing(Desk):
    """Pages, single photos, and whether something is in a gallery at all."""

    async def page(
        self,
        pass_: Pass,
        *,
        after: str | None = None,
        section: str | None = None,
        search: str = "",
        only: Collection[str] | None = None,
        limit: int = PAGE,
    ) -> GalleryPage:
        """One page in the gallery's order: of all, of a section, by a name, or `only` these.

        Raises Forbidden without the right to view, BadCursor.
        """
        pass_.require(Right.VIEW)
        sight, place = self._sight(pass_), Place(pass_.gallery.id, section)

        def unit(records: Records) -> GalleryPage:
            counts = records.items.counts(pass_.gallery.id, sight)
            sections = _seen(records.sections.of(pass_.gallery.id), counts)
            total = _sum(counts.values())
            if search.strip() or only is not None:
                ids = _matching(records.items.names(place, sight), search, only)
                part, more = cursors.part("found", ids, after, limit)
                items = records.items.some(place, sight, ids[part])
                return GalleryPage(pass_.gallery, items, more, total, len(ids), sections)
            page = records.items.page(place, sight, after=after, limit=limit)
            found = total if section is None else counts.get(section, Count())
            return GalleryPage(pass_.gallery, page.items, page.next, total, found.items, sections)

        return await self._catalogue.read(unit)

    async def edition(self, pass_: Pass) -> Edition:
        """What `page`, `sections` and `cover` show from now on, to be compared with what was shown.

        It costs a look at what has changed, in whichever process. Raises Forbidden, and NotFound
        (`not-found.gallery`).
        """
        pass_.require(Right.VIEW)
        known = await self._members.now(pass_.gallery.id)
        return Edition(known, pass_.gallery.version, _sees_kept(pass_))

    async def outline(
        self,
        pass_: Pass,
        *,
        section: str | None = None,
        search: str = "",
        only: Collection[str] | None = None,
        limit: int = PAGE,
    ) -> tuple[Sketch, ...]:
        """The shapes on every page that `page` gives of the same, with their cursors.

        Who knows them can go to any page without those before it. Raises Forbidden.
        """
        pass_.require(Right.VIEW)
        sight, place = self._sight(pass_), Place(pass_.gallery.id, section)

        def unit(records: Records) -> tuple[Sketch, ...]:
            shapes, chosen = records.items.shapes(place, sight), bool(search.strip())
            if chosen or only is not None:
                names = ((one.asset_id, one.name) for one in shapes)
                found = frozenset(_matching(names, search, only))
                shapes = tuple(one for one in shapes if one.asset_id in found)
            sketches: list[Sketch] = []
            cursor: str | None = None
            for at in range(0, len(shapes), limit):
                some = shapes[at : at + limit]
                sketches.append(Sketch(cursor, some))
                last = some[-1].asset_id
                if chosen or only is not None:
                    cursor = cursors.encode("found", at + limit, last)
                else:
                    cursor = records.items.cursor(place.gallery_id, last)
            return tuple(sketches)

        return await self._catalogue.read(unit)

    async def sections(self, pass_: Pass) -> tuple[SeenSection, ...]:
        """The sections that a viewer sees, with their counts, in order. Raises Forbidden."""
        pass_.require(Right.VIEW)
        sight = self._sight(pass_)

        def unit(records: Records) -> tuple[SeenSection, ...]:
            counts = records.items.counts(pass_.gallery.id, sight)
            return _seen(records.sections.of(pass_.gallery.id), counts)

        return await self._catalogue.read(unit)

    async def item(self, pass_: Pass, asset_id: str, *, section: str | None = None) -> GalleryItem:
        """One photo with its neighbours. Raises NotFound (`not-found.item`), Forbidden."""
        pass_.require(Right.VIEW)
        sight, place = self._sight(pass_), Place(pass_.gallery.id, section)

        def unit(records: Records) -> GalleryItem:
            ids = [one for one, _ in records.items.names(place, sight)]
            if asset_id not in ids:
                raise _missing()
            at = ids.index(asset_id)
            shown = records.items.some(place, sight, [asset_id])
            if not shown:
                raise _missing()
            first = at - at % PAGE
            page = records.items.cursor(place.gallery_id, ids[first - 1]) if first else None
            before = ids[at - 1] if at else None
            after = ids[at + 1] if at + 1 < len(ids) else None
            return GalleryItem(shown[0], at + 1, len(ids), before, after, page)

        return await self._catalogue.read(unit)

    async def some(self, pass_: Pass, asset_ids: Collection[str]) -> tuple[Shown, ...]:
        """Those of these assets that a viewer sees, in the gallery's order. Raises Forbidden."""
        pass_.require(Right.VIEW)
        sight, place = self._sight(pass_), Place(pass_.gallery.id)
        return await self._catalogue.read(
            lambda records: records.items.some(place, sight, asset_ids)
        )

    async def every(self, pass_: Pass, *, section: str | None = None) -> tuple[Shown, ...]:
        """All that a viewer sees of a gallery or a section, in order. Raises Forbidden."""
        pass_.require(Right.VIEW)
        sight, place = self._sight(pass_), Place(pass_.gallery.id, section)
        return await self._catalogue.read(lambda records: records.items.all(place, sight))

    async def cover(self, pass_: Pass) -> Shown | None:
        """The photo on the cover: the chosen one, or the first that is seen; None of nothing."""
        sight = self._sight(pass_)
        found = await self._catalogue.read(
            lambda records: records.items.covers([pass_.gallery.id], sight)
        )
        return found.get(pass_.gallery.id)

    async def contains(self, pass_: Pass, asset_id: str) -> bool:
        """Whether a viewer sees an asset in the gallery. In memory: it is asked for each picture.

        What is deleted, blocked or expired is delivery's to refuse.
        """
        return await self._find(pass_, asset_id) is not None

    async def beside(self, pass_: Pass, asset_id: str, most: int = SCREEN) -> tuple[str, ...]:
        """What a viewer sees next to an asset: those after it, then those before it. In memory."""
        known = await self._members.of(pass_.gallery)
        return known.beside(asset_id, most, kept=_sees_kept(pass_))

    async def may_download(self, pass_: Pass, asset_id: str) -> bool:
        """Whether a viewer sees it, and its section is not closed for downloads."""
        item = await self._find(pass_, asset_id)
        closed = (await self._members.of(pass_.gallery)).closed
        return item is not None and item.section_id not in closed

    async def companion(self, pass_: Pass, asset_id: str) -> str | None:
        """The RAW that was taken together with a photo that the viewer sees."""
        item = await self._find(pass_, asset_id)
        return None if item is None else item.companion_id

    async def keep_from_guests(self, pass_: Pass, asset_id: str, *, kept: bool = True) -> None:
        """Hide a photo from guests, or show it to them again: for clients who have the right.

        Raises Forbidden, NotFound (`not-found.item`).
        """
        pass_.require(Right.HIDE)
        if not await self.contains(pass_, asset_id):
            raise _missing()
        gallery_id, now = pass_.gallery.id, self._clock()
        await self._catalogue.write(
            lambda records: _keep(records, gallery_id, asset_id, kept=kept, now=now)
        )
        self._told(gallery_id)

    def _sight(self, pass_: Pass) -> Sight:
        """What a pass may see: the one place where that is decided."""
        return Sight(self._clock(), hidden=False, kept=_sees_kept(pass_))

    async def _find(self, pass_: Pass, asset_id: str) -> Item | None:
        known = await self._members.of(pass_.gallery)
        return known.find(asset_id, kept=_sees_kept(pass_))


def _sees_kept(pass_: Pass) -> bool:
    """Clients see what they keep from guests, and so does the owner."""
    return pass_.owner or pass_.party is Party.CLIENT


def _keep(records: Records, gallery_id: str, asset_id: str, *, kept: bool, now: datetime) -> None:
    item = records.items.get(gallery_id, asset_id)
    records.items.put([replace(item, kept_from_guests=kept)])
    records.galleries.changed(gallery_id, now)


def _seen(
    sections: Iterable[Section], counts: Mapping[str | None, Count]
) -> tuple[SeenSection, ...]:
    return tuple(
        SeenSection(one.id, one.title, counts[one.id], one.downloads)
        for one in sections
        if one.id in counts and not one.hidden
    )


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for one in counts:
        total = Count(total.photos + one.photos, total.videos + one.videos, total.size + one.size)
    return total


def _matching(
    names: Iterable[tuple[str, str]], search: str, only: Collection[str] | None
) -> list[str]:
    """Those whose name has all words of a search in it, and that are among `only`."""
    words = fold(search).split()
    return [
        asset_id
        for asset_id, name in names
        if (only is None or asset_id in only)
        and (not words or all(word in fold(name) for word in words))
    ]


def _missing() -> NotFound:
    return NotFound(
        "This photo is not in the gallery.",
        remedy="It may have been taken out: look at the others.",
        code="not-found.item",
    )
