"""The App Console: the list of apps, and making a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp.web import StreamResponse

from .page import Page, page

_NAME = re.compile(r"[^\\/:*?\"<>|\x00-\x1f]{1,255}")


async def overview(page: Page) -> StreamResponse:
    """All apps of the developer who is signed in."""
    account = page.account()
    if account is None:
        return page.to_sign_in()
    apps = [app for app in page.service.world.apps.values() if app.owner == account.id]
    return page.html("apps.html", apps=apps)


async def new(page: Page) -> StreamResponse:
    """The form for a new app."""
    if page.account() is None:
        return page.to_sign_in()
    return page.html("create.html", problems={}, form={})


async def create(page: Page) -> StreamResponse:
    """Make the app and go to its settings."""
    account, known, form = page.account(), page.sign_in(), await page.form()
    if account is None or known is None:
        return page.to_sign_in()
    problems = _problems(page, form)
    if not known.owns(form):
        problems["name"] = "This form has expired. Please send it again."
    if problems:
        return page.html("create.html", 422, problems=problems, form=form)
    access = "app_folder" if form["access"] == "app_folder" else "full"
    app = page.service.world.add_app(account, form["name"].strip(), access)
    return page.redirect(f"/developers/apps/info/{app.key}")


def _problems(page: Page, form: Mapping[str, str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    name = form.get("name", "").strip()
    if form.get("api") != "scoped":
        problems["api"] = "Choose an API."
    if form.get("access") not in ("app_folder", "full"):
        problems["access"] = "Choose the type of access your app needs."
    if not _NAME.fullmatch(name):
        problems["name"] = "Give your app a name that can also be the name of a folder."
    elif "dropbox" in name.lower():
        problems["name"] = "An app's name must not contain the word Dropbox."
    elif any(app.name.lower() == name.lower() for app in page.service.world.apps.values()):
        problems["name"] = "This name is taken. Names are unique among all apps."
    return problems


ROUTES = (
    page("www/console", "www", "GET", r"/developers(/apps)?/?", overview),
    page("www/console", "www", "GET", r"/developers/apps/create", new),
    page("www/console", "www", "POST", r"/developers/apps/create", create),
)
