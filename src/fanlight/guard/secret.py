"""Secrets that browsers and programs show us: made from 32 random bytes, kept as a hash only.

They are long and random, so one round of SHA-256 is enough, and a look-up by hash tells nothing
by its timing. Passwords are another matter: see `passwords`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fanlight.errors import Forbidden

TOKEN_PREFIX = "fl_"  # noqa: S105 -- tells our tokens apart in logs and secret scanners
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TOKEN_LENGTH = 43
_LONGEST = 200


def new_secret() -> str:
    """256 random bits for a cookie or an address."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """The text of a new API token: `fl_` and 43 letters and digits (256 random bits)."""
    number = int.from_bytes(secrets.token_bytes(32))
    letters: list[str] = []
    for _ in range(_TOKEN_LENGTH):
        number, digit = divmod(number, 62)
        letters.append(_DIGITS[digit])
    return TOKEN_PREFIX + "".join(letters)


def digest(secret: str) -> str:
    """What is kept of a secret; whatever was sent is cut first, so it costs the same."""
    return hashlib.sha256(secret[:_LONGEST].encode(errors="replace")).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare without telling by the time it takes how far they agree."""
    return hmac.compare_digest(digest(one), digest(other))


def csrf_token(session_secret: str) -> str:
    """The proof that a form was made for this session; derived, so nothing is kept."""
    return hmac.new(session_secret.encode(errors="replace"), b"csrf", "sha256").hexdigest()


def check_csrf(session_secret: str, given: str) -> None:
    """Raise Forbidden (`forbidden.csrf`) unless `given` was made for this session."""
    if not same(csrf_token(session_secret), given):
        raise Forbidden(
            "This form was not made for your session, or you have signed in again since.",
            remedy="Reload the page and send it again.",
            code="forbidden.csrf",
        )
