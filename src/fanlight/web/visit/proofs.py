"""The proofs that a visitor's browser keeps, each in a cookie of its own, for one address alone.

Where a gallery does without cookies, the browser keeps none, or the page stands in a frame of
another site, proofs go into the address instead: every page then leads on to such addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from fanlight.sharing.keys import Key, Proofs
from fanlight.web.people import COOKIE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from fanlight.gallery_model import Gallery

KEPT = ("password", "entry", "pin", "viewer")
TRIED = "fanlight_keeps"
"""Set beside the question for a password: whether it comes back tells if cookies are kept."""
FRAMED = "fanlight-framed"
"""The header by which a script says that it runs in a frame: no other does for what it fetches."""
LASTS = 400 * 86_400
"""Seconds; the longest that browsers allow. A proof ends earlier when what it proves does."""


def cookie_name(kind: str) -> str:
    """The cookie that keeps a proof of some kind."""
    return f"fanlight_{kind}"


_NAMES = {cookie_name(kind): kind for kind in KEPT}


def shown(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Proofs, bool]:
    """The proofs among the cookies of a request, and whether somebody may be signed in.

    Of two cookies with one name the first counts: browsers send that of the longest path first.
    """
    found: dict[str, str] = {}
    signed_in = False
    for name, value in headers:
        if name != b"cookie":
            continue
        for one in value.decode("latin-1").split(";"):
            key, _, text = one.strip().partition("=")
            if key in _NAMES and text.isascii():
                found.setdefault(_NAMES[key], text)
            signed_in = signed_in or key == COOKIE
    return Proofs(**{kind: found[kind] for kind in found}), signed_in  # pyright: ignore[reportArgumentType]


@dataclass(slots=True)
class Keeping:
    """What a visitor shall be known by from now on, and by which way."""

    key: Key
    by_address: bool
    new: Proofs = field(default_factory=Proofs)

    @property
    def base(self) -> str:
        """Where to go on."""
        return self.key.carrying(self.new).base if self.by_address else self.key.base

    def add(self, proofs: Proofs) -> None:
        """Have these proofs kept, too."""
        self.new = proofs.over(self.new)

    def onto(self, response: Response, *, secure: bool) -> None:
        """Have the browser keep them, if it does that."""
        if self.by_address:
            return
        for kind in KEPT:
            if text := getattr(self.new, kind):
                response.set_cookie(
                    cookie_name(kind),
                    text,
                    max_age=LASTS,
                    path=self.key.door,
                    httponly=True,
                    samesite="lax",
                    secure=secure,
                )


def keeping(request: Request, key: Key, gallery: Gallery) -> Keeping:
    """How this visitor is to be known again."""
    carries = key.proofs != Proofs()
    return Keeping(key, by_address=framed(request) or carries or not gallery.rules.cookie)


def framed(request: Request) -> bool:
    """Whether it is for a page that stands in a frame."""
    return request.headers.get("sec-fetch-dest") in ("iframe", "frame") or FRAMED in request.headers


def remembered(request: Request, key: Key, gallery: Gallery) -> str:
    """Below which address a frame remembers the visitor's base, in place of a cookie.

    Empty where there is no frame, and where the gallery keeps nothing in browsers.
    """
    return key.door if gallery.rules.cookie and framed(request) else ""


def keeps_cookies(request: Request) -> bool:
    """Whether the browser has shown a cookie of ours."""
    return bool(request.cookies)


def ask_to_keep(response: Response, key: Key, *, secure: bool) -> None:
    """Find out whether the browser keeps cookies, with one that says nothing."""
    response.set_cookie(TRIED, "1", path=key.door, httponly=True, samesite="lax", secure=secure)


def forget(response: Response, key: Key, *, secure: bool) -> None:
    """Have the browser forget every proof."""
    for kind in KEPT:
        response.delete_cookie(
            cookie_name(kind), path=key.door, httponly=True, samesite="lax", secure=secure
        )


def without_viewer(proofs: Proofs) -> Proofs:
    """The proofs without who it is."""
    return replace(proofs, viewer="")


assert {one.name for one in fields(Proofs)} == {*KEPT, "actor"}  # noqa: S101 -- one list of them
