"""A body on its way from a provider: watched, and taken up again where a connection dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from fanlight.errors import RateLimited, StorageError, StorageUnavailable
from fanlight.storage.base import Body, Span
from fanlight.storage.pace import Policy

Reopen = Callable[[Span, str], Awaitable[Body]]
"""Opens the rest of the same version again, with the store's own tries and pauses."""


class Incoming:
    """The body that `Store.open` gives out."""

    def __init__(self, body: Body, policy: Policy, reopen: Reopen) -> None:
        self.entry = body.entry
        self.start = body.start
        self.stop = body.stop
        self._body = body
        self._pieces = aiter(body)
        self._policy = policy
        self._reopen = reopen
        self._at = body.start
        self._lost = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next piece. ObjectChanged; StorageUnavailable if resuming does not help either."""
        while self._at < self.stop:
            try:
                piece = await self._next()
            except (RateLimited, StorageUnavailable) as error:
                await self._resume(error)
                continue
            if piece:
                self._at += len(piece)
                self._lost = 0
                return piece
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Stop reading, and cancel what is on its way."""
        self._at = self.stop
        await self._body.aclose()

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(self._policy.call_timeout):
                piece = await anext(self._pieces, None)
        except TimeoutError:
            raise StorageUnavailable("The storage stopped sending.") from None
        if piece is None or self._at + len(piece) > self.stop:
            raise StorageUnavailable("The storage sent more or less than it announced.")
        return piece

    async def _resume(self, error: StorageError) -> None:
        self._lost += 1
        if self._lost >= self._policy.attempts:
            raise error
        with suppress(StorageError):
            await self._body.aclose()
        await self._policy.sleep(self._policy.wait(self._lost))
        self._body = await self._reopen(Span(self._at, self.stop), self.entry.version)
        self._pieces = aiter(self._body)
