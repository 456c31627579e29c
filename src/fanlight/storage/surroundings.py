"""What a provider of a service in the network is given beside its options.

A provider opens no connection of its own, refreshes no token, and keeps nothing: what all
processes must agree on about an account goes through `Shared`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from fanlight.errors import ReconnectNeeded
from fanlight.outgoing import Http
from fanlight.storage.authority import AccessTokens


class Shared(Protocol):
    """What all processes that use one account agree on. Names are plain words."""

    def alone(self, name: str) -> AbstractAsyncContextManager[None]:
        """Held by one at a time, over all processes; the others wait."""
        ...

    async def note(self, name: str) -> str | None:
        """What was last kept under a name; `None` if nothing, or if it has run out."""
        ...

    async def keep(self, name: str, value: str | None, *, seconds: float = 86400.0) -> None:
        """Keep a text under a name, for so long; `None` forgets it."""
        ...


class Alone:
    """The same for a process that is the only one."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._notes: dict[str, tuple[str, float]] = {}

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncGenerator[None]:
        """A lock in this process."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            yield

    async def note(self, name: str) -> str | None:
        """From this process's memory."""
        value, until = self._notes.get(name, (None, 0.0))
        return value if until > asyncio.get_running_loop().time() else None

    async def keep(self, name: str, value: str | None, *, seconds: float = 86400.0) -> None:
        """In this process's memory."""
        if value is None:
            self._notes.pop(name, None)
        else:
            self._notes[name] = (value, asyncio.get_running_loop().time() + seconds)


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
    shared: Shared = field(default_factory=Alone)
