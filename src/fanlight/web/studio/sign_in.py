"""The doors to the studio: where to begin, sign-in, sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from fanlight.errors import FanlightError
from fanlight.guard.secret import masked
from fanlight.model import SERVER, Role
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.middleware.context import client_address
from fanlight.web.people import visitor_of
from fanlight.web.studio.forms import (
    begin,
    end,
    fields_of,
    keep_strangers_token,
    strangers_fields,
    strangers_token,
)
from fanlight.web.studio.pages import csrf_field, go, pages_of

if TYPE_CHECKING:
    from starlette.requests import Request

START = "/studio/upload"


async def start(request: Request) -> Response:
    """`/`: to the studio, to the sign-in, or to what must be done first."""
    if await visitor_of(request):
        return RedirectResponse(START, 303)
    if await has_owner(request):
        return RedirectResponse("/sign-in", 303)
    return HTMLResponse(pages_of(request).text("setup-first.html"))


async def has_owner(request: Request) -> bool:
    """Whether the server belongs to somebody already."""
    users = await fanlight_of(request).accounts.users(SERVER)
    return any(user.role is Role.OWNER for user in users)


async def show_sign_in(request: Request) -> Response:
    """The sign-in page."""
    wanted = request.query_params.get("next", "")
    if await visitor_of(request):
        return RedirectResponse(_inside(wanted), 303)
    return strangers_page(request, "sign-in.html", name="", next=wanted)


async def sign_in(request: Request) -> Response:
    """Sign in, and go where one wanted to be."""
    fields = await strangers_fields(request)
    name, wanted = fields.get("name", ""), fields.get("next", "")
    try:
        return await let_in(request, name, fields.get("password", ""), _inside(wanted))
    except FanlightError as error:
        return strangers_page(request, "sign-in.html", fault_of(error), name=name, next=wanted)


async def sign_out(request: Request) -> Response:
    """Sign this browser out."""
    visitor = await visitor_of(request)
    if visitor is not None:
        await fields_of(request, visitor)
        await fanlight_of(request).accounts.sign_out(visitor.secret)
    return end(go("/sign-in"))


async def let_in(request: Request, name: str, password: str, then: str) -> Response:
    """Sign a browser in, and send it on. Raises Unauthenticated, Throttled."""
    accounts = fanlight_of(request).accounts
    _, secret = await accounts.sign_in(
        name,
        password,
        address=client_address(request.scope),
        user_agent=request.headers.get("user-agent", ""),
    )
    return begin(request, go(then), secret)


def strangers_page(
    request: Request, template: str, fault: Fault | None = None, /, **context: Any
) -> Response:
    """A page for who is not signed in, its form's proof kept in a cookie."""
    token = strangers_token(request)
    text = pages_of(request).text(
        template, csrf=lambda: csrf_field(masked(token.encode())), fault=fault, **context
    )
    response = HTMLResponse(text, fault.status if fault else 200, fault.headers if fault else None)
    return keep_strangers_token(request, response, token)


def _inside(wanted: str) -> str:
    """Where to go after signing in: only into the studio, never to another site."""
    return wanted if wanted.startswith("/studio/") and "\\" not in wanted else START
