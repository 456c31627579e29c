"""The share links of a gallery: made, changed, ended, given a new address."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError, NotFound
from fanlight.gallery_model import Party, Right
from fanlight.sharing.linking import NewLink
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import fault_of
from fanlight.web.qr import SVG, qr_code
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.galleries import about, gallery_of, home_of
from fanlight.web.studio.gallery_fields import RIGHTS, one_of, whole
from fanlight.web.studio.moments import clock_of, moment
from fanlight.web.studio.pages import go, render
from fanlight.web.visit.oembed import frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.gallery_model import Gallery, ShareLink
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor

PARTIES = (
    (Party.CLIENT, "A client", "Picks, comments, takes originals, hides photos from guests"),
    (Party.GUEST, "Guests", "Look, and download in web size"),
)
ALL_RIGHTS = (*RIGHTS[1:], (Right.HIDE, "Hide photos from guests", ""))
"""What can be ticked: to look belongs to every link."""


async def show(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
    at: str = "",
) -> Response:
    """All of them, oldest first, and a form for a new one.

    What is wrong, and what was `given`, stand `at` the form that was sent: `""` for a new one, or
    a link's id.
    """
    fanlight = fanlight_of(request)
    site = await fanlight.site.get()
    gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
    return render(
        request,
        "gallery-links.html",
        visitor,
        fault=fault,
        given=defaultdict(str, given or {}),
        blank=defaultdict[str, str](str),
        at=at,
        clock=clock_of(site, None),
        clock_given=clock_of(site, given),
        links=await fanlight.sharing.links(visitor.actor, gallery.id),
        origin=origin_of(request),
        parties=PARTIES,
        rights=ALL_RIGHTS,
        standing=standing,
        mail=bool(fanlight.settings.mail_host),
        frame=frame(f"{origin_of(request)}/g/{gallery.slug}", gallery.title),
        element=_element(request, gallery),
        **about(request, gallery),
    )


def standing(link: ShareLink) -> tuple[str, str]:
    """Whether a link leads in, as a badge says it: its class and word."""
    if link.revoked_at is not None:
        return "bad", "Ended"
    if link.expires_at is not None and link.expires_at <= datetime.now(UTC):
        return "bad", "Over"
    if link.most and link.opened >= link.most:
        return "warn", "Full"
    return "ok", "Works"


async def qr(request: Request, visitor: Visitor) -> Response:
    """The gallery's own address as a QR code."""
    gallery = await fanlight_of(request).galleries.get(visitor.actor, gallery_of(request))
    return Response(qr_code(f"{origin_of(request)}/g/{gallery.slug}"), media_type=SVG)


async def link_qr(request: Request, visitor: Visitor) -> Response:
    """The address of a share link as a QR code, while it leads in."""
    link = await own_link(request, visitor)
    if link.revoked_at is not None:
        raise NotFound("This share link was ended.", code="not-found.share-link")
    return Response(qr_code(f"{origin_of(request)}/s/{link.token}"), media_type=SVG)


def _element(request: Request, gallery: Gallery) -> str:
    """The same as an element, for sites that allow a script."""
    origin = origin_of(request)
    return (
        f'<script src="{origin}/embed.js" async></script>'
        f'<fanlight-gallery src="{origin}/g/{gallery.slug}"></fanlight-gallery>'
    )


async def make(request: Request, visitor: Visitor) -> Response:
    """Make one with what is usual for its party."""
    fields = await fields_of(request, visitor)
    fanlight = fanlight_of(request)
    try:
        new = NewLink(
            fields.get("name", ""),
            one_of(Party, fields.get("party", ""), Party.GUEST),
            password=fields.get("password", ""),
            expires_at=moment(fields, "expires_at"),
            most=whole(fields, "most"),
        )
        gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
        await fanlight.sharing.make_link(visitor.actor, gallery.id, new)
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields)
    return go(_page(request), said="link-made")


async def change(request: Request, visitor: Visitor) -> Response:
    """Its name, rights and end."""
    fields = await fields_of(request, visitor)
    sharing, link = fanlight_of(request).sharing, await own_link(request, visitor)
    rights = frozenset(one for one in Right if fields.get(f"right.{one.value}") == "yes")
    password = fields.get("password") or None
    try:
        await sharing.change_link(
            visitor.actor,
            link.id,
            password="" if fields.get("no_password") == "yes" else password,
            name=fields.get("name", ""),
            rights=rights | {Right.VIEW},
            expires_at=moment(fields, "expires_at", link.expires_at),
            most=whole(fields, "most"),
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields, link.id)
    return go(_page(request), said="gallery-saved")


async def act(request: Request, visitor: Visitor) -> Response:
    """End it, give it a new address, or take it off the list."""
    fields = await fields_of(request, visitor)
    sharing, link = fanlight_of(request).sharing, await own_link(request, visitor)
    action = fields.get("action", "")
    if action == "revoke":
        await sharing.revoke_link(visitor.actor, link.id)
    elif action == "renew":
        await sharing.renew_link(visitor.actor, link.id)
    elif action == "remove":
        await sharing.remove_link(visitor.actor, link.id)
    return go(_page(request), said="gallery-changed")


async def own_link(request: Request, visitor: Visitor) -> ShareLink:
    """The link of an address, if it leads into the address's gallery. Raises NotFound."""
    fanlight = fanlight_of(request)
    link = await fanlight.sharing.link(visitor.actor, str(request.path_params["link_id"]))
    gallery = await fanlight.galleries.get(visitor.actor, gallery_of(request))
    if link.gallery_id != gallery.id:
        raise NotFound("There is no such share link.", code="not-found.share-link")
    return link


def _page(request: Request) -> str:
    return f"{home_of(gallery_of(request))}/links"
