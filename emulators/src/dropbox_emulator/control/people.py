"""Control: accounts, teams, apps, grants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..model.accounts import Account
from ..model.apps import App
from ..model.grants import Grant
from ..scopes import BY_NAME, with_needs

if TYPE_CHECKING:
    from ..server import Emulator

Wire = dict[str, Any]
Command = Callable[["Emulator", Wire], Awaitable[Wire]]

_ACCOUNT_FIELDS = ("quota", "email_verified", "suspended", "links_banned", "type", "locale")


def find_account(emulator: Emulator, arg: Wire) -> Account:
    """The account that ``account`` names, by email or id; the only one if it is left out."""
    world = emulator.world
    name = arg.get("account")
    if name is None and len(world.accounts) == 1:
        return next(iter(world.accounts.values()))
    account = world.account_by_email(str(name))
    if account is None:
        raise ValueError(f"no such account: {name}")
    return account


def find_app(emulator: Emulator, arg: Wire) -> App:
    """The app that ``app`` names, by key; the only one if it is left out."""
    apps = emulator.world.apps
    name = arg.get("app")
    if name is None and len(apps) == 1:
        return next(iter(apps.values()))
    if name not in apps:
        raise ValueError(f"no such app: {name}")
    return apps[name]


def shown_account(account: Account) -> Wire:
    """An account as JSON."""
    return {
        "account_id": account.id,
        "uid": account.uid,
        "email": account.email,
        "name": account.display_name,
        "password": account.password,
        "home_namespace": account.home_namespace,
        "root_namespace": account.root_namespace,
        "team": account.team,
        "team_member_id": account.member_id,
        "quota": account.quota,
    }


def shown_app(app: App) -> Wire:
    """An app as JSON."""
    return {
        "app_key": app.key,
        "app_secret": app.secret,
        "app_id": app.id,
        "name": app.name,
        "access": app.access,
        "scopes": sorted(app.enabled_scopes),
        "redirect_uris": app.redirect_uris,
        "webhooks": [hook.uri for hook in app.webhooks],
        "status": app.status,
        "linked_users": len(app.linked),
    }


async def add_account(emulator: Emulator, arg: Wire) -> Wire:
    """Make an account; ``team`` names a team to join (made when first named)."""
    world = emulator.world
    account = world.add_account(
        str(arg["email"]).lower(),
        given_name=arg.get("given_name", ""),
        surname=arg.get("surname", ""),
        password=arg.get("password", "password"),
    )
    if arg.get("team"):
        teams = [team for team in world.teams.values() if team.name == arg["team"]]
        world.join_team(account, teams[0] if teams else world.add_team(arg["team"]))
    return await change_account(emulator, {**arg, "account": account.id})


async def change_account(emulator: Emulator, arg: Wire) -> Wire:
    """Set quota, email_verified, suspended, links_banned, type or locale."""
    account = find_account(emulator, arg)
    for name in _ACCOUNT_FIELDS:
        if name in arg:
            setattr(account, name, arg[name])
    if "quota" in arg and account.team:
        emulator.world.teams[account.team].quota = arg["quota"]
    return shown_account(account)


async def accounts(emulator: Emulator, arg: Wire) -> Wire:
    """All accounts."""
    return {"accounts": [shown_account(each) for each in emulator.world.accounts.values()]}


def _scopes(names: list[str]) -> set[str]:
    unknown = set(names) - BY_NAME.keys()
    if unknown:
        raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
    return set(names)


async def add_app(emulator: Emulator, arg: Wire) -> Wire:
    """Register an app. ``scopes`` count as submitted; left out, all personal ones.

    ``key`` is for clients that have an app key built in.
    """
    every = [name for name, scope in BY_NAME.items() if not scope.team]
    app = emulator.world.add_app(
        find_account(emulator, {"account": arg.get("owner")}),
        arg["name"],
        arg.get("access", "full"),
        _scopes(arg.get("scopes", every)),
        arg.get("key"),
    )
    app.redirect_uris = list(arg.get("redirect_uris", []))
    return shown_app(app)


async def change_app(emulator: Emulator, arg: Wire) -> Wire:
    """Set scopes (as if submitted), redirect URIs, status; ``add_webhook`` runs the challenge."""
    app = find_app(emulator, arg)
    if "scopes" in arg:
        app.enabled_scopes = with_needs(_scopes(arg["scopes"]))
    if "redirect_uris" in arg:
        app.redirect_uris = list(arg["redirect_uris"])
    if "status" in arg:
        app.status = arg["status"]
    if "add_webhook" in arg:
        problem = await emulator.service.webhooks.register(app, arg["add_webhook"])
        if problem is not None:
            raise ValueError(problem)
    return shown_app(app)


async def apps(emulator: Emulator, arg: Wire) -> Wire:
    """All apps."""
    return {"apps": [shown_app(each) for each in emulator.world.apps.values()]}


async def grant(emulator: Emulator, arg: Wire) -> Wire:
    """Mint a refresh token and an access token without a browser.

    ``scopes`` default to what the app has enabled; ``team: true`` links the account's whole team.
    """
    world = emulator.world
    app, account = find_app(emulator, arg), find_account(emulator, arg)
    scopes = _scopes(arg["scopes"]) if "scopes" in arg else set(app.enabled_scopes)
    made = world.approve(
        app,
        account,
        scopes,
        offline=True,
        pkce=bool(arg.get("pkce", False)),
        team=account.team if arg.get("team") else None,
    )
    return {**_shown_grant(made), "access_token": world.mint(made).text}


def _shown_grant(made: Grant) -> Wire:
    return {
        "grant": made.id,
        "app_key": made.app,
        "account_id": made.account,
        "scopes": sorted(made.scopes),
        "refresh_token": made.refresh_token,
        "revoked": made.revoked,
    }


async def grants(emulator: Emulator, arg: Wire) -> Wire:
    """All grants, also revoked ones."""
    return {"grants": [_shown_grant(each) for each in emulator.world.grants.by_id.values()]}


async def revoke(emulator: Emulator, arg: Wire) -> Wire:
    """End one grant by id, or all of an account."""
    world = emulator.world
    chosen = [world.grants.by_id[arg["grant"]]] if "grant" in arg else None
    if chosen is None:
        account = find_account(emulator, arg)
        chosen = [each for each in world.grants.by_id.values() if each.account == account.id]
    for each in chosen:
        world.grants.revoke(each)
    return {"revoked": len(chosen)}


async def expire_tokens(emulator: Emulator, arg: Wire) -> Wire:
    """Make all access tokens expire now; refresh tokens live on."""
    now = emulator.world.clock.now()
    tokens = emulator.world.grants.tokens.values()
    for each in tokens:
        each.expires = now
    return {"expired": len(tokens)}


COMMANDS: dict[str, Command] = {
    "accounts/add": add_account,
    "accounts/change": change_account,
    "accounts": accounts,
    "apps/add": add_app,
    "apps/change": change_app,
    "apps": apps,
    "grants/add": grant,
    "grants": grants,
    "grants/revoke": revoke,
    "grants/expire_tokens": expire_tokens,
}
