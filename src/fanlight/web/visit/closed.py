"""Why a door stays closed, as a full page for people and as a problem for scripts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from fanlight.errors import (
    Expired,
    FanlightError,
    NotFound,
    NotYetOpen,
    PasswordNeeded,
    Throttled,
    Unauthenticated,
)
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of, problem, request_id
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.guards import guarded
from fanlight.web.visit.page import Threshold
from fanlight.web.visit.proofs import ask_to_keep
from fanlight.words import nearest, page_words

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from fanlight.gallery_model import Gallery
    from fanlight.sharing.keys import Key
    from fanlight.site import Site
    from fanlight.words import Words


async def closed(request: Request, key: Key, error: FanlightError) -> Response:
    """The answer to who cannot come in, or cannot do what they wanted there."""
    fault = fault_of(error)
    if wants_data(request):
        return problem(fault, request_id(request))
    gallery = await _face(request, key)
    response = await _page(request, key, error, gallery)
    if isinstance(error, PasswordNeeded) and gallery is not None and gallery.rules.cookie:
        ask_to_keep(response, key, secure=request.scope["scheme"] == "https")
    # the password is asked for in a frame, too, where one may stand
    return guarded(response, embedding=gallery.rules.embedding if gallery is not None else ())


def wants_data(request: Request) -> bool:
    """Whether a script asks, and not a person who opens a page."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


async def _face(request: Request, key: Key) -> Gallery | None:
    """The gallery, where it may be told that there is one."""
    try:
        return await fanlight_of(request).sharing.face(key)
    except FanlightError:
        return None


async def _page(
    request: Request, key: Key, error: FanlightError, gallery: Gallery | None
) -> Response:
    fault, site = fault_of(error), await fanlight_of(request).site.get()
    name, more = _template(error, gallery, site)
    over = isinstance(error, Expired)
    page = await threshold(request, key, gallery, inside=False, over=over)
    text = pages_of(request).text(name, page=page, **more)
    return HTMLResponse(text, fault.status, fault.headers)


async def threshold(
    request: Request,
    key: Key,
    gallery: Gallery | None,
    *,
    inside: bool = True,
    over: bool = False,
) -> Threshold:
    """What stands on a full page about a gallery; of none, without one.

    Who is not `inside` sees the cover where the owner lets everybody see it, until it is `over`.
    """
    if gallery is None:
        return Threshold("", page_words(spoken(request)))
    shown = not over and (inside or gallery.rules.cover_outside)
    return Threshold(
        key.base,
        page_words(gallery.look.language),
        gallery.look,
        gallery.title,
        cover=f"{key.base}/cover/medium" if shown else "",
        studio=(await fanlight_of(request).site.get()).name,
    )


def _template(
    error: FanlightError, gallery: Gallery | None, site: Site
) -> tuple[str, dict[str, Any]]:
    code = error.public_code
    if isinstance(error, PasswordNeeded):
        cookie = gallery is not None and gallery.rules.cookie
        return "visit-password.html", {
            "wrong": code == "password-needed.wrong",
            "wait": 0,
            "cookie": cookie,
        }
    if isinstance(error, Throttled) and gallery is not None and gallery.has_password:
        wait = math.ceil(error.retry_after or 1)
        return "visit-password.html", {"wrong": False, "wait": wait, "cookie": False}
    if isinstance(error, NotYetOpen):
        said = ""
        if gallery is not None and gallery.opens_at is not None:
            said = _when(gallery.opens_at, site, page_words(gallery.look.language))
        return "visit-not-yet.html", {"opens": said}
    if isinstance(error, Expired) and code == "expired.gallery":
        return "visit-closed.html", {}
    if code == "unauthenticated.entry":
        return "visit-enter.html", {}
    if isinstance(error, Unauthenticated) and code == "unauthenticated.pin":
        return "visit-pin.html", {"wrong": True, "next": ""}
    if isinstance(error, NotFound):
        return "visit-lost.html", {"heading": "", "lede": ""}
    return "visit-lost.html", {
        "heading": error.public_message.rstrip("."),
        "lede": error.public_remedy,
    }


def _when(at: datetime, site: Site, words: Words) -> str:
    """A time by the site's clock, and which that is: `14 June 2026, 10:00 (Europe/Berlin)`."""
    there = at.astimezone(site.clock)
    return f"{words.day(there.date())}, {there:%H:%M} ({site.clock.key})"


def spoken(request: Request) -> str:
    """The language that a browser asks for first, of those there are words for."""
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    return nearest(first.strip())
