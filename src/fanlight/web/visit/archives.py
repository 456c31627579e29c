"""Much of a gallery at once: how much it is, and the archive itself.

An archive is asked for by what shall be in it, and the address stays: whoever comes with a range
goes on with the archive that they were given last, others begin with what there is now.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response

from fanlight.errors import Invalid, Overloaded
from fanlight.galleries.downloads import ORIGINAL, Wanted
from fanlight.gallery_model import Right
from fanlight.web import words
from fanlight.web.archives import SIZES, archive_response
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of, problem, request_id
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.closed import come_again, threshold, wants_data
from fanlight.web.visit.downloads import may_take

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.model import ArchivePlan
    from fanlight.web.visit.visiting import Visit

PATIENCE = 20.0
"""Seconds that somebody waits for pictures to be made smaller until they are told how far it is."""
PAUSE = 2.0


async def plan(request: Request, visit: Visit) -> Response:
    """How many photos and bytes it would be. What is made smaller has no size yet."""
    edge, use = _edge(request), fanlight_of(request)
    visit.pass_.require(Right.ORIGINAL if edge == ORIGINAL else Right.VIEW)
    offer = await use.downloads.offer(visit.pass_, await _wanted(request, visit))
    size = offer.count.size if edge == ORIGINAL else 0
    return JSONResponse({"count": offer.count.items, "size": size, "name": offer.name})


async def archive(request: Request, visit: Visit) -> Response:
    """The archive; without a size, a page that asks for it."""
    if "size" not in request.query_params:
        return await _page(request, visit)
    edge, use = _edge(request), fanlight_of(request)
    refusal = await may_take(request, visit, Right.ORIGINAL if edge == ORIGINAL else Right.WEB)
    if refusal is not None:
        return refusal
    wanted, goes_on = await _wanted(request, visit), "range" in request.headers
    last = await use.downloads.last(visit.pass_, wanted, edge) if goes_on else None
    made = await _prepared(request, last or await use.downloads.plan(visit.pass_, wanted, edge))
    if not made.ready:
        return await _not_yet(request, visit, made)
    if request.method == "GET" and last is None:
        use.downloads.count(visit.pass_, made)
    allowed = use.downloads.allowed(visit.pass_)
    return await archive_response(request, made, allowed, anew=last is None)


async def _page(request: Request, visit: Visit) -> Response:
    """What there is, and in which sizes: complete without a script."""
    use, gallery = fanlight_of(request), visit.pass_.gallery
    wanted = await _wanted(request, visit)
    offer = await use.downloads.offer(visit.pass_, wanted)
    page = await threshold(request, visit.keeping.key.carrying(visit.keeping.new), gallery)
    text = pages_of(request).text(
        "visit-archive.html",
        page=page,
        count=offer.count.items,
        size=words.size(offer.count.size),
        names=[name for name, edge in SIZES.items() if edge in offer.edges],
        asked=[(k, v) for k, v in request.query_params.items() if k in ("section", "only", "list")],
    )
    return HTMLResponse(text)


def _edge(request: Request) -> int:
    size = request.query_params.get("size", "original")
    if size not in SIZES:
        raise Invalid(
            f"Sizes are {', '.join(SIZES)}.", remedy="Ask for one of them.", code="invalid.size"
        )
    return SIZES[size]


async def _wanted(request: Request, visit: Visit) -> Wanted:
    asked = request.query_params
    if asked.get("only") != "mine":
        return Wanted(section=asked.get("section") or None)
    wanted = asked.get("list", "")
    lists = await fanlight_of(request).proofing.mine(visit.pass_)
    return Wanted(
        only=frozenset(
            pick.asset_id
            for one in lists
            for pick in one.picks
            if pick.heart and wanted in ("", one.selection.id)
        )
    )


async def _prepared(request: Request, made: ArchivePlan) -> ArchivePlan:
    """The plan, with as much of what is missing as can be made in a while."""
    loop = asyncio.get_running_loop()
    end = loop.time() + (0 if request.method == "HEAD" else PATIENCE)
    while not made.ready:
        made = await fanlight_of(request).downloads.prepare(made)
        if loop.time() >= end:
            break
    return made


async def _not_yet(request: Request, visit: Visit, made: ArchivePlan) -> Response:
    """Say how far it is; who has no script is brought back here by their browser."""
    done, every = len(made.items) - made.missing, len(made.items)
    error = Overloaded(
        f"{done} of {every} photos are made smaller so far.",
        remedy="The download begins when all of them are.",
        code="overloaded.preparing",
        retry_after=PAUSE,
    )
    fault = fault_of(error)
    if wants_data(request) or request.method == "HEAD":
        response = problem(fault, request_id(request))
    else:
        page = await threshold(request, visit.keeping.key, visit.pass_.gallery)
        lede = page.words("making", n=done, all=every)
        text = pages_of(request).text("visit-wait.html", page=page, lede=lede)
        response = HTMLResponse(text, fault.status, fault.headers)
    come_again(response)
    response.headers["Made"] = f"{done}/{every}"
    return response
