"""One request's way through the placements of an asset, best first, until one gives bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

from fanlight.delivery.originals import PAUSE, find, find_changed
from fanlight.errors import (
    BadLocator,
    FanlightError,
    NotFound,
    ObjectChanged,
    ObjectMissing,
    StorageError,
    StorageUnavailable,
)
from fanlight.model import PlacementState

if TYPE_CHECKING:
    from fanlight.delivery.known import Known
    from fanlight.delivery.originals import Means, Original
    from fanlight.model import Asset, Placement
    from fanlight.storage.store import Store

log = structlog.get_logger(__name__)

Look = Callable[["Store", "Asset", "Placement", "Means"], Awaitable["Original"]]


class Search:
    """Finds the original that works and remembers it, with its description, in `known`."""

    def __init__(
        self,
        known: Known,
        store_of: Callable[[str], Awaitable[Store]],
        means: Means,
    ) -> None:
        self._known = known
        self._store_of = store_of
        self._means = means
        self._left = [
            placement
            for placement in known.link.placements
            if placement.state is not PlacementState.DELETING
        ]
        self._looked_again: set[str] = set()
        self._out_of_reach: FanlightError | None = None

    async def first(self) -> Original:
        """The best original. ObjectMissing; StorageUnavailable if one may come back."""
        while self._left:
            placement = self._left.pop(0)
            try:
                return await self._found(find, placement)
            except FanlightError as error:
                self._note(placement, error)
        self._known.original = None
        if self._out_of_reach is None:
            raise ObjectMissing
        pause = self._out_of_reach.retry_after or PAUSE
        raise StorageUnavailable(retry_after=pause) from self._out_of_reach

    async def instead_of(self, original: Original, error: StorageError) -> Original:
        """Another original after one that failed; the same in its new state if it was changed."""
        placement = original.placement
        self._left = [other for other in self._left if other.id != placement.id]
        if isinstance(error, ObjectChanged) and placement.id not in self._looked_again:
            self._looked_again.add(placement.id)
            try:
                return await self._found(find_changed, placement)
            except FanlightError as again:
                self._note(placement, again)
        else:
            self._note(placement, error)
        return await self.first()

    async def _found(self, look: Look, placement: Placement) -> Original:
        store = await self._store_of(placement.channel_id)
        original = await look(store, self._known.link.asset, placement, self._means)
        self._known.moved_to(original)
        if not original.shown.settled:
            self._complain("delivery.original_changed", placement, ObjectChanged.code)
        return original

    def _note(self, placement: Placement, error: FanlightError) -> None:
        if not isinstance(error, ObjectMissing | BadLocator | NotFound):
            self._out_of_reach = error
        self._complain("delivery.placement_failed", placement, error.public_code)

    def _complain(self, event: str, placement: Placement, code: str) -> None:
        """Once as long as the link is kept: it may be asked for a thousand times a second."""
        if not self._known.complained:
            self._known.complained = True
            log.warning(event, asset=placement.asset_id, channel=placement.channel_id, code=code)
