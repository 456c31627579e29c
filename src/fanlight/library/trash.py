"""Delete, restore, and remove for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from fanlight.errors import Conflict, NotFound, StorageError
from fanlight.library.bringing_back import BringingBack, lost_object
from fanlight.library.rights import require_for
from fanlight.model import SERVER, Actor, Asset, Intent, Placement, Scope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from fanlight.catalogue import Records

    Progress = Callable[[int, int | None, str], Awaitable[None]]

log = structlog.get_logger(__name__)

AT_ONCE = 50


class Trash(BringingBack):
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
        """Take an asset out of the trash: its links work again.

        An object that was deleted at its service is brought back, if that can be done; this is so
        for an asset that is not in the trash, too. Raises NotFound, Forbidden; of such an asset
        ObjectMissing if the service has it no more, AlreadyExists if something else has its place,
        StorageError.
        """
        asset, lost, trashed = await self._catalogue.write(
            lambda records: self._out_of_trash(records, actor, asset_id)
        )
        if lost is None:
            return asset
        try:
            return await self._to_the_end(self._bring_back(actor, asset, lost))
        except StorageError as error:
            if not trashed:
                raise
            log.warning("object.not-brought-back", asset=asset_id, code=error.public_code)
            return asset

    def _out_of_trash(
        self, records: Records, actor: Actor, asset_id: str
    ) -> tuple[Asset, Placement | None, bool]:
        """The asset; where its object is missing, if that is so; whether it was in the trash."""
        asset = records.assets.get(asset_id, trashed=True)
        require_for(records, actor, Scope.DELETE, asset)
        lost = lost_object(records, asset_id)
        if asset.deleted_at is None and lost is not None:
            return asset, lost, False
        _note(records, self._clock(), actor, "asset.restored", asset_id)
        return records.assets.restore(asset_id), lost, True

    async def purge(self, actor: Actor, asset_id: str) -> None:
        """Remove an asset for good, whether in the trash or not.

        Its object goes too, unless another asset shares it or its channel takes no uploads (what
        is only read from is never written to). Raises NotFound, Forbidden, Conflict.
        """
        await self._to_the_end(self._purge(actor, asset_id))

    async def in_trash(self, actor: Actor) -> tuple[int, datetime]:
        """How many assets are in the trash, and the time at which that is so.

        Whoever may ask may empty it. Raises Forbidden.
        """
        actor.require_everywhere(Scope.DELETE)
        now = self._clock()
        count = await self._catalogue.read(lambda records: records.assets.count(trashed=True))
        return count, now

    async def empty_trash(
        self,
        actor: Actor = SERVER,
        progress: Progress | None = None,
        *,
        before: datetime | None = None,
    ) -> int:
        """Purge what went to the trash before then, or `trash_days` ago; how many that was.

        Raises Forbidden.
        """
        actor.require_everywhere(Scope.DELETE)
        before = before or self._clock() - self._trash
        purged = 0
        while True:
            due = await self._catalogue.read(
                lambda records: records.assets.trashed_before(before, AT_ONCE)
            )
            removals: list[Intent] = []
            done = 0
            for asset in due:
                ours = await self._try_to_forget(actor, asset)
                done += ours is not None
                removals += ours or ()
            await self._remove_all(removals)
            purged += done
            if progress is not None and done:
                await progress(purged, None, due[-1].name)
            if len(due) < AT_ONCE or not done:
                return purged

    async def _try_to_forget(self, actor: Actor, asset: Asset) -> list[Intent] | None:
        try:
            _, removals = await self._forget(actor, asset.id)
        except (Conflict, NotFound) as error:
            log.warning("asset.not-purged", asset=asset.id, code=error.public_code)
            return None
        return removals

    async def _purge(self, actor: Actor, asset_id: str) -> None:
        _, removals = await self._forget(actor, asset_id)
        await self._remove_all(removals)

    async def _forget(self, actor: Actor, asset_id: str) -> tuple[Asset, list[Intent]]:
        """Take an asset out of the catalogue; it as it was, and its objects that are to go."""
        now = self._clock()

        def unit(records: Records) -> tuple[Asset, list[Intent]]:
            asset = records.assets.get(asset_id, trashed=True)
            require_for(records, actor, Scope.DELETE, asset)
            # Counted before the rows go, and locked: nobody links to these objects from here on.
            ours = [
                place for place in records.placements.of(asset_id) if _is_ours_alone(records, place)
            ]
            records.assets.purge(asset_id)
            _note(records, now, actor, "asset.purged", asset_id, alias=asset.alias)
            return asset, [records.intents.add(self._removal_of_place(place)) for place in ours]

        return await self._catalogue.write(unit)

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
