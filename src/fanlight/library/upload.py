"""Upload: a body in, a visible asset out, or nothing at all.

The order makes it safe against a crash at any moment: an intent reserves the name, the bytes are
stored and verified under it, then the asset becomes visible and the intent ends in one commit,
and only then is the upload answered. Two writes to the catalogue, one to the channel.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fanlight.errors import (
    AlreadyExists,
    CatalogueError,
    ChecksumMismatch,
    Conflict,
    FanlightError,
    StorageError,
    StorageUnavailable,
)
from fanlight.library.arriving import Arriving
from fanlight.library.desk import new_id
from fanlight.library.inheriting import Inheriting, Legacy
from fanlight.library.places import place_of
from fanlight.library.removing import Removing, is_lost
from fanlight.library.requests import Uploaded
from fanlight.library.wish import (
    MOST_NAMES,
    Wish,
    asset_of,
    no_name_left,
    reserve,
    understand,
)
from fanlight.model import (
    Actor,
    Asset,
    Intent,
    IntentKind,
    Scope,
)

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.library.requests import Duplicates, UploadRequest
    from fanlight.model import Channel, Placement
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store, Stored


@dataclass(slots=True)
class _Upload:
    """One upload on its way, and how far it has come."""

    wish: Wish
    actor: str
    channel: Channel
    store: Store
    duplicates: Duplicates
    intent: Intent
    refused: set[str] = field(default_factory=set[str])
    reserved: bool = False
    """The intent may be in the catalogue."""
    legacy: Legacy | None = None
    """What another upload left under this name, whose intent ours has replaced."""
    arriving: Arriving | None = None
    stored: Stored | None = None
    """The object is in its channel and is what was sent."""


class Uploading(Removing, Inheriting):
    """Put new originals into a channel."""

    async def upload(
        self, actor: Actor, request: UploadRequest, body: AsyncIterator[bytes]
    ) -> Uploaded:
        """Store a body and make it an asset. When this returns, it will not be lost.

        Raises Unauthenticated, Forbidden; BadName, Invalid, TooLarge; NotFound, Conflict, ReadOnly
        for the channel; what the body raises; what the channel answers (StorageFull, ...). Then
        nothing is kept, or it is removed soon. A temporary StorageUnavailable if the upload stood
        still for so long that another process gave it up.
        """
        now = self._clock()
        wish = understand(actor, request, now=now, otherwise=self._naming, limit=self._max_upload)
        channel, store = await self._channels.for_upload(actor, request.channel)
        actor.require(Scope.UPLOAD, folder=wish.folder, channel_id=channel.id)
        intent = Intent(
            id=new_id(),
            kind=IntentKind.STORE,
            channel_id=channel.id,
            path="",
            asset_id=wish.asset_id,
            holder=self._holder,
            lease_until=now + self._lease,
            created_at=now,
            plan=wish.plan() | {"size": request.size, "actor": actor.name},
        )
        duplicates = request.duplicates or self._duplicates
        work = _Upload(wish, actor.name, channel, store, duplicates, intent)
        self._held[intent.id] = intent
        try:
            await self._store(work, request.size, body)
            made = await self._make_visible(work)
            self._arrived()
            self._came(channel.id)
            return made
        except BaseException as error:
            return await self._undo(work, error)
        finally:
            self._held.pop(intent.id, None)

    # --- the way there ----------------------------------------------------------------------------

    async def _store(self, work: _Upload, size: int | None, body: AsyncIterator[bytes]) -> None:
        """Reserve a name and put the body there; the next name where the channel has one."""

        async def look() -> None:
            if work.legacy is None and await work.store.find(work.intent.path) is not None:
                raise AlreadyExists

        work.arriving = Arriving(body, self._max_upload, look)
        for _ in range(MOST_NAMES):
            await self._reserve(work)
            try:
                work.stored = await self._put(work, work.arriving, size)
            except AlreadyExists:
                work.refused.add(work.intent.path)
                if not work.arriving.restart():
                    raise
            else:
                return
        raise no_name_left(work.wish)

    async def _put(self, work: _Upload, body: Arriving, size: int | None) -> Stored:
        """Have the object there. Raises AlreadyExists if another one is."""
        if work.legacy is not None:
            stored = await work.store.recognise(work.legacy.entry, body)
            if stored is None:
                await self._give_back(work.intent, work.legacy.intent)
                work.reserved, work.legacy = False, None
                raise AlreadyExists
            work.legacy = None
            return stored
        return await work.store.put(
            work.intent.path,
            body,
            ticket=work.intent.id,
            size=size,
            modified_at=work.wish.modified_at,
        )

    async def _reserve(self, work: _Upload) -> None:
        before = work.intent if work.reserved else None

        def unit(records: Records) -> Intent:
            if before is not None and records.intents.find(before.id) is not None:
                records.intents.finish(before.id)
            elif (left := self._claim_left(records, work.wish, work.intent)) is not None:
                return left
            return reserve(records, work.wish, work.intent, work.refused)

        work.reserved = True
        found = await self._catalogue.write(unit)
        if found.id == work.intent.id:
            work.intent = found
        else:
            work.intent, work.legacy = await self._inherit(
                work.store, work.wish, work.intent, found, work.refused
            )

    async def _make_visible(self, work: _Upload) -> Uploaded:
        stored = work.stored
        assert stored is not None  # noqa: S101 -- `_store` has just returned
        asset = asset_of(
            work.wish,
            path=work.intent.path,
            sha256=stored.sha256,
            size=stored.size,
            head=stored.head,
        )
        if work.duplicates == "store":
            return await self._catalogue.write(lambda records: _commit(records, work, asset))
        found = await self._catalogue.write(
            lambda records: _commit_unless_twin(records, work, asset)
        )
        if isinstance(found, Uploaded):
            return found
        if not await _is_there(work.store, found):
            return await self._catalogue.write(lambda records: _commit(records, work, asset))
        spare = self._removal_of(work, stored.entry)
        made = await self._catalogue.write(
            lambda records: _commit_link(records, work, asset, found, spare)
        )
        if made.linked:
            self._spawn(self._remove(spare, work.store))
        return made

    # --- and back ---------------------------------------------------------------------------------

    async def _undo(self, work: _Upload, error: BaseException) -> Uploaded:
        """Leave nothing behind, then raise the error. Goes on when the request is cancelled."""
        cleaning = self._spawn(self._clean_up(work, error))
        # A catalogue that has just failed to answer may take as long again.
        if isinstance(error, Exception) and not isinstance(error, CatalogueError):
            await asyncio.wait({cleaning})
            made = None if cleaning.exception() else cleaning.result()
            if made is not None:
                return Uploaded(made, linked=False, channel=work.channel)
            if is_lost(error):
                raise _given_up() from error
        raise error

    async def _clean_up(self, work: _Upload, error: BaseException) -> Asset | None:
        """Undo what was done so far; the asset, if it has become visible after all."""
        if work.stored is not None:
            return await self._take_back(work, work.stored.entry)
        sent = work.arriving is not None and work.arriving.ended
        if not work.reserved:
            return None
        if work.legacy is not None or (sent and _is_unclear(error)):
            # The object may be there, or come to be there in a moment.
            await self._let_go(work.intent)
        elif isinstance(error, ChecksumMismatch):
            await self._remove_wrong(work)
        else:
            await self._discard(work, error)
        return None

    async def _discard(self, work: _Upload, error: BaseException) -> None:
        """There is no object: remove what may lie around half stored, and end the intent."""
        try:
            if isinstance(error, StorageError | asyncio.CancelledError):
                await work.store.discard(work.intent.id)
        except StorageError:
            await self._let_go(work.intent)
        else:
            await self._finish(work.intent)

    async def _take_back(self, work: _Upload, entry: Entry) -> Asset | None:
        """Remove the stored object, unless its asset has become visible after all."""
        removal = self._removal_of(work, entry)

        def unit(records: Records) -> Asset | Intent | None:
            found = records.assets.find(work.wish.asset_id)
            if found is not None:
                return found
            if records.intents.find(work.intent.id) is not None:
                records.intents.finish(work.intent.id)
            try:
                return records.intents.add(removal)
            except Conflict:
                return None  # given up by another process, and the name is somebody else's now

        found = await self._catalogue.write(unit)
        if isinstance(found, Asset):
            return found
        remove = self._remove if found is not None else self._remove_now
        await remove(removal, work.store)
        return None

    async def _remove_wrong(self, work: _Upload) -> None:
        """Remove an object that is not what was sent, if the store could not."""
        try:
            entry = await work.store.find(work.intent.path)
        except StorageError:
            await self._let_go(work.intent)
            return
        if entry is None:
            await self._finish(work.intent)
        else:
            await self._take_back(work, entry)

    def _removal_of(self, work: _Upload, entry: Entry) -> Intent:
        return self._removal(
            channel_id=work.channel.id,
            path=work.intent.path,
            locator=entry.locator,
            version=entry.version,
            asset_id=work.wish.asset_id,
        )


def _commit_unless_twin(records: Records, work: _Upload, asset: Asset) -> Uploaded | Placement:
    """Make the asset visible, unless its content is stored already: then say where."""
    twin = records.assets.same_content(asset.sha256, asset.size, work.channel.id)
    return _commit(records, work, asset) if twin is None else twin


def _commit_link(
    records: Records, work: _Upload, asset: Asset, twin: Placement, spare: Intent
) -> Uploaded:
    """Make the asset visible, linked to equal content that was just seen to be there.

    If that has gone, moved or changed since, the asset keeps its own object.
    """
    same = records.assets.same_content(asset.sha256, asset.size, work.channel.id)
    if same is None or (same.locator, same.version) != (twin.locator, twin.version):
        return _commit(records, work, asset)
    made = _commit(records, work, asset, twin)
    records.intents.add(spare)
    return made


def _commit(
    records: Records, work: _Upload, asset: Asset, twin: Placement | None = None
) -> Uploaded:
    """Make the asset visible and end the intent; with a `twin`, linked to that one's object."""
    stored = work.stored
    assert stored is not None  # noqa: S101 -- only called once it is
    records.intents.finish(work.intent.id)
    at = asset.created_at
    placement = place_of(
        stored.entry, work.store.traits, asset_id=asset.id, channel_id=work.channel.id, at=at
    )
    if twin is not None:
        placement = replace(
            twin,
            id=placement.id,
            asset_id=asset.id,
            primary=True,
            created_at=at,
            checked_at=at,
        )
    made = records.assets.add(asset, placement=placement, alias_path=work.intent.path)
    records.events.add(
        at=asset.created_at,
        action="asset.uploaded",
        actor=work.actor,
        subject=asset.id,
        data={"alias": made.alias, "size": made.size, "linked": twin is not None},
    )
    return Uploaded(made, twin is not None, work.channel)


async def _is_there(store: Store, placement: Placement) -> bool:
    """Whether a stored object still is what we stored: only then may others rely on it."""
    try:
        entry = await store.stat(placement.locator)
    except StorageError:
        return False
    return entry.version == placement.version and entry.size == placement.size


def _is_unclear(error: BaseException) -> bool:
    """Whether, all bytes having been sent, the object may be there in spite of the error."""
    if isinstance(error, ChecksumMismatch | AlreadyExists):
        return False
    return not isinstance(error, FanlightError) or error.temporary


def _given_up() -> StorageUnavailable:
    return StorageUnavailable(
        "The upload stood still for so long that it was given up. Nothing was stored.",
        remedy="Send it again.",
    )
