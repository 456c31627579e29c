"""One asset: what it is, its links, and what can be done to it.

The same as a page of its own and as the panel beside the grid; a script asks for the latter by the
header that htmx sends.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from fanlight.delivery.addresses import readable, stable
from fanlight.errors import FanlightError, Invalid
from fanlight.library import KEEP
from fanlight.model import Kind, Visibility
from fanlight.web import words
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio import facts
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.library import crumbs
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.tiles import has_picture, picture, tile

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.library.requests import Keep
    from fanlight.model import Asset, Facts
    from fanlight.web.people import Visitor

VISIBILITIES = (
    (Visibility.PUBLIC, "Anyone with the link"),
    (Visibility.PRIVATE, "Only you, and signed links you make"),
    (Visibility.HIDDEN, "Only you; others see nothing there"),
    (Visibility.BLOCKED, "Only you; others are told it was blocked"),
)
PRESETS = (
    ("original", "Original"),
    ("large", "Large"),
    ("medium", "Medium"),
    ("small", "Small"),
    ("thumb", "Thumb"),
)


async def show(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    *,
    saved: Asset | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    """One asset, in use or in the trash."""
    library, asset_id = fanlight_of(request).library, request.path_params["asset_id"]
    asset = saved or await library.get(visitor.actor, asset_id, trashed=True)
    sheet = await library.facts(visitor.actor, asset.id)
    kept_in = await places(request, visitor, asset.id)
    return render(
        request,
        "asset-panel.html" if in_panel(request) else "asset.html",
        visitor,
        fault=fault,
        here="library",
        asset=asset,
        saved=saved is not None,
        tile=tile(asset, sheet.facts.taken_offset if sheet else None),
        problem=sheet if sheet and sheet.problem else None,
        lost=await library.lost(visitor.actor, asset.id),
        crumbs=crumbs(asset.folder),
        visibilities=VISIBILITIES,
        given={**_shown(asset), **(given or {})},
        playable=asset.kind is Kind.VIDEO and not asset.deleted_at,
        **_known(asset, sheet and sheet.facts, kept_in),
        **_pictures(asset),
        **_links(request, asset),
    )


def in_panel(request: Request) -> bool:
    """Whether a part is asked for, not a page."""
    return request.headers.get("hx-request") == "true"


def _known(asset: Asset, known: Facts | None, kept_in: list[str]) -> dict[str, Any]:
    return {
        "facts": facts.lines(asset, known, kept_in),
        "summary": facts.summary(known),
        "taken": facts.taken(asset, known),
    }


def _pictures(asset: Asset) -> dict[str, Any]:
    sizes = (("medium", 1280), ("large", 2048))
    share = min(1.0, (asset.width or 3) / (asset.height or 2))
    return {
        "previewable": has_picture(asset),
        "shown": picture(asset, "medium"),
        "shown_set": ", ".join(
            f"{picture(asset, name)} {round(edge * share)}w" for name, edge in sizes
        ),
    }


def _links(request: Request, asset: Asset) -> dict[str, Any]:
    """Links to one preset in every form, and the presets to choose from."""
    presets = PRESETS if has_picture(asset) else PRESETS[:1]
    asked = request.query_params.get("preset", "")
    chosen = asked if asked in dict(presets) else "original"
    origin = origin_of(request)
    address = stable(asset) if chosen == "original" else f"/a/{asset.id}/{chosen}"
    return {
        "presets": presets,
        "preset": chosen,
        "forms": words.link_forms(asset, origin + address),
        "readable": origin + readable(asset.alias),
    }


async def places(request: Request, visitor: Visitor, asset_id: str) -> list[str]:
    """The names of the channels that an asset's bytes are in."""
    fanlight = fanlight_of(request)
    names = {channel.id: channel.name for channel in await fanlight.channels.all(visitor.actor)}
    found = await fanlight.library.placements(visitor.actor, asset_id)
    return [names.get(placement.channel_id, "a channel") for placement in found]


