"""What has happened in a gallery: figures, and a list that can be taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from fanlight.gallery_model import Act
from fanlight.proofing.handing import file_name
from fanlight.web.door import fanlight_of
from fanlight.web.studio.galleries import about
from fanlight.web.studio.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.notices.reading import Entry
    from fanlight.web.people import Visitor

LENGTH = 100
DID = {
    Act.VIEWED: "opened the gallery",
    Act.DOWNLOADED: "downloaded",
    Act.PICKED: "picked",
    Act.UNPICKED: "took back",
    Act.COMMENTED: "commented on",
    Act.ANSWERED: "was answered about",
    Act.SUBMITTED: "sent picks",
    Act.CLOSING: "closes soon",
}
"""What somebody did, as the list says it after who."""


async def show(request: Request, visitor: Visitor) -> Response:
    """Figures, then what happened, newest first."""
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, request.path_params["gallery_id"])
    after = request.query_params.get("after")
    entries, more = await fanlight.notices.journal(visitor.actor, gallery.id, after, LENGTH)
    return render(
        request,
        "gallery-activity.html",
        visitor,
        **about(request, gallery),
        insight=await fanlight.notices.insight(visitor.actor, gallery.id),
        acts=Act,
        entries=entries,
        more=more,
        sentence=_sentence,
    )


async def table(request: Request, visitor: Visitor) -> Response:
    """All of it as CSV."""
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, request.path_params["gallery_id"])
    name = quote(f"{file_name(gallery.title)} - activity.csv")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    rows = fanlight.notices.table(visitor.actor, gallery.id)
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _sentence(entry: Entry) -> str:
    """What was done, without who did it."""
    activity = entry.activity
    words = DID[activity.act]
    if entry.asset is not None:
        return f"{words} {entry.asset.name}"
    if activity.act is Act.DOWNLOADED:
        return f"{words} {_photos(activity.count)}"
    if activity.act is Act.SUBMITTED:
        return f"sent {activity.count} pick{'' if activity.count == 1 else 's'}"
    return words


def _photos(count: int) -> str:
    return f"{count} photo{'' if count == 1 else 's'}"
