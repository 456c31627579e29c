"""The galleries: a card for each, and the photos of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from fanlight.errors import FanlightError, Invalid
from fanlight.galleries.making import Draft
from fanlight.gallery_model import GalleryState
from fanlight.model import JobState
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import fault_of, problem, request_id
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.tiles import picture, tile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request

    from fanlight.galleries import Galleries
    from fanlight.gallery_model import Gallery, Section, Shown
    from fanlight.model import Actor, Job
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor

    Action = Callable[[Galleries, Actor, str, Sequence[str], Mapping[str, str]], Awaitable[object]]

BADGES = {
    GalleryState.DRAFT: ("waiting", "Draft"),
    GalleryState.PUBLISHED: ("ok", "Published"),
    GalleryState.ARCHIVED: ("", "Archived"),
}
FILL = "fill_gallery"
LENGTH = 200


async def show(request: Request, visitor: Visitor) -> Response:
    """One card for each gallery, the newest first."""
    cards = await fanlight_of(request).galleries.all(visitor.actor)
    return render(
        request, "galleries.html", visitor, here="galleries", cards=cards, badges=BADGES, src=src
    )


async def show_one(request: Request, visitor: Visitor) -> Response:
    """The photos of a gallery, all there are, in its order."""
    return await page_of(request, visitor)


async def page_of(request: Request, visitor: Visitor, fault: Fault | None = None) -> Response:
    """The photos, with what was just done."""
    galleries = fanlight_of(request).galleries
    gallery = await galleries.get(visitor.actor, gallery_of(request))
    section = request.query_params.get("section") or None
    page = await galleries.items(
        visitor.actor,
        gallery.id,
        section_id=section,
        after=request.query_params.get("after"),
        limit=LENGTH,
    )
    counts = await galleries.all_counts(visitor.actor, gallery.id)
    sections = await galleries.all_sections(visitor.actor, gallery.id)
    return render(
        request,
        "gallery.html",
        visitor,
        fault=fault,
        **about(request, gallery),
        page=page,
        tiles=_tiles(page.items, gallery, {} if section else _titles(sections)),
        counts=counts,
        sections=sections,
        section=section,
        filling=await filling(request, gallery),
    )


def gallery_of(request: Request) -> str:
    """The gallery that an address names."""
    return str(request.path_params["gallery_id"])


def home_of(gallery: Gallery | str) -> str:
    """The address of a gallery's page."""
    return f"/studio/galleries/{gallery if isinstance(gallery, str) else gallery.id}"


def about(request: Request, gallery: Gallery) -> dict[str, Any]:
    """What every page of a gallery says above its content."""
    return {
        "here": "galleries",
        "gallery": gallery,
        "badge": BADGES[gallery.state],
        "public": f"{origin_of(request)}/g/{gallery.slug}",
    }


async def filling(request: Request, gallery: Gallery) -> Job | None:
    """The job that reads the folders of a gallery, while it goes on or if it has failed."""
    for job in (await fanlight_of(request).jobs.list(limit=50)).items:
        if job.task == FILL and job.arguments.get("gallery_id") == gallery.id:
            done = (JobState.DONE, JobState.CANCELLED)
            return None if job.state in done else job
    return None


def src(shown: Shown | None) -> str:
    """The address of a small picture of what is on a cover."""
    return picture(shown.asset, "small") if shown else ""


def _titles(sections: Iterable[Section]) -> dict[str, str]:
    return {one.id: f"{one.title} (hidden)" if one.hidden else one.title for one in sections}


def _tiles(
    items: Iterable[Shown], gallery: Gallery, titles: Mapping[str, str]
) -> list[dict[str, object]]:
    """Tiles; the first of each section says its title."""
    tiles: list[dict[str, object]] = []
    last = ""
    for shown in items:
        section = shown.item.section_id or ""
        begins = titles.get(section, "") if section != last else ""
        tiles.append(_tile(shown, gallery) | {"begins": begins, "section": section})
        last = section
    return tiles


def _tile(shown: Shown, gallery: Gallery) -> dict[str, object]:
    marks = [
        word
        for word, there in (
            ("Cover", gallery.cover_id == shown.asset.id),
            ("Hidden", shown.item.hidden),
            ("Hidden by a client", shown.item.kept_from_guests),
            ("RAW", shown.item.companion_id is not None),
        )
        if there
    ]
    given = dict(tile(shown.asset, shown.facts.taken_offset))
    return given | {"mark": ", ".join(marks), "hidden": shown.item.hidden}


# --- what is done to photos -----------------------------------------------------------------------


