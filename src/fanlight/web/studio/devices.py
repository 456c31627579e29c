"""The devices page: where one is signed in, and the password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.guard.passwords import SHORTEST
from fanlight.model import WebSession
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render
from fanlight.web.words import device

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.web.people import Visitor


@dataclass(frozen=True, slots=True)
class Row:
    """One signed-in browser."""

    session: WebSession
    name: str
    this: bool


async def show(request: Request, visitor: Visitor, fault: Fault | None = None) -> Response:
    """All devices, the one in use first."""
    accounts = fanlight_of(request).accounts
    here = await accounts.session_of(visitor.secret)
    rows = [
        Row(session, device(session.user_agent), here is not None and session.id == here.id)
        for session in await accounts.sessions(visitor.actor)
    ]
    rows.sort(key=lambda row: (not row.this, -row.session.last_seen_at.timestamp()))
    return render(
        request, "devices.html", visitor, fault=fault, here="devices", rows=rows, shortest=SHORTEST
    )


async def end(request: Request, visitor: Visitor) -> Response:
    """Sign one out."""
    await fields_of(request, visitor)
    accounts = fanlight_of(request).accounts
    await accounts.end_session(visitor.actor, request.path_params["session_id"])
    return go("/studio/devices", said="device-ended")


async def change_password(request: Request, visitor: Visitor) -> Response:
    """Change one's password; every other device is signed out."""
    fields = await fields_of(request, visitor)
    accounts = fanlight_of(request).accounts
    here = await accounts.session_of(visitor.secret)
    try:
        await accounts.change_password(
            visitor.actor,
            fields.get("old", ""),
            fields.get("new", ""),
            keep=here.id if here else None,
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error))
    return go("/studio/devices", said="password")
