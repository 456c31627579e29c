"""Folder: read one folder of a channel into the catalogue at once, whatever else is known of it.

What nobody knows yet is added, what was missing is believed in again, and what has gone is missing.
How far the channel has been read stays as it is: whoever reads on comes by the same objects, and
changes nothing. A channel that nobody has read is followed for such folders alone.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING
from unicodedata import normalize

import structlog

from fanlight.errors import CursorLost, FanlightError, NotFound, ObjectMissing
from fanlight.library.deltas import meet_new, see_known
from fanlight.library.findings import Ground, is_hidden
from fanlight.library.index import BATCH, Indexing, Run
from fanlight.library.requests import IndexReport
from fanlight.model import Actor, PlacementState, Reading, Scope
from fanlight.storage.base import Ability, Addressing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fanlight.catalogue import Records
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store

    Progress = Callable[[int, int | None, str], Awaitable[None]]

log = structlog.get_logger(__name__)


class FolderReading(Indexing):
    """Know a folder before the whole channel has been read."""

    async def index_folder(
        self, actor: Actor, channel_id: str, path: str, progress: Progress | None = None
    ) -> IndexReport:
        """Read a folder (`""`: all of the channel) and all below it: what is new, back or gone.

        A channel that was never read is followed from now on, for the folders of galleries alone.
        `progress(done, None, path)` is called after each batch. Raises NotFound
        (`not-found.folder`), Forbidden, and StorageError when the channel does not answer.
        """
        run = await self._folder_run(actor, channel_id, path)
        locator = await folder_at(run.store, path)
        if run.store.can(Ability.CHANGES) and await self.reading(run.channel.id) is None:
            await self._follow_from_now(run)
        await self._read_folder(run, locator, path, progress)
        return run.report

    async def catch_up(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> IndexReport:
        """Read what changed since the last run, or everything if there was none.

        As `index`; NotSupported where the provider does not tell changes.
        """
        try:
            return await super().catch_up(actor, channel_id, progress)
        except CursorLost:
            reading = await self.reading(channel_id)
            if reading is None or not reading.in_part:
                raise
            return await self.read_folders(actor, channel_id, progress)

    async def read_folders(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> IndexReport:
        """Read the folders of a channel that galleries show, and follow it from now on.

        Raises as `index_folder`; a folder that has gone is empty.
        """
        run = await self._folder_run(actor, channel_id, "")
        await self._follow_from_now(run)
        for path in await self._gallery_folders(run.channel.id):
            try:
                locator = await folder_at(run.store, path)
            except NotFound:
                await self._look_for_the_missing(run, path.strip("/"))
            else:
                await self._read_folder(run, locator, path, progress)
        return run.report

    async def recheck_folders(self, actor: Actor, progress: Progress | None = None) -> None:
        """`read_folders` of all channels that are followed for them. What fails waits."""
        for channel_id in await self.followed_in_part():
            try:
                await self.read_folders(actor, channel_id, progress)
            except FanlightError as error:
                log.warning("folders.not-read", channel=channel_id, code=error.public_code)

    async def _folder_run(self, actor: Actor, channel_id: str, path: str) -> Run:
        channel = await self._channels.get(actor, channel_id)
        actor.require(Scope.MANAGE, channel_id=channel.id, folder=path)
        return Run(actor, channel, await self._channels.stores.get(channel.id))

    async def _follow_from_now(self, run: Run) -> None:
        """Note where changes begin that are to be read: what is there now is looked at after it."""
        channel_id, now, cursor = run.channel.id, self._clock(), await run.store.latest()

        def unit(records: Records) -> None:
            records.alone(f"index:{channel_id}")
            found = records.readings.find(channel_id)
            if found is None or found.in_part:
                records.readings.set(Reading(channel_id, cursor, None, 0, now))

        await self._catalogue.write(unit)

    async def _read_folder(
        self, run: Run, locator: str, path: str, progress: Progress | None
    ) -> None:
        batch: list[Entry] = []
        async with aclosing(run.store.walk(locator)) as entries:
            async for entry in entries:
                batch.append(entry)
                if len(batch) == BATCH:
                    await self._take_some(run, batch, progress)
                    batch = []
        await self._take_some(run, batch, progress)
        await self._look_for_the_missing(run, path.strip("/"))

    async def _take_some(self, run: Run, batch: Sequence[Entry], progress: Progress | None) -> None:
        if run.store.can(Ability.CHANGES):
            await self._meet(run, batch)
            if progress is not None and batch:
                await progress(run.report.seen, None, batch[-1].path)
        else:
            await self._take(run, batch, progress)

    async def _meet(self, run: Run, batch: Sequence[Entry]) -> None:
        """What tells its changes is not read for its bytes, here as elsewhere."""
        ground, now = Ground(run.channel, run.store.traits, run.actor.user_id), self._clock()

        def unit(records: Records) -> tuple[int, int]:
            records.alone(f"index:{run.channel.id}")
            missing = [one for one in batch if _is_missing(records, run.channel.id, one)]
            _, back = see_known(records, ground, missing, now)
            _, new = meet_new(records, ground, batch, frozenset(), now)
            return new.added, back.back + new.back

        added, back = await self._catalogue.write(unit)
        run.seen.update(hash(entry.locator) for entry in batch)
        run.report.seen += len(batch)
        run.report.added += added
        run.report.back += back
        if added:
            self._arrived()
        if added or back:
            self._came(run.channel.id)


def _is_missing(records: Records, channel_id: str, entry: Entry) -> bool:
    if is_hidden(entry):
        return False
    places = records.placements.by_locator(channel_id, entry.locator)
    return any(place.state is PlacementState.MISSING for place in places)


async def folder_at(store: Store, path: str) -> str:
    """The locator of a folder. Raises NotFound (`not-found.folder`), StorageError."""
    path = normalize("NFC", path.strip("/"))
    try:
        if store.traits.addressing is Addressing.PATH or store.traits.takes_paths:
            await store.page(path)
            return path
        at = ""
        for name in filter(None, path.split("/")):
            at = await _below(store, at, name)
        return at
    except ObjectMissing:
        raise _no_folder() from None


async def _below(store: Store, locator: str, name: str) -> str:
    """The folder of a name in another one. Raises NotFound."""
    cursor: str | None = None
    while True:
        listing = await store.page(locator, cursor)
        for one in listing.entries:
            if one.folder and one.name == name:
                return one.locator
        cursor = listing.cursor
        if cursor is None:
            raise _no_folder()


def _no_folder() -> NotFound:
    return NotFound(
        "There is no such folder in the channel.",
        remedy="It may have been moved or renamed: look for it where it is now.",
        code="not-found.folder",
    )
