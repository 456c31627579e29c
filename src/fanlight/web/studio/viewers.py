"""The people that a gallery knows: what is kept of each, handed over, and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from fanlight.errors import NotFound
from fanlight.gallery_model import SelectionState
from fanlight.proofing.handing import file_name
from fanlight.web.door import fanlight_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.galleries import about, gallery_of, home_of
from fanlight.web.studio.pages import go, render
from fanlight.web.visit.me import data_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.gallery_model import Gallery, Selection, ShareLink, Viewer
    from fanlight.proofing.overview import Given, Overview
    from fanlight.sharing.keeping import Kept
    from fanlight.web.people import Visitor


@dataclass(frozen=True, slots=True)
class Person:
    """One of them, as a line says it."""

    viewer: Viewer
    link: ShareLink | None
    """By which they came; `None` for the gallery's own address, or a link that was removed."""
    lists: tuple[Given, ...]
    comments: int

    @property
    def picks(self) -> int:
        """In all lists."""
        return sum(one.marked.hearts for one in self.lists)

    @property
    def sent(self) -> bool:
        """Whether a list of theirs is waiting for the owner."""
        return any(is_sent(one.marked.selection) for one in self.lists)


async def show(request: Request, visitor: Visitor) -> Response:
    """All of whom something is kept, who was here last first."""
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
    seen = await fanlight.proofing.overview(visitor.actor, gallery.id)
    links = {one.id: one for one in await fanlight.sharing.links(visitor.actor, gallery.id)}
    people = [_person(seen, one, links.get(one.link_id or "")) for one in seen.viewers]
    people.sort(key=lambda one: one.viewer.seen_at, reverse=True)
    return render(
        request, "gallery-viewers.html", visitor, people=people, **about(request, gallery)
    )


async def hand_over(request: Request, visitor: Visitor) -> Response:
    """All that is kept of one, as they can have it themselves."""
    gallery, kept = await _kept(request, visitor)
    name = quote(f"{file_name(f'{gallery.title} - {name_of(kept.viewer)}')}.json")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "cache-control": "no-store",
    }
    return JSONResponse(data_of(kept), headers=headers)


async def ask(request: Request, visitor: Visitor) -> Response:
    """Say what goes, before it does."""
    gallery, kept = await _kept(request, visitor)
    return render(
        request,
        "gallery-viewer-forget.html",
        visitor,
        kept=kept,
        who=name_of(kept.viewer),
        picks=sum(pick.heart for _, picks in kept.lists for pick in picks),
        sent=any(is_sent(selection) for selection, _ in kept.lists),
        **about(request, gallery),
    )


async def forget(request: Request, visitor: Visitor) -> Response:
    """Delete all that is kept of one."""
    await fields_of(request, visitor)
    gallery, kept = await _kept(request, visitor)
    await fanlight_of(request).sharing.forget_viewer(visitor.actor, kept.viewer.id)
    return go(f"{home_of(gallery)}/viewers", said="viewer-gone")


def name_of(viewer: Viewer) -> str:
    """What they are called, as far as they said."""
    return viewer.name or "Somebody"


def is_sent(selection: Selection) -> bool:
    """Whether a list was sent, and is locked."""
    return selection.state is SelectionState.SUBMITTED


def _person(seen: Overview, viewer: Viewer, link: ShareLink | None) -> Person:
    return Person(
        viewer,
        link,
        tuple(one for one in seen.lists if one.viewer.id == viewer.id),
        sum(one.viewer_id == viewer.id for one in seen.comments),
    )


async def _kept(request: Request, visitor: Visitor) -> tuple[Gallery, Kept]:
    """The viewer of an address, if they are the gallery's. Raises NotFound."""
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
    viewer_id = str(request.path_params["viewer_id"])
    kept = await fanlight.sharing.kept_of_viewer(visitor.actor, viewer_id)
    if kept.viewer.gallery_id != gallery.id:
        raise NotFound("There is no such viewer.", code="not-found.viewer")
    return gallery, kept
