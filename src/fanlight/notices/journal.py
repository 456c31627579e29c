"""The journal of galleries: noted at once, written down a moment later, in one transaction.

Whoever answers a viewer must not wait for it. What is noted in the last moment before a crash is
lost; picks and comments themselves are not, they are written by their own actions.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from fanlight.gallery_model import Act, Activity

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue
    from fanlight.sharing.passes import Pass

log = structlog.get_logger(__name__)

PAUSE = 0.5
"""Seconds that entries are gathered for."""
MOST = 10_000
"""Entries gathered while the database cannot be written; then the oldest are dropped."""
SAME_VISIT = timedelta(minutes=30)
"""Looking again within this time is no new visit."""


class Journal:
    """Takes notes of what viewers do. What the owner does in looking in is not noted."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime],
        written: Callable[[], None] = lambda: None,
    ) -> None:
        """`written` is called when something has been written down; it must be quick."""
        self._catalogue = catalogue
        self._clock = clock
        self._written = written
        self._noted: list[Activity] = []
        self._bell = asyncio.Event()
        self._seen: dict[tuple[str, str], datetime] = {}

    def note(
        self, act: Act, pass_: Pass, *, asset_id: str | None = None, count: int = 1, size: int = 0
    ) -> None:
        """Note that the holder of a pass did something. Costs next to nothing."""
        now = self._clock()
        if pass_.owner or (act is Act.VIEWED and self._seen_lately(pass_, now)):
            return
        self._noted.append(
            Activity(
                id=0,
                gallery_id=pass_.gallery.id,
                at=now,
                act=act,
                link_id=pass_.link.id if pass_.link else None,
                viewer_id=pass_.viewer.id if pass_.viewer else None,
                visit=pass_.visit,
                asset_id=asset_id,
                count=count,
                size=size,
            )
        )
        del self._noted[:-MOST]
        self._bell.set()

    async def follow(self, stop: asyncio.Event) -> None:
        """Write down what is noted, until `stop` is set, and then the rest."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                ringing = asyncio.create_task(self._bell.wait())
                await asyncio.wait({ringing, stopping}, return_when=asyncio.FIRST_COMPLETED)
                ringing.cancel()
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(stopping), PAUSE)
                await self.flush()
            await self.flush()
        finally:
            stopping.cancel()

    async def flush(self) -> None:
        """Write down what is noted by now. What cannot be written is kept for the next time."""
        self._bell.clear()
        noted, self._noted = self._noted, []
        if not noted:
            return
        try:
            await self._catalogue.write(lambda records: records.activities.add(noted))
        except Exception:
            log.exception("notices.not_written", entries=len(noted))
            self._noted = noted + self._noted
            self._bell.set()
        else:
            self._written()

    def _seen_lately(self, pass_: Pass, now: datetime) -> bool:
        key = (pass_.gallery.id, pass_.visit)
        before = self._seen.get(key)
        if before is None and len(self._seen) >= MOST:
            self._seen.clear()
        self._seen[key] = now
        return before is not None and now - before < SAME_VISIT
