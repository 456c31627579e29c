"""Access tokens of one connection, renewed before they end, by one caller for all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from fanlight.errors import ReconnectNeeded
from fanlight.oauth.endpoint import Endpoint
from fanlight.oauth.grant import Grant

EARLY = 300.0
"""Seconds before its end at which an access token is renewed; at most a tenth of its life."""


class Keeper(Protocol):
    """Where the refresh token is kept, for all processes."""

    async def load(self) -> str:
        """The refresh token as it is kept now; empty if there is none."""
        ...

    async def replace(self, old: str, new: str) -> None:
        """Keep `new` if `old` is still what is kept: the service rotates its refresh tokens."""
        ...


class Tokens:
    """Gives access tokens. All who ask while one is being made get that one.

    Several processes may each have their own: services let those live side by side. Where refresh
    tokens rotate and another process was quicker, ours is refused; what it kept is tried then.
    """

    def __init__(
        self, endpoint: Endpoint, keeper: Keeper, *, now: Callable[[], float] = monotonic
    ) -> None:
        self._endpoint = endpoint
        self._keeper = keeper
        self._now = now
        self._token, self._until = "", 0.0
        self._making: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """A token that is good for a while yet.

        Raises ReconnectNeeded, ClientRefused, RateLimited, StorageUnavailable.
        """
        if self._token and self._now() < self._until:
            return self._token
        return await self._made()

    async def renew(self, stale: str) -> str:
        """Another token than `stale`, which the service has refused. Raises as `get`."""
        if stale == self._token:
            self.forget()
        return await self.get()

    def take(self, grant: Grant) -> None:
        """Use the access token that came with a grant, until it ends."""
        self._token = grant.access_token
        self._until = self._now() + grant.life - min(EARLY, grant.life / 10)

    def forget(self) -> None:
        """Ask for a new one next time."""
        self._token = ""

    async def close(self) -> None:
        """Stop asking."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait({self._making})

    async def _made(self) -> str:
        if self._making is None:
            self._making = asyncio.create_task(self._make())
            self._making.add_done_callback(self._end)
        # one who gives up must not take the token from the others
        return await asyncio.shield(self._making)

    def _end(self, making: asyncio.Task[str]) -> None:
        self._making = None
        if not making.cancelled():
            making.exception()  # seen, also when nobody waits any more

    async def _make(self) -> str:
        refresh = await self._keeper.load()
        if not refresh:
            raise ReconnectNeeded(code="reconnect-needed.never")
        try:
            grant = await self._endpoint.refresh(refresh)
        except ReconnectNeeded:
            newer = await self._keeper.load()
            if newer in ("", refresh):
                raise
            refresh, grant = newer, await self._endpoint.refresh(newer)
        if grant.refresh_token and grant.refresh_token != refresh:
            await self._keeper.replace(refresh, grant.refresh_token)
        self.take(grant)
        return grant.access_token
