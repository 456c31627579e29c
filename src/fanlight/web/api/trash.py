"""The trash as a whole; single assets are restored and deleted under `assets`."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight.web.api import shapes
from fanlight.web.api.calling import Caller, Use
from fanlight.web.api.errors import problems

router = APIRouter(prefix="/trash", tags=["assets"])


@router.delete("", status_code=202, responses=problems())
async def empty_trash(use: Use, caller: Caller) -> shapes.Job:
    """Delete for good what is in the trash now; the answer is the job that does it."""
    _, now = await use.library.in_trash(caller)
    return shapes.Job.model_validate(await use.jobs.clear_trash(now))
