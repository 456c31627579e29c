"""Telling visits apart without knowing anybody.

A visit is a hash of the address and the browser, with a secret that is made for one day and thrown
away with it. Nothing leads from it back to an address, nor from one day to the next.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING, cast

from fanlight.guard.throttle import network

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from fanlight.catalogue import Catalogue, Records

SETTING = "notices.day"
LENGTH = 16
"""Characters of a visit's name."""


class Visits:
    """Names visits. All processes of a server share the day's secret."""

    def __init__(self, catalogue: Catalogue, *, clock: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._day: date | None = None
        self._secret = b""

    async def name(self, address: str, agent: str) -> str:
        """The name of a visit from an address by a browser, good for today (in UTC)."""
        today = self._clock().date()
        if today != self._day:
            self._secret = await self._catalogue.write(lambda records: _secret(records, today))
            self._day = today
        seen = f"{network(address)}\n{agent[:300]}".encode(errors="replace")
        return hmac.new(self._secret, seen, "sha256").hexdigest()[:LENGTH]


def _secret(records: Records, today: date) -> bytes:
    records.alone(SETTING)
    kept = records.settings.get(SETTING)
    if isinstance(kept, dict):
        found = cast("dict[str, str]", kept)
        if found["day"] == today.isoformat():
            return base64.b64decode(found["secret"])
    secret = secrets.token_bytes(32)
    records.settings.set(
        SETTING, {"day": today.isoformat(), "secret": base64.b64encode(secret).decode()}
    )
    return secret
