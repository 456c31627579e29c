"""What viewers of a gallery gave back: lists, picks, comments; and taking them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from fanlight.errors import FanlightError, NotFound
from fanlight.proofing.cloud import Bringing
from fanlight.proofing.exports.names import for_lightroom
from fanlight.proofing.handing import Form, file_name
from fanlight.web.archives import plan_selection
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.galleries import about
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.tiles import picture
from fanlight.web.studio.viewers import is_sent

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.gallery_model import Comment
    from fanlight.model import Asset
    from fanlight.proofing.overview import Overview
    from fanlight.web.people import Visitor

FORMS = (
    (Form.TXT, "Names, one a line"),
    (Form.CSV, "Table (CSV)"),
    (Form.JSON, "JSON"),
    (Form.XMP, "XMP sidecars"),
    (Form.PDF, "Contact sheet (PDF)"),
)
"""Downloads in the menu of a list."""
MOST_SHOWN = 500
"""Photos on one page: the most wanted come first."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One photo, and what was said about it."""

    asset: Asset
    comments: tuple[Comment, ...]


async def show(request: Request, visitor: Visitor, fault: Fault | None = None) -> Response:
    """Everything, or what chosen lists have in common or alone."""
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, request.path_params["gallery_id"])
    seen = await fanlight.proofing.overview(visitor.actor, gallery.id)
    chosen = frozenset(request.query_params.getlist("list"))
    common = request.query_params.get("common") == "yes"
    wanted = seen.chosen(chosen, common=common)
    return render(
        request,
        "gallery-picks.html",
        visitor,
        fault=fault,
        **about(request, gallery),
        seen=seen,
        wanted=wanted[:MOST_SHOWN],
        left_over=max(0, len(wanted) - MOST_SHOWN),
        chosen=chosen,
        common=common,
        threads=_threads(seen),
        names={one.marked.selection.id: for_lightroom(seen.taken(one)) for one in seen.lists},
        forms=FORMS,
        is_sent=is_sent,
        src=src,
    )


async def hand_over(request: Request, visitor: Visitor) -> Response:
    """A list as a download in one form."""
    try:
        form = Form(request.path_params["form"])
    except ValueError:
        raise NotFound("Lists are not handed over like that.") from None
    proofing = fanlight_of(request).proofing
    handed = await proofing.hand_over(visitor.actor, request.path_params["list_id"], form)
    disposition = f"attachment; filename*=UTF-8''{quote(handed.name)}"
    headers = {"content-disposition": disposition, "cache-control": "no-store"}
    return Response(handed.body, media_type=handed.media_type, headers=headers)


async def originals(request: Request, visitor: Visitor) -> Response:
    """Go to the archive of a list's originals."""
    fanlight = fanlight_of(request)
    taken = await fanlight.proofing.taken(visitor.actor, request.path_params["list_id"])
    name = file_name(f"{taken.gallery.title} - {taken.given.marked.selection.name}")
    ids = [asset.id for asset, _ in taken.photos]
    plan = await plan_selection(fanlight, visitor.actor, ids, name=name)
    return RedirectResponse(fanlight.archives.address(plan), 303)


async def reopen(request: Request, visitor: Visitor) -> Response:
    """Let the viewer change a list again."""
    await fields_of(request, visitor)
    await fanlight_of(request).proofing.reopen(visitor.actor, request.path_params["list_id"])
    return go(_here(request), said="list-open")


async def bring_back(request: Request, visitor: Visitor) -> Response:
    """Have copies, or the names, put next to the photos."""
    fields = await fields_of(request, visitor)
    how = Bringing.LIST if fields.get("how") == "list" else Bringing.COPIES
    fanlight, list_id = fanlight_of(request), request.path_params["list_id"]
    try:
        await fanlight.proofing.check_bringing(visitor.actor, list_id)
    except FanlightError as error:
        return await show(request, visitor, fault_of(error))
    await fanlight.jobs.bring_back(list_id, how.value)
    return go(_here(request), said="bringing")


async def answer(request: Request, visitor: Visitor) -> Response:
    """Say something about a photo, as the owner."""
    fields = await fields_of(request, visitor)
    try:
        await fanlight_of(request).proofing.answer(
            visitor.actor,
            request.path_params["gallery_id"],
            fields.get("asset", ""),
            fields.get("text", ""),
            parent_id=fields.get("parent") or None,
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error))
    return go(f"{_here(request)}", said="answered")


async def remove_comment(request: Request, visitor: Visitor) -> Response:
    """Remove anybody's comment."""
    await fields_of(request, visitor)
    comment_id = request.path_params["comment_id"]
    await fanlight_of(request).proofing.remove_comment(visitor.actor, comment_id)
    return go(_here(request), said="comment-removed")


def src(asset: Asset) -> str:
    """The address of a photo's small picture."""
    return picture(asset, "thumb")


def _here(request: Request) -> str:
    return f"/studio/galleries/{request.path_params['gallery_id']}/picks"


def _threads(seen: Overview) -> list[Thread]:
    """Comments by photo, the one that was talked about last first."""
    said: dict[str, list[Comment]] = {}
    for comment in seen.comments:
        said.setdefault(comment.asset_id, []).append(comment)
    threads = [
        Thread(seen.assets[asset_id], tuple(comments))
        for asset_id, comments in said.items()
        if asset_id in seen.assets
    ]
    return sorted(threads, key=lambda thread: thread.comments[-1].created_at, reverse=True)
