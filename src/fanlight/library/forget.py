"""Forget a channel that assets depend on: they go with it, what is stored there stays.

Each batch is committed by itself, so a run may stop anywhere and the next one goes on with what is
left; running twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import Conflict, Invalid
from fanlight.library.desk import Desk
from fanlight.model import Actor, IntentKind, PlacementState, Scope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.catalogue import Records
    from fanlight.model import Channel

    Progress = Callable[[int, int | None, str], Awaitable[None]]

BATCH = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """What goes with a channel."""

    lost: int
    """Assets whose original is nowhere else: their links, tags and pictures go."""
    kept: int
    """Assets that have a copy in another channel: they go on from there."""
    galleries: int = 0
    """Galleries that show folders of it: they stay, and lose those photos that are lost."""


class Forgetting(Desk):
    """Ask what goes with a channel, and let it go."""

    async def weigh(self, actor: Actor, channel_id: str) -> Weight:
        """What goes with a channel. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        channel = await self._channels.get(actor, channel_id)

        def unit(records: Records) -> Weight:
            lost, kept = records.placements.weigh_channel(channel.id)
            galleries = {one.gallery_id for one in records.sources.in_channel(channel.id)}
            return Weight(lost, kept, len(galleries))

        return await self._catalogue.read(unit)

    async def may_forget(self, actor: Actor, channel_id: str, name: str) -> Channel:
        """The channel, if its name was repeated: nobody forgets one by mistake.

        Raises NotFound, Forbidden, Invalid (`invalid.confirmation`).
        """
        actor.require_everywhere(Scope.MANAGE)
        channel = await self._channels.get(actor, channel_id)
        if name.strip() != channel.name:
            raise Invalid(
                "This is not the name of the channel.",
                remedy=f"Write {channel.name} to say that you mean it.",
                code="invalid.confirmation",
                about="name",
            )
        return channel

    async def forget_channel(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> int:
        """Forget a channel and the assets that are nowhere else; how many those were.

        Nothing at the service is touched. The channel is switched off first. `progress(done, None,
        message)` is called after each batch; whatever it raises ends the run there. Raises
        NotFound, Forbidden, Conflict (`conflict.channel-busy`) while something is being stored.
        """
        actor.require_everywhere(Scope.MANAGE)
        channel = await self._channels.get(actor, channel_id)
        await self._channels.update(actor, channel.id, enabled=False)
        lost = done = 0
        while batch := await self._catalogue.write(lambda r: self._forget_some(r, actor, channel)):
            lost, done = lost + batch[0], done + batch[1]
            if progress is not None:
                await progress(done, None, channel.name)
        await self._catalogue.write(lambda records: self._end_intents(records, channel))
        await self._channels.remove(actor, channel.id)
        return lost

    def _forget_some(
        self, records: Records, actor: Actor, channel: Channel
    ) -> tuple[int, int] | None:
        """Assets lost and assets done; `None` when there is none left."""
        here = records.placements.in_channel(channel.id, None, BATCH).items
        assets = tuple(dict.fromkeys(place.asset_id for place in here))
        lost = sum([self._forget_one(records, actor, channel, asset_id) for asset_id in assets])
        return (lost, len(assets)) if assets else None

    def _forget_one(self, records: Records, actor: Actor, channel: Channel, asset_id: str) -> bool:
        """Whether the asset is lost: it has no original elsewhere to go on from."""
        places = records.placements.of(asset_id)
        others = [
            place
            for place in places
            if place.channel_id != channel.id and place.state is PlacementState.STORED
        ]
        if not others:
            asset = records.assets.get(asset_id, trashed=True)
            records.assets.purge(asset_id)
            records.events.add(
                at=self._clock(),
                action="asset.forgotten",
                actor=actor.name,
                subject=asset_id,
                data={"alias": asset.alias, "channel": channel.name},
            )
            return True
        for place in places:
            if place.channel_id == channel.id:
                records.placements.remove(place.id)
        if not any(place.primary for place in others):
            records.placements.update(others[0].id, primary=True)
        return False

    def _end_intents(self, records: Records, channel: Channel) -> None:
        """What was to be removed there stays there; what is being stored must come first.

        Galleries are filled from elsewhere from now on, or by hand.
        """
        for intent in records.intents.in_channel(channel.id):
            if intent.kind is not IntentKind.DELETE and intent.lease_until > self._clock():
                raise Conflict(
                    f"Something is being stored in {channel.name} in this moment.",
                    remedy="Try again in a minute.",
                    code="conflict.channel-busy",
                )
            records.intents.finish(intent.id)
        for source in records.sources.in_channel(channel.id):
            records.sources.remove(source.id)
