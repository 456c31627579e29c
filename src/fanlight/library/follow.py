"""Follow: read a channel whose provider tells what has changed.

The provider's cursor is kept with what was read up to it, in one commit; so a run may stop
anywhere, and the next one goes on from there, in whichever process. No bytes are read for it. When
the provider has lost our cursor everything is read once more and compared: what was come by is
marked with the time, and what this pass has not come by is missing.

A channel that is followed for its galleries (`Reading.in_part`) brings in what is new below their
folders, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import CursorLost, NotSupported, ObjectMissing
from fanlight.library.deltas import Tally, at_path, lose, lose_paths, meet_new, net, see_known
from fanlight.library.desk import Desk
from fanlight.library.findings import Ground
from fanlight.library.requests import IndexReport
from fanlight.model import PlacementState, Reading
from fanlight.storage.base import Ability, Delta

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from fanlight.catalogue import Records
    from fanlight.model import Actor, Channel, Placement
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store

    Progress = Callable[[int, int | None, str], Awaitable[None]]

log = structlog.get_logger(__name__)

BATCH = 200
Done = tuple[Sequence["Entry"], Tally]
"""What a unit leaves to be done, and what it has written down."""


class _OvertakenError(Exception):
    """Another process has read on from the same cursor."""


@dataclass(slots=True)
class _Pass:
    """One run along a channel's changes."""

    actor: Actor
    ground: Ground
    store: Store
    progress: Progress | None
    report: IndexReport = field(default_factory=IndexReport)


