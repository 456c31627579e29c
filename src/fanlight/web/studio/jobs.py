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
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from fanlight.web.people import Visitor

LENGTH = 200
"""Jobs read for one page; what repeats itself is folded into one line."""

BADGES = {
    JobState.WAITING: ("waiting", "Waiting"),
    JobState.RUNNING: ("sky", "Running"),
    JobState.DONE: ("ok", "Done"),
    JobState.FAILED: ("bad", "Failed"),
    JobState.CANCELLED: ("", "Cancelled"),
}
STATES = tuple((state.value, word) for state, (_, word) in BADGES.items())

TITLES = {
    "index_channel": "Read {channel} into the library",
    "forget_channel": "Delete {channel}, and the links to what is in it",
    "prepare_pictures": "Prepare new pictures",
    "warm_pictures": "Make pictures in all sizes",
    "sync_galleries": "Bring galleries up to date",
    "fill_gallery": "Read the folders of a gallery",
    "reconcile": "Finish what was interrupted",
    "empty_trash": "Empty the trash of what is due",
    "clear_trash": "Empty the trash",
    "tell": "Tell who wants to know",
    "remind": "Look which galleries close soon",
    "send_mail": "Send a mail to you",
    "call_webhook": "Call another program",
    "bring_back": "Put picks next to their photos",
    "prune": "Forget old sign-ins and jobs",
}


@dataclass(slots=True)
class Row:
    """One job as its line shows it, with how many like it follow."""

    job: Job
    title: str
    badge: str
    word: str
    live: bool
    ended_badly: bool
    times: int = 1


async def show(request: Request, visitor: Visitor) -> Response:
    """Jobs, newest first; housekeeping that went well takes one line."""
    visitor.actor.require_everywhere(Scope.MANAGE)
    asked = request.query_params.get("state", "")
    state = JobState(asked) if asked in set(JobState) else None
    after = request.query_params.get("after")
    page = await fanlight_of(request).jobs.list(state, after=after, limit=LENGTH)
    channels = await fanlight_of(request).channels.all(visitor.actor)
    rows = fold(page.items, {channel.id: channel.name for channel in channels})
    return render(
        request,
        "jobs.html",
        visitor,
        here="jobs",
        page=page,
        rows=rows,
        live=any(row.live for row in rows),
        state=state,
        states=STATES,
    )


def fold(jobs: Iterable[Job], channels: Mapping[str, str] | None = None) -> list[Row]:
    """One row for each job, but one only for all routine runs of a task that went well.

    `channels` has the names of channels by their ids.
    """
    rows: list[Row] = []
    routine: dict[str, Row] = {}
    for job in jobs:
        known = routine.get(job.task)
        is_routine = job.state is JobState.DONE and not job.arguments
        if known is not None and is_routine:
            known.times += 1
            continue
        rows.append(_row(job, channels or {}))
        if is_routine:
            routine[job.task] = rows[-1]
    return rows


def _row(job: Job, channels: Mapping[str, str]) -> Row:
    badge, word = BADGES[job.state]
    title = TITLES.get(job.task) or job.task.replace("_", " ").capitalize()
    channel = channels.get(str(job.arguments.get("channel_id")), "a channel")
    title = title.replace("{channel}", channel)
    live = job.state in (JobState.WAITING, JobState.RUNNING)
    ended_badly = job.state in (JobState.FAILED, JobState.CANCELLED)
    return Row(job, title, badge, word, live, ended_badly)


async def cancel(request: Request, visitor: Visitor) -> Response:
    """Ask one to stop."""
    visitor.actor.require_everywhere(Scope.MANAGE)
    await fields_of(request, visitor)
    await fanlight_of(request).jobs.cancel(request.path_params["job_id"])
    return go("/studio/jobs", said="cancelled")


async def again(request: Request, visitor: Visitor) -> Response:
    """Have one that failed done once more."""
    visitor.actor.require_everywhere(Scope.MANAGE)
    await fields_of(request, visitor)
    await fanlight_of(request).jobs.again(request.path_params["job_id"])
    return go("/studio/jobs", said="again")


async def warm(request: Request, visitor: Visitor) -> Response:
    """Have all sizes made of everything, before anybody asks for them."""
    visitor.actor.require_everywhere(Scope.MANAGE)
    await fields_of(request, visitor)
    await fanlight_of(request).jobs.warm_pictures()
    return go("/studio/jobs", said="warming")
