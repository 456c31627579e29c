"""Assets: list, search, one, change, trash, restore, content, signed links."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from fanlight import model
from fanlight.delivery.addresses import picture, readable, stable
from fanlight.delivery.disposition import disposition
from fanlight.errors import NotFound
from fanlight.library import KEEP
from fanlight.model import Filters, Kind, Sort
from fanlight.pictures.desk import PICTURED
from fanlight.renditions.recipes import PRESETS
from fanlight.web.api import shapes
from fanlight.web.api.calling import After, Caller, Id, Limit, Use
from fanlight.web.api.errors import content, problems
from fanlight.web.door import origin_of

router = APIRouter(prefix="/assets", tags=["assets"])

Text = Annotated[str, Query(max_length=200)]


def asset_shape(request: Request, asset: model.Asset) -> dict[str, object]:
    """An asset as the API shows it."""
    shown: dict[str, object] = {name: getattr(asset, name) for name in RECORDED}
    origin = origin_of(request)
    sizes = PRESETS_SHOWN if asset.kind in PICTURED else ()
    return shown | {
        "link": origin + stable(asset),
        "url": origin + readable(asset.alias),
        "pictures": {name: origin + picture(asset, name) for name in sizes},
    }


RECORDED = tuple(
    name for name in shapes.Asset.model_fields if name not in ("link", "url", "pictures")
)
PRESETS_SHOWN = tuple(name for name in PRESETS if "@" not in name)


@router.get("", responses=problems())
async def list_assets(
    request: Request,
    use: Use,
    caller: Caller,
    q: Annotated[str, Query(max_length=200, description="Words of names and tags.")] = "",
    folder: Annotated[
        str | None, Query(max_length=700, description="A folder; empty: the top. Without: all.")
    ] = None,
    deep: Annotated[bool, Query(description="Also what is in folders below.")] = False,
    tag: Text | None = None,
    kind: Kind | None = None,
    channel_id: Annotated[str | None, Query(max_length=64)] = None,
    trashed: Annotated[bool, Query(description="The trash instead.")] = False,
    sort: Sort = Sort.NEWEST,
    after: After = None,
    limit: Limit = 100,
) -> shapes.Many[shapes.Asset]:
    """One page of assets, or of what a search finds (best first, `sort` has no effect)."""
    wanted: Filters = {
        "folder": folder,
        "deep": deep or folder is None,
        "tag": tag,
        "kind": kind,
        "channel_id": channel_id,
        "trashed": trashed,
    }
    if q.strip():
        page = await use.library.search(caller, q, after=after, limit=limit, **wanted)
    else:
        page = await use.library.page(caller, sort=sort, after=after, limit=limit, **wanted)
    items = [asset_shape(request, asset) for asset in page.items]
    return shapes.Many[shapes.Asset].of(items, page.next)


@router.get("/{id}", responses=problems(404))
async def get_asset(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Asset:  # noqa: A002
    """One asset, also one in the trash."""
    asset = await use.library.get(caller, id, trashed=True)
    return shapes.Asset.model_validate(asset_shape(request, asset))


@router.get("/{id}/facts", responses=problems(404))
async def get_facts(use: Use, caller: Caller, id: Id) -> shapes.FactSheet:  # noqa: A002
    """What its bytes say: when, where and with what it was taken. 404 until it is known."""
    sheet = await use.library.facts(caller, id)
    if sheet is None:
        raise NotFound("The facts of this are not known yet.", code="not-found.facts")
    return shapes.FactSheet.model_validate(sheet)


@router.patch("/{id}", responses=problems(404, 409, 502))
async def change_asset(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.AssetChange,
) -> shapes.Asset:
    """Rename, move, tag, show or hide. Old links keep leading to it."""
    # first what may not fit what is there: then a conflict has changed nothing
    if change.name is not None or change.folder is not None:
        await use.library.move(caller, id, folder=change.folder, name=change.name)
    asset = await use.library.update(
        caller,
        id,
        tags=None if change.tags is None else tuple(change.tags),
        visibility=change.visibility,
        expires_at=change.expires_at if "expires_at" in change.model_fields_set else KEEP,
    )
    return shapes.Asset.model_validate(asset_shape(request, asset))


@router.delete("/{id}", status_code=204, responses=problems(404))
async def delete_asset(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    for_good: Annotated[bool, Query(description="Not to the trash.")] = False,
) -> None:
    """Move it to the trash, or delete it for good. Its links stop at once."""
    if for_good:
        await use.library.purge(caller, id)
    else:
        await use.library.delete(caller, id)


@router.post("/{id}/restore", responses=problems(404, 409))
async def restore_asset(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Asset:  # noqa: A002
    """Bring it back from the trash; its links work again.

    An original that was deleted at its service is brought back too, where the service can.
    """
    asset = await use.library.restore(caller, id)
    return shapes.Asset.model_validate(asset_shape(request, asset))


@router.post("/{id}/publish", responses=problems(404))
async def publish_asset(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Asset:  # noqa: A002
    """Make it public; the answer has its link. Nothing changes if it is."""
    asset = await use.library.publish(caller, id)
    return shapes.Asset.model_validate(asset_shape(request, asset))


@router.post("/{id}/link", responses=problems(404))
async def sign_link(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.SignedLinkWish,
) -> shapes.SignedLink:
    """An expiring address that works for everybody who has it, also of a private asset."""
    asset = await use.library.get(caller, id)
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=wish.seconds)
    url = origin_of(request) + use.delivery.signed_url(asset, expires_at)
    return shapes.SignedLink(url=url, expires_at=expires_at)


@router.get(
    "/{id}/content", response_class=Response, responses=problems(404, 409, 502) | content("*/*")
)
async def get_content(use: Use, caller: Caller, id: Id) -> Response:  # noqa: A002
    """The original, whole. For ranges and caching use its link."""
    opened = await use.library.open(caller, id)
    asset = opened.asset

    async def pieces() -> AsyncIterator[bytes]:
        try:
            async for piece in opened.body:
                yield piece
        finally:
            await opened.body.aclose()

    headers = {
        "Content-Length": str(asset.size),
        "Content-Disposition": disposition("attachment", asset.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{asset.content[:32]}"',
    }
    return StreamingResponse(pieces(), headers=headers, media_type=asset.media_type)
