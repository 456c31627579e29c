"""Why a door stays closed, as a full page for people and as a problem for scripts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from fanlight.errors import (
    Expired,
    FanlightError,
    NotFound,
    NotYetOpen,
    Overloaded,
    PasswordNeeded,
    Throttled,
    Unauthenticated,
)
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of, problem, request_id
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.guards import guarded
from fanlight.web.visit.page import Threshold
from fanlight.web.visit.proofs import ask_to_keep, remembered
from fanlight.words import nearest, page_words

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from fanlight.gallery_model import Gallery
    from fanlight.sharing.keys import Key
    from fanlight.site import Site
    from fanlight.web.errors import Fault
    from fanlight.words import Words


async def closed(request: Request, key: Key, error: FanlightError) -> Response:
    """The answer to who cannot come in, or cannot do what they wanted there."""
    gallery = await _face(request, key)
    fault = _said(error, _words(request, gallery))
    if wants_data(request):
        return problem(fault, request_id(request))
    response = await _page(request, key, error, fault, gallery)
    if isinstance(error, PasswordNeeded) and gallery is not None and gallery.rules.cookie:
        ask_to_keep(response, key, secure=request.scope["scheme"] == "https")
    # the password is asked for in a frame, too, where one may stand
    return guarded(response, embedding=gallery.rules.embedding if gallery is not None else ())


def wants_data(request: Request) -> bool:
    """Whether a script asks, and not a person who opens a page."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def _words(request: Request, gallery: Gallery | None) -> Words:
    """Those of the gallery; of the browser, where it may not be told that there is one."""
    return page_words(spoken(request) if gallery is None else gallery.look.language)


def _said(error: FanlightError, words: Words) -> Fault:
    """The failure in the language of who meets it."""
    fault = fault_of(error)
    kinds = (kind.code for kind in type(error).__mro__ if issubclass(kind, FanlightError))
    told = words.refusal((fault.code, *kinds), wait=seconds(error))
    return fault if told is None else replace(fault, message=f"{told[0]}.", remedy=told[1])


async def _face(request: Request, key: Key) -> Gallery | None:
    """The gallery, where it may be told that there is one."""
    try:
        return await fanlight_of(request).sharing.face(key)
    except FanlightError:
        return None


async def _page(
    request: Request, key: Key, error: FanlightError, fault: Fault, gallery: Gallery | None
) -> Response:
    site = await fanlight_of(request).site.get()
    name, more = _template(request, error, fault, gallery, site)
    over = isinstance(error, Expired)
    page = await threshold(request, key, gallery, inside=False, over=over)
    if not isinstance(error, NotFound):  # where nothing is, anybody may have come
        page = replace(page, contact=site.contact_link)
    text = pages_of(request).text(name, page=page, **more)
    response = HTMLResponse(text, fault.status, fault.headers)
    if isinstance(error, Overloaded):
        come_again(response)
    return response


def come_again(response: Response) -> None:
    """Have the browser of who has no script ask once more, when it may be of use."""
    response.headers["Refresh"] = response.headers.get("Retry-After", "10")


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
    words = _words(request, gallery)
    if gallery is None:
        return Threshold("", words)
    shown = not over and (inside or gallery.rules.cover_outside)
    return Threshold(
        key.base,
        words,
        gallery.look,
        gallery.title,
        cover=f"{key.base}/cover/medium" if shown else "",
        studio=(await fanlight_of(request).site.get()).name,
        door=remembered(request, key, gallery),
    )


def _template(
    request: Request, error: FanlightError, fault: Fault, gallery: Gallery | None, site: Site
) -> tuple[str, dict[str, Any]]:
    code = fault.code
    if isinstance(error, PasswordNeeded):
        cookie = gallery is not None and gallery.rules.cookie
        return "visit-password.html", {
            "wrong": code == "password-needed.wrong",
            "wait": 0,
            "cookie": cookie,
            "forgotten": request.query_params.get("forgotten") == "1",
        }
    if isinstance(error, Throttled) and request.scope["path"].endswith("/password"):
        wait = seconds(error)
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
        return "visit-pin.html", {"wrong": True, "wait": 0, "next": ""}
    if isinstance(error, NotFound) and (gallery is None or code in _NOWHERE):
        return "visit-lost.html", {"heading": "", "lede": "", "back": gallery is not None}
    if code == "overloaded.archives":
        words = _words(request, gallery)
        return "visit-wait.html", {"lede": words("busy", n=seconds(error))}
    return "visit-lost.html", {
        "back": not isinstance(error, Expired | Throttled),
        "heading": fault.message.rstrip("."),
        "lede": fault.remedy,
    }


_NOWHERE = {"not-found", "not-found.gallery", "not-found.viewer"}
"""What was looked for is no thing that visitors have a word for."""


def seconds(error: FanlightError) -> int:
    """How long to wait until it may be tried again."""
    return math.ceil(error.retry_after or 1)


def _when(at: datetime, site: Site, words: Words) -> str:
    """A time by the site's clock, and which that is: `14 June 2026, 10:00 (Europe/Berlin)`."""
    there = at.astimezone(site.clock)
    return f"{words.day(there.date())}, {there:%H:%M} ({site.clock.key})"


def spoken(request: Request) -> str:
    """The language that a browser asks for first, of those there are words for."""
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    return nearest(first.strip())