async def change_items(request: Request, visitor: Visitor) -> Response:
    """Do one thing to the photos that were ticked. A script is answered without a page."""
    by_script = request.headers.get("accept", "") == "application/json"
    try:
        fields = await fields_of(request, visitor)
        action = ACTIONS.get(fields.get("action", ""))
        ids = [name.partition(".")[2] for name in fields if name.startswith("item.")]
        ids = fields.get("ids", "").split() or ids
        if action is None or not ids:
            raise Invalid(
                "No photo was chosen.", remedy="Tick some, then press again.", code="invalid.items"
            )
        await action(
            fanlight_of(request).galleries, visitor.actor, gallery_of(request), ids, fields
        )
    except FanlightError as error:
        if by_script:
            return problem(fault_of(error), request_id(request))
        return await page_of(request, visitor, fault_of(error))
    if by_script:
        return Response(status_code=204)
    return go(fields.get("from") or home_of(gallery_of(request)), said="gallery-changed")


async def _cover(
    galleries: Galleries, actor: Actor, gallery_id: str, ids: Sequence[str], _: Mapping[str, str]
) -> None:
    await galleries.change(actor, gallery_id, cover_id=ids[0])


async def _order(
    galleries: Galleries,
    actor: Actor,
    gallery_id: str,
    ids: Sequence[str],
    fields: Mapping[str, str],
) -> None:
    await galleries.order(actor, gallery_id, ids, before=fields.get("before") or None)


async def _first(
    galleries: Galleries, actor: Actor, gallery_id: str, ids: Sequence[str], _: Mapping[str, str]
) -> None:
    page = await galleries.items(actor, gallery_id, limit=500)
    others = [one.asset.id for one in page.items if one.asset.id not in ids]
    await galleries.order(actor, gallery_id, ids, before=others[0] if others else None)


ACTIONS: dict[str, Action] = {
    "hide": lambda galleries, actor, id_, ids, _: galleries.hide(actor, id_, ids),
    "unhide": lambda galleries, actor, id_, ids, _: galleries.hide(actor, id_, ids, hidden=False),
    "take": lambda galleries, actor, id_, ids, _: galleries.take_out(actor, id_, ids),
    "cover": _cover,
    "order": _order,
    "first": _first,
    "last": lambda galleries, actor, id_, ids, _: galleries.order(actor, id_, ids),
}


# --- what is done to a gallery --------------------------------------------------------------------


async def publish(request: Request, visitor: Visitor) -> Response:
    """Open it, close it again, or put it away."""
    fields = await fields_of(request, visitor)
    state = fields.get("state", "")
    if state not in set(GalleryState):
        raise Invalid("A gallery is a draft, published or archived.", code="invalid.state")
    gallery = await fanlight_of(request).galleries.change(
        visitor.actor, gallery_of(request), state=GalleryState(state)
    )
    return go(home_of(gallery), said=f"gallery-{gallery.state.value}")


async def sync(request: Request, visitor: Visitor) -> Response:
    """Have its folders read again."""
    await fields_of(request, visitor)
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
    await fanlight.jobs.fill_gallery(gallery.id, anew=True)
    return go(home_of(gallery))


async def duplicate(request: Request, visitor: Visitor) -> Response:
    """Make another one like it."""
    await fields_of(request, visitor)
    made = await fanlight_of(request).galleries.duplicate(visitor.actor, gallery_of(request))
    return go(f"{home_of(made)}/about", said="gallery-doubled")


async def show_remove(request: Request, visitor: Visitor) -> Response:
    """Say what happens, before it does."""
    use = fanlight_of(request)
    gallery = await use.galleries.get(visitor.actor, gallery_of(request))
    seen = await use.proofing.overview(visitor.actor, gallery.id)
    links = await use.sharing.links(visitor.actor, gallery.id)
    return render(
        request,
        "gallery-remove.html",
        visitor,
        lists=len(seen.lists),
        picks=sum(one.marked.hearts for one in seen.lists),
        comments=len(seen.comments),
        links=sum(one.revoked_at is None for one in links),
        **about(request, gallery),
    )


async def remove(request: Request, visitor: Visitor) -> Response:
    """Remove it, with its links and picks."""
    await fields_of(request, visitor)
    await fanlight_of(request).galleries.remove(visitor.actor, gallery_of(request))
    return go("/studio/galleries", said="gallery-removed")


async def choose(request: Request, visitor: Visitor) -> Response:
    """Put what was selected in the library into a gallery, a new one or one that is there."""
    fields = await fields_of(request, visitor)
    fanlight, ids = fanlight_of(request), fields.get("ids", "").split()
    gallery_id = fields.get("gallery", "")
    if not gallery_id:
        made = await fanlight.galleries.create(visitor.actor, Draft(fields.get("title", "")))
        gallery_id = made.id
    await fanlight.galleries.choose(visitor.actor, gallery_id, ids)
    return go(home_of(gallery_id), said="gallery-chosen")
