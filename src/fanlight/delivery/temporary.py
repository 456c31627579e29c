"""Addresses at the provider, for channels whose owner has viewers sent there.

Such an address works without us for a while. It is asked for once for each version of an original,
however many want it, and given to all until shortly before its time is over. Where it cannot be
had, or gives other bytes than the catalogue knows, there is none for a while: then the bytes come
through us.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import ObjectChanged, StorageError, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.delivery.parts import Source

EARLY = timedelta(minutes=10)
"""How long before the end of an address nobody is sent there any more."""
PAUSE = timedelta(seconds=30)
"""How long a failure stands before the address is asked for again."""
PATIENCE = 5.0
"""Seconds that a viewer waits for an address at most."""
MOST = 10_000
"""Addresses that are remembered."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Had:
    """What came of asking: an address, or none, and until when that stands."""

    url: str
    until: datetime


class Temporary:
    """Asks for addresses and remembers them. For one event loop."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._had: dict[str, _Had] = {}
        self._asking: dict[str, asyncio.Task[str]] = {}

    async def address(self, source: Source) -> str:
        """Where these very bytes can be had right now; empty if nowhere. Never fails."""
        had = self._had.get(source.key)
        if had is not None and self._clock() < had.until:
            return had.url
        asking = self._asking.get(source.key)
        if asking is None:
            asking = self._asking[source.key] = asyncio.create_task(self._ask(source))
        return await asyncio.shield(asking)

    async def close(self) -> None:
        """Ask for nothing any more."""
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, source: Source) -> str:
        try:
            had = await self._found(source)
        except StorageError as error:
            log.warning("delivery.no_address", channel=source.channel_id, code=error.public_code)
            pause = max(PAUSE, timedelta(seconds=error.retry_after or 0.0))
            had = _Had("", self._clock() + pause)
        finally:
            del self._asking[source.key]
        self._had.pop(source.key, None)
        self._had[source.key] = had
        if len(self._had) > MOST:
            del self._had[next(iter(self._had))]
        return had.url

    async def _found(self, source: Source) -> _Had:
        """Ask the provider. Raises StorageError."""
        try:
            link = await asyncio.wait_for(source.store.link(source.locator), PATIENCE)
        except TimeoutError:
            raise StorageUnavailable from None
        if link.version != source.version:
            raise ObjectChanged
        if not (link.url.isascii() and link.url.isprintable()):
            raise StorageUnavailable
        return _Had(link.url, link.until - EARLY)
