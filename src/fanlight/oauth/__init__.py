"""OAuth 2: authorization code with PKCE, refresh, revoke. Knows no provider, keeps nothing."""

from fanlight.oauth.attempt import Attempt, address, begin
from fanlight.oauth.endpoint import Endpoint, Reply
from fanlight.oauth.grant import Grant
from fanlight.oauth.service import App, Service
from fanlight.oauth.tokens import Keeper, Tokens

__all__ = [
    "App",
    "Attempt",
    "Endpoint",
    "Grant",
    "Keeper",
    "Reply",
    "Service",
    "Tokens",
    "address",
    "begin",
]
