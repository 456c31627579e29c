"""What the owner does with single photos of a gallery."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.catalogue.items import Place, Sight
from fanlight.errors import Conflict, Invalid
from fanlight.galleries.desk import may_manage
from fanlight.galleries.filling import Filling
from fanlight.galleries.order import LAST
from fanlight.gallery_model import Count, GallerySort, Item, Shown
from fanlight.model import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fanlight.catalogue import Records
    from fanlight.model import Actor

MOST_CHOSEN = 5000


class Choosing(Filling):
    """Photos are put in, taken out, hidden and ordered by hand."""

    async def items(
        self,
        actor: Actor,
        gallery_id: str,
        *,
        section_id: str | None = None,
        after: str | None = None,
        limit: int = 200,
    ) -> Page[Shown]:
        """One page of all that is in a gallery, hidden or not. NotFound, Forbidden, BadCursor."""
        may_manage(actor)
        sight = self._all_there_is()

        def unit(records: Records) -> Page[Shown]:
            place = Place(records.galleries.get(gallery_id).id, section_id)
            return records.items.page(place, sight, after=after, limit=limit)

        return await self._catalogue.read(unit)

    async def all_counts(self, actor: Actor, gallery_id: str) -> Mapping[str | None, Count]:
        """How much is in each section, hidden or not; `None` for what is in no section."""
        may_manage(actor)
        sight = self._all_there_is()
        return await self._catalogue.read(lambda records: records.items.counts(gallery_id, sight))

    async def require_item(self, actor: Actor, gallery_id: str, asset_id: str) -> None:
        """Raise NotFound (`not-found.item`) unless an asset is in a gallery; Forbidden."""
        may_manage(actor)
        await self._catalogue.read(lambda records: records.items.get(gallery_id, asset_id))

    async def choose(
        self,
        actor: Actor,
        gallery_id: str,
        asset_ids: Sequence[str],
        *,
        section_id: str | None = None,
    ) -> int:
        """Put assets of any channel into a gallery, in this order; how many are new in it.

        What is no picture and no video is passed over. Raises NotFound, Forbidden, Invalid.
        """
        may_manage(actor)
        if len(asset_ids) > MOST_CHOSEN:
            raise Invalid(f"At most {MOST_CHOSEN} photos at once.", code="invalid.items")

        def unit(records: Records) -> int:
            records.alone(f"gallery:{gallery_id}")
            records.galleries.get(gallery_id)
            if section_id is not None:
                records.sections.get(section_id)
            there = {one.asset_id for one in records.items.of(gallery_id)}
            new = [one for one in dict.fromkeys(asset_ids) if one not in there]
            fresh = [one for one in new if _can_be_shown(records, one)]
            records.items.put(
                Item(gallery_id, one, section_id, LAST + number) for number, one in enumerate(fresh)
            )
            return len(fresh)

        return await self._change(gallery_id, unit)

    async def take_out(self, actor: Actor, gallery_id: str, asset_ids: Sequence[str]) -> None:
        """Take photos out that were put in by hand. Raises NotFound, Forbidden.

        Raises Conflict (`conflict.item`) if a folder brought one: that can only be hidden.
        """
        may_manage(actor)

        def unit(records: Records) -> None:
            found = [records.items.get(gallery_id, one) for one in asset_ids]
            if any(one.source_id is not None for one in found):
                raise Conflict(
                    "A folder brings this photo.",
                    remedy="Hide it in the gallery, or take it out of the folder.",
                    code="conflict.item",
                )
            records.items.remove(gallery_id, asset_ids)

        await self._change(gallery_id, unit)

    async def hide(
        self, actor: Actor, gallery_id: str, asset_ids: Sequence[str], *, hidden: bool = True
    ) -> None:
        """Hide photos from viewers, or show them again. Raises NotFound, Forbidden."""
        may_manage(actor)

        def unit(records: Records) -> None:
            found = [records.items.get(gallery_id, one) for one in asset_ids]
            records.items.put(replace(one, hidden=hidden) for one in found)

        await self._change(gallery_id, unit)

    async def order(
        self, actor: Actor, gallery_id: str, asset_ids: Sequence[str], *, before: str | None = None
    ) -> None:
        """Put photos, in this order, before another one, or at the end of their section.

        From then on the gallery is sorted by hand, as it lay before. Raises NotFound, Forbidden.
        """
        may_manage(actor)

        def unit(records: Records) -> None:
            records.alone(f"gallery:{gallery_id}")
            gallery = records.galleries.get(gallery_id)
            moved = [records.items.get(gallery_id, one) for one in dict.fromkeys(asset_ids)]
            if before is not None:
                records.items.get(gallery_id, before)
            ids = {one.asset_id for one in moved}
            order: list[Item] = []
            for item in records.items.of(gallery_id):
                if item.asset_id == before:
                    order += moved
                if item.asset_id not in ids:
                    order.append(item)
            order += [one for one in moved if before is None or before in ids]
            records.items.put(
                replace(item, position=number)
                for number, item in enumerate(order)
                if item.position != number
            )
            if gallery.rules.sort is not GallerySort.HAND:
                rules = replace(gallery.rules, sort=GallerySort.HAND, backwards=False)
                records.galleries.update(gallery_id, rules=rules)

        await self._change(gallery_id, unit)

    def _all_there_is(self) -> Sight:
        return Sight(self._clock(), hidden=True, kept=True)


def _can_be_shown(records: Records, asset_id: str) -> bool:
    asset = records.assets.find(asset_id)
    return (
        asset is not None and asset.deleted_at is None and asset.kind in (Kind.PICTURE, Kind.VIDEO)
    )
