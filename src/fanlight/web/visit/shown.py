"""From what a viewer reads of a gallery to what a page shows of it."""

from __future__ import annotations

import base64
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from fanlight.gallery_model import Right
from fanlight.model import Kind
from fanlight.web.visit.page import Opened, VisitItem, VisitPage, VisitSection
from fanlight.web.visit.words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fanlight.galleries.viewing import GalleryItem, GalleryPage
    from fanlight.gallery_model import Shown
    from fanlight.model import Facts
    from fanlight.sharing.passes import Pass

DOWNLOADS = frozenset({Right.WEB, Right.ORIGINAL})


def visit_item(
    shown: Shown, pass_: Pass, *, closed: Collection[str | None] = (), comments: int = 0
) -> VisitItem:
    """One photo. `closed` are the sections that let nothing be downloaded."""
    asset, facts = shown.asset, shown.facts
    placeholder = facts.placeholder or asset.placeholder
    return VisitItem(
        id=asset.id,
        name=asset.name,
        version=asset.version,
        width=facts.width or asset.width or 0,
        height=facts.height or asset.height or 0,
        hash=base64.b64encode(placeholder).decode() if placeholder else "",
        video=asset.kind is Kind.VIDEO,
        media_type=asset.media_type,
        picture=not asset.problem,
        seconds=facts.duration or 0 if asset.kind is Kind.VIDEO else 0,
        size=asset.size if Right.ORIGINAL in pass_.rights else 0,
        section=shown.item.section_id or "",
        caption=facts.caption,
        taken=_taken(facts),
        camera=camera(facts) if pass_.gallery.rules.camera else "",
        download=bool(pass_.rights & DOWNLOADS) and shown.item.section_id not in closed,
        kept=shown.item.kept_from_guests,
        comments=comments,
    )


def visit_items(
    page: GalleryPage, pass_: Pass, comments: Mapping[str, int] | None = None
) -> tuple[VisitItem, ...]:
    """The photos of one page; `comments` counts what was said about each."""
    closed = {one.id for one in page.sections if not one.downloads}
    said = comments or {}
    return tuple(
        visit_item(one, pass_, closed=closed, comments=said.get(one.asset.id, 0))
        for one in page.items
    )


def visit_page(
    base: str,
    page: GalleryPage,
    pass_: Pass,
    *,
    cover: Shown | None = None,
    comments: Mapping[str, int] | None = None,
    after: str | None = None,
    section: str = "",
    search: str = "",
    mine: bool = False,
    opened: GalleryItem | None = None,
    pin: bool = False,
    studio: str = "",
    draft: bool = False,
    indexed: bool = False,
    origin: str = "",
    discovery: str = "",
) -> VisitPage:
    """The page as its viewer sees it. `pin`: a download asks for one, and it was not told yet."""
    gallery = pass_.gallery
    return VisitPage(
        base=base,
        words=words_of(gallery.look.language),
        look=gallery.look,
        title=gallery.title,
        text=gallery.text,
        held_on=gallery.held_on,
        photos=page.total.photos,
        videos=page.total.videos,
        found=page.found,
        cover=visit_item(cover, pass_) if cover and not cover.asset.problem else None,
        sections=tuple(
            VisitSection(one.id, one.title, one.count.items, one.downloads) for one in page.sections
        ),
        items=visit_items(page, pass_, comments),
        next=page.next,
        after=after,
        section=section,
        search=search,
        mine=mine,
        opened=opened and _opened(opened, page, pass_),
        rights=pass_.rights,
        party=pass_.party,
        proofing=gallery.rules.proofing,
        pin=pin,
        studio=studio,
        preview=pass_.owner,
        draft=draft,
        indexed=indexed,
        origin=origin,
        discovery=discovery,
    )


def _opened(opened: GalleryItem, page: GalleryPage, pass_: Pass) -> Opened:
    closed = {one.id for one in page.sections if not one.downloads}
    item = visit_item(opened.shown, pass_, closed=closed)
    return Opened(item, opened.number, opened.of, opened.before, opened.after)


def _taken(facts: Facts) -> str:
    """When, as the camera's clock stood."""
    if facts.taken_at is None:
        return ""
    there = facts.taken_at + timedelta(minutes=facts.taken_offset or 0)
    return there.replace(tzinfo=None).isoformat(timespec="seconds")


def camera(facts: Facts) -> str:
    """Camera, lens and exposure in a line: `Fanlight One · 35 mm · f/2.8 · 1/400 s · ISO 100`."""
    parts = (
        facts.camera,
        facts.lens,
        f"{facts.focal_length:g} mm" if facts.focal_length else "",
        f"f/{facts.aperture:g}" if facts.aperture else "",
        _exposure(facts.exposure),
        f"ISO {facts.iso}" if facts.iso else "",
    )
    return " · ".join(part for part in parts if part)


def _exposure(seconds: float | None) -> str:
    if not seconds or seconds <= 0:
        return ""
    if seconds >= 0.3:
        return f"{seconds:g} s"
    return f"1/{round(1 / Fraction(seconds).limit_denominator(100_000))} s"
