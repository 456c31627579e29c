"""The App Console: one app's Settings and Permissions.

On Permissions, ticked boxes do nothing until Submit is pressed: they live in the form alone.
"""

from __future__ import annotations

from aiohttp.web import StreamResponse

from ..model.apps import (
    FREEZE_AFTER,
    LINKED_USERS_LIMIT,
    LINKED_USERS_WARNING,
    App,
    redirect_problem,
)
from ..scopes import ALWAYS_ON, BY_NAME, NEEDS, SCOPES, Scope, with_needs
from .page import Page, page

_INFO = r"/developers/apps/info/(?P<key>[a-z0-9]+)"


def _app(page: Page) -> App | None:
    account = page.account()
    app = page.service.world.apps.get(page.found["key"])
    return app if app is not None and account is not None and app.owner == account.id else None


def _missing(page: Page) -> StreamResponse:
    return page.to_sign_in() if page.account() is None else page.html("no_app.html", 404)


async def settings(page: Page) -> StreamResponse:
    """The Settings tab."""
    app = _app(page)
    return _missing(page) if app is None else _settings(page, app)


def _settings(
    page: Page, app: App, problem: str = "", about: str = "", token: str = ""
) -> StreamResponse:
    world = page.service.world
    now = world.clock.now()
    frozen = app.status == "development" and not app.may_link("(somebody new)", now)
    days_left = None
    if app.cap_reached_at is not None and app.status == "development":
        days_left = max(0, round((app.cap_reached_at + FREEZE_AFTER - now) / 86400))
    return page.html(
        "settings.html",
        422 if problem else 200,
        app=app,
        tab="settings",
        linked=[world.accounts[each] for each in app.linked if each in world.accounts],
        show_secret=page.query.get("secret") == "shown",
        problem=problem,
        about=about,
        token=token,
        frozen=frozen,
        days_left=days_left,
        warning_at=LINKED_USERS_WARNING,
        limit=LINKED_USERS_LIMIT,
    )


async def change(page: Page) -> StreamResponse:
    """One of the small forms of the Settings tab."""
    app, known, form = _app(page), page.sign_in(), await page.form()
    if app is None or known is None:
        return _missing(page)
    if not known.owns(form):
        return _settings(page, app, "This form has expired. Please send it again.", "page")
    action, value = form.get("action", ""), form.get("value", "").strip()
    if action == "token":
        return _settings(page, app, token=_own_token(page, app))
    if action == "delete_app":
        del page.service.world.apps[app.key]
        return page.redirect("/developers/apps")
    problem = await _change(page, app, action, value)
    if problem:
        return _settings(page, app, problem, action)
    return page.redirect(f"/developers/apps/info/{app.key}")


async def _change(page: Page, app: App, action: str, value: str) -> str | None:
    if action == "add_redirect":
        problem = redirect_problem(value)
        if problem is None and value not in app.redirect_uris:
            app.redirect_uris.append(value)
        return problem
    if action == "remove_redirect" and value in app.redirect_uris:
        app.redirect_uris.remove(value)
    elif action == "add_webhook":
        return await page.service.webhooks.register(app, value)
    elif action == "remove_webhook":
        app.webhooks = [hook for hook in app.webhooks if hook.uri != value]
    elif action == "implicit":
        app.allow_implicit = value == "allow"
    elif action == "users":
        app.allow_many_users = value == "many"
    elif action == "status":
        app.status = "production" if value == "production" else "development"
    return None


def _own_token(page: Page, app: App) -> str:
    account = page.account()
    assert account is not None
    world = page.service.world
    grant = world.approve(app, account, app.enabled_scopes, offline=False)
    return world.mint(grant).text


def _groups(team: bool) -> dict[str, list[Scope]]:
    groups: dict[str, list[Scope]] = {}
    for scope in SCOPES:
        if scope.team == team:
            groups.setdefault(scope.group, []).append(scope)
    return groups


async def permissions(page: Page) -> StreamResponse:
    """The Permissions tab, always as it was last submitted."""
    app = _app(page)
    if app is None:
        return _missing(page)
    return page.html(
        "permissions.html",
        app=app,
        tab="permissions",
        individual=_groups(team=False),
        team=_groups(team=True),
        fixed=ALWAYS_ON,
        needs=NEEDS,
        submitted="submitted" in page.query,
    )


async def submit_permissions(page: Page) -> StreamResponse:
    """Submit was pressed: from now on the app has these scopes. Old tokens do not change."""
    app, known = _app(page), page.sign_in()
    if app is None or known is None:
        return _missing(page)
    if known.owns(await page.form()):
        ticked = set(await page.form_lists("scope")) & BY_NAME.keys()
        app.enabled_scopes = with_needs(ticked)
    return page.redirect(f"/developers/apps/info/{app.key}/permissions?submitted")


ROUTES = (
    page("www/console", "www", "GET", _INFO, settings),
    page("www/console", "www", "POST", _INFO, change),
    page("www/console", "www", "GET", _INFO + "/permissions", permissions),
    page("www/console", "www", "POST", _INFO + "/permissions", submit_permissions),
)
