"""What all processes of one server agree on about an account: turns, and small notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

COMMITTER = "commit"
"""The turn of whoever changes what an account holds."""


class Shared(Protocol):
    """What all processes that use one account agree on. Names are plain words."""

    def alone(self, name: str) -> AbstractAsyncContextManager[None]:
        """Held by one at a time, over all processes; the others wait."""
        ...

    def claimed(self, name: str) -> AbstractAsyncContextManager[bool]:
        """The same for who can do without: whether it is held.

        For somebody who may be about to end, or dead, it waits as long as it takes to know.
        """
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
        self._claims: set[str] = set()
        self._notes: dict[str, tuple[str, float]] = {}

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncGenerator[None]:
        """A lock in this process."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            yield

    @asynccontextmanager
    async def claimed(self, name: str) -> AsyncGenerator[bool]:
        """Nobody elsewhere: it is known at once."""
        if name in self._claims:
            yield False
            return
        self._claims.add(name)
        try:
            yield True
        finally:
            self._claims.discard(name)

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
