"""Objects that were deleted at their service, and how they come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import ObjectMissing
from fanlight.library.removing import Removing
from fanlight.library.rights import require_for
from fanlight.model import Actor, Asset, Placement, PlacementState, Scope
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from fanlight.catalogue import Records


@dataclass(frozen=True, slots=True)
class Lost:
    """An asset's object is not where it was."""

    channel: str
    """The name of the channel that it was in."""
    restorable: bool
    """Whether its service may be able to bring it back."""


class BringingBack(Removing):
    """Know what is lost, and have services restore it."""

    async def lost(self, actor: Actor, asset_id: str) -> Lost | None:
        """What is known of an object that is missing. Raises NotFound, Forbidden."""

        def unit(records: Records) -> tuple[Placement, str, bool] | None:
            asset = records.assets.get(asset_id, trashed=True)
            require_for(records, actor, Scope.READ, asset)
            place = _missing(records, asset_id)
            if place is None:
                return None
            channel = records.channels.get(place.channel_id)
            return place, channel.name, channel.uploads and channel.enabled

        found = await self._catalogue.read(unit)
        if found is None:
            return None
        place, channel, ours = found
        store = await self._channels.stores.get(place.channel_id)
        return Lost(channel, ours and store.can(Ability.RESTORE))

    async def _bring_back(self, actor: Actor, asset: Asset, lost: Placement) -> Asset:
        """Have the service restore a deleted object. Where it cannot, ObjectMissing."""
        store = await self._channels.stores.get(lost.channel_id)
        if not store.can(Ability.RESTORE):
            raise ObjectMissing
        entry = await store.restore(lost.path, lost.version)
        now = self._clock()

        def unit(records: Records) -> Asset:
            records.placements.update(
                lost.id,
                locator=entry.locator,
                version=entry.version,
                path=store.traits.key(entry.path),
                state=PlacementState.STORED,
                checked_at=now,
            )
            records.events.add(
                at=now, action="asset.brought-back", actor=actor.name, subject=asset.id, data={}
            )
            return records.assets.get(asset.id)

        return await self._catalogue.write(unit)


def lost_object(records: Records, asset_id: str) -> Placement | None:
    """The placement of an asset whose object is missing, in a channel that we write to."""
    place = _missing(records, asset_id)
    ours = place is not None and records.channels.get(place.channel_id).uploads
    return place if ours else None


def _missing(records: Records, asset_id: str) -> Placement | None:
    for place in records.placements.of(asset_id):
        if place.primary and place.state is PlacementState.MISSING:
            return place
    return None
