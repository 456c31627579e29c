"""Activity: what has happened in a gallery, in figures, in a list, and as a table."""

from __future__ import annotations

from typing import Annotated, Protocol
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from fanlight.gallery_model import Act
from fanlight.notices.reading import Entry
from fanlight.notices.reading import Insight as Tallies
from fanlight.proofing.handing import file_name
from fanlight.web.api import notice_shapes as shapes
from fanlight.web.api.calling import After, Caller, Id, Limit, Use
from fanlight.web.api.errors import content, problems
from fanlight.web.api.shapes import Many

router = APIRouter(prefix="/galleries/{id}/activity", tags=["activity"])
CSV = "text/csv"


@router.get("", responses=problems(404))
async def list_activity(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    after: After = None,
    limit: Limit = 100,
) -> Many[shapes.Happening]:
    """What has happened in a gallery, newest first."""
    entries, more = await use.notices.journal(caller, id, after, limit)
    return Many[shapes.Happening].of([_happening(one) for one in entries], more)


@router.get("/figures", responses=problems(404))
async def get_figures(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    days: Annotated[int, Query(ge=1, le=366, description="How many days by themselves.")] = 30,
) -> shapes.Insight:
    """Views, visitors, downloads and picks: all together, and day by day."""
    everything = await use.notices.insight(caller, id)
    by_day = await use.notices.days(caller, id, days)
    return shapes.Insight(
        **_figures(everything),
        days=[shapes.DayFigures(day=day, **_figures(one)) for day, one in by_day],
    )


@router.get("/table", response_class=Response, responses=problems(404) | content(CSV))
async def get_activity_table(use: Use, caller: Caller, id: Id) -> Response:  # noqa: A002
    """All that has happened, as CSV in UTF-8, newest first."""
    gallery = await use.galleries.get(caller, id)
    name = quote(f"{file_name(gallery.title)} - activity.csv")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    rows = use.notices.table(caller, gallery.id)
    return StreamingResponse(rows, media_type=f"{CSV}; charset=utf-8", headers=headers)


class _HasName(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def _happening(entry: Entry) -> shapes.Happening:
    activity = entry.activity
    return shapes.Happening(
        id=activity.id,
        at=activity.at,
        act=activity.act,
        viewer=_named(entry.viewer),
        link=_named(entry.link),
        asset=_named(entry.asset),
        count=activity.count,
        size=activity.size,
    )


def _named(one: _HasName | None) -> shapes.Named | None:
    return None if one is None else shapes.Named(id=one.id, name=one.name)


def _figures(tallies: Tallies) -> dict[str, int]:
    viewed, downloaded = tallies.of(Act.VIEWED), tallies.of(Act.DOWNLOADED)
    return {
        "views": viewed.times,
        "visitors": viewed.visits,
        "downloads": downloaded.times,
        "photos_downloaded": downloaded.count,
        "bytes_downloaded": downloaded.size,
        "picks": tallies.of(Act.PICKED).times,
        "comments": tallies.of(Act.COMMENTED).times,
        "lists_submitted": tallies.of(Act.SUBMITTED).times,
    }
