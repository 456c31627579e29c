"""How hard an account may be driven: tries, waits, time-outs, calls at once, and pauses."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from time import monotonic

from fanlight.errors import RateLimited
from fanlight.storage.shared import Shared

PAUSED = "paused"
"""The name of the note that tells the other processes of a pause."""
TOLD = 1.0
"""Shorter pauses, in seconds, are not worth telling."""
LOOKED = 1.0
"""Seconds between two looks for such a note."""


class Lane(StrEnum):
    """What a slot is for: each has its own, so that a few slow uploads hold up no listing."""

    CALL = "call"
    PUT = "put"
    """A whole put, from its first byte to its reply."""
    PIECE = "piece"
    """Bytes of an object on their way up, within a put."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When to try again and when to give up. Times are seconds."""

    attempts: int = 4
    first_wait: float = 0.2
    """Longest wait before the second try; doubles with each further one..."""
    longest_wait: float = 10.0
    """...up to this. The real wait is random between nothing and that (full jitter)."""
    patience: float = 30.0
    """Longest pause of an account that a call sits out; with a longer one it fails at once."""
    default_pause: float = 5.0
    """Pause where the service does not say how long."""
    call_timeout: float = 30.0
    """For one short call, and for one piece on its way up or down."""
    commit_timeout: float = 300.0
    """From the last piece of a put to its reply."""
    slow: float = 5.0
    """Calls that take longer are logged."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], float] = monotonic

    def wait(self, attempt: int) -> float:
        """How long to wait after try number `attempt` (from 1) has failed."""
        return self.chance() * min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))


class Pace:
    """What the channels of one account share: its slots and its pause.

    `puts` is how many puts may be under way at once, if not as many as calls.
    """

    def __init__(
        self,
        parallel: int,
        policy: Policy | None = None,
        *,
        puts: int | None = None,
        shared: Shared | None = None,
    ) -> None:
        self._policy = policy or Policy()
        self._shared = shared
        self._looked = 0.0
        slots = {Lane.CALL: parallel, Lane.PUT: puts or parallel, Lane.PIECE: parallel}
        self._slots = {lane: asyncio.Semaphore(most) for lane, most in slots.items()}
        self._until = 0.0

    @property
    def left(self) -> float:
        """Seconds until the account's pause is over; 0 while there is none."""
        return max(0.0, self._until - self._policy.now()) if self._until else 0.0

    @property
    def paused_until(self) -> datetime | None:
        """When calls go on, while the account is paused; else `None`."""
        left = self.left
        return datetime.now(UTC) + timedelta(seconds=left) if left else None

    def pause(self, seconds: float | None) -> float:
        """Hold all calls for so long (a pause already longer stays); what it comes to."""
        length = self._policy.default_pause if seconds is None else max(0.0, seconds)
        self._until = max(self._until, self._policy.now() + length)
        return length

    async def tell(self) -> None:
        """Let the other processes know of the pause, if there is one worth it."""
        left = self.left
        if self._shared is not None and left >= TOLD:
            until = datetime.now(UTC) + timedelta(seconds=left)
            await self._shared.keep(PAUSED, until.isoformat(), seconds=left)

    async def _look(self) -> None:
        """See whether another process was told to pause; at most once a second."""
        if self._shared is None or self._policy.now() - self._looked < LOOKED:
            return
        self._looked = self._policy.now()
        if said := await self._shared.note(PAUSED):
            left = (datetime.fromisoformat(said) - datetime.now(UTC)).total_seconds()
            self._until = max(self._until, self._policy.now() + left)

    async def enter(self, lane: Lane = Lane.CALL) -> None:
        """Take a slot, after any pause. RateLimited if the pause is longer than our patience."""
        await self._slots[lane].acquire()
        try:
            await self._look()
            while left := self.left:
                if left > self._policy.patience:
                    raise RateLimited(retry_after=left)
                # All who wait here would come back in one moment: spread them a little.
                await self._policy.sleep(left + self._policy.wait(1))
        except BaseException:
            self.leave(lane)
            raise

    def leave(self, lane: Lane = Lane.CALL) -> None:
        """Give the slot back."""
        self._slots[lane].release()
