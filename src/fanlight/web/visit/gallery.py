"""The gallery itself: its page, more of its photos, and the page of one photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response

from fanlight.gallery_model import Act, Right
from fanlight.web.door import fanlight_of
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.page import items_answer, outline_answer
from fanlight.web.visit.sheets import Asked, sheets_of
from fanlight.web.visit.showing import Showing, page_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request

    from fanlight.galleries.viewing import GalleryItem
    from fanlight.web.visit.sheets import Sheet
    from fanlight.web.visit.visiting import Visit

FRAMED = 8
"""Photos of the page that stands in a frame."""


async def show(request: Request, visit: Visit) -> Response:
    """The first page, or the one after a cursor; complete without a script."""
    response = await _page(request, visit)
    use = fanlight_of(request)
    if request.method == "GET":
        use.journal.note(Act.VIEWED, visit.pass_)
        await use.sharing.opened(visit.pass_)
    return response


async def more(request: Request, visit: Visit) -> Response:
    """The next photos, for scripts."""
    sheet = await _sheet(request, visit, Asked.by(request.query_params))
    said = await fanlight_of(request).proofing.counts(visit.pass_)
    answer = items_answer(sheet.told(said), sheet.next, sheet.found)
    return Response(answer, media_type="application/json")


async def outline(request: Request, visit: Visit) -> Response:
    """The shapes of all photos, page by page: scripts lay out what is not there yet."""
    asked = Asked.by(request.query_params)
    pages = await fanlight_of(request).galleries.outline(
        visit.pass_,
        section=asked.section,
        search=asked.search,
        only=await _mine(request, visit) if asked.mine else None,
    )
    return JSONResponse(outline_answer(pages))


async def show_photo(request: Request, visit: Visit) -> Response:
    """The page, opened at one photo."""
    asset_id = request.path_params["asset_id"]
    section = request.query_params.get("section") or None
    opened = await fanlight_of(request).galleries.item(visit.pass_, asset_id, section=section)
    return await _page(request, visit, opened)


async def frame(request: Request, visit: Visit) -> Response:
    """A small page to stand in a frame on another site."""
    asked, use = Asked(), fanlight_of(request)
    sheet = await _sheet(request, visit, asked)
    first = await use.galleries.page(visit.pass_, limit=FRAMED)
    showing, studio = Showing(visit.pass_.gallery.rules, ()), (await use.site.get()).name
    page = page_of(request, visit, asked, sheet, studio=studio, said={})
    items = tuple(map(showing.item, first.items))
    return HTMLResponse(pages_of(request).text("visit-embed.html", page=page, items=items))


async def _page(request: Request, visit: Visit, opened: GalleryItem | None = None) -> Response:
    asked = Asked.by(request.query_params)
    sheet = await _sheet(request, visit, asked, tiles=opened is None)
    use = fanlight_of(request)
    said, studio = await use.proofing.counts(visit.pass_), (await use.site.get()).name
    page = page_of(request, visit, asked, sheet, studio=studio, said=said, opened=opened)
    return HTMLResponse(pages_of(request).text("visit-gallery.html", page=page))


async def _sheet(request: Request, visit: Visit, asked: Asked, *, tiles: bool = False) -> Sheet:
    only = await _mine(request, visit) if asked.mine else None
    return await sheets_of(request).sheet(visit.pass_, asked, only=only, tiles=tiles)


async def _mine(request: Request, visit: Visit) -> Collection[str]:
    """What this viewer has picked, in whichever list."""
    if Right.PICK not in visit.pass_.rights:
        return frozenset()
    lists = await fanlight_of(request).proofing.mine(visit.pass_)
    return frozenset(pick.asset_id for one in lists for pick in one.picks if pick.heart)
