"""Who is calling, and may they: tokens, app credentials, scopes."""

from __future__ import annotations

import base64
import binascii
import hmac

from ..errors import BadInput, RateLimited, Unauthorized
from ..model.accounts import Account
from ..model.apps import App
from ..model.grants import Grant
from .call import Call

NO_AUTHORIZATION = 'Must provide HTTP header "Authorization" or URL parameter "authorization".'
TEAM_TOKEN = (
    "This API function operates on a single Dropbox account, but the OAuth 2 access token you "
    "provided is for an entire Dropbox Business team.  Since your API app key has team member file "
    "access permissions, you can operate on a team member's Dropbox by providing the "
    '"Dropbox-API-Select-User" HTTP header or "select_user" URL parameter to specify the exact '
    "user <https://www.dropbox.com/developers/documentation/http/teams>."
)


def authenticate(call: Call) -> None:
    """Fill in account, app and grant, or refuse."""
    auth = call.route.auth
    header = call.request.headers.get("Authorization")
    if "noauth" in auth:
        if header is not None:
            raise BadInput(
                "Your request includes an Authorization header, but this function does not use it."
            )
        return
    if header is None:
        header = call.request.query.get("authorization")
    if header is None:
        raise BadInput(NO_AUTHORIZATION)
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "basic" and "app" in auth:
        call.app_or_none = _app(call, credentials.strip())
        return
    if scheme.lower() != "bearer" or not credentials.strip() or not auth & {"user", "team"}:
        expected = "Bearer" if auth & {"user", "team"} else "Basic"
        raise BadInput(
            f'Invalid authorization value in HTTP header "Authorization": "{scheme}". '
            f'Expecting "{expected} <…>"'
        )
    _bearer(call, credentials.strip())
    _check_scope(call)


def _app(call: Call, credentials: str) -> App:
    try:
        key, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise BadInput('Invalid authorization value in HTTP header "Authorization"') from None
    app = call.service.world.apps.get(key)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        raise Unauthorized("invalid_access_token")
    return app


def _bearer(call: Call, text: str) -> None:
    world = call.service.world
    token = world.grants.tokens.get(text)
    grant = world.grants.by_id.get(token.grant) if token else None
    if token is None or grant is None or grant.revoked or grant.app not in world.apps:
        raise Unauthorized("invalid_access_token")
    if token.expires is not None and token.expires <= world.clock.now():
        raise Unauthorized("expired_access_token")
    call.grant, call.scopes = grant, token.scopes
    call.app_or_none = world.apps[grant.app]
    account = world.accounts[grant.account]
    call.record.app = grant.app
    if grant.team is not None:
        account = _member(call, grant)
    call.account_or_none = account
    call.record.account = account.id if account else None
    if account is not None and account.suspended:
        raise Unauthorized("user_suspended")
    wait = call.service.buckets.take(grant.id)
    if wait:
        raise RateLimited("too_many_requests", wait)


def _member(call: Call, grant: Grant) -> Account | None:
    headers = call.request.headers
    chosen = headers.get("Dropbox-API-Select-User")
    wrong = "invalid_select_user"
    if chosen is None:
        chosen, wrong = headers.get("Dropbox-API-Select-Admin"), "invalid_select_admin"
    if chosen is None:
        if "team" in call.route.auth:
            return None
        raise BadInput(TEAM_TOKEN)
    for account in call.service.world.accounts.values():
        if account.member_id == chosen and account.team == grant.team:
            if wrong == "invalid_select_admin" and not account.is_admin:
                break
            return account
    raise Unauthorized(wrong)


def _check_scope(call: Call) -> None:
    scope = call.route.scope
    if scope is None:
        return
    app = call.app
    removed = call.fault.by if call.fault and call.fault.kind == "scope_removed" else None
    if scope not in app.enabled_scopes or removed == "app":
        raise BadInput(
            f"Your app (ID: {app.id}) is not permitted to access this endpoint because it does "
            f"not have the required scope '{scope}'. The owner of the app can enable the scope "
            "for the app using the Permissions tab on the App Console."
        )
    if scope not in call.scopes or removed == "token":
        raise Unauthorized("missing_scope", required_scope=scope)
    if not call.route.app_folder and app.access == "app_folder":
        raise BadInput(
            f"Your app (ID: {app.id}) is limited to its App folder and may not access "
            "this endpoint."
        )
