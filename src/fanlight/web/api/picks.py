"""Picks: viewers' lists, what is in them, and taking them away."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from fanlight import gallery_model as model
from fanlight.proofing.handing import KINDS, Form, file_name
from fanlight.proofing.overview import Given
from fanlight.web.api import pick_shapes as shapes
from fanlight.web.api.assets import asset_shape
from fanlight.web.api.calling import After, Caller, Id, Limit, Use
from fanlight.web.api.errors import content, problems
from fanlight.web.api.shapes import Archive, Identifier, Job, Many
from fanlight.web.api.share_shapes import Viewer
from fanlight.web.archives import described, plan_selection

router = APIRouter(tags=["picks"])
Lists = Annotated[
    list[Identifier],
    Query(alias="list", max_length=50, default_factory=list, description="To compare; none: all."),
]
MEDIA_TYPES = sorted({media_type.partition(";")[0] for _, media_type in KINDS.values()})


@router.get("/galleries/{id}/lists", responses=problems(404))
async def list_lists(use: Use, caller: Caller, id: Id) -> Many[shapes.PickList]:  # noqa: A002
    """Everybody's lists in a gallery with their counts, oldest first."""
    seen = await use.proofing.overview(caller, id)
    return Many[shapes.PickList].of([_list(one) for one in seen.lists])


@router.get("/galleries/{id}/picks", responses=problems(404))
async def compare_lists(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    lists: Lists,
    common: Annotated[bool, Query(description="Only what all these lists have picked.")] = False,
    after: After = None,
    limit: Limit = 100,
) -> Many[shapes.Wanted]:
    """Photos that somebody marked, the most wanted first, and what each list says of them.

    Of `list`s: what any of them has picked.
    """
    page = await use.proofing.wanted(
        caller, id, lists=lists, common=common, after=after, limit=limit
    )
    items = [
        {
            "asset": asset_shape(request, one.asset),
            "hearts": one.hearts,
            "picks": [_mark(pick) | {"list_id": by.marked.selection.id} for by, pick in one.picks],
        }
        for one in page.items
    ]
    return Many[shapes.Wanted].of(items, page.next)


@router.get("/lists/{id}", responses=problems(404))
async def get_list(use: Use, caller: Caller, id: Id) -> shapes.PickList:  # noqa: A002
    """One list with its counts."""
    return _list((await use.proofing.taken(caller, id)).given)


@router.get("/lists/{id}/picks", responses=problems(404))
async def list_picks(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    after: After = None,
    limit: Limit = 100,
) -> Many[shapes.Pick]:
    """What is marked in a list, by name: hearts, stars, colours, notes."""
    page = await use.proofing.marks(caller, id, after=after, limit=limit)
    items = [_mark(pick) | {"asset": asset_shape(request, asset)} for asset, pick in page.items]
    return Many[shapes.Pick].of(items, page.next)


@router.post("/lists/{id}/reopen", responses=problems(404))
async def reopen_list(use: Use, caller: Caller, id: Id) -> shapes.PickList:  # noqa: A002
    """Let the viewer change a list that was submitted. One that is open stays so."""
    await use.proofing.reopen(caller, id)
    return _list((await use.proofing.taken(caller, id)).given)


@router.get(
    "/lists/{id}/as/{form}",
    response_class=Response,
    responses=problems(404) | content(*MEDIA_TYPES),
)
async def hand_over_list(use: Use, caller: Caller, id: Id, form: Form) -> Response:  # noqa: A002
    """A list for another program.

    Names to search for in Lightroom and Capture One, one a line (`txt`), a table (`csv`), `json`,
    XMP sidecars in a ZIP (`xmp`), a contact sheet (`pdf`). Tables and sidecars hold all that is
    marked, the others what is picked.
    """
    handed = await use.proofing.hand_over(caller, id, form)
    disposition = f"attachment; filename*=UTF-8''{quote(handed.name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(handed.body, media_type=handed.media_type, headers=headers)


@router.post("/lists/{id}/archive", status_code=201, responses=problems(404, 502))
async def pack_list(request: Request, use: Use, caller: Caller, id: Id) -> Archive:  # noqa: A002
    """Plan a ZIP of the originals of what is picked; it is downloaded by its address."""
    taken = await use.proofing.taken(caller, id)
    name = file_name(f"{taken.gallery.title} - {taken.given.marked.selection.name}")
    ids = [asset.id for asset, _ in taken.photos]
    plan = await plan_selection(use, caller, ids, name=name)
    return Archive.model_validate(described(request, plan))


@router.post("/lists/{id}/bring-back", status_code=202, responses=problems(404, 409))
async def bring_list_back(use: Use, caller: Caller, id: Id, wish: shapes.Copying) -> Job:  # noqa: A002
    """Have copies of what is picked, or its names, put into the cloud next to the photos.

    Only where the channel takes uploads. The answer is the job that does it.
    """
    await use.proofing.check_bringing(caller, id)
    return Job.model_validate(await use.jobs.bring_back(id, wish.how.value))


def _list(given: Given) -> shapes.PickList:
    selection = given.marked.selection
    counted = {
        "viewer": Viewer.model_validate(given.viewer),
        "hearts": given.marked.hearts,
        "marked": len(given.marked.picks),
    }
    fields = {name: getattr(selection, name) for name in _RECORDED}
    return shapes.PickList.model_validate(fields | counted)


_RECORDED = shapes.PickList.model_fields.keys() - {"viewer", "hearts", "marked"}


def _mark(pick: model.Pick) -> dict[str, object]:
    return {name: getattr(pick, name) for name in shapes.Mark.model_fields}
