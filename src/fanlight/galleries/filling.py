"""A gallery is filled from what the library knows of its folders.

Nothing is asked of a provider here. Running it twice changes nothing: what viewers see is compared
with what should be there, and the difference is written in one unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from fanlight.errors import FanlightError, NotFound
from fanlight.galleries.desk import Desk, may_manage, new_id
from fanlight.galleries.plan import Ground, Plan, plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Source
    from fanlight.model import Actor

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
            if channel_id is None:
                return tuple(one.id for one in records.galleries.all())
            sources = records.sources.in_channel(channel_id)
            return tuple(dict.fromkeys(one.gallery_id for one in sources))

        changed = 0
        for gallery_id in await self._catalogue.read(unit):
            try:
                changed += (await self.sync(actor, gallery_id)).visible
            except NotFound:
                continue  # removed meanwhile
            except FanlightError as error:
                log.warning("gallery.not-synced", gallery=gallery_id, code=error.public_code)
        return changed

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
        if made.visible:
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
    if made.visible:
        records.galleries.changed(gallery_id, now)
    records.galleries.update(gallery_id, synced_at=now)
    return made
