"""The same for many assets: each stands for itself, and the answer says which could not follow.

Every asset is changed in a transaction of its own: one that may not be moved, or is gone meanwhile,
keeps no other from it. Only the calls to services are for many, where a service can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import FanlightError
from fanlight.library.labels import clean_tags
from fanlight.library.many import Batch, Results, batch_of, checked, each
from fanlight.library.moving_many import MovingMany
from fanlight.library.trash import Trash
from fanlight.library.update import Updating

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fanlight.model import Actor, Intent, Visibility


class Batching(MovingMany, Updating, Trash):
    """Change many assets. All raise Invalid (`invalid.batch`) for more than `MOST`."""

    async def tag_many(
        self,
        actor: Actor,
        asset_ids: Sequence[str],
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
    ) -> Batch:
        """Add tags and take tags away; others stay. Raises BadName."""
        more, less = clean_tags(add), clean_tags(remove)
        return await each(asset_ids, lambda one: self.retag(actor, one, add=more, remove=less))

    async def show_many(
        self, actor: Actor, asset_ids: Sequence[str], visibility: Visibility
    ) -> Batch:
        """Say who may see them."""
        return await each(asset_ids, lambda one: self.update(actor, one, visibility=visibility))

    async def delete_many(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        """Put them into the trash."""
        return await each(asset_ids, lambda one: self.delete(actor, one))

    async def restore_many(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        """Take them out of the trash."""
        return await each(asset_ids, lambda one: self.restore(actor, one))

    async def purge_many(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        """Remove them for good; `done` has them as they were."""
        ids = checked(asset_ids)
        return await self._to_the_end(self._purge_all(actor, ids))

    async def _purge_all(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        results: Results = {}
        removals: list[Intent] = []
        for asset_id in asset_ids:
            try:
                results[asset_id], ours = await self._forget(actor, asset_id)
            except FanlightError as error:
                results[asset_id] = error
            else:
                removals += ours
        await self._remove_all(removals)
        return batch_of(asset_ids, results)
