"""Where mails to viewers lead whoever wants no more of them: their address is forgotten.

Source: RFC 8058. Mail programs post to the address by themselves, without a cookie, when somebody
presses their button; whoever only opens it, such as a scanner of links, changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response

from fanlight.errors import NotFound
from fanlight.web.door import fanlight_of
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.closed import spoken
from fanlight.web.visit.guards import guarded
from fanlight.web.visit.page import Threshold
from fanlight.words import page_words

if TYPE_CHECKING:
    from starlette.requests import Request


async def show(request: Request) -> Response:
    """Ask whether the address shall be forgotten, or say that it is."""
    viewer_id, proof = _asked(request)
    try:
        gallery, viewer = await fanlight_of(request).notices.written_to(viewer_id, proof)
    except NotFound:
        lost = Threshold("", page_words(spoken(request)))
        text = pages_of(request).text("visit-lost.html", page=lost, heading="", lede="")
        return guarded(HTMLResponse(text, 404))
    page = Threshold("", page_words(gallery.look.language), gallery.look, gallery.title)
    text = pages_of(request).text("visit-mails.html", page=page, email=viewer.email)
    return guarded(HTMLResponse(text))


async def stop(request: Request) -> Response:
    """Forget the address."""
    viewer_id, proof = _asked(request)
    await fanlight_of(request).notices.write_no_more(viewer_id, proof)
    return guarded(RedirectResponse(request.url.path, 303))


def _asked(request: Request) -> tuple[str, str]:
    return request.path_params["viewer_id"], request.path_params["proof"]
