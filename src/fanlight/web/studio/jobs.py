"""The jobs page: what goes on in the background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.model import Job, JobState, Scope
from fanlight.web.door import fanlight_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.web.people import Visitor

LENGTH = 50

BADGES = {
    JobState.WAITING: ("waiting", "Waiting"),
    JobState.RUNNING: ("sky", "Running"),
    JobState.DONE: ("ok", "Done"),
    JobState.FAILED: ("bad", "Failed"),
    JobState.CANCELLED: ("", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One job as its line shows it."""

    job: Job
    title: str
    badge: str
    word: str
    live: bool


async def show(request: Request, visitor: Visitor) -> Response:
    """Jobs, newest first."""
    visitor.actor.require_everywhere(Scope.MANAGE)
    after = request.query_params.get("after")
    page = await fanlight_of(request).jobs.list(after=after, limit=LENGTH)
    rows = [_row(job) for job in page.items]
    return render(request, "jobs.html", visitor, here="jobs", page=page, rows=rows)


def _row(job: Job) -> Row:
    badge, word = BADGES[job.state]
    title = job.task.replace("_", " ").replace("-", " ").capitalize()
    return Row(job, title, badge, word, job.state in (JobState.WAITING, JobState.RUNNING))


async def cancel(request: Request, visitor: Visitor) -> Response:
    """Ask one to stop."""
    visitor.actor.require_everywhere(Scope.MANAGE)
    await fields_of(request, visitor)
    await fanlight_of(request).jobs.cancel(request.path_params["job_id"])
    return go("/studio/jobs", said="cancelled")
