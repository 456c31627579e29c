"""Take over the name of an upload whose process is no more, and its object if that is there.

So whoever sends the same again, after we were killed in the middle, has the name that they had
wished for, without waiting for the reconciliation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fanlight.library.desk import Desk
from fanlight.library.naming import join
from fanlight.library.wish import may_be_of, reserve
from fanlight.model import Intent, IntentKind

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.library.wish import Wish
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store


@dataclass(frozen=True, slots=True)
class Legacy:
    """What an upload that came to nothing left under its name."""

    entry: Entry
    """Its object: it may be what is sent now."""
    intent: Intent
    """Its intent, as it was before it was taken over."""


class Inheriting(Desk):
    """Names that the dead have reserved."""

    def _claim_left(self, records: Records, wish: Wish, intent: Intent) -> Intent | None:
        """The intent of an upload of the same name and sender that nobody carries out any more.

        It is ours from here on, to be settled.
        """
        if wish.mode != "origin":
            return None  # no other mode gives a name twice
        left, now = records.intents.at(join(wish.folder, wish.component)), self._clock()
        if left is None or left.kind is not IntentKind.STORE or left.id == intent.id:
            return None
        if not left.holder:
            return None  # left to the reconciliation
        if (left.channel_id, left.plan.get("actor")) != (
            intent.channel_id,
            intent.plan.get("actor"),
        ):
            return None
        if left.lease_until >= now and not self._gone(left.holder):
            return None
        until = now + self._lease
        return records.intents.update(left.id, holder=self._holder, lease_until=until)

    async def _inherit(
        self, store: Store, wish: Wish, intent: Intent, left: Intent, refused: set[str]
    ) -> tuple[Intent, Legacy | None]:
        """Write `intent` in the place of one that was left.

        With it the object that is there, if it can be what was sent then and is sent again now:
        only its bytes tell (else `_give_back`). What else is there keeps the name, and is left to
        the reconciliation. Raises as `reserve`; StorageError.
        """
        entry, size = await store.find(left.path), intent.plan.get("size")
        if entry is None:
            await store.discard(left.id)
        same = entry is not None and may_be_of(left, entry) and entry.size == size

        def unit(records: Records) -> tuple[Intent, Legacy | None]:
            records.intents.finish(left.id, self._holder)
            if entry is None:
                return reserve(records, wish, intent, refused), None
            if not same or records.placements.sharing(left.channel_id, entry.locator):
                refused.add(left.path)
                records.intents.add(self._left_alone(left))
                return reserve(records, wish, intent, refused), None
            ours = replace(intent, path=left.path, created_at=left.created_at)
            return records.intents.add(ours), Legacy(entry, left)

        return await self._catalogue.write(unit)

    async def _give_back(self, intent: Intent, left: Intent) -> None:
        """Write again what was left in place of `intent`: its object is another than was sent."""

        def unit(records: Records) -> None:
            records.intents.finish(intent.id, self._holder)
            records.intents.add(self._left_alone(left))

        await self._catalogue.write(unit)

    def _left_alone(self, left: Intent) -> Intent:
        """For the next reconciliation, which makes an asset of its object."""
        return replace(left, holder="", lease_until=self._clock())
