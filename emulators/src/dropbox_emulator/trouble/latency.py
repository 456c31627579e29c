"""Latency profiles. ``typical`` holds planning figures, not measurements of the real service."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

# Seconds, from the planning figures: route (or the longest prefix of it) to a range.
TYPICAL: dict[str, tuple[float, float]] = {
    "files/get_metadata": (0.080, 0.200),
    "files/list_folder": (0.150, 0.400),
    "files/list_folder/longpoll": (0.0, 0.0),
    "files/download": (0.200, 0.600),
    "files/get_thumbnail": (0.300, 1.500),
    "files/get_temporary_link": (0.150, 0.400),
    "files/upload": (0.400, 0.700),
    "files/upload_session/start": (0.150, 0.400),
    "files/upload_session/append": (0.150, 0.400),
    "files/upload_session/finish": (0.400, 0.700),
    "files/delete": (0.400, 0.700),
    "files/move": (0.400, 0.700),
    "files/copy": (0.400, 0.700),
    "files/create_folder": (0.400, 0.700),
    "": (0.080, 0.200),
}
WARM_THUMBNAIL = (0.150, 0.300)
COMPUTED = "files/get_thumbnail"
"""Routes whose figures are mostly the making of the answer."""


class Latency:
    """Holds replies back, as a profile says."""

    def __init__(self, profile: str, seed: int) -> None:
        self.profile = profile
        self._random = random.Random(seed)
        self._known: dict[str, tuple[float, float]] = {}

    @property
    def active(self) -> bool:
        """Whether calls are slowed at all."""
        return self.profile != "none"

    @asynccontextmanager
    async def around(self, route: str, warm: bool = False) -> AsyncGenerator[None]:
        """A block that answers this route: it is begun late, or what it computes ends no sooner."""
        seconds = self._random.uniform(*(WARM_THUMBNAIL if warm else self._range(route)))
        if not route.startswith(COMPUTED):
            await asyncio.sleep(seconds)
            yield
            return
        until = time.monotonic() + seconds
        try:
            yield
        finally:
            await asyncio.sleep(max(0.0, until - time.monotonic()))

    def job_seconds(self) -> float:
        """How long a batch job takes."""
        return self._random.uniform(0.5, 2.0) if self.active else 0.0

    def _range(self, route: str) -> tuple[float, float]:
        if route not in self._known:
            fits = (prefix for prefix in TYPICAL if route.startswith(prefix))
            self._known[route] = TYPICAL[max(fits, key=len)]
        return self._known[route]