class Following(Desk):
    """Bring the catalogue up to date with what has changed in a channel."""

    async def catch_up(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> IndexReport:
        """Read what changed since the last run, or everything if there was none.

        As `index`; NotSupported where the provider does not tell changes, CursorLost where what is
        followed in part must be read anew.
        """
        channel = await self._channels.get(actor, channel_id)
        run = await self._begun(actor, channel, progress)
        return await self._read_on(run, await self._reading(channel) or await self._start(run))

    async def read_anew(
        self, actor: Actor, channel: Channel, progress: Progress | None = None
    ) -> IndexReport:
        """Read everything and compare; goes on with such a pass that was interrupted."""
        run = await self._begun(actor, channel, progress)
        reading = await self._reading(channel)
        if reading is None or reading.began_at is None:
            reading = await self._start(run)
        return await self._read_on(run, reading)

    async def reading(self, channel_id: str) -> Reading | None:
        """How far a channel has been read; `None` if never."""
        return await self._catalogue.read(lambda records: records.readings.find(channel_id))

    # --- the way along the cursor -------------------------------------------------------------

    async def _begun(self, actor: Actor, channel: Channel, progress: Progress | None) -> _Pass:
        store = await self._channels.stores.get(channel.id)
        if not store.can(Ability.CHANGES):
            raise NotSupported
        return _Pass(actor, Ground(channel, store.traits, actor.user_id), store, progress)

    async def _reading(self, channel: Channel) -> Reading | None:
        return await self.reading(channel.id)

    async def _start(self, run: _Pass) -> Reading:
        """Begin a pass through everything."""
        channel_id, now = run.ground.channel.id, self._clock()

        def unit(records: Records) -> Reading:
            before = records.readings.find(channel_id)
            whole = before is not None and before.whole
            records.readings.set(Reading(channel_id, "", now, 0, now, whole))
            return Reading(channel_id, "", now, 0, now, whole)

        return await self._catalogue.write(unit)

    async def _read_on(self, run: _Pass, reading: Reading) -> IndexReport:
        more = True
        while more:
            try:
                delta = await _page(run, reading)
                reading = await self._take_page(run, reading, delta)
            except CursorLost:
                if not reading.cursor or reading.in_part:
                    raise
                log.info("follow.cursor_lost", channel=run.ground.channel.id)
                reading = await self._start(run)
            except _OvertakenError:
                reading = await self._reading(run.ground.channel) or await self._start(run)
            else:
                more = delta.more
                await self._tell(run, reading, delta)
        if reading.began_at is not None:
            await self._end_pass(run, reading)
        await self._note_pass(run, whole=reading.began_at is not None)
        return run.report

    async def _tell(self, run: _Pass, reading: Reading, delta: Delta) -> None:
        if run.progress is not None:
            path = delta.changes[-1].path if delta.changes else ""
            seen = run.report.seen if reading.began_at is None else reading.seen
            await run.progress(seen, None, path)

    # --- one page -----------------------------------------------------------------------------

    async def _take_page(self, run: _Pass, reading: Reading, delta: Delta) -> Reading:
        """Write a page down, a batch in a unit, and with the last one how far that is."""
        ground, now = run.ground, max(self._clock(), reading.began_at or self._clock())
        there, gone = net(delta.changes, ground.traits)
        unknown: list[Entry] = []
        for batch in _batches(list(there.values())):
            unknown += await self._write_down(
                run,
                reading,
                lambda records: see_known(records, ground, batch, now),  # noqa: B023
            )
        if gone:
            await self._write_down(
                run,
                reading,
                lambda records: lose_paths(records, ground, gone, there.keys(), now),
            )
        for batch in _batches(await self._to_be_known(run, reading, unknown)):
            orphans = await self._orphans(run, batch)
            await self._write_down(
                run,
                reading,
                lambda records: meet_new(records, ground, batch, orphans, now),  # noqa: B023
            )
        run.report.seen += len(there)
        seen = reading.seen if reading.began_at is None else reading.seen + len(there)
        further = replace(reading, cursor=delta.cursor, seen=seen, read_at=now)
        await self._catalogue.write(lambda records: _move_on(records, reading, further))
        return further

    async def _write_down(
        self, run: _Pass, reading: Reading, unit: Callable[[Records], Done]
    ) -> Sequence[Entry]:
        """Run a unit, unless another process is further by now: then ours is of the past."""

        def whole(records: Records) -> Done:
            _check(records, reading)
            return unit(records)

        left, tally = await self._catalogue.write(whole)
        tally.into(run.report)
        if tally.added or tally.changed:
            self._arrived()
        if tally != Tally():
            self._came(run.ground.channel.id)
        return left

    async def _to_be_known(
        self, run: _Pass, reading: Reading, unknown: Sequence[Entry]
    ) -> Sequence[Entry]:
        """What is to be known of what nobody knows yet."""
        if not reading.in_part or not unknown:
            return unknown
        key = run.ground.traits.key
        folders = [key(one) for one in await self._gallery_folders(reading.channel_id)]
        return [one for one in unknown if any(_is_below(key(one.path), at) for at in folders)]

    async def _gallery_folders(self, channel_id: str) -> tuple[str, ...]:
        """The folders of a channel that galleries are filled from."""
        sources = await self._catalogue.read(lambda records: records.sources.in_channel(channel_id))
        return tuple(dict.fromkeys(one.path for one in sources))

    async def _orphans(self, run: _Pass, entries: Sequence[Entry]) -> set[str]:
        """Placements at the paths of new objects whose own object is gone, asked for one by one."""

        def rivals(records: Records) -> list[Placement]:
            found = [place for one in entries for place in at_path(records, run.ground, one)]
            return [place for place in found if place.state is PlacementState.STORED]

        places = await self._catalogue.read(rivals)
        return {place.id for place in places if await _is_gone(run.store, place)}

    # --- the end of a pass --------------------------------------------------------------------

    async def _end_pass(self, run: _Pass, reading: Reading) -> None:
        """What the pass has not come by is missing; then it is over."""
        channel_id, began_at = reading.channel_id, reading.began_at
        assert began_at is not None  # noqa: S101 -- only called then
        now = max(self._clock(), began_at)

        def sweep(records: Records) -> Done:
            unseen = records.placements.unseen(channel_id, began_at, BATCH)
            return (), Tally(missing=lose(records, unseen, now))

        over = replace(reading, began_at=None, whole=True)
        with suppress(_OvertakenError):  # then another process has seen to it
            before = -1
            while run.report.missing > before:
                before = run.report.missing
                await self._write_down(run, reading, sweep)
            await self._catalogue.write(lambda records: _move_on(records, reading, over))

    async def _note_pass(self, run: _Pass, *, whole: bool) -> None:
        report, now = run.report, self._clock()
        names = ("added", "changed", "moved", "missing", "back")
        data = {name: getattr(report, name) for name in names if getattr(report, name)}
        if not (data or whole):
            return
        await self._catalogue.write(
            lambda records: records.events.add(
                at=now,
                action="channel.indexed",
                actor=run.actor.name,
                subject=run.ground.channel.id,
                data=data,
            )
        )


async def _page(run: _Pass, reading: Reading) -> Delta:
    """What comes next. Where the root is only made with the first upload, nothing is there yet."""
    try:
        return await run.store.changes(reading.cursor or None)
    except ObjectMissing:
        if reading.cursor or not run.ground.channel.uploads:
            raise
        return Delta((), "", more=False)


def _check(records: Records, reading: Reading) -> None:
    """See that nobody has read on from the same place, nor will until this unit is done."""
    records.alone(f"index:{reading.channel_id}")
    found = records.readings.find(reading.channel_id)
    if found is None or (found.cursor, found.began_at) != (reading.cursor, reading.began_at):
        raise _OvertakenError


def _move_on(records: Records, before: Reading, after: Reading) -> None:
    """Write down how far we are."""
    _check(records, before)
    records.readings.set(after)


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (entries[start : start + BATCH] for start in range(0, len(entries), BATCH))


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


async def _is_gone(store: Store, place: Placement) -> bool:
    try:
        await store.stat(place.locator)
    except ObjectMissing:
        return True
    return False
