"""Who a request comes from: an API token, or the session cookie of a signed-in browser.

A cookie is sent by the browser whoever wrote the page, so what changes something by cookie must
also prove that our own page asked for it. A token is proof enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from fanlight.errors import Expired, Unauthenticated
from fanlight.model import NOBODY, Actor
from fanlight.web.door import fanlight_of, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from fanlight.accounts import Accounts

COOKIE = "fanlight_session"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person in a browser, with the secret of their cookie."""

    actor: Actor
    secret: str

    @property
    def name(self) -> str:
        """What they signed in as."""
        return self.actor.name


def token_of(request: Request) -> str:
    """The API token of a request: `Bearer <token>`, or bare as some clients send it."""
    scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    if not rest:
        return scheme
    return rest.strip() if scheme.lower() == "bearer" else ""


async def visitor_of(request: Request) -> Visitor | None:
    """Who is signed in, by cookie; `None` for a stranger or a session that is over."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    try:
        return Visitor(await fanlight_of(request).accounts.actor_for_session(secret), secret)
    except Unauthenticated:
        return None


async def caller_of(request: Request) -> Actor:
    """Who calls our API: it has nothing for strangers.

    Raises Unauthenticated without a proof or for a bad one, Expired, and Forbidden
    (`forbidden.csrf`) for a cookie that is to change something without the proof in the
    `X-CSRF-Token` header.
    """
    accounts = fanlight_of(request).accounts
    if token := token_of(request):
        return await accounts.actor_for_token(token)
    visitor = await visitor_of(request)
    if visitor is None:
        raise Unauthenticated
    if request.method not in SAFE:
        accounts.check_csrf(visitor.secret, request.headers.get(CSRF_HEADER, ""))
    return visitor.actor


def from_our_page(request: Request) -> bool:
    """Whether a browser says that a page of this very server asks."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin == origin_of(request)


async def viewer_of(headers: Iterable[tuple[bytes, bytes]], accounts: Accounts) -> Actor:
    """Who looks at a public link, from raw headers, for assets that are not public."""
    secret, token = "", ""
    for name, value in headers:
        if name == b"cookie":
            secret = _cookie(value.decode("latin-1")) or secret
        elif name == b"authorization":
            scheme, _, rest = value.decode("latin-1").strip().partition(" ")
            token = rest.strip() if scheme.lower() == "bearer" else ""
    try:
        if token:
            return await accounts.actor_for_token(token)
        return await accounts.actor_for_session(secret) if secret else NOBODY
    except (Unauthenticated, Expired):
        return NOBODY


def _cookie(text: str) -> str:
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
