"""oEmbed: what WordPress, Ghost or Notion put into a page where somebody pastes a gallery's link.

Source: oembed.com, version 1.0. Only what everybody may open is told of, and only where its owner
lets sites frame it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response

from fanlight.errors import FanlightError, Invalid, NotFound
from fanlight.sharing.keys import Proofs, parse
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import fault_of, problem, request_id

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.gallery_model import Gallery

WIDTH, HEIGHT = 720, 520
"""Pixels of the frame, unless less is asked for."""
LEAST = 200
THUMB = 640
"""Pixels of the longest edge of the preset `small`."""
OPEN_TO_ALL = {"access-control-allow-origin": "*", "cache-control": "no-cache"}


async def tell(request: Request) -> Response:
    """What stands for a gallery in other people's pages. JSON only: XML is answered 501."""
    if request.query_params.get("format", "json") != "json":
        return Response("JSON only.", 501, media_type="text/plain")
    try:
        base, gallery = await _asked(request)
        width, height = _at_most(request, "maxwidth", WIDTH), _at_most(request, "maxheight", HEIGHT)
    except FanlightError as error:
        return problem(fault_of(error), request_id(request))
    origin = origin_of(request)
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": gallery.title,
        "provider_name": (await fanlight_of(request).site.get()).name or "Fanlight",
        "provider_url": origin,
        "width": width,
        "height": height,
        "html": frame(f"{origin}{base}", gallery.title, width, height),
        "thumbnail_url": f"{origin}{base}/cover/small",
        "thumbnail_width": THUMB,
        "thumbnail_height": THUMB,
    }
    return JSONResponse(told, headers=OPEN_TO_ALL)


def frame(address: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The frame of a gallery as HTML without any script."""
    return (
        f'<iframe src="{escape(address)}/embed" title="{escape(title)}" width="{width}"'
        f' height="{height}" loading="lazy" allowfullscreen'
        ' style="border:0;max-width:100%"></iframe>'
    )


async def _asked(request: Request) -> tuple[str, Gallery]:
    """The base and the gallery that are asked about. Raises what `Sharing.enter` raises."""
    url = request.query_params.get("url", "")
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != origin_of(request):
        raise NotFound("This is no address of ours.", code="not-found.gallery")
    found = parse(parts.path.encode(errors="replace"))
    if found is None:
        raise NotFound("There is no gallery at this address.", code="not-found.gallery")
    pass_ = await fanlight_of(request).sharing.enter(found[0], Proofs())
    if not pass_.gallery.rules.embedding:
        raise NotFound("This gallery is not shown on other sites.", code="not-found.gallery")
    return found[0].door, pass_.gallery


def _at_most(request: Request, name: str, usual: int) -> int:
    given = request.query_params.get(name, "")
    if not given:
        return usual
    if not given.isdecimal() or len(given) > 6:
        raise Invalid(f"{name} is a number of pixels.", code="invalid.size")
    return max(LEAST, min(usual, int(given)))
