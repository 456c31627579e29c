"""Connected apps: where a person takes back what they allowed."""

from __future__ import annotations

from aiohttp.web import StreamResponse

from .page import Page, page


async def show(page: Page) -> StreamResponse:
    """The list of apps with a living grant."""
    account = page.account()
    if account is None:
        return page.to_sign_in()
    world = page.service.world
    rows = [
        (app, sorted({scope for grant in grants for scope in grant.scopes}))
        for app in world.apps.values()
        if (grants := world.grants.of(app.key, account.id))
    ]
    return page.html("connected.html", rows=rows)


async def disconnect(page: Page) -> StreamResponse:
    """Revoke all grants of one app."""
    account, known, form = page.account(), page.sign_in(), await page.form()
    if account is None or known is None:
        return page.to_sign_in()
    if known.owns(form):
        world = page.service.world
        app = world.apps.get(form.get("app", ""))
        if app is not None:
            for grant in world.grants.of(app.key, account.id):
                world.grants.revoke(grant)
            if account.id in app.linked:
                app.linked.remove(account.id)
    return page.redirect("/account/connected_apps")


ROUTES = (
    page("www/connected_apps", "www", "GET", r"/account/connected_apps", show),
    page("www/connected_apps", "www", "POST", r"/account/connected_apps", disconnect),
)
