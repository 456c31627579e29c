"""The gallery itself: its page, more of its photos, and the page of one photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response

from fanlight.gallery_model import Act, Right
from fanlight.web.door import fanlight_of
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.page import items_answer
from fanlight.web.visit.showing import Showing, page_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request

    from fanlight.galleries.viewing import GalleryItem, GalleryPage
    from fanlight.web.visit.visiting import Visit


async def show(request: Request, visit: Visit) -> Response:
    """The first page, or the one after a cursor; complete without a script."""
    response = await _page(request, visit, "visit-gallery.html")
    use = fanlight_of(request)
    if request.method == "GET":
        use.journal.note(Act.VIEWED, visit.pass_)
        await use.sharing.opened(visit.pass_)
    return response


async def more(request: Request, visit: Visit) -> Response:
    """The next photos, for scripts."""
    seen = await _read(request, visit)
    showing = await _showing(request, visit, seen)
    items = tuple(map(showing.item, seen.items))
    return JSONResponse(items_answer(items, seen.next, seen.found))


async def show_photo(request: Request, visit: Visit) -> Response:
    """The page, opened at one photo."""
    asset_id = request.path_params["asset_id"]
    section = request.query_params.get("section") or None
    opened = await fanlight_of(request).galleries.item(visit.pass_, asset_id, section=section)
    return await _page(request, visit, "visit-gallery.html", opened)


async def frame(request: Request, visit: Visit) -> Response:
    """A small page to stand in a frame on another site."""
    return await _page(request, visit, "visit-embed.html")


async def _page(
    request: Request, visit: Visit, template: str, opened: GalleryItem | None = None
) -> Response:
    seen = await _read(request, visit)
    showing = await _showing(request, visit, seen)
    use = fanlight_of(request)
    cover, studio = await use.galleries.cover(visit.pass_), (await use.site.get()).name
    page = page_of(request, visit, seen, showing, cover=cover, studio=studio, opened=opened)
    return HTMLResponse(pages_of(request).text(template, page=page))


async def _read(request: Request, visit: Visit) -> GalleryPage:
    asked = request.query_params
    return await fanlight_of(request).galleries.page(
        visit.pass_,
        after=asked.get("after") or None,
        section=asked.get("section") or None,
        search=asked.get("search", ""),
        only=await _mine(request, visit) if asked.get("only") == "mine" else None,
    )


async def _showing(request: Request, visit: Visit, seen: GalleryPage) -> Showing:
    said = await fanlight_of(request).proofing.counts(visit.pass_)
    return Showing(visit.pass_.gallery.rules, seen.sections, said)


async def _mine(request: Request, visit: Visit) -> Collection[str]:
    """What this viewer has picked, in whichever list."""
    if Right.PICK not in visit.pass_.rights:
        return frozenset()
    lists = await fanlight_of(request).proofing.mine(visit.pass_)
    return frozenset(pick.asset_id for one in lists for pick in one.picks if pick.heart)
