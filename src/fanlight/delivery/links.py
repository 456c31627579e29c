"""The cache of resolved links, safe against revocation.

Whatever changes where a link leads is written to the catalogue's log of changes in the same
transaction. This cache hears of changes made in its own process at once, and reads the log every
quarter of a second for those of others. If the last look at the log lies more than a second back,
for whatever reason, nothing kept here is used. So what was deleted, hidden or blocked stops
within one second in every process.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import CatalogueError, Expired

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fanlight.catalogue import Catalogue
    from fanlight.catalogue.records import Records
    from fanlight.delivery.known import Known
    from fanlight.model import Link
    from fanlight.pictures.forms import Form

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.25
"""Seconds between looks at the log."""
TRUSTED_FOR = 1.0
"""Seconds after the start of a look for which what is kept may be used."""
QUIET_LOOKS = 240
"""Looks without a request after which everything is forgotten: an idle server looks at nothing."""
MOST = 8192
"""Addresses kept: about 5 kB each with all that belongs to them."""


class LinkCache:
    """Keeps `Known` by the raw path of requests. Only `revoke` may be called off the event loop."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        most: int = MOST,
        also: Callable[[], Awaitable[None]] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`also` is awaited at each look, for what else may make a link stale."""
        self._catalogue = catalogue
        self._most = most
        self._also = also
        self._monotonic = monotonic
        self._kept: dict[bytes, Known] = {}
        self._of_asset: dict[str, set[Known]] = {}
        self._seq = 0
        self._trusted_until = float("-inf")
        self._quiet = 0
        self._revocations = 0
        self._revoking = Lock()
        self._looking: asyncio.Task[None] | None = None
        catalogue.on_change(self.revoke)

    # --- life ---------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to follow the log. Before this nothing that is kept is used."""
        if self._looking is None:
            await self._begin_anew()
            self._looking = asyncio.create_task(self._follow(), name="fanlight-links")

    async def stop(self) -> None:
        """Stop following; nothing kept is used from now on."""
        task, self._looking = self._looking, None
        self._trusted_until = float("-inf")
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.clear()

    # --- use ----------------------------------------------------------------------------------

    def get(self, address: bytes) -> Known | None:
        """What is kept under an address, if it may be trusted now."""
        known = self._kept.get(address)
        if known is None or known.revoked or self._monotonic() > self._trusted_until:
            return None
        known.asked = True
        self._quiet = 0
        return known

    def mark(self) -> int:
        """To be taken before reading the catalogue and handed to `keep` afterwards."""
        return self._revocations

    def keep(self, address: bytes, known: Known, mark: int) -> None:
        """Keep what was read, unless something was revoked since `mark`: it may be old already."""
        if mark != self._revocations or self._monotonic() > self._trusted_until:
            return
        while len(self._kept) >= self._most:
            self._drop_one()
        self._kept[address] = known
        known.addresses.add(address)
        self._of_asset.setdefault(known.link.asset.id, set()).add(known)
        if mark != self._revocations:
            self.drop(known)

    def same(self, link: Link, form: Form | None = None) -> Known | None:
        """What is kept for the same link, and the same picture, under another address."""
        for known in self._of_asset.get(link.asset.id, ()):
            if not known.revoked and known.form == form and known.link == link:
                return known
        return None

    def drop(self, known: Known) -> None:
        """Forget one."""
        known.revoked = True
        for address in known.addresses:
            if self._kept.get(address) is known:
                del self._kept[address]
        kept = self._of_asset.get(known.link.asset.id, set())
        kept.discard(known)
        if not kept:
            self._of_asset.pop(known.link.asset.id, None)

    def revoke(self, asset_ids: Sequence[str]) -> None:
        """Use nothing any more that is kept for these assets. May be called from any thread.

        It only marks: the tables are changed by the event loop, soon after.
        """
        with self._revoking:
            self._revocations += 1
        for asset_id in asset_ids:
            for known in tuple(self._of_asset.get(asset_id, ())):
                known.revoked = True

    def clear(self) -> None:
        """Forget everything."""
        with self._revoking:
            self._revocations += 1
        for known in tuple(self._kept.values()):
            known.revoked = True
        self._kept.clear()
        self._of_asset.clear()

    def _drop_one(self) -> None:
        """Drop the oldest that nobody has asked for since this last came by."""
        while True:
            address, known = next(iter(self._kept.items()))
            if known.revoked or not known.asked:
                self.drop(known)
                return
            known.asked = False
            self._kept[address] = self._kept.pop(address)

    # --- the log ------------------------------------------------------------------------------

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            began = self._monotonic()
            self._quiet += 1
            if self._quiet > QUIET_LOOKS:
                self.clear()
            try:
                await self._look()
            except CatalogueError as error:
                log.warning("links.log_unreadable", code=error.public_code)
            except Exception:
                log.exception("links.look_failed")
            else:
                self._trusted_until = began + TRUSTED_FOR

    async def _look(self) -> None:
        if not self._kept:
            return  # nothing to distrust; what happens meanwhile is read when something is

        def since(records: Records) -> tuple[int, tuple[str, ...]]:
            return records.changes.since(self._seq)

        try:
            seq, asset_ids = await self._catalogue.read(since)
        except Expired:
            await self._begin_anew()
        else:
            self._seq = seq
            if asset_ids:
                self.revoke(asset_ids)
                for asset_id in asset_ids:
                    for known in tuple(self._of_asset.get(asset_id, ())):
                        self.drop(known)
        if self._also is not None:
            await self._also()

    async def _begin_anew(self) -> None:
        began = self._monotonic()
        self._seq = await self._catalogue.read(lambda records: records.changes.latest())
        self.clear()
        self._trusted_until = began + TRUSTED_FOR
