"""One attempt to connect: the address that the owner is sent to, and how we know them again.

`state` comes back with the answer and must be the one we gave; `verifier` proves to the token
endpoint that whoever brings the code is who asked for it (PKCE, RFC 7636).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from fanlight.oauth.service import App, Service


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must be remembered until the owner comes back. Used once."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str
    """Where the service sends the browser back to; empty: it shows a code to copy instead."""


def begin(redirect_uri: str = "") -> Attempt:
    """A new attempt with a state and verifier of its own."""
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(48), redirect_uri)


def challenge(verifier: str) -> str:
    """What the authorize page is shown of the verifier (S256)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def address(
    service: Service, app: App, attempt: Attempt, scopes: Iterable[str], *, again: bool = False
) -> str:
    """The address of the consent page. `again` has it shown although consent was given before."""
    query = {
        "response_type": "code",
        "client_id": app.key,
        "state": attempt.state,
        "code_challenge": challenge(attempt.verifier),
        "code_challenge_method": "S256",
        "scope": " ".join(scopes),
        **service.asking,
        **(service.again if again else {}),
    }
    if attempt.redirect_uri:
        query["redirect_uri"] = attempt.redirect_uri
    mark = "&" if urlsplit(service.authorize).query else "?"
    return service.authorize + mark + urlencode(query)
