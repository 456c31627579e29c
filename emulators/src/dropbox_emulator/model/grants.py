"""Grants: what an account allowed an app, and the tokens that stand for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from ..ids import token


@dataclass(slots=True)
class AccessToken:
    """A bearer token. ``scopes`` may be narrower than the grant's."""

    text: str
    grant: str
    scopes: frozenset[str]
    expires: float | None


@dataclass(slots=True)
class Grant:
    """One approval. Dies as a whole when any of its tokens is revoked."""

    id: str
    app: str
    account: str
    scopes: frozenset[str]
    refresh_token: str | None
    pkce: bool = False
    team: str | None = None
    revoked: bool = False
    tokens: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Code:
    """An authorization code, good for one exchange."""

    text: str
    app: str
    account: str
    scopes: frozenset[str]
    expires: float
    token_access_type: str
    redirect_uri: str | None
    challenge: str | None
    challenge_method: str
    team: str | None = None


class Grants:
    """All grants, access tokens and codes."""

    def __init__(self) -> None:
        self.by_id: dict[str, Grant] = {}
        self.tokens: dict[str, AccessToken] = {}
        self.refresh: dict[str, str] = {}
        self.codes: dict[str, Code] = {}

    def add(
        self,
        app: str,
        account: str,
        scopes: frozenset[str],
        *,
        offline: bool,
        pkce: bool = False,
        team: str | None = None,
    ) -> Grant:
        """Record an approval; ``offline`` ones get a refresh token."""
        refresh = token("rt.") if offline else None
        grant = Grant(token("", 12), app, account, scopes, refresh, pkce, team)
        self.by_id[grant.id] = grant
        if refresh:
            self.refresh[refresh] = grant.id
        return grant

    def mint(self, grant: Grant, scopes: frozenset[str], expires: float | None) -> AccessToken:
        """Issue an access token. Older ones stay valid beside it."""
        access = AccessToken(token("sl.", 96), grant.id, scopes, expires)
        self.tokens[access.text] = access
        grant.tokens.append(access.text)
        return access

    def by_refresh(self, text: str) -> Grant | None:
        """The living grant of a refresh token."""
        grant = self.by_id.get(self.refresh.get(text, ""))
        return None if grant is None or grant.revoked else grant

    def revoke(self, grant: Grant) -> None:
        """End a grant: its refresh token and all its access tokens are void."""
        grant.revoked = True

    def of(self, app: str, account: str) -> list[Grant]:
        """Living grants of an account to an app, oldest first."""
        return [
            grant
            for grant in self.by_id.values()
            if grant.app == app and grant.account == account and not grant.revoked
        ]


def verifier_fits(verifier: str, challenge: str, method: str) -> bool:
    """PKCE (RFC 7636): whether a verifier belongs to a challenge."""
    if not 43 <= len(verifier) <= 128:
        return False
    if method == "plain":
        return hmac.compare_digest(verifier.encode(), challenge.encode())
    digest = hashlib.sha256(verifier.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(expected.encode(), challenge.encode())
