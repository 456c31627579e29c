"""Proofs that we write ourselves, and know again: nothing is kept of them.

Each is a keyed digest of what it proves to know or to be, so it ends by itself when that changes:
another password, another pin, another token. It has no time of its own, and a page that stays open
for days goes on working.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.gallery_model import Gallery, ShareLink

LENGTH = 24
"""Bytes of a proof: 192 bits, 32 letters."""


class Signer:
    """Writes proofs with a key that only this server has."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def password(self, gallery: Gallery, link: ShareLink | None) -> str:
        """That somebody knew the password of a link, or of the gallery."""
        if link is not None:
            return self._sign("password", link.id, link.password_hash)
        return self._sign("password", gallery.id, gallery.password_hash)

    def entry(self, link: ShareLink) -> str:
        """That somebody was counted among those who came in by a link."""
        return self._sign("entry", link.id, link.token_hash)

    def pin(self, gallery: Gallery) -> str:
        """That somebody knew a gallery's pin."""
        return self._sign("pin", gallery.id, gallery.pin)

    def _sign(self, *parts: str) -> str:
        digest = hmac.digest(self._key, "\0".join(parts).encode(), "sha256")
        return urlsafe_b64encode(digest[:LENGTH]).decode()


def same(expected: str, given: str) -> bool:
    """Whether a proof is the expected one; an empty one never is."""
    return bool(given) and hmac.compare_digest(expected.encode(), given.encode())