async def change(request: Request, visitor: Visitor) -> Response:
    """Rename, move, tag, show or hide."""
    fields = await fields_of(request, visitor)
    library, asset_id = fanlight_of(request).library, request.path_params["asset_id"]
    try:
        before = await library.move(
            visitor.actor, asset_id, folder=fields.get("folder", ""), name=fields.get("name")
        )
        asset = await library.update(
            visitor.actor,
            asset_id,
            tags=words.listed(fields.get("tags", "")),
            visibility=_visibility(fields.get("visibility", "")),
            expires_at=_expiry(fields, before),
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), given=fields)
    if in_panel(request):
        answer = await show(request, visitor, saved=asset)
        return _telling(answer, "asset-changed", asset)
    return go(f"/studio/assets/{asset_id}", said="saved")


async def publish(request: Request, visitor: Visitor) -> Response:
    """Make it public."""
    await fields_of(request, visitor)
    asset_id = request.path_params["asset_id"]
    asset = await fanlight_of(request).library.publish(visitor.actor, asset_id)
    if in_panel(request):
        answer = await show(request, visitor, saved=asset)
        return _telling(answer, "asset-changed", asset)
    return go(f"/studio/assets/{asset_id}", said="saved")


def _visibility(chosen: str) -> Visibility:
    if chosen not in set(Visibility):
        raise Invalid("Nobody can be chosen like that to see it.", code="invalid.visibility")
    return Visibility(chosen)


def _last_day(expires_at: datetime | None) -> str:
    """The last day on which links work, as a date field has it."""
    return str((expires_at - timedelta(seconds=1)).date()) if expires_at else ""


def _shown(asset: Asset) -> dict[str, str]:
    """What the form shows before anything is typed."""
    return {
        "name": asset.name,
        "folder": asset.folder,
        "tags": ", ".join(asset.tags),
        "visibility": asset.visibility.value,
        "expires": _last_day(asset.expires_at),
    }


def _expiry(fields: dict[str, str], before: Asset) -> datetime | Keep | None:
    """When links stop: after the day that was chosen. What was not touched stays to the second."""
    chosen = fields.get("expires")
    if chosen is None or chosen == _last_day(before.expires_at):
        return KEEP
    if not chosen:
        return None
    try:
        day = date.fromisoformat(chosen)
    except ValueError:
        raise Invalid(
            "That is no date.", remedy="Write 2026-12-31.", code="invalid.time", about="expires"
        ) from None
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


async def delete(request: Request, visitor: Visitor) -> Response:
    """Move it to the trash."""
    await fields_of(request, visitor)
    asset_id = request.path_params["asset_id"]
    asset = await fanlight_of(request).library.delete(visitor.actor, asset_id)
    if in_panel(request):
        return _telling(Response(status_code=204), "asset-trashed", asset)
    return go(f"/studio/assets/{asset_id}", said="trashed")


async def restore(request: Request, visitor: Visitor) -> Response:
    """Bring it back."""
    await fields_of(request, visitor)
    asset_id = request.path_params["asset_id"]
    asset = await fanlight_of(request).library.restore(visitor.actor, asset_id)
    if in_panel(request):
        return _telling(Response(status_code=204), "asset-restored", asset)
    return go(f"/studio/assets/{asset_id}", said="restored")


async def bring_back(request: Request, visitor: Visitor) -> Response:
    """Have its service restore the original that was deleted there."""
    await fields_of(request, visitor)
    asset_id = request.path_params["asset_id"]
    try:
        asset = await fanlight_of(request).library.restore(visitor.actor, asset_id)
    except FanlightError as error:
        return await show(request, visitor, fault_of(error))
    if in_panel(request):
        answer = await show(request, visitor, saved=asset)
        return _telling(answer, "asset-changed", asset)
    return go(f"/studio/assets/{asset_id}", said="restored")


async def purge(request: Request, visitor: Visitor) -> Response:
    """Delete it for good."""
    await fields_of(request, visitor)
    library, asset_id = fanlight_of(request).library, request.path_params["asset_id"]
    asset = await library.get(visitor.actor, asset_id, trashed=True)
    await library.purge(visitor.actor, asset_id)
    if in_panel(request):
        return _telling(Response(status_code=204), "asset-purged", asset)
    return go("/studio/library?trash=1", said="purged")


def _telling(response: Response, what: str, asset: Asset) -> Response:
    """Tell the page around the panel what has happened to which tile."""
    response.headers["HX-Trigger"] = json.dumps({what: tile(asset)})
    return response
