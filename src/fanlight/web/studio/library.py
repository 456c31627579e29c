"""The library page: folders, assets, search, trash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.model import Sort
from fanlight.web.door import fanlight_of
from fanlight.web.studio.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.model import Asset, Page
    from fanlight.web.people import Visitor

SORTS = ((Sort.NEWEST, "Newest"), (Sort.OLDEST, "Oldest"), (Sort.NAME, "Name"))
LENGTH = 60
"""Assets on one page."""


async def show(request: Request, visitor: Visitor) -> Response:
    """One page of a folder, of everything, of a search, or of the trash."""
    asked = request.query_params
    query, folder = asked.get("q", "").strip(), asked.get("folder", "")
    trashed = asked.get("trash") == "1"
    page = await _find(request, visitor, query, folder, trashed)
    library = fanlight_of(request).library
    inner = not (query or trashed or asked.get("after"))
    return render(
        request,
        "library.html",
        visitor,
        here="library",
        page=page,
        folder=folder,
        folders=await library.folders(visitor.actor, folder) if inner else (),
        crumbs=crumbs(folder),
        query=query,
        trashed=trashed,
        deep=bool(query),
        sort=_sort(request),
        sorts=SORTS,
        after=asked.get("after"),
        trash_days=fanlight_of(request).settings.trash_days,
    )


async def _find(
    request: Request, visitor: Visitor, query: str, folder: str, trashed: bool
) -> Page[Asset]:
    library, after = fanlight_of(request).library, request.query_params.get("after")
    if query:
        return await library.search(
            visitor.actor,
            query,
            folder=folder or None,
            trashed=trashed,
            after=after,
            limit=LENGTH,
        )
    return await library.page(
        visitor.actor,
        folder=None if trashed else folder,
        trashed=trashed,
        sort=_sort(request),
        after=after,
        limit=LENGTH,
    )


def _sort(request: Request) -> Sort:
    wanted = request.query_params.get("sort", "")
    return Sort(wanted) if wanted in set(Sort) else Sort.NEWEST


def crumbs(folder: str) -> list[tuple[str, str]]:
    """The folders that lead to one: path and name of each."""
    names = [name for name in folder.split("/") if name]
    return [("/".join(names[: n + 1]), name) for n, name in enumerate(names)]
