"""Viewers: of whom a gallery keeps something, what that is, and forgetting it."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight import gallery_model as model
from fanlight.sharing import keeping
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.pick_shapes import Comment, Kept, KeptList, KeptPick
from fanlight.web.api.shapes import Many
from fanlight.web.api.share_shapes import Viewer

router = APIRouter(tags=["viewers"])


@router.get("/galleries/{id}/viewers", responses=problems(404))
async def list_viewers(use: Use, caller: Caller, id: Id) -> Many[Viewer]:  # noqa: A002
    """Of whom something is kept, oldest first. Who only looks is in no list."""
    found = await use.sharing.viewers(caller, id)
    return Many[Viewer].of(found)


@router.get("/viewers/{id}", responses=problems(404))
async def get_viewer(use: Use, caller: Caller, id: Id) -> Kept:  # noqa: A002
    """All that is kept of a viewer: their lists with what is in them, and their comments."""
    return _kept(await use.sharing.kept_of_viewer(caller, id))


@router.delete("/viewers/{id}", status_code=204, responses=problems(404))
async def forget_viewer(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Delete all that is kept of a viewer: lists, picks and comments, too."""
    await use.sharing.forget_viewer(caller, id)


def _kept(kept: keeping.Kept) -> Kept:
    def pick(one: model.Pick) -> KeptPick:
        fields = {name: getattr(one, name) for name in _OF_PICK}
        return KeptPick.model_validate(fields | {"name": kept.names.get(one.asset_id, "")})

    def a_list(one: model.Selection, picks: tuple[model.Pick, ...]) -> KeptList:
        fields = {name: getattr(one, name) for name in _OF_LIST}
        return KeptList.model_validate(fields | {"picks": [pick(mark) for mark in picks]})

    return Kept(
        viewer=Viewer.model_validate(kept.viewer),
        lists=[a_list(*one) for one in kept.lists],
        comments=[Comment.model_validate(one) for one in kept.comments],
    )


_OF_PICK = KeptPick.model_fields.keys() - {"name"}
_OF_LIST = KeptList.model_fields.keys() - {"picks"}
