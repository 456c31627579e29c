"""Emptying the trash: asked first, then done by a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.web.door import fanlight_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from fanlight.web.people import Visitor


async def ask(request: Request, visitor: Visitor) -> Response:
    """Say what goes, and ask whether it shall."""
    count, _ = await fanlight_of(request).library.in_trash(visitor.actor)
    return render(request, "trash-empty.html", visitor, here="library", count=count)


async def empty(request: Request, visitor: Visitor) -> Response:
    """Delete all that is there now for good."""
    await fields_of(request, visitor)
    fanlight = fanlight_of(request)
    _, now = await fanlight.library.in_trash(visitor.actor)
    await fanlight.jobs.clear_trash(now)
    return go("/studio/jobs", said="clearing")
