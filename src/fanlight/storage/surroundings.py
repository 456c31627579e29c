"""What a provider of a service in the network is given beside its options.

A provider opens no connection of its own, refreshes no token, and keeps nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fanlight.errors import ReconnectNeeded
from fanlight.outgoing import Http
from fanlight.storage.authority import AccessTokens


class NoTokens:
    """For an account that was never connected."""

    async def get(self) -> str:
        """ReconnectNeeded."""
        raise ReconnectNeeded(code="reconnect-needed.never")

    async def renew(self, stale: str) -> str:
        """ReconnectNeeded."""
        del stale
        return await self.get()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a provider may use. Providers of what is on this machine need none of it."""

    http: Http = field(default_factory=Http)
    tokens: AccessTokens = field(default_factory=NoTokens)
    address: str = ""
    """Where the service is, if not at its own place: an emulator's."""
    account: str = ""
    """The account's id, as the service gave it when the owner connected."""
