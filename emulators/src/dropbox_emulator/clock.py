"""A clock that tests can move: real time plus an offset, or standing still."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """The only source of time for expiry, stamps and waiting in the emulator."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self._frozen_at: float | None = None
        self._moved: set[asyncio.Event] = set()

    def now(self) -> float:
        """Seconds since the epoch, as this emulator believes."""
        base = self._frozen_at if self._frozen_at is not None else time.time()
        return base + self.offset

    def stamp(self) -> int:
        """Now in whole seconds, as the API shows times."""
        return int(self.now())

    def advance(self, seconds: float) -> float:
        """Move forward (or back) and wake everyone who waits for a time. Returns the new time."""
        self.offset += seconds
        self._notify()
        return self.now()

    def set(self, when: float) -> None:
        """Jump to a time."""
        self.advance(when - self.now())

    def freeze(self, frozen: bool) -> None:
        """Stop the clock, or let it run on from where it stands."""
        if frozen == (self._frozen_at is not None):
            return
        now = self.now()
        self._frozen_at = time.time() if frozen else None
        self.offset += now - self.now()
        self._notify()

    def reset(self) -> None:
        """Back to real time."""
        self.offset, self._frozen_at = 0.0, None
        self._notify()

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_at is not None

    async def wait_until(self, when: float, wake: asyncio.Event) -> bool:
        """Wait until ``when`` or until ``wake`` is set; True if it was set."""
        self._moved.add(wake)
        try:
            while not wake.is_set() and self.now() < when:
                pause = None if self.frozen else max(0.001, when - self.now())
                try:
                    await asyncio.wait_for(wake.wait(), pause)
                except TimeoutError:
                    continue
                break
            return wake.is_set()
        finally:
            self._moved.discard(wake)

    def _notify(self) -> None:
        # Waiters look at the time themselves, so a needless wake does no harm.
        for event in self._moved:
            event.set()
