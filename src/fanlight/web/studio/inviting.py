"""Inviting a client: a share link by mail, read before it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError
from fanlight.notices.invitations import Invitation
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.galleries import about, gallery_of, home_of
from fanlight.web.studio.gallery_links import own_link
from fanlight.web.studio.invitations import PLACES
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from fanlight.gallery_model import ShareLink
    from fanlight.notices.letters import Letter
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor


async def show(request: Request, visitor: Visitor) -> Response:
    """The letter as a template has it, and its fields."""
    link = await own_link(request, visitor)
    template_id = request.query_params.get("template", "")
    draft = await fanlight_of(request).notices.draft(visitor.actor, link.id, template_id)
    return await _page(request, visitor, link, draft)


async def send(request: Request, visitor: Visitor) -> Response:
    """Send it, or show what it would look like."""
    fields = await fields_of(request, visitor)
    notices, link = fanlight_of(request).notices, await own_link(request, visitor)
    draft = await notices.draft(visitor.actor, link.id, fields.get("template", ""))
    invitation, to = _invitation(draft, fields), fields.get("to", "")
    if fields.get("action") == "preview":
        return await _page(request, visitor, link, invitation, to=to)
    try:
        site = origin_of(request)
        await notices.invite(visitor.actor, link.id, to, invitation, site=site)
    except FanlightError as error:
        fault = fault_of(error)
        return await _page(request, visitor, link, invitation, to=to, fault=fault)
    return go(f"{home_of(gallery_of(request))}/links", said="invited")


async def _page(
    request: Request,
    visitor: Visitor,
    link: ShareLink,
    invitation: Invitation,
    *,
    to: str = "",
    fault: Fault | None = None,
) -> Response:
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
    written: Letter | None = None
    try:
        written = await fanlight.notices.written(
            visitor.actor, link.id, invitation, site=origin_of(request)
        )
    except FanlightError as error:
        fault = fault or fault_of(error)
    return render(
        request,
        "gallery-invite.html",
        visitor,
        fault=fault,
        link=link,
        to=to,
        invitation=invitation,
        written=written,
        templates=await fanlight.notices.templates(visitor.actor),
        template=request.query_params.get("template", ""),
        places=PLACES,
        **about(request, gallery),
    )


def _invitation(draft: Invitation, fields: Mapping[str, str]) -> Invitation:
    return replace(
        draft,
        client=fields.get("client", ""),
        subject=fields.get("subject", ""),
        text=fields.get("text", ""),
        password=fields.get("password", ""),
    )
