"""Signed, expiring addresses of private assets.

The signature covers the asset and the time, nothing else, so it holds for the stable address and
for every alias. It cannot be taken back before its time except by hiding or deleting the asset.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_DIGITS = 12


class Proof(Enum):
    """What the signature in an address is worth."""

    ABSENT = "absent"
    VALID = "valid"
    EXPIRED = "expired"
    """Made by us, and its time is over."""
    WRONG = "wrong"
    """Not made by us, or changed."""


def sign(key: bytes, asset_id: str, expires: int) -> str:
    """The signature that opens an asset until `expires` (seconds since 1970)."""
    digest = hmac.digest(key, b"fanlight link\0%s\0%d" % (asset_id.encode(), expires), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def prove(key: bytes, asset_id: str, expires: str, signature: str, now: datetime) -> Proof:
    """Judge the `expires` and `signature` of an address. Compares in constant time."""
    if not expires and not signature:
        return Proof.ABSENT
    if not (expires.isascii() and expires.isdigit() and len(expires) <= _DIGITS):
        return Proof.WRONG
    right = sign(key, asset_id, int(expires))
    if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
        return Proof.WRONG
    return Proof.VALID if now.timestamp() < int(expires) else Proof.EXPIRED
