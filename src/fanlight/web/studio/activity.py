"""What has happened in a gallery: figures, and a list that can be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from fanlight.gallery_model import Act
from fanlight.proofing.handing import file_name
from fanlight.web.door import fanlight_of
from fanlight.web.studio.galleries import about
from fanlight.web.studio.pages import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from fanlight.notices.reading import Entry
    from fanlight.web.people import Visitor

LENGTH = 100
NAMED = 4
"""Photos of a run that are named."""
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


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody did, once or several times in a row."""

    entries: tuple[Entry, ...]
    """Newest first."""

    @property
    def entry(self) -> Entry:
        """The newest of them."""
        return self.entries[0]

    @property
    def sentence(self) -> str:
        """What was done, without who did it."""
        activity, asset = self.entry.activity, self.entry.asset
        words = DID[activity.act]
        if len(self.photos) > 1:
            return f"{words} {_photos(len(self.photos))}"
        if asset is not None:
            return f"{words} {asset.name}"
        if activity.act is Act.DOWNLOADED:
            return f"{words} {_photos(activity.count)}"
        if activity.act is Act.SUBMITTED:
            return f"sent {activity.count} pick{'' if activity.count == 1 else 's'}"
        return words

    @property
    def photos(self) -> tuple[str, ...]:
        """What they are called, in the order that it was done to them, each once."""
        known = {one.asset.id: one.asset.name for one in reversed(self.entries) if one.asset}
        return tuple(known.values())

    @property
    def names(self) -> str:
        """The first photos of several; empty for one alone, which the sentence names."""
        if len(self.photos) < 2:
            return ""
        more = len(self.photos) - NAMED
        return ", ".join(self.photos[:NAMED]) + (f" and {more} more" if more > 0 else "")


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
        lines=lines_of(entries),
        more=more,
    )


async def table(request: Request, visitor: Visitor) -> Response:
    """All of it as CSV."""
    fanlight = fanlight_of(request)
    gallery = await fanlight.galleries.get(visitor.actor, request.path_params["gallery_id"])
    name = quote(f"{file_name(gallery.title)} - activity.csv")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    rows = fanlight.notices.table(visitor.actor, gallery.id)
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """Each thing that happened, newest first; what one did to photo after photo is one line."""
    return [Line(tuple(some)) for _, some in groupby(entries, _run)]


def _run(entry: Entry) -> tuple[object, ...]:
    activity = entry.activity
    if activity.act not in (Act.PICKED, Act.UNPICKED):
        return (activity.id,)
    return activity.act, activity.viewer_id, activity.visit, activity.link_id


def _photos(count: int) -> str:
    return f"{count} photo{'' if count == 1 else 's'}"
