"""Forms of the studio: who sent one, and that a page of ours made it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from fanlight.errors import Forbidden
from fanlight.guard.secret import unmasked
from fanlight.web.door import SMALL_FORM, fanlight_of, incoming_of
from fanlight.web.forms import read_fields
from fanlight.web.people import COOKIE, Visitor, from_our_page, visitor_of

if TYPE_CHECKING:
    from starlette.requests import Request

Endpoint = Callable[["Request"], Awaitable[Response]]
SignedIn = Callable[["Request", Visitor], Awaitable[Response]]

FORM_COOKIE = "fanlight_form"


def signed_in(handler: SignedIn) -> Endpoint:
    """Let signed-in people in; send others to the sign-in page and back."""

    async def endpoint(request: Request) -> Response:
        visitor = await visitor_of(request)
        if visitor is not None:
            return await handler(request, visitor)
        wanted = "/studio/upload"
        if request.method == "GET":
            wanted = f"{request.url.path}?{request.url.query}".rstrip("?")
        return RedirectResponse(f"/sign-in?next={quote(wanted)}", 303)

    return endpoint


async def fields_of(request: Request, visitor: Visitor) -> dict[str, str]:
    """The fields of a small form. Raises Forbidden (`forbidden.csrf`) for one we did not make."""
    fields = await _read(request)
    fanlight_of(request).accounts.check_csrf(visitor.secret, fields.get("csrf", ""))
    return fields


async def strangers_fields(request: Request) -> dict[str, str]:
    """The same for forms before anybody is signed in: field and cookie must agree."""
    fields = await _read(request)
    given, kept = unmasked(fields.get("csrf", "")), request.cookies.get(FORM_COOKIE, "")
    agree = secrets.compare_digest(given, kept.encode())
    if not (kept and agree and from_our_page(request)):
        raise Forbidden(
            "This form is too old, or your browser keeps no cookies.",
            remedy="Reload the page and send it again.",
            code="forbidden.csrf",
        )
    return fields


async def _read(request: Request) -> dict[str, str]:
    incoming = incoming_of(request, limit=SMALL_FORM)
    incoming.check()
    return await read_fields(incoming, request.headers.get("content-type", ""))


def strangers_token(request: Request) -> str:
    """The value for both, kept from one try to the next."""
    return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(18)


def keep_strangers_token(request: Request, response: Response, token: str) -> Response:
    """Send the cookie half along."""
    response.set_cookie(
        FORM_COOKIE, token, httponly=True, samesite="strict", secure=_https(request), path="/"
    )
    return response


def begin(request: Request, response: Response, secret: str) -> Response:
    """Let the browser keep a session."""
    seconds = fanlight_of(request).settings.session_days * 86_400
    response.set_cookie(
        COOKIE,
        secret,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=_https(request),
        path="/",
    )
    response.delete_cookie(FORM_COOKIE, path="/")
    return response


def end(response: Response) -> Response:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, path="/")
    return response


def _https(request: Request) -> bool:
    return bool(request.scope["scheme"] == "https")
