"""Comments about one photo, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from fanlight.errors import NotFound
from fanlight.gallery_model import Right
from fanlight.web.door import fanlight_of
from fanlight.web.middleware.context import client_address
from fanlight.web.visit.bodies import body_of
from fanlight.web.visit.visiting import introduced

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.gallery_model import Comment, Viewer
    from fanlight.web.visit.visiting import Visit


async def show(request: Request, visit: Visit) -> Response:
    """What was said about a photo, oldest first."""
    proofing, asset_id = fanlight_of(request).proofing, request.path_params["asset_id"]
    found = await proofing.comments(visit.pass_, asset_id)
    return JSONResponse({"comments": [_said(one, visit.pass_.viewer) for one in found]})


async def say(request: Request, visit: Visit) -> Response:
    """Say something about a photo, or answer."""
    use, asset_id = fanlight_of(request), request.path_params["asset_id"]
    visit.pass_.require(Right.COMMENT)
    body = await body_of(request)
    text, parent_id = body.text("text"), body.text("parent") or None
    await use.galleries.item(visit.pass_, asset_id)  # nobody is made known by what is not there
    await introduced(request, visit)
    address = client_address(request.scope)
    added = await use.proofing.comment(
        visit.pass_, asset_id, text, address=address, parent_id=parent_id
    )
    return JSONResponse(_said(added, visit.pass_.viewer) | {"base": visit.base}, 201)


async def take_back(request: Request, visit: Visit) -> Response:
    """Remove what one said oneself."""
    visit.pass_.require(Right.COMMENT)
    if visit.pass_.viewer is None:
        raise NotFound("There is no such comment.", code="not-found.comment")
    comment_id = request.path_params["comment_id"]
    await fanlight_of(request).proofing.take_back(visit.pass_, comment_id)
    return Response(status_code=204)


def _said(comment: Comment, viewer: Viewer | None) -> dict[str, Any]:
    return {
        "id": comment.id,
        "author": comment.author,
        "text": comment.text,
        "parent": comment.parent_id,
        "at": comment.created_at.isoformat(),
        "mine": viewer is not None and comment.viewer_id == viewer.id,
        "owner": comment.viewer_id is None,
    }
