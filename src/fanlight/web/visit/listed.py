"""The site's list of galleries that are for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from fanlight.gallery_model import Party
from fanlight.sharing.passes import Pass
from fanlight.web.door import fanlight_of
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.closed import spoken
from fanlight.web.visit.guards import guarded
from fanlight.web.visit.page import Threshold
from fanlight.words import page_words

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.gallery_model import Gallery


async def show(request: Request) -> Response:
    """All that are listed and open now; without the pictures of those that ask for a password."""
    words = page_words(spoken(request))
    found = await fanlight_of(request).sharing.listed()
    galleries = [
        {
            "href": f"/g/{one.slug}",
            "title": one.title,
            "facts": words.day(one.held_on) if one.held_on else "",
            "picture": await _picture(request, one),
        }
        for one in found
    ]
    studio = (await fanlight_of(request).site.get()).name
    page = Threshold("", words, title=words.galleries, studio=studio)
    text = pages_of(request).text("visit-list.html", page=page, galleries=galleries)
    return guarded(HTMLResponse(text), indexed=bool(found))


async def _picture(request: Request, gallery: Gallery) -> str:
    if gallery.has_password and not gallery.rules.cover_outside:
        return ""
    pass_ = Pass(gallery, Party.GUEST, gallery.rules.rights)
    cover = await fanlight_of(request).galleries.cover(pass_)
    return f"/g/{gallery.slug}/cover/small" if cover is not None else ""
