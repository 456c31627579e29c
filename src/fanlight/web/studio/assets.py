"""One asset: what it is, its links, and what can be done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.delivery.addresses import readable, stable
from fanlight.errors import FanlightError, Invalid
from fanlight.model import Visibility
from fanlight.web import words
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.library import crumbs
from fanlight.web.studio.pages import PREVIEWED, go, render

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.web.people import Visitor

VISIBILITIES = (
    (Visibility.PUBLIC, "Anyone with the link"),
    (Visibility.PRIVATE, "Only you, and signed links you make"),
    (Visibility.HIDDEN, "Only you; others see nothing there"),
    (Visibility.BLOCKED, "Only you; others are told it was blocked"),
)


async def show(request: Request, visitor: Visitor, fault: Fault | None = None) -> Response:
    """The page of one asset, in use or in the trash."""
    library = fanlight_of(request).library
    asset = await library.get(visitor.actor, request.path_params["asset_id"], trashed=True)
    origin = origin_of(request)
    return render(
        request,
        "asset.html",
        visitor,
        fault=fault,
        here="library",
        asset=asset,
        crumbs=crumbs(asset.folder),
        forms=words.link_forms(asset, origin + stable(asset)),
        readable=origin + readable(asset.alias),
        previewable=asset.media_type in PREVIEWED and not asset.deleted_at,
        visibilities=VISIBILITIES,
        places=await places(request, visitor, asset.id),
    )


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
    tags = [tag.strip() for tag in fields.get("tags", "").split(",")]
    try:
        await library.move(
            visitor.actor, asset_id, folder=fields.get("folder", ""), name=fields.get("name")
        )
        await library.update(
            visitor.actor,
            asset_id,
            tags=tuple(tag for tag in tags if tag),
            visibility=_visibility(fields.get("visibility", "")),
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error))
    return go(f"/studio/assets/{asset_id}", said="saved")


def _visibility(chosen: str) -> Visibility:
    if chosen not in set(Visibility):
        raise Invalid("Nobody can be chosen like that to see it.", code="invalid.visibility")
    return Visibility(chosen)


async def delete(request: Request, visitor: Visitor) -> Response:
    """Move it to the trash."""
    await fields_of(request, visitor)
    asset_id = request.path_params["asset_id"]
    await fanlight_of(request).library.delete(visitor.actor, asset_id)
    return go(f"/studio/assets/{asset_id}", said="trashed")


async def restore(request: Request, visitor: Visitor) -> Response:
    """Bring it back."""
    await fields_of(request, visitor)
    asset_id = request.path_params["asset_id"]
    await fanlight_of(request).library.restore(visitor.actor, asset_id)
    return go(f"/studio/assets/{asset_id}", said="restored")


async def purge(request: Request, visitor: Visitor) -> Response:
    """Delete it for good."""
    await fields_of(request, visitor)
    await fanlight_of(request).library.purge(visitor.actor, request.path_params["asset_id"])
    return go("/studio/library?trash=1", said="purged")
