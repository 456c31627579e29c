"""Secrets that browsers and programs show us: made from 32 random bytes, kept as a hash only.

They are long and random, so one round of SHA-256 is enough, and a look-up by hash tells nothing
by its timing. Passwords are another matter: see `passwords`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress

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


def masked(proof: bytes) -> str:
    """A proof as it may stand in a page that is compressed: different each time.

    What stands there again and again could be guessed by the length of many pages.
    """
    pad = secrets.token_bytes(len(proof))
    return urlsafe_b64encode(pad + _xor(pad, proof)).decode()


def unmasked(given: str) -> bytes:
    """The proof again; something else for what `masked` has not written."""
    with suppress(ValueError):
        both = urlsafe_b64decode(given[:_LONGEST])
        half = len(both) // 2
        return _xor(both[:half], both[half:])
    return b""


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


def csrf_token(session_secret: str) -> str:
    """The proof that a form was made for this session; derived, so nothing is kept."""
    return masked(_csrf_proof(session_secret))


def _csrf_proof(session_secret: str) -> bytes:
    return hmac.digest(session_secret.encode(errors="replace"), b"csrf", "sha256")


def check_csrf(session_secret: str, given: str) -> None:
    """Raise Forbidden (`forbidden.csrf`) unless `given` was made for this session."""
    if not hmac.compare_digest(_csrf_proof(session_secret), unmasked(given)):
        raise Forbidden(
            "This form was not made for your session, or you have signed in again since.",
            remedy="Reload the page and send it again.",
            code="forbidden.csrf",
        )
