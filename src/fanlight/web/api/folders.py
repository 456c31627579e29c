"""Folders and tags of the library."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from fanlight.web.api import shapes
from fanlight.web.api.calling import Caller, Use
from fanlight.web.api.errors import problems

router = APIRouter(tags=["folders"])


@router.get("/folders", responses=problems())
async def list_folders(
    use: Use,
    caller: Caller,
    parent: Annotated[str, Query(max_length=700, description="Empty: the top.")] = "",
) -> shapes.Many[shapes.Folder]:
    """The folders directly in one, with their counts."""
    folders = await use.library.folders(caller, parent)
    return shapes.Many[shapes.Folder].of(folders)


@router.post("/folders/warm", status_code=202, responses=problems())
async def warm_folder(use: Use, caller: Caller, wish: shapes.Warming) -> shapes.Job:
    """Have all presets made, before they are asked for; the answer is the job that does it."""
    use.pictures.admit(caller, wish.folder)
    return shapes.Job.model_validate(await use.jobs.warm_pictures(wish.folder))


@router.get("/tags", responses=problems())
async def list_tags(
    use: Use,
    caller: Caller,
    prefix: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> shapes.Many[shapes.Tag]:
    """Tags that begin so, most used first."""
    tags = await use.library.tags(caller, prefix, limit)
    return shapes.Many[shapes.Tag].of(tags)
