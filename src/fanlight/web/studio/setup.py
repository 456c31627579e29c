"""The first minutes: who you are, where your photos are, and your first link."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from fanlight.errors import FanlightError
from fanlight.guard.passwords import SHORTEST
from fanlight.model import Channel, Scope
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of, strangers_fields
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.sign_in import has_owner, let_in, strangers_page
from fanlight.web.studio.upload import island

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.web.people import Visitor

PHOTOS = "/setup/photos"
FIRST = "/setup/first"


async def show_owner(request: Request) -> Response:
    """Who you are: the page behind the link that the server printed."""
    code = request.query_params.get("code", "")
    if not code or await has_owner(request):
        return RedirectResponse("/", 303)
    return strangers_page(request, "setup.html", code=code, name="", shortest=SHORTEST)


async def become_owner(request: Request) -> Response:
    """Become the owner, and be signed in."""
    fields = await strangers_fields(request)
    accounts = fanlight_of(request).accounts
    name, password, code = (fields.get(key, "") for key in ("name", "password", "code"))
    try:
        await accounts.set_up(code, name, password)
        return await let_in(request, name, password, PHOTOS)
    except FanlightError as error:
        fault = fault_of(error)
        return strangers_page(request, "setup.html", fault, code=code, name=name, shortest=SHORTEST)


async def show_photos(request: Request, visitor: Visitor) -> Response:
    """Where your photos are: in the server's own folder, or in one that is there already."""
    return await _photos(request, visitor)


async def settle(request: Request, visitor: Visitor) -> Response:
    """Keep that folder, or take another; what lies in it is read into the library."""
    fields = await fields_of(request, visitor)
    if fields.get("where") == "keep":
        return go(FIRST)
    fanlight, folder = fanlight_of(request), fields.get("folder", "").strip()
    try:
        channel = await fanlight.channels.settle(visitor.actor, folder)
    except FanlightError as error:
        fault = replace(fault_of(error), about="folder")  # there is nothing else to be wrong
        return await _photos(request, visitor, fault, folder)
    await fanlight.jobs.index_channel(channel.id)
    return go(FIRST)


async def _photos(
    request: Request, visitor: Visitor, fault: Fault | None = None, folder: str = ""
) -> Response:
    visitor.actor.require_everywhere(Scope.MANAGE)
    channel = await _first_channel(request, visitor)
    place = ""
    if channel is not None:
        options = await fanlight_of(request).channels.options(visitor.actor, channel.id)
        place = next(iter(options.values()), "")
    return render(request, "setup-photos.html", visitor, fault=fault, place=place, folder=folder)


async def show_first(request: Request, visitor: Visitor) -> Response:
    """Your first link: a window to drop a photo into, right there."""
    return render(
        request,
        "setup-first-link.html",
        visitor,
        channel=await _first_channel(request, visitor),
        **island(fanlight_of(request).settings.max_upload),
    )


async def _first_channel(request: Request, visitor: Visitor) -> Channel | None:
    channels = await fanlight_of(request).channels.all(visitor.actor)
    return next((one for one in channels if one.enabled and one.uploads), None)
