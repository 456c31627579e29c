"""Removing objects of ours from channels, so that a crash in between leaves a trail."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import Conflict, FanlightError, ObjectMissing, StorageError
from fanlight.library.desk import Desk, new_id
from fanlight.model import Intent, IntentKind
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.catalogue import Records
    from fanlight.storage.store import Store

log = structlog.get_logger(__name__)

UNCLEAR = timedelta(seconds=5)
"""How long a call that we gave up may still take effect."""
LATER = timedelta(minutes=5)
"""When to try again what a storage refused."""


class Removing(Desk):
    """Intents that end, and objects that go."""

    def _removal(
        self, *, channel_id: str, path: str, locator: str, version: str, asset_id: str
    ) -> Intent:
        """The intent to remove an object. While it stands, nothing is stored at its path."""
        now = self._clock()
        return Intent(
            id=new_id(),
            kind=IntentKind.DELETE,
            channel_id=channel_id,
            path=path,
            asset_id=asset_id,
            holder=self._holder,
            lease_until=now + self._lease,
            created_at=now,
            plan={"locator": locator, "version": version},
        )

    async def _remove(self, removal: Intent, store: Store) -> None:
        """Carry out a removal whose intent is written; what fails is left for `reconcile`."""
        self._held[removal.id] = removal
        try:
            await delete_if_there(store, str(removal.plan["locator"]))
            await self._finish(removal)
        except FanlightError as error:
            log.warning("object.not-removed", channel=store.name, code=error.public_code)
            await self._let_go(removal, LATER)
        finally:
            self._held.pop(removal.id, None)

    async def _remove_all(self, removals: Sequence[Intent]) -> None:
        """Carry out removals whose intents are written, in a few calls where a service can."""
        for channel_id, found in groupby(sorted(removals, key=_channel), key=_channel):
            store, together = await self._channels.stores.get(channel_id), list(found)
            if len(together) > 1 and store.can(Ability.DELETE_MANY):
                await self._remove_together(together, store)
            else:
                for removal in together:
                    await self._remove(removal, store)

    async def _remove_together(self, removals: Sequence[Intent], store: Store) -> None:
        self._held |= {removal.id: removal for removal in removals}
        try:
            answers = await store.delete_many([str(one.plan["locator"]) for one in removals])
            for removal, error in zip(removals, answers, strict=True):
                if error is None or isinstance(error, ObjectMissing):
                    await self._finish(removal)
                else:
                    log.warning("object.not-removed", channel=store.name, code=error.public_code)
                    await self._let_go(removal, LATER)
        finally:
            for removal in removals:
                self._held.pop(removal.id, None)

    async def _remove_now(self, removal: Intent, store: Store) -> None:
        """Remove our own object though its path is reserved by somebody else by now."""
        try:
            entry = await store.stat(str(removal.plan["locator"]))
            if entry.version == removal.plan["version"]:
                await store.delete(entry.locator)
        except StorageError as error:
            log.warning("object.not-removed", channel=store.name, code=error.public_code)

    async def _finish(self, intent: Intent) -> None:
        """End an intent that is ours or gone."""

        def unit(records: Records) -> None:
            if records.intents.find(intent.id) is not None:
                records.intents.finish(intent.id)

        await self._catalogue.write(unit)

    async def _let_go(self, intent: Intent, wait: timedelta = UNCLEAR) -> None:
        """Leave an intent to the next reconciliation after a wait."""
        until = self._clock() + wait

        def unit(records: Records) -> None:
            if records.intents.find(intent.id) is not None:
                records.intents.update(intent.id, holder="", lease_until=until)

        await self._catalogue.write(unit)


def _channel(removal: Intent) -> str:
    return removal.channel_id


async def delete_if_there(store: Store, locator: str) -> None:
    """Delete an object; fine if somebody else has. Raises StorageError."""
    try:
        await store.delete(locator)
    except ObjectMissing:
        return


def is_lost(error: BaseException) -> bool:
    """Whether an intent was ended by another process, because its lease had run out."""
    return isinstance(error, Conflict) and error.public_code == "conflict.intent"
