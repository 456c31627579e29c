"""Archives: many assets as one ZIP, downloaded by an address of their own."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request

from fanlight.model import Scope
from fanlight.web.api import shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems
from fanlight.web.archives import described, plan_selection, prepared_selection

router = APIRouter(prefix="/archives", tags=["archives"])


@router.post("", status_code=201, responses=problems(404, 502))
async def make_archive(
    request: Request, use: Use, caller: Caller, wish: shapes.NewArchive
) -> shapes.Archive:
    """Plan an archive. Of originals it is ready at once; else ask for it until it is."""
    plan = await plan_selection(use, caller, wish.asset_ids, name=wish.name or "", size=wish.size)
    return shapes.Archive.model_validate(described(request, plan))


@router.get("/{id}", responses=problems(404, 410, 502))
async def get_archive(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Archive:  # noqa: A002
    """How far an archive is. As long as somebody asks, what is missing is being made."""
    caller.require(Scope.READ)
    return shapes.Archive.model_validate(described(request, await prepared_selection(use, id)))
