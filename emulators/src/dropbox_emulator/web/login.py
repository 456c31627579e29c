"""Signing in and out."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from aiohttp.web import StreamResponse

from .page import Page, page
from .signed_in import COOKIE


def _continue(page: Page, given: str) -> str:
    # Only paths of our own: a sign-in page must not send people elsewhere.
    parts = urlsplit(given)
    safe = given.startswith("/") and not given.startswith("//") and not parts.netloc
    return given if safe else "/developers/apps"


async def show(page: Page) -> StreamResponse:
    """The sign-in page. It names the accounts of this emulator: nothing here is secret."""
    return _form(page, page.query.get("cont", ""), page.query.get("message", ""), 200)


def _form(page: Page, cont: str, message: str, status: int) -> StreamResponse:
    accounts = list(page.service.world.accounts.values())[:8]
    return page.html("login.html", status, cont=cont, message=message, accounts=accounts)


async def submit(page: Page) -> StreamResponse:
    """Check the password and set the cookie."""
    form = await page.form()
    account = page.service.world.account_by_email(form.get("email", "").strip().lower())
    cont = form.get("cont", "")
    given = form.get("password", "").encode()
    if account is None or not hmac.compare_digest(account.password.encode(), given):
        return _form(page, cont, "This email and password do not belong together.", 403)
    cookie = page.sign_ins.add(account.id, page.service.world.clock.now())
    reply = page.redirect(_continue(page, cont))
    reply.set_cookie(COOKIE, cookie, httponly=True, samesite="Lax", path="/")
    return reply


async def leave(page: Page) -> StreamResponse:
    """Sign out."""
    known = page.sign_in()
    if known is not None and known.owns(await page.form()):
        page.sign_ins.drop(page.request.cookies.get(COOKIE, ""))
    reply = page.redirect("/login")
    reply.del_cookie(COOKIE, path="/")
    return reply


ROUTES = (
    page("www/login", "www", "GET", r"/login", show),
    page("www/login", "www", "POST", r"/login", submit),
    page("www/logout", "www", "POST", r"/logout", leave),
)
