"""Makers of the identifiers the API shows, in the lengths and alphabets it uses."""

from __future__ import annotations

import base64
import random
import secrets


class Ids:
    """Identifiers for one emulator. Seeded where tests want the same world twice.

    Tokens come from ``secrets`` in any case: nothing should learn to guess them.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.last_rev = 0
        self.last_namespace = 1_000_000

    def file_id(self) -> str:
        """``id:`` and 22 characters of URL-safe base64."""
        return "id:" + self._base64(16)[:22]

    def account_id(self) -> str:
        """``dbid:`` and 35 characters: 40 in all."""
        return "dbid:AA" + self._base64(27)[:33]

    def member_id(self) -> str:
        """A team member's id."""
        return "dbmid:AA" + self._base64(27)[:33]

    def team_id(self) -> str:
        """A team's id."""
        return "dbtid:AA" + self._base64(27)[:33]

    def user_id(self) -> str:
        """The old numeric user id."""
        return str(self._random.randrange(10_000_000, 999_999_999))

    def app_id(self) -> int:
        """The numeric id that 400 texts about scopes mention."""
        return self._random.randrange(1_000_000, 9_999_999)

    def app_key(self) -> str:
        """15 lower-case letters and digits; secrets look the same."""
        return "".join(self._random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=15))

    def rev(self) -> str:
        """A revision: hexadecimal, longer than the nine digits that the pattern demands."""
        self.last_rev += 1
        return f"{0x0163F00000000 + self.last_rev:015x}"

    def namespace_id(self) -> str:
        """A namespace: decimal digits."""
        self.last_namespace += 1 + self._random.randrange(97)
        return str(self.last_namespace)

    def _base64(self, size: int) -> str:
        return base64.urlsafe_b64encode(self._random.randbytes(size)).decode().rstrip("=")


def request_id() -> str:
    """32 hexadecimal digits for ``X-Dropbox-Request-Id``."""
    return f"{random.getrandbits(128):032x}"


def token(prefix: str, size: int = 48) -> str:
    """An unguessable token."""
    return prefix + secrets.token_urlsafe(size)
