"""One job for however many occasions: each only rings a bell, which costs nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from fanlight.model import JobState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.model import Job

log = structlog.get_logger(__name__)

PAUSE = 1.0
"""Seconds between two jobs that are asked for, at least."""
AGAIN = 5.0
"""Seconds until it is asked for once more, when the job that runs may have looked too early."""


class Soon:
    """Asks for a job a moment after the bell was rung. For one event loop."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[Job | None]],
        *,
        pause: float = PAUSE,
        again: float = AGAIN,
    ) -> None:
        """`ask` may find that there is nothing to do after all."""
        self._ask = ask
        self._pause = pause
        self._again = again
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """There is something to do."""
        self._bell.set()

    async def follow(self, stop: asyncio.Event) -> None:
        """Ask for jobs until `stop` is set, and once more if it rang meanwhile."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                ringing = asyncio.create_task(self._bell.wait())
                await asyncio.wait({ringing, stopping}, return_when=asyncio.FIRST_COMPLETED)
                ringing.cancel()
                if self._bell.is_set():
                    self._bell.clear()
                    pause = await self._asked()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(asyncio.shield(stopping), pause)
            if self._bell.is_set():
                await self._asked()
        finally:
            stopping.cancel()

    async def _asked(self) -> float:
        """How long to wait before the next."""
        try:
            job = await self._ask()
        except Exception:
            log.exception("jobs.not_asked_for")
            return self._again
        if job is not None and job.state is JobState.RUNNING:
            self._bell.set()
            return self._again
        return self._pause
