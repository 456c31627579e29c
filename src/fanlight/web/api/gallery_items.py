"""The photos of a gallery: listed, put in, taken out, hidden, ordered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from fanlight import gallery_model as model
from fanlight.web.api import gallery_shapes as shapes
from fanlight.web.api.assets import asset_shape
from fanlight.web.api.calling import PATTERN, After, Caller, Id, Limit, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Asset, Many

router = APIRouter(prefix="/galleries/{id}/items", tags=["galleries"])


@router.get("", responses=problems(404))
async def list_items(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    section: Annotated[str | None, Query(pattern=PATTERN)] = None,
    after: After = None,
    limit: Limit = 200,
) -> Many[shapes.Item]:
    """What is in it, in its order, hidden photos too."""
    page = await use.galleries.items(caller, id, section_id=section, after=after, limit=limit)
    items = [_item(request, one) for one in page.items]
    return Many[shapes.Item].of(items, page.next)


def _item(request: Request, shown: model.Shown) -> shapes.Item:
    return shapes.Item(
        asset=Asset.model_validate(asset_shape(request, shown.asset)),
        section_id=shown.item.section_id,
        companion_id=shown.item.companion_id,
        hidden=shown.item.hidden,
        kept_from_guests=shown.item.kept_from_guests,
    )


@router.post("", responses=problems(404, 409, 502))
async def choose_items(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.Chosen,
) -> shapes.Added:
    """Put assets of any channel into it. What is no picture and no video is passed over."""
    added = await use.galleries.choose(caller, id, wish.ids, section_id=wish.section_id)
    return shapes.Added(added=added)


@router.post("/remove", status_code=204, responses=problems(404, 409, 502))
async def take_items_out(use: Use, caller: Caller, id: Id, wish: shapes.Chosen) -> None:  # noqa: A002
    """Take photos out that were put in one by one; what a folder brings can be hidden."""
    await use.galleries.take_out(caller, id, wish.ids)


@router.post("/hide", status_code=204, responses=problems(404, 409, 502))
async def hide_items(use: Use, caller: Caller, id: Id, wish: shapes.Hidden) -> None:  # noqa: A002
    """Hide photos from viewers, or show them again."""
    await use.galleries.hide(caller, id, wish.ids, hidden=wish.hidden)


@router.post("/order", status_code=204, responses=problems(404, 409, 502))
async def order_items(use: Use, caller: Caller, id: Id, wish: shapes.Ordered) -> None:  # noqa: A002
    """Put photos in order by hand; the gallery is sorted so from then on."""
    await use.galleries.order(caller, id, wish.ids, before=wish.before)
