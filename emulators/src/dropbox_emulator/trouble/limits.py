"""Limits: requests a second for each token, bytes a second for each transfer, write locks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ..clock import Clock
from ..errors import NamespaceBusy
from ..settings import Settings


class TokenBucket:
    """``rate`` requests a second on average, ``burst`` at once."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self.rate, self.burst = rate, burst
        self._level, self._at = float(burst), now

    def take(self, now: float) -> int:
        """0 if the request may pass, else the seconds to wait. Refused requests count too."""
        self._level = min(self.burst, self._level + (now - self._at) * self.rate) - 1
        self._at = now
        if self._level >= 0:
            return 0
        self._level = max(self._level, -float(self.burst))
        return max(1, round(-self._level / self.rate))


class Buckets:
    """A bucket for each grant ("per user per app link")."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._buckets: dict[str, TokenBucket] = {}

    def take(self, grant: str) -> int:
        """Seconds to wait, 0 if the request may pass."""
        if self._settings.token_bucket is None:
            return 0
        rate, burst = self._settings.token_bucket
        bucket = self._buckets.get(grant)
        if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
            bucket = self._buckets[grant] = TokenBucket(rate, burst, self._clock.now())
        return bucket.take(self._clock.now())


class WriteLocks:
    """One writer for each namespace at a time; the lock is held for a time per commit."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.refused = 0
        """How often somebody found the lock held."""
        self._held: set[str] = set()
        self._random = random.Random(settings.seed)

    @asynccontextmanager
    async def writing(self, namespace: str) -> AsyncGenerator[None]:
        """Hold the lock; ``NamespaceBusy`` if somebody else does."""
        hold = self._settings.write_lock_hold
        if namespace in self._held:
            self.refused += 1
            raise NamespaceBusy(namespace)
        if hold is None:
            yield
            return
        self._held.add(namespace)
        try:
            await asyncio.sleep(self._random.uniform(*hold))
            yield
        finally:
            self._held.discard(namespace)


class Pace:
    """Bytes a second for one transfer."""

    def __init__(self, bytes_per_second: float) -> None:
        self._rate = bytes_per_second
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time()

    async def passed(self, count: int) -> None:
        """Wait until so many more bytes may have passed."""
        self._due += count / self._rate
        delay = self._due - self._loop.time()
        if delay > 0:
            await asyncio.sleep(delay)
