"""Picks: a visitor's own lists, for scripts.

A change of one photo is answered with its list, whose version tells whether another device has
changed it too. Only sending a list asks for the version that its sender saw. Where no cookie keeps
who somebody is, their base does: answers that made somebody known tell it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from fanlight.errors import Invalid, NotFound
from fanlight.gallery_model import Flag, Right
from fanlight.proofing.picking import Mark
from fanlight.web.door import fanlight_of
from fanlight.web.visit.bodies import body_of
from fanlight.web.visit.me import personal_link
from fanlight.web.visit.visiting import introduced

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.gallery_model import Pick, Selection
    from fanlight.web.visit.visiting import Visit

FIRST = "-"
"""Stands in an address for the first open list, which is made if there is none."""


async def show(request: Request, visit: Visit) -> Response:
    """All lists of who asks, with what is in them."""
    lists = await fanlight_of(request).proofing.mine(visit.pass_)
    return JSONResponse(
        {
            "viewer": _viewer(request, visit),
            "lists": [
                _list(one.selection) | {"picks": [_pick(pick) for pick in one.picks]}
                for one in lists
            ],
        }
    )


async def put(request: Request, visit: Visit) -> Response:
    """Say something about one photo in one list."""
    use, asset_id = fanlight_of(request), request.path_params["asset_id"]
    list_id = request.path_params["list_id"]
    visit.pass_.require(Right.PICK)
    mark = await _mark(request)
    await use.galleries.item(visit.pass_, asset_id)  # nobody is made known by what is not there
    if list_id != FIRST:
        _known(visit)
    await introduced(request, visit)
    selection, pick = await use.proofing.pick(
        visit.pass_, None if list_id == FIRST else list_id, asset_id, mark
    )
    told = {"list": _list(selection), "pick": pick and _pick(pick), "base": visit.base}
    return JSONResponse(told | {"viewer": _viewer(request, visit)})


async def make_list(request: Request, visit: Visit) -> Response:
    """Begin another list."""
    visit.pass_.require(Right.PICK)
    name = (await body_of(request)).text("name")
    await introduced(request, visit)
    made = await fanlight_of(request).proofing.make_list(visit.pass_, name)
    return JSONResponse(_list(made) | {"base": visit.base}, 201)


async def rename_list(request: Request, visit: Visit) -> Response:
    """Call a list something else."""
    visit.pass_.require(Right.PICK)
    name, list_id = (await body_of(request)).text("name"), request.path_params["list_id"]
    _known(visit)
    renamed = await fanlight_of(request).proofing.rename_list(visit.pass_, list_id, name)
    return JSONResponse(_list(renamed))


async def remove_list(request: Request, visit: Visit) -> Response:
    """Throw a list away."""
    visit.pass_.require(Right.PICK)
    _known(visit)
    list_id = request.path_params["list_id"]
    await fanlight_of(request).proofing.remove_list(visit.pass_, list_id)
    return Response(status_code=204)


async def submit(request: Request, visit: Visit) -> Response:
    """Send a list to the owner."""
    visit.pass_.require(Right.PICK)
    body = await body_of(request)
    _known(visit)
    sent = await fanlight_of(request).proofing.submit(
        visit.pass_,
        request.path_params["list_id"],
        version=body.number("version"),
        name=body.text("name"),
        email=body.text("email"),
        message=body.text("message"),
    )
    return JSONResponse(_list(sent))


async def keep(request: Request, visit: Visit) -> Response:
    """Hide a photo from guests, or show it to them again."""
    visit.pass_.require(Right.HIDE)
    kept = (await body_of(request)).flag("kept")
    asset_id = request.path_params["asset_id"]
    await fanlight_of(request).galleries.keep_from_guests(visit.pass_, asset_id, kept=kept)
    return JSONResponse({"kept": kept})


async def _mark(request: Request) -> Mark:
    body = await body_of(request)
    flag = body.text("flag")
    if flag and flag not in set(Flag):
        raise Invalid(f"Flags are {', '.join(Flag)}.", code="invalid.pick", about="flag")
    return Mark(
        heart=body.flag("heart"),
        stars=body.number("stars"),
        flag=Flag(flag) if flag else None,
        note=body.text("note"),
    )


def _known(visit: Visit) -> None:
    """Who is not known has no lists. Raises NotFound."""
    if visit.pass_.viewer is None:
        raise NotFound("There is no such selection.", code="not-found.selection")


def _viewer(request: Request, visit: Visit) -> dict[str, str] | None:
    viewer = visit.pass_.viewer
    if viewer is None:
        return None
    link = personal_link(request, visit, viewer)
    return {"name": viewer.name, "email": viewer.email, "link": link}


def _list(selection: Selection) -> dict[str, Any]:
    return {
        "id": selection.id,
        "name": selection.name,
        "state": selection.state.value,
        "version": selection.version,
        "message": selection.message,
    }


def _pick(pick: Pick) -> dict[str, Any]:
    return {
        "asset": pick.asset_id,
        "heart": pick.heart,
        "stars": pick.stars,
        "flag": pick.flag and pick.flag.value,
        "note": pick.note,
    }
