"""Cursors: sealed notes of what was asked and how far it was answered.

A cursor holds everything the server needs, so it lives as long as the journal does, also over a
restart, and the longpoll route can serve it without knowing who asks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class ListCursor:
    """A walk through a folder, then through the changes in it.

    While ``walking`` the listing continues behind ``after``; afterwards the journal from
    ``position`` on is read. ``position`` is fixed when the walk begins: what changes during the
    walk is told again after it.
    """

    tree: str
    namespace: str
    folder: str
    position: int
    epoch: int
    account: str | None = None
    link: str | None = None
    recursive: bool = False
    deleted: bool = False
    downloadable_only: bool = False
    mounted: bool = True
    limit: int | None = None
    walking: bool = False
    after: str | None = None

    def at(self, position: int) -> ListCursor:
        """The same question, answered up to a journal position."""
        return replace(self, position=position, walking=False, after=None)

    def behind(self, key: str) -> ListCursor:
        """The same walk, answered up to a key."""
        return replace(self, walking=True, after=key)


class CursorSeal:
    """Writes cursors so that they can be read again but neither made up nor changed."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, kind: str, value: Any) -> str:
        """A URL-safe text; ``kind`` keeps list, search and link cursors apart."""
        body = json.dumps([kind, value], separators=(",", ":")).encode()
        return "AA" + base64.urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

    def open(self, kind: str, text: str) -> Any:
        """The sealed value; ``ValueError`` if this is no cursor of that kind of ours."""
        raw = base64.urlsafe_b64decode(text[2:] + "=" * (-len(text[2:]) % 4))
        mac, body = raw[:12], raw[12:]
        if not text.startswith("AA") or not hmac.compare_digest(mac, self._mac(body)):
            raise ValueError("not a cursor")
        found, value = json.loads(body)
        if found != kind:
            raise ValueError("a cursor of another kind")
        return value

    def seal_list(self, cursor: ListCursor) -> str:
        """Seal a list cursor; fields at their defaults are left out."""
        values = {k: v for k, v in asdict(cursor).items() if v is not None and v is not False}
        values["mounted"] = cursor.mounted
        return self.seal("list", values)

    def open_list(self, text: str) -> ListCursor:
        """Read a list cursor; ``ValueError`` if it is not one."""
        return ListCursor(**self.open("list", text))

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()[:12]
