"""The token endpoint: code exchange, PKCE, refresh; error bodies as captured."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

from aiohttp.web import StreamResponse

from ..model.apps import App
from ..model.grants import AccessToken, Code, Grant, verifier_fits
from ..scopes import parse_scopes, scope_text
from .page import Page, page


class TokenRefused(Exception):
    """A 400 of the token endpoint."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


def _invalid_grant(description: str) -> TokenRefused:
    return TokenRefused("invalid_grant", description)


def _invalid_client() -> TokenRefused:
    text = "Invalid client_id or client_secret"
    return TokenRefused(f"invalid_client: {text}", text)


async def token(page: Page) -> StreamResponse:
    """``POST /oauth2/token``."""
    # The JavaScript SDK puts the fields into the address, and says that nothing is JSON.
    form = {**page.request.query, **await page.form()}
    kind = form.get("grant_type")
    try:
        if kind == "authorization_code":
            return page.json(_exchange(page, form))
        if kind == "refresh_token":
            return page.json(_refresh(page, form))
        raise TokenRefused("unsupported_grant_type", f"grant_type '{kind}' is not supported")
    except TokenRefused as refused:
        body = {"error_description": refused.description, "error": refused.error}
        return page.json(body, 400)


def _client(page: Page, form: Mapping[str, str]) -> tuple[App, bool]:
    """The app that asks, and whether it proved to know its secret."""
    key, secret = form.get("client_id"), form.get("client_secret")
    header = page.request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        try:
            key, _, secret = base64.b64decode(header[6:]).decode().partition(":")
        except (binascii.Error, ValueError):
            raise _invalid_client() from None
    app = page.service.world.apps.get(key or "")
    if app is None:
        raise _invalid_client()
    if not secret:
        return app, False
    if not hmac.compare_digest(secret.encode(), app.secret.encode()):
        raise _invalid_client()
    return app, True


def _exchange(page: Page, form: Mapping[str, str]) -> dict[str, object]:
    world = page.service.world
    app, proven = _client(page, form)
    if "scope" in form:
        # A client that always sent it was refused (user report, 2025).
        raise TokenRefused("invalid_request", "scope is not allowed in the code exchange")
    code = world.grants.codes.get(form.get("code", ""))
    if code is None or code.app != app.key or code.expires <= world.clock.now():
        raise _invalid_grant("code doesn't exist or has expired")
    if form.get("redirect_uri") != code.redirect_uri:
        raise _invalid_grant("redirect_uri mismatch")
    _check_proof(code, form.get("code_verifier"), proven)
    del world.grants.codes[code.text]
    return _granted(page, app, code)


def _check_proof(code: Code, verifier: str | None, proven: bool) -> None:
    if code.challenge is None:
        if not proven:
            raise _invalid_client()
        return
    # The wording for a wrong verifier is not captured.
    if verifier is None or not verifier_fits(verifier, code.challenge, code.challenge_method):
        raise _invalid_grant("invalid code verifier")


def _granted(page: Page, app: App, code: Code) -> dict[str, object]:
    world = page.service.world
    account = world.accounts[code.account]
    offline = code.token_access_type == "offline"
    grant = world.approve(
        app, account, code.scopes, offline=offline, pkce=code.challenge is not None, team=code.team
    )
    if code.token_access_type == "legacy":
        access = world.grants.mint(grant, code.scopes, None)
    else:
        access = world.mint(grant)
    reply = token_reply(page, access)
    if grant.refresh_token:
        reply["refresh_token"] = grant.refresh_token
    reply["scope"] = scope_text(set(code.scopes))
    reply["uid"] = account.uid
    if code.team:
        reply["team_id"] = code.team
    else:
        reply["account_id"] = account.id
    return reply


def token_reply(page: Page, access: AccessToken) -> dict[str, object]:
    """The fields that every token reply has."""
    reply: dict[str, object] = {"access_token": access.text, "token_type": "bearer"}
    if access.expires is not None:
        reply["expires_in"] = int(page.service.settings.access_token_lifetime)
    return reply


def _refresh(page: Page, form: Mapping[str, str]) -> dict[str, object]:
    world = page.service.world
    app, proven = _client(page, form)
    text = form.get("refresh_token", "")
    if not text.startswith("rt."):
        raise _invalid_grant("refresh token is malformed")
    grant = world.grants.by_refresh(text)
    if grant is None or grant.app != app.key:
        raise _invalid_grant("refresh token is invalid or revoked")
    if not proven and not grant.pkce:
        raise _invalid_client()
    narrower = _narrower(form.get("scope"), grant)
    reply = token_reply(page, world.mint(grant, narrower))
    if narrower is not None:
        reply["scope"] = scope_text(set(narrower))
    return reply


def _narrower(text: str | None, grant: Grant) -> frozenset[str] | None:
    if not text:
        return None
    wanted = frozenset(parse_scopes(text))
    if not wanted <= grant.scopes:
        raise TokenRefused("invalid_scope", "scope exceeds what was granted")
    return wanted


ROUTES = (page("oauth2/token", "api www", "POST", r"(/1)?/oauth2/token", token),)
