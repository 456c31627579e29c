"""The authorize page: who asks, for which rights, Allow or Cancel."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from aiohttp.web import StreamResponse

from ..ids import token
from ..model.accounts import Account
from ..model.apps import App
from ..model.grants import Code
from ..scopes import ALWAYS_ON, BY_NAME, TEAM_SCOPES, parse_scopes, scope_text
from .page import Page, page

DENIED = "The user chose not to give your app access to their Dropbox account."
BAD_REDIRECT = (
    "Invalid redirect_uri. It must exactly match one of the redirect URIs you've pre-configured "
    "for your app (including the path)."
)
FRESH_SIGN_IN = 120.0


class AuthorizeRefused(Exception):
    """A request that is answered with an error page and never redirected."""


@dataclass(slots=True)
class Ask:
    """A checked authorization request."""

    app: App
    redirect_uri: str | None
    state: str | None
    response_type: str
    token_access_type: str
    scopes: frozenset[str]
    challenge: str | None
    challenge_method: str
    reapprove: bool
    reauthenticate: bool
    include_granted: bool
    role: str | None

    @property
    def is_team(self) -> bool:
        """Whether the rights concern a whole team."""
        return bool(self.scopes & TEAM_SCOPES)


def read_ask(page: Page) -> Ask:
    """Check the parameters; ``AuthorizeRefused`` says what is wrong."""
    query = page.query
    key = query.get("client_id")
    if not key:
        raise AuthorizeRefused("Missing client_id.")
    app = page.service.world.apps.get(key)
    if app is None:
        raise AuthorizeRefused(f'Invalid client_id: "{key}".')
    redirect_uri = query.get("redirect_uri")
    if redirect_uri is not None and redirect_uri not in app.redirect_uris:
        raise AuthorizeRefused(BAD_REDIRECT)
    response_type = query.get("response_type", "")
    if response_type not in ("code", "token"):
        raise AuthorizeRefused(f'Invalid response_type: "{response_type}".')
    if response_type == "token" and (not app.allow_implicit or redirect_uri is None):
        raise AuthorizeRefused("This app does not allow the implicit grant.")
    access_type = query.get("token_access_type", "online")
    if access_type not in ("offline", "online", "legacy"):
        raise AuthorizeRefused(f'Invalid token_access_type: "{access_type}".')
    challenge = query.get("code_challenge")
    method = query.get("code_challenge_method", "plain")
    if challenge is not None and (
        method not in ("S256", "plain") or not 43 <= len(challenge) <= 128
    ):
        raise AuthorizeRefused("Invalid code_challenge or code_challenge_method.")
    return Ask(
        app=app,
        redirect_uri=redirect_uri,
        state=query.get("state"),
        response_type=response_type,
        token_access_type=access_type,
        scopes=_scopes(page, app, query.get("scope")),
        challenge=challenge,
        challenge_method=method,
        reapprove=query.get("force_reapprove", "").lower() == "true",
        reauthenticate=query.get("force_reauthentication", "").lower() == "true",
        include_granted=query.get("include_granted_scopes") in ("user", "team"),
        role=query.get("require_role"),
    )


def _scopes(page: Page, app: App, text: str | None) -> frozenset[str]:
    """What is asked and enabled. Without ``scope`` everything that is enabled."""
    if text is None or not text.strip():
        return frozenset(app.enabled_scopes)
    wanted = parse_scopes(text)
    granted = wanted & app.enabled_scopes
    # "account_info.read" is always on, so asking only for it always succeeds.
    if not granted or (wanted != granted and not page.service.settings.partial_scope_grants):
        raise AuthorizeRefused("No scope requested can be granted for this app.")
    return frozenset(granted | ALWAYS_ON)


def _refused(page: Page, text: str) -> StreamResponse:
    details = sorted((key, value) for key, value in page.query.items())
    return page.html("authorize_error.html", 400, text=text, details=details)


async def show(page: Page) -> StreamResponse:
    """``GET /oauth2/authorize``."""
    try:
        ask = read_ask(page)
    except AuthorizeRefused as refused:
        return _refused(page, str(refused))
    account, stop = _who(page, ask)
    if account is None:
        return stop or page.to_sign_in()
    world = page.service.world
    if not ask.app.may_link(account.id, world.clock.now()):
        return page.html("user_limit.html", 403, app=ask.app)
    earlier = world.grants.of(ask.app.key, account.id)
    if ask.include_granted:
        if not earlier:
            return _refused(
                page, "include_granted_scopes is not allowed before the user linked the app."
            )
        ask.scopes |= earlier[-1].scopes
    known = any(ask.scopes <= grant.scopes for grant in earlier)
    if known and not ask.reapprove and ask.redirect_uri is not None:
        return _approve(page, ask, account)
    new = ask.scopes - (earlier[-1].scopes if earlier else frozenset[str]())
    groups = _grouped(ask.scopes)
    return page.html(
        "consent.html",
        ask=ask,
        app=ask.app,
        account=account,
        groups=groups,
        new=new if earlier else frozenset[str](),
        host=urlsplit(ask.redirect_uri).netloc if ask.redirect_uri else None,
    )


def _who(page: Page, ask: Ask) -> tuple[Account | None, StreamResponse | None]:
    account, known = page.account(), page.sign_in()
    if account is None or known is None:
        return None, page.to_sign_in()
    now = page.service.world.clock.now()
    if ask.reauthenticate and now - known.at > FRESH_SIGN_IN:
        return None, page.to_sign_in("Please sign in again to go on.")
    if ask.role == "work" and account.team is None:
        return None, page.to_sign_in("This app asks for a work account.")
    if ask.role == "personal" and account.team is not None:
        return None, page.to_sign_in("This app asks for a personal account.")
    if ask.is_team and not account.is_admin:
        return None, page.to_sign_in("Only a team admin can approve this app.")
    return account, None


def _grouped(scopes: frozenset[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, scope in BY_NAME.items():
        if name in scopes:
            groups.setdefault(scope.group, []).append(name)
    return groups


async def decide(page: Page) -> StreamResponse:
    """``POST /oauth2/authorize``: Allow or Cancel was pressed."""
    try:
        ask = read_ask(page)
    except AuthorizeRefused as refused:
        return _refused(page, str(refused))
    account, stop = _who(page, ask)
    known, form = page.sign_in(), await page.form()
    if account is None or known is None:
        return stop or page.to_sign_in()
    if not known.owns(form):
        return _refused(page, "This form is not from this browser. Please start again.")
    if form.get("decision") != "allow":
        return _deny(page, ask)
    if not ask.app.may_link(account.id, page.service.world.clock.now()):
        return page.html("user_limit.html", 403, app=ask.app)
    if ask.include_granted:
        for grant in page.service.world.grants.of(ask.app.key, account.id)[-1:]:
            ask.scopes |= grant.scopes
    return _approve(page, ask, account)


def _deny(page: Page, ask: Ask) -> StreamResponse:
    if ask.redirect_uri is None:
        return page.html("cancelled.html", app=ask.app)
    answer = {"error": "access_denied", "error_description": DENIED}
    return page.redirect(_with(ask, answer))


def _approve(page: Page, ask: Ask, account: Account) -> StreamResponse:
    world = page.service.world
    team = account.team if ask.is_team else None
    if ask.response_type == "token":
        grant = world.approve(ask.app, account, ask.scopes, offline=False, team=team)
        access = world.mint(grant)
        lifetime = int(page.service.settings.access_token_lifetime)
        answer = {
            "access_token": access.text,
            "token_type": "bearer",
            "expires_in": str(lifetime),
            "scope": scope_text(set(ask.scopes)),
            "uid": account.uid,
            "account_id": account.id,
        }
        return page.redirect(_with(ask, answer, "#"))
    code = Code(
        text=token("", 32),
        app=ask.app.key,
        account=account.id,
        scopes=ask.scopes,
        expires=world.clock.now() + page.service.settings.code_lifetime,
        token_access_type=ask.token_access_type,
        redirect_uri=ask.redirect_uri,
        challenge=ask.challenge,
        challenge_method=ask.challenge_method,
        team=team,
    )
    world.grants.codes[code.text] = code
    if ask.redirect_uri is None:
        return page.html("code.html", app=ask.app, code=code.text)
    return page.redirect(_with(ask, {"code": code.text}))


def _with(ask: Ask, answer: dict[str, str], mark: str = "") -> str:
    uri = ask.redirect_uri or ""
    if ask.state is not None:
        answer["state"] = ask.state
    mark = mark or ("&" if urlsplit(uri).query else "?")
    return uri + mark + urlencode(answer)


ROUTES = (
    page("www/authorize", "www", "GET", r"(/1)?/oauth2/authorize", show),
    page("www/authorize", "www", "POST", r"(/1)?/oauth2/authorize", decide),
)
