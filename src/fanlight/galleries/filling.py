"""A gallery is filled from what the library knows of its folders.

Nothing is asked of a provider here. Running it twice changes nothing: what viewers see is compared
with what should be there, and the difference is written in one unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import structlog

from fanlight.errors import FanlightError, NotFound
from fanlight.galleries.desk import Desk, may_manage, new_id
from fanlight.galleries.plan import Ground, Plan, plan
from fanlight.gallery_model import GallerySort, GalleryState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Source
    from fanlight.model import Actor

    Progress = Callable[[int, int | None, str], Awaitable[None]]

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Filling(Desk):
    """Bring galleries up to date with what is there."""

    async def sync(self, actor: Actor, gallery_id: str) -> Plan:
        """Compare a gallery with its folders and write the difference. Raises NotFound, Forbidden.

        Raises StorageError or Invalid, and changes nothing, while a channel of it is not usable.
        """
        may_manage(actor)
        made = await self._sync(gallery_id)
        if made.visible:
            log.info("gallery.synced", gallery=gallery_id, added=made.added, away=made.away)
        return made

    async def sync_channel(self, actor: Actor, channel_id: str | None = None) -> int:
        """`sync` all galleries with a folder in a channel, or all there are; how many changed.

        A gallery that cannot be brought up to date now is passed over, and the log says so.
        """
        may_manage(actor)

        def unit(records: Records) -> tuple[str, ...]:
            open_ = {
                one.id for one in records.galleries.all() if one.state is not GalleryState.ARCHIVED
            }
            if channel_id is None:
                return tuple(open_)
            sources = records.sources.in_channel(channel_id)
            ids = dict.fromkeys(one.gallery_id for one in sources)
            return tuple(one for one in ids if one in open_)

        return await self._sync_all(actor, await self._catalogue.read(unit))

    async def _sync_all(self, actor: Actor, gallery_ids: Iterable[str]) -> int:
        changed = 0
        for gallery_id in gallery_ids:
            try:
                changed += (await self.sync(actor, gallery_id)).visible
            except NotFound:
                continue  # removed meanwhile
            except FanlightError as error:
                log.warning("gallery.not-synced", gallery=gallery_id, code=error.public_code)
        return changed

    async def sync_by_time(self, actor: Actor) -> int:
        """`sync` the galleries sorted by when photos were taken, as that is known later."""
        may_manage(actor)

        def unit(records: Records) -> tuple[str, ...]:
            found = records.galleries.all()
            return tuple(one.id for one in found if one.rules.sort is GallerySort.TAKEN)

        return await self._sync_all(actor, await self._catalogue.read(unit))

    async def fill(
        self,
        actor: Actor,
        gallery_id: str,
        progress: Progress | None = None,
        *,
        anew: bool = False,
    ) -> Plan:
        """Read the folders of a gallery that may not be known yet, then `sync`.

        They are followed from then on, where the provider tells what changes. `anew`: of those that
        are followed already, what has changed until now is read first. `progress(done, None, path)`
        is called now and then. Raises as `library.index_folder`.
        """
        may_manage(actor)
        gone: NotFound | None = None
        caught_up = set[str]()
        for source in await self._catalogue.read(lambda records: records.sources.of(gallery_id)):
            reading = await self._library.reading(source.channel_id)
            if reading is None or not reading.whole:
                try:
                    await self._library.index_folder(
                        actor, source.channel_id, source.path, progress
                    )
                except NotFound as error:
                    gone = error
            elif anew and source.channel_id not in caught_up:
                caught_up.add(source.channel_id)
                await self._library.catch_up(actor, source.channel_id, progress)
        made = await self.sync(actor, gallery_id)
        if gone is not None:
            raise gone
        return made

    async def any_in(self, channel_id: str) -> bool:
        """Whether any gallery is filled from a channel."""
        return await self._catalogue.read(
            lambda records: bool(records.sources.in_channel(channel_id))
        )

    async def _change(self, gallery_id: str, unit: Callable[[Records], T]) -> T:
        """Carry out what the owner has changed about a gallery by hand, then bring it up to date.

        It holds at once, also where that fails.
        """
        now = self._clock()

        def changing(records: Records) -> T:
            done = unit(records)
            records.galleries.changed(gallery_id, now)
            return done

        done = await self._catalogue.write(changing)
        self._told(gallery_id)
        await self._sync(gallery_id)
        return done

    async def _sync(self, gallery_id: str) -> Plan:
        """What was written. The channels' ways to compare paths are asked for beforehand."""
        sources = await self._catalogue.read(lambda records: records.sources.of(gallery_id))
        keys = await self._keys(sources)
        now = self._clock()

        def unit(records: Records) -> Plan | None:
            records.alone(f"gallery:{gallery_id}")
            ground = _ground(records, gallery_id, keys, now)
            return None if ground is None else _write(records, ground, now)

        while (made := await self._catalogue.write(unit)) is None:  # a source has come meanwhile
            sources = await self._catalogue.read(lambda records: records.sources.of(gallery_id))
            keys = await self._keys(sources)
        if made.written:
            self._told(gallery_id)
        return made

    async def _keys(self, sources: tuple[Source, ...]) -> dict[str, str]:
        """The paths of sources, as their providers compare them."""
        keys: dict[str, str] = {}
        for source in sources:
            store = await self._channels.stores.get(source.channel_id)
            keys[source.id] = store.traits.key(source.path)
        return keys


def _ground(
    records: Records, gallery_id: str, keys: Mapping[str, str], now: datetime
) -> Ground | None:
    """What a plan is made from; `None` if there are other sources than were looked at."""
    gallery, sources = records.galleries.get(gallery_id), records.sources.of(gallery_id)
    if any(one.id not in keys for one in sources):
        return None
    found = {one.id: records.candidates.below(one.channel_id, keys[one.id], now) for one in sources}
    return Ground(
        gallery,
        sources,
        records.sections.of(gallery_id),
        records.items.of(gallery_id),
        found,
        records.candidates.chosen(gallery_id, now),
        keys,
    )


def _write(records: Records, ground: Ground, now: datetime) -> Plan:
    made, gallery_id = plan(ground, new_id), ground.gallery.id
    for section in made.new_sections:
        records.sections.add(section)
    for section in made.moved_sections:
        records.sections.update(section.id, position=section.position)
    records.items.put(made.put)
    for section in made.empty_sections:
        records.sections.remove(section.id)
    if made.written:
        records.galleries.changed(gallery_id, now)
    records.galleries.update(gallery_id, synced_at=now)
    return made
