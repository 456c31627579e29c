"""Look at the library: one asset, pages, search, folders, tags, bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from fanlight.errors import FanlightError, Forbidden, NotFound, ObjectMissing, Unauthenticated
from fanlight.library.desk import Desk
from fanlight.library.requests import Opened
from fanlight.library.rights import require_for, seen_folders, view
from fanlight.model import (
    Actor,
    Asset,
    FactSheet,
    Filters,
    Folder,
    Page,
    Placement,
    PlacementState,
    Scope,
    Sort,
    Tag,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fanlight.catalogue import Records
    from fanlight.storage.base import Span


class Browsing(Desk):
    """Everything that only reads."""

    async def get(self, actor: Actor, asset_id: str, *, trashed: bool = False) -> Asset:
        """One asset; with `trashed`, also one in the trash. Raises NotFound, Forbidden."""
        return await self._catalogue.read(
            lambda records: require_for(
                records, actor, Scope.READ, records.assets.get(asset_id, trashed)
            )
        )

    async def readable(self, actor: Actor, asset_ids: Sequence[str]) -> tuple[Asset, ...]:
        """Those of the assets that are in use and that the actor may read, in the same order.

        Raises Forbidden if that is none because of their rights.
        """

        def unit(records: Records) -> tuple[Asset, ...]:
            found: list[Asset] = []
            refusal: FanlightError | None = None
            for asset_id in dict.fromkeys(asset_ids):
                try:
                    asset = records.assets.get(asset_id)
                    found.append(require_for(records, actor, Scope.READ, asset))
                except NotFound:
                    continue
                except (Forbidden, Unauthenticated) as error:
                    refusal = error
            if refusal is not None and not found:
                raise refusal
            return tuple(found)

        return await self._catalogue.read(unit)

    async def placements(self, actor: Actor, asset_id: str) -> tuple[Placement, ...]:
        """Where an asset's bytes are, the primary place first. Raises NotFound, Forbidden."""

        def unit(records: Records) -> tuple[Placement, ...]:
            asset = records.assets.get(asset_id, trashed=True)
            require_for(records, actor, Scope.READ, asset)
            return records.placements.of(asset_id)

        return await self._catalogue.read(unit)

    async def facts(self, actor: Actor, asset_id: str) -> FactSheet | None:
        """What an asset's bytes say about themselves, if they were read yet.

        Where it was taken is told only to who may manage it. Raises NotFound, Forbidden.
        """

        def unit(records: Records) -> FactSheet | None:
            asset = records.assets.get(asset_id, trashed=True)
            require_for(records, actor, Scope.READ, asset)
            sheet = records.facts.find(asset_id)
            if sheet is None or actor.may(Scope.MANAGE, folder=asset.folder):
                return sheet
            return replace(sheet, facts=replace(sheet.facts, spot=None))

        return await self._catalogue.read(unit)

    async def offsets(self, assets: Sequence[Asset]) -> Mapping[str, int]:
        """How many minutes east cameras' clocks stood, by asset, where cameras said so."""
        dated = [asset.id for asset in assets if asset.taken_at]
        return await self._catalogue.read(lambda records: records.facts.offsets(dated))

    async def page(
        self,
        actor: Actor,
        *,
        sort: Sort = Sort.NEWEST,
        after: str | None = None,
        limit: int = 100,
        **filters: Unpack[Filters],
    ) -> Page[Asset]:
        """One page of assets.

        A bound actor gets what lies within their bounds. Raises Forbidden, BadCursor.
        """
        seen = view(actor, filters)
        return await self._catalogue.read(
            lambda records: records.assets.page(sort=sort, after=after, limit=limit, **seen)
        )

    async def count(self, actor: Actor, **filters: Unpack[Filters]) -> int:
        """How many assets pages of the same filters have in all. Raises Forbidden.

        At once for everything, a folder, or a tag; a tag in a folder is counted.
        """
        seen = view(actor, filters)
        return await self._catalogue.read(lambda records: records.assets.count(**seen))

    async def search(
        self,
        actor: Actor,
        query: str,
        *,
        after: str | None = None,
        limit: int = 100,
        **filters: Unpack[Filters],
    ) -> Page[Asset]:
        """One page of assets whose names or tags match, in a folder and below it or in all.

        A bound actor gets what lies within their bounds. Raises Forbidden, BadCursor.
        """
        seen = view(actor, {**filters, "deep": True})
        return await self._catalogue.read(
            lambda records: records.assets.search(query, after=after, limit=limit, **seen)
        )

    async def folders(self, actor: Actor, parent: str = "") -> tuple[Folder, ...]:
        """The folders directly in a folder. Raises Forbidden."""
        actor.require(Scope.LIST)
        found = await self._catalogue.read(lambda records: records.assets.folders(parent))
        return seen_folders(actor, parent, found)

    async def tags(self, actor: Actor, prefix: str = "", limit: int = 100) -> tuple[Tag, ...]:
        """Tags that begin with `prefix`. Raises Forbidden, also for bound actors."""
        actor.require_everywhere(Scope.LIST)
        return await self._catalogue.read(lambda records: records.tags.all(prefix, limit))

    async def open(self, actor: Actor, asset_id: str, span: Span | None = None) -> Opened:
        """Open an asset's bytes at the best place they can be had; close the body.

        Raises NotFound, Forbidden, ObjectMissing, ObjectChanged (somebody changed the object
        behind our back, and it has not been indexed since), StorageError.
        """
        asset = await self.get(actor, asset_id, trashed=True)
        places = await self._catalogue.read(lambda records: records.placements.of(asset_id))
        failure: FanlightError = ObjectMissing()
        for place in places:
            if place.state is not PlacementState.STORED:
                continue
            try:
                store = await self._channels.stores.get(place.channel_id)
                return Opened(asset, await store.open(place.locator, span, place.version))
            except FanlightError as error:
                failure = error
        raise failure
