"""oEmbed: what other sites put into a page where somebody pastes a gallery's link.

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

    from fanlight.model import Asset
    from fanlight.sharing.passes import Pass

WIDTH, HEIGHT = 720, 520
"""Pixels of the frame, unless less is asked for."""
THUMBS = (("small", 640), ("thumb", 320))
"""Presets of the cover, and the longest edge of each in pixels; the largest that fits is told."""
ANY = 1_000_000
OPEN_TO_ALL = {"access-control-allow-origin": "*", "cache-control": "no-cache"}


async def tell(request: Request) -> Response:
    """What stands for a gallery in other people's pages. JSON only: XML is answered 501."""
    if request.query_params.get("format", "json") != "json":
        return Response("JSON only.", 501, media_type="text/plain")
    try:
        base, pass_ = await _asked(request)
        widest, highest = _at_most(request, "maxwidth"), _at_most(request, "maxheight")
    except FanlightError as error:
        return problem(fault_of(error), request_id(request))
    origin, gallery = origin_of(request), pass_.gallery
    width, height = min(WIDTH, widest), min(HEIGHT, highest)
    cover = await fanlight_of(request).galleries.cover(pass_)
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": gallery.title,
        "provider_name": (await fanlight_of(request).site.get()).name or "Fanlight",
        "provider_url": origin,
        "width": width,
        "height": height,
        "html": frame(f"{origin}{base}", gallery.title, width, height),
        **(_thumb(f"{origin}{base}/cover", cover.asset, widest, highest) if cover else {}),
    }
    return JSONResponse(told, headers=OPEN_TO_ALL)


def frame(address: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The frame of a gallery as HTML without any script."""
    return (
        f'<iframe src="{escape(address)}/embed" title="{escape(title)}" width="{width}"'
        f' height="{height}" loading="lazy" allowfullscreen'
        ' style="border:0;max-width:100%"></iframe>'
    )


async def _asked(request: Request) -> tuple[str, Pass]:
    """The base that is asked about, and who looks in. Raises what `Sharing.enter` raises."""
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
    return found[0].door, pass_


def _at_most(request: Request, name: str) -> int:
    """Pixels that nothing may be larger than; the frame and the picture both keep to it."""
    given = request.query_params.get(name, "")
    if not given:
        return ANY
    if not (given.isascii() and given.isdecimal()) or len(given) > 6 or not int(given):
        raise Invalid(f"{name} is a number of pixels.", code="invalid.size")
    return int(given)


def _thumb(cover: str, asset: Asset, widest: int, highest: int) -> dict[str, Any]:
    """The largest picture of the cover that is no larger than asked for; none if none is."""
    if not asset.width or not asset.height:
        return {}
    for preset, edge in THUMBS:
        scale = min(1, edge / max(asset.width, asset.height))
        width, height = max(1, round(asset.width * scale)), max(1, round(asset.height * scale))
        if width <= widest and height <= highest:
            return {
                "thumbnail_url": f"{cover}/{preset}",
                "thumbnail_width": width,
                "thumbnail_height": height,
            }
    return {}
