"""Index: read a channel's listing into the catalogue.

New objects become assets under their own paths, changed ones get a new version (asset and links
stay), vanished ones are marked missing, and found again. Each batch is committed by itself, so a
run may stop anywhere and the next one goes on with what is left; running twice changes nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import Forbidden, ObjectMissing, ReconnectNeeded, StorageError
from fanlight.library.deltas import see_known
from fanlight.library.findings import (
    Ground,
    add_found,
    is_hidden,
    mark_back,
    mark_missing,
    write_changed,
)
from fanlight.library.requests import IndexReport
from fanlight.library.watch import Watching
from fanlight.model import Actor, PlacementState, Scope
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

    from fanlight.catalogue import Records
    from fanlight.model import Channel, Placement
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store, Stored

    Progress = Callable[[int, int | None, str], Awaitable[None]]

log = structlog.get_logger(__name__)

BATCH = 200


@dataclass(slots=True)
class Run:
    """One pass over a channel."""

    actor: Actor
    channel: Channel
    store: Store
    report: IndexReport = field(default_factory=IndexReport)
    seen: set[int] = field(default_factory=set[int])
    """Hashes of the locators listed: of a million objects these take 70 MB, locators 200."""


class Indexing(Watching):
    """Bring the catalogue up to date with what is in a channel."""

    async def index(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> IndexReport:
        """Read the whole channel; `progress(done, None, message)` is called after each batch.

        Whatever `progress` raises ends the run there. Objects whose name begins with a dot are
        left out. Raises NotFound, Forbidden, and StorageError when the channel does not answer.
        """
        channel = await self._channels.get(actor, channel_id)
        actor.require(Scope.MANAGE, channel_id=channel.id)
        if actor.folder is not None:
            raise Forbidden("A token that is bound to a folder cannot index.")
        store = await self._channels.stores.get(channel.id)
        if store.can(Ability.CHANGES):
            return await self.read_anew(actor, channel, progress)
        run = Run(actor, channel, store)
        batch: list[Entry] = []
        async with aclosing(run.store.walk()) as entries:
            async for entry in entries:
                batch.append(entry)
                if len(batch) == BATCH:
                    await self._take(run, batch, progress)
                    batch = []
        await self._take(run, batch, progress)
        await self._look_for_the_missing(run)
        await self._note(run)
        return run.report

    async def _take(self, run: Run, batch: Sequence[Entry], progress: Progress | None) -> None:
        channel_id = run.channel.id

        def known(records: Records) -> list[tuple[Placement, ...]]:
            return [records.placements.by_locator(channel_id, entry.locator) for entry in batch]

        found = await self._catalogue.read(known)
        new: list[Entry] = []
        changed: list[Entry] = []
        back: list[Entry] = []
        for entry, places in zip(batch, found, strict=True):
            run.seen.add(hash(entry.locator))
            if not places:
                if not is_hidden(entry):
                    new.append(entry)
            elif any(place.version != entry.version for place in places):
                changed.append(entry)
            elif any(place.state is PlacementState.MISSING for place in places):
                back.append(entry)
        run.report.seen += len(batch)
        await self._write(run, new, changed, back)
        if new or changed:
            self._arrived()
        if new or changed or back:
            self._came(channel_id)
        if progress is not None:
            await progress(run.report.seen, None, batch[-1].path if batch else "")

    async def _write(
        self, run: Run, new: list[Entry], changed: list[Entry], back: list[Entry]
    ) -> None:
        now, channel_id = self._clock(), run.channel.id
        if new:
            fresh = await self._read_all(run, new)
            ground = Ground(run.channel, run.store.traits, run.actor.user_id)
            run.report.added += await self._catalogue.write(
                lambda records: add_found(records, ground, fresh, now)
            )
        if changed:
            other = await self._read_all(run, changed)
            run.report.changed += await self._catalogue.write(
                lambda records: write_changed(records, channel_id, other, now)
            )
        if back:
            run.report.back += await self._catalogue.write(
                lambda records: mark_back(records, channel_id, back, now)
            )

    async def _read_all(self, run: Run, entries: Sequence[Entry]) -> list[Stored]:
        """Read objects for their checksums, as many at once as the channel takes."""
        waiting = iter(entries)
        found: list[Stored] = []
        failures: list[StorageError] = []

        async def reader() -> None:
            for entry in waiting:
                try:
                    found.append(await run.store.examine(entry.locator))
                except ObjectMissing:
                    continue
                except StorageError as error:
                    if error.temporary or isinstance(error, ReconnectNeeded):
                        failures.append(error)
                        return
                    run.report.failed += 1
                    log.warning("object.not-read", path=entry.path, code=error.public_code)

        readers = min(run.store.traits.parallel, len(entries))
        await asyncio.gather(*(reader() for _ in range(readers)))
        if failures:
            raise failures[0]
        return sorted(found, key=lambda stored: stored.entry.path)

    async def _look_for_the_missing(self, run: Run, path: str = "") -> None:
        """Ask for each object that was not listed, as listings may skip what moves meanwhile.

        With `path`, for those below that folder.
        """
        async for places in self._believed(run, path):
            gone: list[Placement] = []
            moved: list[Entry] = []
            for place in places:
                if place.state is PlacementState.STORED and hash(place.locator) not in run.seen:
                    entry = await _entry_of(run.store, place.locator)
                    if entry is None:
                        gone.append(place)
                    elif run.store.traits.key(entry.path) != place.path:
                        moved.append(entry)
            if gone or moved:
                await self._write_gone(run, gone, moved)

    async def _believed(self, run: Run, path: str) -> AsyncGenerator[Sequence[Placement]]:
        """What is known to lie in the channel, or below a folder of it."""
        channel_id, key = run.channel.id, run.store.traits.key(path)
        after: str | None = None
        if path:
            yield await self._catalogue.read(
                lambda records: records.placements.at_or_below(channel_id, key)
            )
            return
        while True:
            page = await self._catalogue.read(
                lambda records: records.placements.in_channel(channel_id, after, BATCH)  # noqa: B023
            )
            yield page.items
            after = page.next
            if after is None:
                return

    async def _write_gone(self, run: Run, gone: list[Placement], moved: list[Entry]) -> None:
        ground, now = Ground(run.channel, run.store.traits, run.actor.user_id), self._clock()

        def unit(records: Records) -> tuple[int, int]:
            _, seen = see_known(records, ground, moved, now)
            return mark_missing(records, gone, now), seen.moved

        missing, elsewhere = await self._catalogue.write(unit)
        run.report.missing += missing
        run.report.moved += elsewhere
        self._came(run.channel.id)

    async def _note(self, run: Run) -> None:
        now, report = self._clock(), run.report
        data = {"added": report.added, "changed": report.changed, "missing": report.missing}
        await self._catalogue.write(
            lambda records: records.events.add(
                at=now,
                action="channel.indexed",
                actor=run.actor.name,
                subject=run.channel.id,
                data=data,
            )
        )


async def _entry_of(store: Store, locator: str) -> Entry | None:
    """What an object is now, and where; `None` if it is nowhere."""
    try:
        return await store.stat(locator)
    except ObjectMissing:
        return None
