"""One photo to be had: its original, its RAW, a web size; and videos to be played."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from fanlight.errors import FanlightError, Invalid, NotFound, Unauthenticated
from fanlight.gallery_model import Act, Right
from fanlight.model import Kind
from fanlight.pictures.forms import Form
from fanlight.renditions.recipes import Format, Recipe
from fanlight.web.door import fanlight_of
from fanlight.web.public.answering import Answering
from fanlight.web.public.asking import ASKED, key_of, wish_of
from fanlight.web.public.refusing import send_error
from fanlight.web.visit.closed import closed, wants_data

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.delivery.known import Known
    from fanlight.web.types import HttpScope, Receive, Send
    from fanlight.web.visit.visiting import Visit

SIZES = {"2048": 2048, "1024": 1024}
"""Web sizes: the longest edge, by its name in addresses."""


async def original(request: Request, visit: Visit) -> Response:
    """The original: to be saved (`?download=1`), or a video to be played, or the photo itself."""
    known = await _known(request, visit, request.path_params["asset_id"])
    download = request.query_params.get("download") == "1"
    if not download and known.link.asset.kind is Kind.VIDEO:
        return _Asset(request, visit, known, taken=False)
    refusal = await may_take(request, visit, Right.ORIGINAL, known.link.asset.id)
    if refusal is not None:
        return refusal
    return _taken(request, visit, known, save=download)


async def raw(request: Request, visit: Visit) -> Response:
    """The RAW that was taken together with a photo."""
    asset_id = request.path_params["asset_id"]
    refusal = await may_take(request, visit, Right.ORIGINAL, asset_id)
    if refusal is not None:
        return refusal
    use = fanlight_of(request)
    companion = await use.galleries.companion(visit.pass_, asset_id)
    known = None if companion is None else await use.delivery.find(f"/a/{companion}".encode())
    if known is None:
        raise _missing()
    return _taken(request, visit, known)


async def web(request: Request, visit: Visit) -> Response:
    """A photo in a web size, as a JPEG."""
    edge = SIZES.get(request.query_params.get("size", "2048"))
    if edge is None:
        raise Invalid(
            f"Web sizes are {' and '.join(SIZES)}.", code="invalid.size", remedy="Ask for one."
        )
    asset_id = request.path_params["asset_id"]
    known = await _known(request, visit, asset_id)
    refusal = await may_take(request, visit, Right.WEB, asset_id)
    if refusal is not None:
        return refusal
    form = Form(Recipe(edge, edge), Format.JPEG)
    return _taken(request, visit, fanlight_of(request).delivery.known(known.link, form))


async def may_take(
    request: Request, visit: Visit, right: Right, asset_id: str | None = None
) -> Response | None:
    """Whether something may be downloaded; else a way to the pin.

    Raises Forbidden without the right, and (`forbidden.used-up`) when there were as many downloads
    as there may be; NotFound; for scripts Unauthenticated (`unauthenticated.pin`).
    """
    pass_, use = visit.pass_, fanlight_of(request)
    pass_.require(Right.VIEW)
    if right is Right.ORIGINAL or Right.ORIGINAL not in pass_.rights:
        pass_.require(right)  # who may have originals may have less
    if asset_id is not None:
        if not await use.galleries.may_download(pass_, asset_id):
            raise _missing()
        if _begins(request):
            await use.downloads.check(pass_)
    if use.sharing.knows_pin(pass_, visit.told):
        return None
    if wants_data(request):
        raise Unauthenticated("Downloads ask for a pin.", code="unauthenticated.pin")
    path = request.scope["path"].removeprefix(visit.base)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{visit.base}/pin?next={quote(path + query, safe='')}", 303)


async def _known(request: Request, visit: Visit, asset_id: str) -> Known:
    visit.pass_.require(Right.VIEW)
    use = fanlight_of(request)
    known = None
    if await use.galleries.contains(visit.pass_, asset_id):
        known = await use.delivery.find(f"/a/{asset_id}".encode())
    if known is None:
        raise _missing()
    return known


def _begins(request: Request) -> bool:
    """Whether it is a new download: who goes on with one has been counted."""
    return request.headers.get("range", "bytes=0-").startswith("bytes=0-")


def _taken(request: Request, visit: Visit, known: Known, *, save: bool = True) -> Response:
    asset = known.link.asset
    if request.method == "GET" and _begins(request):
        fanlight_of(request).journal.note(
            Act.DOWNLOADED, visit.pass_, asset_id=asset.id, size=asset.size
        )
    return _Asset(request, visit, known, taken=save)


class _Asset(Response):
    """Sends an asset by what delivery decides."""

    def __init__(self, request: Request, visit: Visit, known: Known, *, taken: bool) -> None:
        super().__init__()
        self._answering = Answering(fanlight_of(request).delivery, refuse=self._refuse)
        self._request = request
        self._visit = visit
        self._known = known
        self._taken = taken

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI says."""
        wish = wish_of(key_of(scope, b"", ASKED))
        wish.granted, wish.taken = True, self._taken
        serving = self._answering.serve(scope, receive, send, wish, self._known)
        await self._answering.guarded(scope, send, serving)

    async def _refuse(self, scope: HttpScope, send: Send, error: Exception) -> None:
        """A person sees a page of the gallery that says why; programs are told in a line."""
        person = "text/html" in self._request.headers.get("accept", "")
        if not person or not isinstance(error, FanlightError):
            await send_error(scope, send, error)
            return
        response = await closed(self._request, self._visit.keeping.key, error)
        await response(scope, self._request.receive, send)


def _missing() -> NotFound:
    return NotFound(
        "This photo is not in the gallery.",
        remedy="It may have been taken out: look at the others.",
        code="not-found.item",
    )
