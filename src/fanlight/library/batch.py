"""The same for many assets: each stands for itself, and the answer says which could not follow.

Every asset is changed by the use case for one, in a transaction of its own: one that may not be
moved, or is gone meanwhile, keeps no other from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError, Invalid
from fanlight.library.labels import clean_tags
from fanlight.library.move import Moving
from fanlight.library.naming import clean_folder
from fanlight.library.trash import Trash
from fanlight.library.update import Updating

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from fanlight.model import Actor, Asset, Visibility

MOST = 500
"""Assets of one batch."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An asset that could not follow, and why."""

    asset_id: str
    error: FanlightError


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a batch: the assets as they are now, and those that stayed as they were."""

    done: tuple[Asset, ...]
    refused: tuple[Refusal, ...] = ()


class Batching(Moving, Updating, Trash):
    """Change many assets. All raise Invalid (`invalid.batch`) for more than `MOST`."""

    async def move_many(self, actor: Actor, asset_ids: Sequence[str], folder: str) -> Batch:
        """Move to a folder. Raises BadName for one that cannot be."""
        where = clean_folder(folder)
        return await _each(asset_ids, lambda one: self.move(actor, one, folder=where))

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
        return await _each(asset_ids, lambda one: self.retag(actor, one, add=more, remove=less))

    async def show_many(
        self, actor: Actor, asset_ids: Sequence[str], visibility: Visibility
    ) -> Batch:
        """Say who may see them."""
        return await _each(asset_ids, lambda one: self.update(actor, one, visibility=visibility))

    async def delete_many(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        """Put them into the trash."""
        return await _each(asset_ids, lambda one: self.delete(actor, one))

    async def restore_many(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        """Take them out of the trash."""
        return await _each(asset_ids, lambda one: self.restore(actor, one))

    async def purge_many(self, actor: Actor, asset_ids: Sequence[str]) -> Batch:
        """Remove them for good; `done` has them as they were."""

        async def purge(asset_id: str) -> Asset:
            asset = await self._catalogue.read(
                lambda records: records.assets.get(asset_id, trashed=True)
            )
            await self.purge(actor, asset_id)
            return asset

        return await _each(asset_ids, purge)


async def _each(asset_ids: Sequence[str], change: Callable[[str], Awaitable[Asset]]) -> Batch:
    if len(asset_ids) > MOST:
        raise Invalid(
            f"That is too much for once: {len(asset_ids)} assets.",
            remedy=f"Take at most {MOST}.",
            code="invalid.batch",
        )
    done: list[Asset] = []
    refused: list[Refusal] = []
    for asset_id in dict.fromkeys(asset_ids):
        try:
            done.append(await change(asset_id))
        except FanlightError as error:
            refused.append(Refusal(asset_id, error))
    return Batch(tuple(done), tuple(refused))
