"""Delete, restore, and remove for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from fanlight.errors import Conflict, NotFound
from fanlight.library.removing import Removing
from fanlight.library.rights import require_for
from fanlight.model import SERVER, Actor, Asset, Intent, Placement, Scope

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.catalogue import Records

log = structlog.get_logger(__name__)

AT_ONCE = 50


class Trash(Removing):
    """The trash keeps objects where they are; only purging removes them."""

    async def delete(self, actor: Actor, asset_id: str) -> Asset:
        """Put an asset into the trash: its links stop. Raises NotFound, Forbidden."""
        now = self._clock()

        def unit(records: Records) -> Asset:
            require_for(records, actor, Scope.DELETE, records.assets.get(asset_id))
            _note(records, now, actor, "asset.deleted", asset_id)
            return records.assets.trash(asset_id, now)

        return await self._catalogue.write(unit)

    async def restore(self, actor: Actor, asset_id: str) -> Asset:
        """Take an asset out of the trash: its links work again. Raises NotFound, Forbidden."""
        now = self._clock()

        def unit(records: Records) -> Asset:
            asset = records.assets.get(asset_id, trashed=True)
            require_for(records, actor, Scope.DELETE, asset)
            _note(records, now, actor, "asset.restored", asset_id)
            return records.assets.restore(asset_id)

        return await self._catalogue.write(unit)

    async def purge(self, actor: Actor, asset_id: str) -> None:
        """Remove an asset for good, whether in the trash or not.

        Its object goes too, unless another asset shares it or its channel takes no uploads (what
        is only read from is never written to). Raises NotFound, Forbidden, Conflict.
        """
        await self._to_the_end(self._purge(actor, asset_id))

    async def empty_trash(self, actor: Actor = SERVER, *, everything: bool = False) -> int:
        """Purge what has been in the trash for `trash_days`, or all of it; how many that was."""
        actor.require_everywhere(Scope.DELETE)
        before = self._clock() if everything else self._clock() - self._trash
        purged = 0
        while True:
            due = await self._catalogue.read(
                lambda records: records.assets.trashed_before(before, AT_ONCE)
            )
            done = 0
            for asset in due:
                done += await self._try_to_purge(actor, asset)
            purged += done
            if len(due) < AT_ONCE or not done:
                return purged

    async def _try_to_purge(self, actor: Actor, asset: Asset) -> int:
        try:
            await self.purge(actor, asset.id)
        except (Conflict, NotFound) as error:
            log.warning("asset.not-purged", asset=asset.id, code=error.public_code)
            return 0
        return 1

    async def _purge(self, actor: Actor, asset_id: str) -> None:
        now = self._clock()

        def unit(records: Records) -> list[Intent]:
            asset = records.assets.get(asset_id, trashed=True)
            require_for(records, actor, Scope.DELETE, asset)
            # Counted before the rows go, and locked: nobody links to these objects from here on.
            ours = [
                place for place in records.placements.of(asset_id) if _is_ours_alone(records, place)
            ]
            records.assets.purge(asset_id)
            _note(records, now, actor, "asset.purged", asset_id, alias=asset.alias)
            return [records.intents.add(self._removal_of_place(place)) for place in ours]

        for removal in await self._catalogue.write(unit):
            await self._remove(removal, await self._channels.stores.get(removal.channel_id))

    def _removal_of_place(self, place: Placement) -> Intent:
        # Copies lie under the same path in other channels; paths are reserved once only.
        path = place.locator if place.primary else f"{place.locator}//{place.channel_id}"
        return self._removal(
            channel_id=place.channel_id,
            path=path,
            locator=place.locator,
            version=place.version,
            asset_id=place.asset_id,
        )


def _is_ours_alone(records: Records, place: Placement) -> bool:
    """Whether the object may go with its asset."""
    channel = records.channels.get(place.channel_id)
    return channel.uploads and records.placements.sharing(place.channel_id, place.locator) == 1


def _note(
    records: Records, at: datetime, actor: Actor, action: str, asset_id: str, **data: object
) -> None:
    records.events.add(at=at, action=action, actor=actor.name, subject=asset_id, data=data)
