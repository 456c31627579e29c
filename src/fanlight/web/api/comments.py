"""Comments: what was said about the photos of a gallery; the owner answers and removes."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight.web.api import pick_shapes as shapes
from fanlight.web.api.calling import After, Caller, Id, Limit, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Many

router = APIRouter(tags=["comments"])


@router.get("/galleries/{id}/comments", responses=problems(404))
async def list_comments(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    after: After = None,
    limit: Limit = 100,
) -> Many[shapes.Comment]:
    """What was said about all photos, oldest first."""
    page = await use.proofing.all_comments(caller, id, after=after, limit=limit)
    return Many[shapes.Comment].of(page.items, page.next)


@router.post("/galleries/{id}/comments", status_code=201, responses=problems(404))
async def add_comment(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.NewComment,
) -> shapes.Comment:
    """Say something about a photo as the owner, or answer what was said."""
    said = await use.proofing.answer(caller, id, wish.asset_id, wish.text, parent_id=wish.parent_id)
    return shapes.Comment.model_validate(said)


@router.delete("/comments/{id}", status_code=204, responses=problems(404))
async def remove_comment(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Remove anybody's comment, with the answers to it."""
    await use.proofing.remove_comment(caller, id)
