"""Jobs: what goes on in the background."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from fanlight.model import JobState, Scope
from fanlight.web.api import shapes
from fanlight.web.api.calling import After, Caller, Id, Limit, Use
from fanlight.web.api.errors import problems

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", responses=problems())
async def list_jobs(
    use: Use,
    caller: Caller,
    state: Annotated[JobState | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> shapes.Many[shapes.Job]:
    """Jobs, newest first."""
    caller.require_everywhere(Scope.MANAGE)
    page = await use.jobs.list(state, after=after, limit=limit)
    return shapes.Many[shapes.Job].of(page.items, page.next)


@router.get("/{id}", responses=problems(404))
async def get_job(use: Use, caller: Caller, id: Id) -> shapes.Job:  # noqa: A002
    """One job and how far it is."""
    caller.require_everywhere(Scope.MANAGE)
    return shapes.Job.model_validate(await use.jobs.get(id))


@router.post("/{id}/cancel", responses=problems(404, 409))
async def cancel_job(use: Use, caller: Caller, id: Id) -> shapes.Job:  # noqa: A002
    """End a waiting job; ask a running one to stop."""
    caller.require_everywhere(Scope.MANAGE)
    return shapes.Job.model_validate(await use.jobs.cancel(id))


@router.post("/{id}/again", status_code=202, responses=problems(404, 409))
async def run_job_again(use: Use, caller: Caller, id: Id) -> shapes.Job:  # noqa: A002
    """Have a job that failed or was cancelled done once more; the answer is the new one."""
    caller.require_everywhere(Scope.MANAGE)
    return shapes.Job.model_validate(await use.jobs.again(id))
