"""Share links: list, make, change, end, renew."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from fanlight import gallery_model as model
from fanlight.errors import NotFound
from fanlight.sharing.linking import NewLink
from fanlight.web.api import share_shapes as shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import content, problems
from fanlight.web.api.shapes import Many, given
from fanlight.web.door import origin_of
from fanlight.web.qr import SVG, qr_code

router = APIRouter(tags=["share links"])


@router.get("/galleries/{id}/share-links", responses=problems(404))
async def list_share_links(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
) -> Many[shapes.ShareLink]:
    """A gallery's share links with their counters, revoked ones too, oldest first."""
    links = await use.sharing.links(caller, id)
    return Many[shapes.ShareLink].of([_link(request, one) for one in links])


@router.post("/galleries/{id}/share-links", status_code=201, responses=problems(404, 429))
async def make_share_link(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.NewShareLink,
) -> shapes.ShareLink:
    """Make an address of 128 random bits that leads into a gallery."""
    return _link(request, await use.sharing.make_link(caller, id, NewLink(**dict(wish))))


@router.get("/share-links/{id}", responses=problems(404))
async def get_share_link(request: Request, use: Use, caller: Caller, id: Id) -> shapes.ShareLink:  # noqa: A002
    """One share link with its counter."""
    return _link(request, await use.sharing.link(caller, id))


@router.patch("/share-links/{id}", responses=problems(404, 429))
async def change_share_link(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.ShareLinkChange,
) -> shapes.ShareLink:
    """Change what is given. It holds at once, also for who is inside already."""
    fields = given(change, "expires_at")
    return _link(request, await use.sharing.change_link(caller, id, **fields))


@router.post("/share-links/{id}/revoke", responses=problems(404))
async def revoke_share_link(request: Request, use: Use, caller: Caller, id: Id) -> shapes.ShareLink:  # noqa: A002
    """End it for everybody, at once. It stays in the list."""
    return _link(request, await use.sharing.revoke_link(caller, id))


@router.post("/share-links/{id}/renew", responses=problems(404))
async def renew_share_link(request: Request, use: Use, caller: Caller, id: Id) -> shapes.ShareLink:  # noqa: A002
    """Give it a new address, by which it works again; the old one ends. Counting begins anew."""
    return _link(request, await use.sharing.renew_link(caller, id))


@router.get("/share-links/{id}/qr", response_class=Response, responses=problems(404) | content(SVG))
async def get_share_link_qr_code(request: Request, use: Use, caller: Caller, id: Id) -> Response:  # noqa: A002
    """Its address as a QR code, to be printed. One that was revoked has none."""
    link = _link(request, await use.sharing.link(caller, id))
    if link.url is None:
        raise NotFound("This share link was ended.", code="not-found.share-link")
    return Response(qr_code(link.url), media_type=SVG)


@router.delete("/share-links/{id}", status_code=204, responses=problems(404))
async def remove_share_link(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """End it, and take it off the list; what came by it stays."""
    await use.sharing.remove_link(caller, id)


_RECORDED = shapes.ShareLink.model_fields.keys() - {"url", "has_password"}


def _link(request: Request, link: model.ShareLink) -> shapes.ShareLink:
    fields: dict[str, Any] = {name: getattr(link, name) for name in _RECORDED}
    works = link.revoked_at is None
    fields["url"] = f"{origin_of(request)}/s/{link.token}" if works else None
    fields["has_password"] = bool(link.password_hash)
    return shapes.ShareLink.model_validate(fields)
