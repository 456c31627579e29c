"""The tokens page: keys for programs, made, shown once, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.model import ApiToken, Scope
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.clients import clients
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.web.people import Visitor

SCOPES = (
    (Scope.UPLOAD, "Upload", "Store new originals"),
    (Scope.READ, "Read", "Download originals, also private ones"),
    (Scope.LIST, "List", "See names, folders and tags"),
    (Scope.DELETE, "Delete", "Move assets to the trash"),
    (Scope.MANAGE, "Manage", "Everything, also channels and tokens"),
)
LIFETIMES = (
    ("", "Until you revoke it"),
    ("1", "A day"),
    ("30", "A month"),
    ("365", "A year"),
)

DAYS = {days for days, _ in LIFETIMES if days}


@dataclass(frozen=True, slots=True)
class Row:
    """One token as the table shows it."""

    token: ApiToken
    scopes: tuple[str, ...]
    where: str


async def show(request: Request, visitor: Visitor) -> Response:
    """All tokens, and the form for a new one."""
    return await _page(request, visitor, {}, ticked={Scope.UPLOAD})


async def make(request: Request, visitor: Visitor) -> Response:
    """Make one and show it, this once."""
    fields = await fields_of(request, visitor)
    ticked = {scope for scope in Scope if fields.get(f"scope.{scope}") == "yes"}
    days = fields.get("days", "")
    expires_at = datetime.now(UTC) + timedelta(days=int(days)) if days in DAYS else None
    try:
        token, secret = await fanlight_of(request).accounts.make_token(
            visitor.actor,
            fields.get("name", ""),
            ticked,
            channel_id=fields.get("channel") or None,
            folder=fields.get("folder") or None,
            expires_at=expires_at,
        )
    except FanlightError as error:
        return await _page(request, visitor, fields, ticked=ticked, fault=fault_of(error))
    return await _page(request, visitor, {}, ticked={Scope.UPLOAD}, made=token, secret=secret)


async def revoke(request: Request, visitor: Visitor) -> Response:
    """End one."""
    await fields_of(request, visitor)
    accounts = fanlight_of(request).accounts
    await accounts.revoke_token(visitor.actor, request.path_params["token_id"])
    return go("/studio/tokens", said="token-revoked")


async def _page(
    request: Request,
    visitor: Visitor,
    given: Mapping[str, str],
    *,
    ticked: set[Scope],
    fault: Fault | None = None,
    made: ApiToken | None = None,
    secret: str = "",
) -> Response:
    fanlight = fanlight_of(request)
    channels = await fanlight.channels.all(visitor.actor)
    names = {channel.id: channel.name for channel in channels}
    kept = await fanlight.accounts.tokens(visitor.actor)
    context: dict[str, Any] = {
        key: given.get(key, "") for key in ("name", "channel", "folder", "days")
    }
    return render(
        request,
        "tokens.html",
        visitor,
        fault=fault,
        here="tokens",
        tokens=[_row(token, names) for token in reversed(kept)],
        channels=channels,
        scopes=SCOPES,
        lifetimes=LIFETIMES,
        ticked=ticked,
        given=context,
        folders=await fanlight.library.folders(visitor.actor),
        made=made,
        secret=secret,
        clients=clients(origin_of(request), secret) if made and can_upload(made) else (),
    )


def can_upload(token: ApiToken) -> bool:
    """Whether upload clients can do anything with it."""
    return not token.scopes.isdisjoint({Scope.UPLOAD, Scope.MANAGE})


def _row(token: ApiToken, names: Mapping[str, str]) -> Row:
    scopes = tuple(scope.value for scope in Scope if scope in token.scopes)
    places = (names.get(token.channel_id or "", ""), token.folder or "")
    return Row(token, scopes, " / ".join(place for place in places if place) or "everywhere")
