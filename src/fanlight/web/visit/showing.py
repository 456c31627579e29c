"""From what a viewer sees to what a page shows of it."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from fanlight.gallery_model import GalleryState
from fanlight.model import Kind
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.studio.facts import exposure
from fanlight.web.visit.page import Opened, VisitItem, VisitPage
from fanlight.web.visit.proofs import remembered
from fanlight.words import page_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from fanlight.galleries.viewing import GalleryItem
    from fanlight.gallery_model import Gallery, GalleryRules, Shown
    from fanlight.model import Facts
    from fanlight.web.visit.sheets import Asked, Sheet
    from fanlight.web.visit.visiting import Visit


class Showing:
    """Turns items into what a page shows, by the rules of one gallery."""

    def __init__(self, rules: GalleryRules, closed: Iterable[str]) -> None:
        """`closed`: sections of which nothing is downloaded."""
        self._rules = rules
        self._closed = frozenset(closed)

    def item(self, shown: Shown, *, comments: int = 0) -> VisitItem:
        """One photo or video. Where it was taken is never told."""
        asset, item, facts = shown.asset, shown.item, shown.facts
        return VisitItem(
            id=asset.id,
            name=asset.name,
            version=asset.version,
            width=asset.width or 0,
            height=asset.height or 0,
            hash=b64encode(asset.placeholder).decode() if asset.placeholder else "",
            video=asset.kind is Kind.VIDEO,
            media_type=asset.media_type,
            picture=not asset.problem,
            seconds=facts.duration or 0,
            size=asset.size,
            section=item.section_id or "",
            caption=facts.caption,
            taken=_taken(shown),
            camera=_camera(facts) if self._rules.camera else "",
            download=item.section_id not in self._closed,
            kept=item.kept_from_guests,
            comments=comments,
        )


def page_of(
    request: Request,
    visit: Visit,
    asked: Asked,
    sheet: Sheet,
    *,
    studio: str,
    said: Mapping[str, int],
    opened: GalleryItem | None = None,
) -> VisitPage:
    """The record that the template of a gallery reads.

    `studio` is who it is from, `said` how many comments there are about assets.
    """
    pass_, gallery = visit.pass_, visit.pass_.gallery
    return VisitPage(
        base=visit.base,
        words=page_words(gallery.look.language),
        look=gallery.look,
        title=gallery.title,
        text=gallery.text,
        held_on=gallery.held_on,
        photos=sheet.total.photos,
        videos=sheet.total.videos,
        found=sheet.found,
        cover=sheet.cover,
        sections=sheet.sections,
        photos_told=sheet.told(said),
        tiles=sheet.tiles_below(visit.base),
        next=sheet.next,
        after=asked.after,
        section=asked.section or "",
        search=asked.search,
        mine=asked.mine,
        opened=None if opened is None else _opened(opened, visit, sheet, said),
        rights=pass_.rights,
        party=pass_.party,
        proofing=gallery.rules.proofing,
        pin=not fanlight_of(request).sharing.knows_pin(pass_, visit.told),
        studio=studio,
        preview=pass_.owner,
        draft=gallery.state is GalleryState.DRAFT,
        indexed=pass_.indexed,
        door=remembered(request, visit.keeping.key, gallery),
        origin=origin_of(request),
        discovery=discovery(request, visit.base, gallery),
    )


def discovery(request: Request, base: str, gallery: Gallery) -> str:
    """The address at which oEmbed tells of a gallery; empty where no site may frame it."""
    if not gallery.rules.embedding:
        return ""
    origin = origin_of(request)
    return f"{origin}/oembed?url={quote(origin + base, safe='')}"


def _opened(found: GalleryItem, visit: Visit, sheet: Sheet, said: Mapping[str, int]) -> Opened:
    closed = (one.id for one in sheet.sections if not one.download)
    showing, shown = Showing(visit.pass_.gallery.rules, closed), found.shown
    item = showing.item(shown, comments=said.get(shown.asset.id, 0))
    return Opened(item, found.number, found.of, found.before, found.after)


def _taken(shown: Shown) -> str:
    """When it was taken, as the camera's clock stood."""
    at = shown.asset.taken_at
    if at is None:
        return ""
    offset = timedelta(minutes=shown.facts.taken_offset or 0)
    return (at + offset).replace(tzinfo=None).isoformat(timespec="seconds")


def _camera(facts: Facts) -> str:
    """Camera, lens and exposure in a line."""
    return " · ".join(one for one in (facts.camera, facts.lens, exposure(facts)) if one)
