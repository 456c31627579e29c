"""The library page: everything, a folder, a search, or the trash, as pages of a grid."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from fanlight.model import Kind, Scope, Sort
from fanlight.web import words
from fanlight.web.door import fanlight_of
from fanlight.web.studio.pages import pages_of, render
from fanlight.web.studio.tiles import tiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.library import Library
    from fanlight.model import Actor, Asset, Filters, Folder, Page
    from fanlight.web.people import Visitor

SORTS = ((Sort.NEWEST, "Newest"), (Sort.OLDEST, "Oldest"), (Sort.NAME, "By name"))
KINDS = (
    (Kind.PICTURE, "Photos"),
    (Kind.VIDEO, "Videos"),
    (Kind.AUDIO, "Sound"),
    (Kind.TEXT, "Text"),
    (Kind.OTHER, "Other"),
)
LENGTH = 60
"""Assets on one page, and in one answer to the grid..."""
MANY = 500
"""...unless it wants all there are."""
FOLDERS = 8
"""Folders that are shown above the grid; the drawer has all."""
VIEW_COOKIE = "fanlight_view"


@dataclass(frozen=True, slots=True)
class Look:
    """What of the library is looked at: the query of its address."""

    query: str = ""
    folder: str | None = None
    """A folder's own assets; `None` is everything."""
    kind: Kind | None = None
    tag: str | None = None
    sort: Sort = Sort.NEWEST
    trashed: bool = False
    after: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out but by folder or tag, so that it can be counted at once."""
        return not (self.query or self.kind or self.trashed)


def look_of(asked: Mapping[str, str]) -> Look:
    """Read an address. What nobody could choose is as if it had been left out."""
    kind, sort = asked.get("kind", ""), asked.get("sort", "")
    trashed = asked.get("trash") == "1"
    return Look(
        query=asked.get("q", "").strip(),
        folder=None if trashed else asked.get("folder", "").strip("/") or None,
        kind=Kind(kind) if kind in set(Kind) else None,
        tag=asked.get("tag") or None,
        sort=Sort(sort) if sort in set(Sort) else Sort.NEWEST,
        trashed=trashed,
        after=asked.get("after"),
    )


async def show(request: Request, visitor: Visitor) -> Response:
    """One page of what is looked at, and the way to the rest."""
    look, library = look_of(request.query_params), fanlight_of(request).library
    page = await find(library, visitor.actor, look)
    inner = () if look.query or look.trashed else await _folders(library, visitor.actor, look)
    response = render(
        request,
        "library.html",
        visitor,
        here="library",
        look=look,
        grid=tiles(page, await library.offsets(page.items)),
        total=await _total(library, visitor.actor, look),
        folders=inner,
        shown_folders=inner[:FOLDERS],
        crumbs=crumbs(look.folder or ""),
        sorts=SORTS,
        kinds=KINDS,
        view=_view(request),
        formats=[asdict(one) for one in words.LINK_FORMATS],
        link_presets=words.LINK_PRESETS,
        galleries=await _galleries(request, visitor),
        trash_days=fanlight_of(request).settings.trash_days,
    )
    return _remember_view(request, response)


async def more(request: Request, visitor: Visitor) -> Response:
    """The same page for the grid."""
    look = look_of(request.query_params)
    limit = MANY if "many" in request.query_params else LENGTH
    library = fanlight_of(request).library
    page = await find(library, visitor.actor, look, limit)
    return JSONResponse(tiles(page, await library.offsets(page.items)))


async def tree(request: Request, visitor: Visitor) -> Response:
    """The folders in a folder, as a part of the drawer."""
    parent = request.query_params.get("folder", "")
    folders = await fanlight_of(request).library.folders(visitor.actor, parent)
    page = pages_of(request).text("library-tree.html", folders=folders, here=None)
    return Response(page, media_type="text/html")


async def tags(request: Request, visitor: Visitor) -> Response:
    """Tags that begin like what is being typed."""
    prefix = request.query_params.get("prefix", "")
    found = await fanlight_of(request).library.tags(visitor.actor, prefix, limit=8)
    return JSONResponse([{"name": tag.name, "count": tag.count} for tag in found])


async def find(library: Library, actor: Actor, look: Look, limit: int = LENGTH) -> Page[Asset]:
    """The page. Raises Forbidden, BadCursor."""
    wanted: Filters = {
        "folder": look.folder,
        "tag": look.tag,
        "kind": look.kind,
        "trashed": look.trashed,
    }
    if look.query:
        return await library.search(actor, look.query, after=look.after, limit=limit, **wanted)
    return await library.page(actor, sort=look.sort, after=look.after, limit=limit, **wanted)


async def _folders(library: Library, actor: Actor, look: Look) -> tuple[Folder, ...]:
    if look.after or look.tag or look.kind:
        return ()
    return await library.folders(actor, look.folder or "")


async def _total(library: Library, actor: Actor, look: Look) -> int | None:
    if not look.whole:
        return None
    return await library.count(actor, folder=look.folder, tag=look.tag)


async def _galleries(request: Request, visitor: Visitor) -> tuple[tuple[str, str], ...] | None:
    """The galleries that photos can be put into; `None` for who does not manage any."""
    actor = visitor.actor
    if not actor.may(Scope.MANAGE) or actor.limited:
        return None
    return await fanlight_of(request).galleries.titles(actor)


def _view(request: Request) -> str:
    chosen = request.query_params.get("view") or request.cookies.get(VIEW_COOKIE)
    return "list" if chosen == "list" else "grid"


def _remember_view(request: Request, response: Response) -> Response:
    if "view" in request.query_params:
        response.set_cookie(
            VIEW_COOKIE, _view(request), max_age=31_536_000, samesite="lax", path="/studio"
        )
    return response


def crumbs(folder: str) -> list[tuple[str, str]]:
    """The folders that lead to one: path and name of each."""
    names = [name for name in folder.split("/") if name]
    return [("/".join(names[: n + 1]), name) for n, name in enumerate(names)]
