"""Publish: have anything that lies in a channel seen by everybody who has its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import NotFound
from fanlight.library.deltas import at_path, unread
from fanlight.library.findings import Ground, add_found
from fanlight.library.follow import Following
from fanlight.library.update import Updating
from fanlight.model import Scope, Visibility
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.model import Actor, Asset
    from fanlight.storage.base import Entry


class Publishing(Updating, Following):
    """Give out links to what is there already."""

    async def publish(self, actor: Actor, asset_id: str) -> Asset:
        """Make an asset public. Nothing changes if it is. Raises NotFound, Forbidden."""
        return await self.update(actor, asset_id, visibility=Visibility.PUBLIC)

    async def publish_object(self, actor: Actor, channel_id: str, path: str) -> Asset:
        """Make public what lies at a path in a channel, also if no run has come by it yet.

        Raises NotFound (`not-found.object`), Forbidden, BadLocator, StorageError.
        """
        channel = await self._channels.get(actor, channel_id)
        actor.require(Scope.MANAGE, channel_id=channel.id, folder=path.rpartition("/")[0])
        store = await self._channels.stores.get(channel.id)
        entry = await store.find(path)
        if entry is None or entry.folder:
            raise NotFound("There is no such object in the channel.", code="not-found.object")
        ground = Ground(channel, store.traits, actor.user_id)
        found = await self._catalogue.read(lambda records: _asset_at(records, ground, entry))
        if found is None:
            told = store.can(Ability.CHANGES)
            stored = unread(entry) if told else await store.examine(entry.locator)
            now = self._clock()

            def unit(records: Records) -> str | None:
                add_found(records, ground, [stored], now)
                return _asset_at(records, ground, entry)

            found = await self._catalogue.write(unit)
            self._arrived()
            self._came(channel.id)
        if found is None:  # an upload or a move is at it
            raise NotFound("There is no such object in the channel.", code="not-found.object")
        return await self.publish(actor, found)


def _asset_at(records: Records, ground: Ground, entry: Entry) -> str | None:
    same = records.placements.by_locator(ground.channel.id, entry.locator)
    places = same or at_path(records, ground, entry)
    return places[0].asset_id if places else None
