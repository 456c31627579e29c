"""What is kept about a visitor: shown to them, taken along by them, deleted by them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from fanlight.sharing.keys import Proofs
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.qr import qr_code
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.closed import threshold, wants_data
from fanlight.web.visit.proofs import forget
from fanlight.web.visit.visiting import go_on, is_secure
from fanlight.words import page_words

if TYPE_CHECKING:
    from typing import Any

    from starlette.requests import Request

    from fanlight.gallery_model import Viewer
    from fanlight.sharing.keeping import Kept
    from fanlight.web.visit.visiting import Visit


async def show(request: Request, visit: Visit) -> Response:
    """All that is stored, in words; for scripts all of it."""
    kept = await fanlight_of(request).sharing.kept_of(visit.pass_)
    if wants_data(request) or request.query_params.get("form") == "json":
        return JSONResponse(data_of(kept))
    words, site = (
        page_words(visit.pass_.gallery.look.language),
        await fanlight_of(request).site.get(),
    )
    page = await threshold(request, visit.keeping.key, visit.pass_.gallery)
    link = "" if kept is None else personal_link(request, visit, kept.viewer)
    text = pages_of(request).text(
        "visit-me.html",
        page=page,
        viewer=None
        if kept is None
        else _shown(kept.viewer, words.day(site.day(kept.viewer.created_at))),
        lists=[] if kept is None else [_list(kept, at) for at in range(len(kept.lists))],
        comments=0 if kept is None else len(kept.comments),
        did=0 if kept is None else len(kept.did),
        link=link,
        code=b64encode(qr_code(link)).decode() if link else "",
        remembered=bool(visit.proofs.password or visit.proofs.viewer),
        forgotten=request.query_params.get("forgotten") == "1",
    )
    return HTMLResponse(text)


async def delete(request: Request, visit: Visit) -> Response:
    """Delete all that is stored about who asks."""
    await fanlight_of(request).sharing.forget_me(visit.pass_)
    response: Response = RedirectResponse(f"{visit.keeping.key.door}/me?forgotten=1", 303)
    if wants_data(request):
        response = Response(status_code=204)
    forget(response, visit.keeping.key, secure=is_secure(request))
    return response


async def go_on_as(request: Request, visit: Visit) -> Response:
    """A personal link: go on here as who it belongs to."""
    token = request.path_params["token"]
    viewer = await fanlight_of(request).sharing.by_token(visit.pass_, token)
    visit.keeping.add(Proofs(viewer=viewer.token))
    return go_on(visit)


def personal_link(request: Request, visit: Visit, viewer: Viewer) -> str:
    """The address by which a viewer goes on elsewhere."""
    return f"{origin_of(request)}{visit.keeping.key.door}/v/{viewer.token}"


def _shown(viewer: Viewer, since: str) -> dict[str, str]:
    return {"name": viewer.name, "email": viewer.email, "since": since}


def _list(kept: Kept, at: int) -> dict[str, Any]:
    selection, picks = kept.lists[at]
    return {"name": selection.name, "count": sum(pick.heart for pick in picks)}


def data_of(kept: Kept | None) -> dict[str, Any]:
    """All that is kept of somebody, as they are given it."""
    if kept is None:
        return {"viewer": None, "lists": [], "comments": [], "activity": []}
    viewer = kept.viewer
    return {
        "viewer": {
            "name": viewer.name,
            "email": viewer.email,
            "created_at": viewer.created_at.isoformat(),
            "seen_at": viewer.seen_at.isoformat(),
        },
        "lists": [
            {
                "name": selection.name,
                "state": selection.state,
                "message": selection.message,
                "picks": [
                    {"photo": kept.names.get(pick.asset_id, ""), **_plain(asdict(pick))}
                    for pick in picks
                ],
            }
            for selection, picks in kept.lists
        ],
        "comments": [
            {
                "photo": kept.names.get(one.asset_id, ""),
                "text": one.text,
                "created_at": one.created_at.isoformat(),
            }
            for one in kept.comments
        ],
        "activity": [
            {
                "what": one.act,
                "photo": kept.names.get(one.asset_id or "", ""),
                "photos": one.count,
                "at": one.at.isoformat(),
            }
            for one in kept.did
        ],
    }


def _plain(pick: dict[str, Any]) -> dict[str, Any]:
    return {name: pick[name] for name in ("heart", "stars", "flag", "note")}
