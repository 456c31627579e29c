"""Finish or remove what processes left half done: the other half of every intent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import structlog

from fanlight.errors import FanlightError, ObjectMissing
from fanlight.library.move import write_moved
from fanlight.library.places import place_of
from fanlight.library.removing import LATER, Removing, delete_if_there, is_lost
from fanlight.library.requests import Report
from fanlight.library.wish import asset_of, may_be_of, recalled
from fanlight.model import Asset, Intent, IntentKind

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.storage.base import Entry, Traits
    from fanlight.storage.store import Store, Stored

log = structlog.get_logger(__name__)

AT_ONCE = 50

Outcome = Literal["finished", "moved", "deleted", "dropped", "left"]


class Reconciling(Removing):
    """Settle the intents of processes that are gone.

    An object is taken for ours only if an intent reserved its path, it is not older than that
    intent, and nothing in the catalogue has it already; anything else is never touched.
    """

    async def reconcile(self) -> Report:
        """Settle every intent whose lease has run out. Safe to run anywhere, any number of times.

        What cannot be settled now, because a storage does not answer, is tried again by a later
        run. Raises CatalogueError only.
        """
        report = Report()
        while True:
            claimed = await self._claim()
            self._held |= {intent.id: intent for intent in claimed}
            try:
                for intent in claimed:
                    outcome = await self._settle(intent)
                    setattr(report, outcome, getattr(report, outcome) + 1)
            finally:
                for intent in claimed:
                    self._held.pop(intent.id, None)
            if len(claimed) < AT_ONCE:
                return report

    async def _claim(self) -> tuple[Intent, ...]:
        """Take over stale intents; while we work on them their leases are renewed."""
        now, holder = self._clock(), f"{self._holder}/reconcile"
        until = now + self._lease
        return await self._catalogue.write(
            lambda records: records.intents.claim_stale(now, holder, until, AT_ONCE)
        )

    async def _settle(self, intent: Intent) -> Outcome:
        """Settle one intent; what cannot be settled now waits some minutes."""
        outcome = await self._try_to_settle(intent)
        log.info("intent.settled", kind=intent.kind, outcome=outcome, path=intent.path)
        if outcome == "left":
            await self._let_go(intent, LATER)
        return outcome

    async def _try_to_settle(self, intent: Intent) -> Outcome:
        try:
            store = await self._channels.stores.get(intent.channel_id)
            match intent.kind:
                case IntentKind.STORE:
                    return await self._settle_store(intent, store)
                case IntentKind.MOVE:
                    return await self._settle_move(intent, store)
                case IntentKind.DELETE:
                    return await self._settle_delete(intent, store)
        except FanlightError as error:
            if is_lost(error):
                return "dropped"  # its own process was quicker after all
            log.warning("intent.left", kind=intent.kind, path=intent.path, code=error.public_code)
            return "left"
        except Exception:
            # A fault of ours with one intent must not keep all others from being settled.
            log.exception("intent.left", kind=intent.kind, path=intent.path)
            return "left"

    # --- an upload --------------------------------------------------------------------------------

    async def _settle_store(self, intent: Intent, store: Store) -> Outcome:
        entry = await store.find(intent.path)
        if entry is None or not may_be_of(intent, entry):
            await store.discard(intent.id)
            return await self._drop(intent)
        if not store.traits.atomic and entry.size != intent.plan.get("size"):
            return await self._drop(intent)  # perhaps half an upload, perhaps somebody's: not ours
        stored = await store.examine(entry.locator, entry.version or None)
        traits = store.traits
        return await self._catalogue.write(
            lambda records: self._adopt(records, intent, stored, traits)
        )

    def _adopt(self, records: Records, intent: Intent, stored: Stored, traits: Traits) -> Outcome:
        """Make the upload visible after all."""
        records.intents.finish(intent.id, intent.holder)
        entry, now = stored.entry, self._clock()
        if records.placements.sharing(intent.channel_id, entry.locator):
            return "dropped"
        asset = asset_of(
            recalled(intent),
            path=intent.path,
            sha256=stored.sha256,
            size=stored.size,
            head=stored.head,
        )
        place = place_of(
            entry,
            traits,
            asset_id=asset.id,
            channel_id=intent.channel_id,
            at=asset.created_at,
            id=intent.id,
        )
        records.assets.add(asset, placement=place, alias_path=intent.path)
        records.events.add(
            at=now,
            action="asset.uploaded",
            actor=str(intent.plan.get("actor", "")),
            subject=asset.id,
            data={"alias": asset.alias, "size": asset.size, "reconciled": True},
        )
        return "finished"

    # --- a move -----------------------------------------------------------------------------------

    async def _settle_move(self, intent: Intent, store: Store) -> Outcome:
        locator = str(intent.plan["locator"])
        old = await _stat(store, locator)
        new = await store.find(intent.path)
        if new is not None and new.locator == locator and new.path == intent.path:
            old = None  # moved: it has kept its handle
        elif new is None or new.locator == locator:
            if old is None:
                log.warning("object.missing", channel=store.name, path=intent.path)
            return await self._drop(intent)
        asset = await self._catalogue.read(lambda records: records.assets.find(intent.asset_id))
        if asset is None or not await _is_copy(store, new, asset, whole=old is not None):
            return await self._drop(intent)
        return await self._finish_move(intent, store, old, new)

    async def _finish_move(
        self, intent: Intent, store: Store, old: Entry | None, new: Entry
    ) -> Outcome:
        """The object is in its new place; it may be in the old one still."""
        now = self._clock()
        removal = old and self._removal(
            channel_id=intent.channel_id,
            path=old.locator,
            locator=old.locator,
            version=old.version,
            asset_id=intent.asset_id,
        )

        def unit(records: Records) -> Outcome:
            others = records.placements.by_locator(intent.channel_id, new.locator)
            if any(place.asset_id != intent.asset_id for place in others):
                records.intents.finish(intent.id, intent.holder)
                return "dropped"
            write_moved(records, intent, new, store.traits, now, intent.holder)
            if removal is not None:
                records.intents.add(removal)
            return "moved"

        outcome = await self._catalogue.write(unit)
        if removal is not None and outcome == "moved":
            await self._remove(removal, store)
        return outcome

    # --- a removal --------------------------------------------------------------------------------

    async def _settle_delete(self, intent: Intent, store: Store) -> Outcome:
        """Delete again, but only what the intent was about and nobody uses."""
        locator = str(intent.plan["locator"])
        used = await self._catalogue.read(
            lambda records: records.placements.sharing(intent.channel_id, locator)
        )
        entry = None if used else await _stat(store, locator)
        if entry is not None and entry.version == intent.plan.get("version"):
            await delete_if_there(store, locator)
        await self._end(intent)
        return "dropped" if used else "deleted"

    async def _drop(self, intent: Intent) -> Outcome:
        await self._end(intent)
        return "dropped"

    async def _end(self, intent: Intent) -> None:
        await self._catalogue.write(
            lambda records: records.intents.finish(intent.id, intent.holder)
        )


async def _stat(store: Store, locator: str) -> Entry | None:
    try:
        return await store.stat(locator)
    except ObjectMissing:
        return None


async def _is_copy(store: Store, entry: Entry, asset: Asset, *, whole: bool) -> bool:
    """Whether an object has the asset's size and, when looked at `whole`, its bytes."""
    if entry.size != asset.size:
        return False
    return not whole or (await store.examine(entry.locator)).sha256 == asset.sha256
