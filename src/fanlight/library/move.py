"""Move and rename: the alias changes, the object follows it, the old alias redirects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import (
    AlreadyExists,
    Conflict,
    NotSupported,
    ObjectMissing,
    ReadOnly,
    StorageError,
    concerning,
)
from fanlight.library.desk import new_id
from fanlight.library.naming import clean_folder, clean_name, join, shown_name
from fanlight.library.removing import Removing
from fanlight.library.rights import require_for
from fanlight.model import Actor, Asset, Intent, IntentKind, Placement, PlacementState, Scope
from fanlight.storage.base import Ability, Entry, Traits

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.storage.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """Where an asset shall be, and what it shall be called."""

    asset_id: str
    name: str
    folder: str
    path: str
    """Its new alias."""
    before: str
    """Its alias so far."""


class Moving(Removing):
    """Give assets other names and folders. Links by id, and old aliases, go on working."""

    async def move(
        self, actor: Actor, asset_id: str, *, folder: str | None = None, name: str | None = None
    ) -> Asset:
        """Move to a folder, rename, or both. What is left out stays.

        The object is moved in its channel too, if that is ours to write to and no other asset
        shares it. Raises NotFound, Forbidden, BadName, Conflict (`conflict.alias`) when the new
        name is taken by an asset, (`conflict.object`) by something else in the channel,
        StorageError.
        """
        change, places = await self._wanted(actor, asset_id, folder, name)
        if change.path == change.before:
            now = self._clock()
            return await self._catalogue.write(
                lambda records: _apply(records, actor.name, change, now)
            )
        place, store = await self._movable(places)
        if place is None or store is None:
            return await self._redirect(actor, change)
        return await self._to_the_end(self._move_object(actor, change, place, store))

    async def _wanted(
        self, actor: Actor, asset_id: str, folder: str | None, name: str | None
    ) -> tuple[Change, tuple[Placement, ...]]:
        """What is to become of an asset, and where it is now. NotFound, Forbidden, BadName."""
        asset, places = await self._catalogue.read(lambda records: _found(records, actor, asset_id))
        change = _change(asset, folder, name)
        actor.require(Scope.MANAGE, folder=change.folder)
        return change, places

    async def _movable(
        self, places: tuple[Placement, ...]
    ) -> tuple[Placement | None, Store | None]:
        """The placement whose object follows the alias, if there is one."""
        for place in places:
            channel = (await self._channels.stores.roster()).channels.get(place.channel_id)
            if place.primary and place.state is PlacementState.STORED and channel is not None:
                store = await self._channels.stores.get(place.channel_id)
                if channel.enabled and channel.uploads and store.can(Ability.MOVE):
                    return place, store
        return None, None

    async def _redirect(self, actor: Actor, change: Change) -> Asset:
        """Change the alias alone."""
        now = self._clock()

        def unit(records: Records) -> Asset:
            records.aliases.set_current(change.asset_id, change.path, at=now)
            return _apply(records, actor.name, change, now)

        return await self._catalogue.write(unit)

    async def _move_object(
        self, actor: Actor, change: Change, place: Placement, store: Store
    ) -> Asset:
        intent = await self._promise_move(actor, change, place)
        if intent is None:
            return await self._redirect(actor, change)
        self._held[intent.id] = intent
        try:
            entry = await store.move(place.locator, change.path, ticket=intent.id)
            return await self._has_moved(intent, entry, store)
        except StorageError as error:
            return await self._not_moved(actor, change, intent, error)
        except Exception:
            await self._let_go(intent)
            raise
        finally:
            self._held.pop(intent.id, None)

    async def _promise_move(self, actor: Actor, change: Change, place: Placement) -> Intent | None:
        """The intent to move an object; none if others share it. Raises Conflict."""
        now = self._clock()
        intent = Intent(
            id=new_id(),
            kind=IntentKind.MOVE,
            channel_id=place.channel_id,
            path=change.path,
            asset_id=change.asset_id,
            holder=self._holder,
            lease_until=now + self._lease,
            created_at=now,
            plan={
                "locator": place.locator,
                "name": change.name,
                "folder": change.folder,
                "actor": actor.name,
            },
        )

        def begin(records: Records) -> Intent | None:
            now_there = records.placements.get(place.id)
            if now_there.locator != place.locator:
                raise _changed_meanwhile()
            if records.placements.sharing(place.channel_id, place.locator) > 1:
                return None
            return records.intents.add(intent)

        return await self._catalogue.write(begin)

    async def _has_moved(self, intent: Intent, entry: Entry, store: Store) -> Asset:
        """The object is in its new place: so is the asset."""
        now = self._clock()
        moved = await self._catalogue.write(
            lambda records: write_moved(records, intent, entry, store.traits, now)
        )
        self._came(intent.channel_id)
        return moved

    async def _not_moved(
        self, actor: Actor, change: Change, intent: Intent, error: StorageError
    ) -> Asset:
        """The object stays where it is, or nobody knows: then `reconcile` finds out."""
        if error.temporary:
            await self._let_go(intent)
            raise error
        await self._finish(intent)
        if isinstance(error, ReadOnly | NotSupported | ObjectMissing):
            return await self._redirect(actor, change)
        if isinstance(error, AlreadyExists):
            raise Conflict(
                f"There is already an object at {change.path} in the channel.",
                remedy="Choose another name or folder.",
                code="conflict.object",
                about="name",
            ) from error
        raise error


def write_moved(
    records: Records,
    intent: Intent,
    entry: Entry,
    traits: Traits,
    now: datetime,
    holder: str | None = None,
) -> Asset:
    """Write down that the object of a MOVE intent is in its new place, and end the intent.

    Raises Conflict (`conflict.intent`) when another process has done so.
    """
    records.intents.finish(intent.id, holder)
    locator = str(intent.plan["locator"])
    records.placements.sharing(intent.channel_id, locator)  # nobody links to it from here on
    for place in records.placements.by_locator(intent.channel_id, locator):
        records.placements.update(
            place.id,
            locator=entry.locator,
            version=entry.version,
            path=traits.key(entry.path),
        )
    change = Change(
        intent.asset_id, str(intent.plan["name"]), str(intent.plan["folder"]), intent.path, ""
    )
    records.aliases.set_current(intent.asset_id, intent.path, at=now)
    return _apply(records, str(intent.plan["actor"]), change, now)


def _found(records: Records, actor: Actor, asset_id: str) -> tuple[Asset, tuple[Placement, ...]]:
    asset = require_for(records, actor, Scope.MANAGE, records.assets.get(asset_id))
    return asset, records.placements.of(asset_id)


def _change(asset: Asset, folder: str | None, name: str | None) -> Change:
    with concerning("folder"):
        where = asset.folder if folder is None else clean_folder(folder)
    with concerning("name"):
        shown = asset.name if name is None else shown_name(name)
        last = asset.alias.rpartition("/")[2] if name is None else clean_name(shown)
    return Change(asset.id, shown, where, join(where, last), asset.alias)


def _apply(records: Records, actor: str, change: Change, now: datetime) -> Asset:
    asset = records.assets.update(change.asset_id, name=change.name, folder=change.folder)
    records.events.add(
        at=now,
        action="asset.moved",
        actor=actor,
        subject=asset.id,
        data={"alias": change.path, "name": change.name},
    )
    return asset


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "The asset was moved by somebody else in this moment.",
        remedy="Look where it is, then try again.",
        code="conflict.moved",
    )
