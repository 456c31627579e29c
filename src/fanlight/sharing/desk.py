"""What every action of sharing needs; `Sharing` is composed of groups of actions over it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fanlight.guard.passwords import Passwords
from fanlight.guard.throttle import Throttle
from fanlight.sharing.leads import Leads
from fanlight.sharing.signer import Signer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue


class Desk:
    """The catalogue, the clock, the key that signs, and what is kept between requests."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime],
        sign_key: bytes,
        passwords: Passwords | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._signer = Signer(sign_key)
        self._passwords = passwords or Passwords()
        self._leads = Leads(catalogue)
        self._by_address = Throttle(free=10, longest=300)
        self._by_gallery = Throttle(free=50, longest=30)
        self._newcomers = Throttle(free=60, longest=60)
        self._visits: dict[tuple[str, str], datetime] = {}

    @property
    def passwords(self) -> Passwords:
        """Hashes and checks passwords, for whoever must know whether one is right."""
        return self._passwords

    async def close(self) -> None:
        """End the thread that hashes."""
        self._passwords.close()

    async def hashed(self, password: str) -> str:
        """What is kept of a password. Raises Invalid (`invalid.password`), Throttled."""
        return await self._passwords.hash(password)

    def changed(self, gallery_id: str) -> None:
        """Let what was changed about a gallery hold at once."""
        del gallery_id  # few change at a time, and reading them again is cheap
        self._leads.forget()


def new_id() -> str:
    """A random id for links and viewers."""
    return secrets.token_hex(8)


def new_token() -> str:
    """128 random bits for an address: 22 letters."""
    return secrets.token_urlsafe(16)
