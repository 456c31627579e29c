"""Move many: where a service moves many objects in a few calls, so do we.

Every asset has its own intent, and is written down by itself; only the call is one for all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError, StorageError
from fanlight.library.many import Batch, Results, batch_of, checked
from fanlight.library.move import Change, Moving
from fanlight.library.naming import clean_folder
from fanlight.model import Asset
from fanlight.storage.base import Ability
from fanlight.storage.many import Relocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.model import Actor, Intent, Placement
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store


@dataclass(frozen=True, slots=True)
class _Planned:
    """A move that is promised, and waits for its object."""

    change: Change
    place: Placement
    intent: Intent
    store: Store


class MovingMany(Moving):
    """Give many assets another folder."""

    async def move_many(self, actor: Actor, asset_ids: Sequence[str], folder: str) -> Batch:
        """Move to a folder. Raises BadName for one that cannot be, Invalid (`invalid.batch`)."""
        where, ids = clean_folder(folder), checked(asset_ids)
        return await self._to_the_end(self._move_all(actor, ids, where))

    async def _move_all(self, actor: Actor, asset_ids: Sequence[str], folder: str) -> Batch:
        results: Results = {}
        planned: defaultdict[str, list[_Planned]] = defaultdict(list)
        for asset_id in asset_ids:
            try:
                found = await self._plan(actor, asset_id, folder)
            except FanlightError as error:
                found = error
            if isinstance(found, _Planned):
                planned[found.place.channel_id].append(found)
            else:
                results[asset_id] = found
        for together in planned.values():
            results |= await self._move_together(actor, together)
        return batch_of(asset_ids, results)

    async def _plan(self, actor: Actor, asset_id: str, folder: str) -> _Planned | Asset:
        """Promise a move, or carry it out at once where it is about nobody else's call."""
        change, places = await self._wanted(actor, asset_id, folder, None)
        place, store = await self._movable(places)
        unmoved = change.path == change.before
        if unmoved or place is None or store is None or not store.can(Ability.MOVE_MANY):
            return await self.move(actor, asset_id, folder=folder)
        intent = await self._promise_move(actor, change, place)
        if intent is None:
            return await self._redirect(actor, change)
        self._held[intent.id] = intent
        return _Planned(change, place, intent, store)

    async def _move_together(self, actor: Actor, together: Sequence[_Planned]) -> Results:
        """Move the objects of one channel, and write down what became of each."""
        moves = [Relocation(one.place.locator, one.change.path) for one in together]
        try:
            answers = await together[0].store.move_many(moves)
            return {
                one.change.asset_id: await self._settled(actor, one, answer)
                for one, answer in zip(together, answers, strict=True)
            }
        except Exception:
            for one in together:
                await self._let_go(one.intent)
            raise
        finally:
            for one in together:
                self._held.pop(one.intent.id, None)

    async def _settled(
        self, actor: Actor, one: _Planned, answer: Entry | StorageError
    ) -> Asset | FanlightError:
        try:
            if isinstance(answer, StorageError):
                return await self._not_moved(actor, one.change, one.intent, answer)
            return await self._has_moved(one.intent, answer, one.store)
        except FanlightError as error:
            return error
