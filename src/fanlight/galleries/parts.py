"""Where a gallery is filled from, and how it is divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import BadName, Conflict, Invalid, NotFound
from fanlight.galleries.desk import may_manage, new_id
from fanlight.galleries.filling import Filling
from fanlight.gallery_model import Section, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.catalogue import Records
    from fanlight.model import Actor

MOST_SOURCES, MOST_SECTIONS, LONGEST_TITLE = 50, 200, 200


class Parts(Filling):
    """Sources and sections."""

    # --- sources ----------------------------------------------------------------------------------

    async def sources(self, actor: Actor, gallery_id: str) -> tuple[Source, ...]:
        """The folders that fill a gallery. Raises NotFound, Forbidden."""
        may_manage(actor)

        def unit(records: Records) -> tuple[Source, ...]:
            return records.sources.of(records.galleries.get(gallery_id).id)

        return await self._catalogue.read(unit)

    async def add_source(
        self, actor: Actor, gallery_id: str, channel_id: str, path: str, *, sections: bool = True
    ) -> Source:
        """Fill a gallery from a folder of a channel (`""`: all of it), from what is known of it.

        `sections`: whether folders below it become sections. Raises NotFound, Forbidden, and
        Conflict (`conflict.source`) for a folder that fills it already.
        """
        may_manage(actor)
        channel = await self._channels.get(actor, channel_id)
        path = path.strip("/")

        def unit(records: Records) -> Source:
            records.galleries.get(gallery_id)
            there = records.sources.of(gallery_id)
            if any((one.channel_id, one.path) == (channel.id, path) for one in there):
                raise Conflict("This folder fills the gallery already.", code="conflict.source")
            if len(there) >= MOST_SOURCES:
                raise Invalid(f"A gallery may have {MOST_SOURCES} folders.", code="invalid.sources")
            position = max((one.position for one in there), default=0) + 1
            source = Source(new_id(), gallery_id, channel.id, path, position, sections)
            self._noted(
                records, actor, gallery_id, "gallery.source-added", channel=channel.id, path=path
            )
            return records.sources.add(source)

        source = await self._catalogue.write(unit)
        await self._sync(gallery_id)
        return source

    async def change_source(
        self, actor: Actor, gallery_id: str, source_id: str, *, sections: bool
    ) -> Source:
        """Have folders below a source become sections, or not. Raises NotFound, Forbidden."""
        may_manage(actor)

        def unit(records: Records) -> Source:
            _own_source(records, gallery_id, source_id)
            return records.sources.update(source_id, sections=sections)

        source = await self._catalogue.write(unit)
        await self._sync(gallery_id)
        return source

    async def remove_source(self, actor: Actor, gallery_id: str, source_id: str) -> None:
        """Take a folder out of a gallery, with what it brought. Raises NotFound, Forbidden."""
        may_manage(actor)

        def unit(records: Records) -> None:
            source = _own_source(records, gallery_id, source_id)
            for section in records.sections.of(gallery_id):
                if section.source_id == source_id:
                    records.sections.remove(section.id)
            records.sources.remove(source_id)
            self._noted(records, actor, gallery_id, "gallery.source-removed", path=source.path)

        await self._change(gallery_id, unit)

    # --- sections ---------------------------------------------------------------------------------

    async def all_sections(self, actor: Actor, gallery_id: str) -> tuple[Section, ...]:
        """A gallery's sections, hidden and empty ones too. Raises NotFound, Forbidden."""
        may_manage(actor)

        def unit(records: Records) -> tuple[Section, ...]:
            return records.sections.of(records.galleries.get(gallery_id).id)

        return await self._catalogue.read(unit)

    async def add_section(self, actor: Actor, gallery_id: str, title: str) -> Section:
        """Add an empty section at the end. Raises NotFound, Forbidden, BadName, Invalid."""
        may_manage(actor)
        title = _title(title)

        def unit(records: Records) -> Section:
            there = records.sections.of(records.galleries.get(gallery_id).id)
            if len(there) >= MOST_SECTIONS:
                raise Invalid(
                    f"A gallery may have {MOST_SECTIONS} sections.", code="invalid.sections"
                )
            position = max((one.position for one in there), default=0) + 1
            return records.sections.add(Section(new_id(), gallery_id, title, position))

        return await self._catalogue.write(unit)

    async def change_section(
        self,
        actor: Actor,
        gallery_id: str,
        section_id: str,
        *,
        title: str | None = None,
        hidden: bool | None = None,
        downloads: bool | None = None,
    ) -> Section:
        """Change what is given. Raises NotFound, Forbidden, BadName."""
        may_manage(actor)
        named = None if title is None else _title(title)
        given = {"title": named, "hidden": hidden, "downloads": downloads}
        fields = {name: value for name, value in given.items() if value is not None}
        now = self._clock()

        def unit(records: Records) -> Section:
            _own_section(records, gallery_id, section_id)
            records.galleries.changed(gallery_id, now)
            return records.sections.update(section_id, **fields)

        section = await self._catalogue.write(unit)
        self._told(gallery_id)
        return section

    async def order_sections(
        self, actor: Actor, gallery_id: str, section_ids: Sequence[str]
    ) -> tuple[Section, ...]:
        """Put sections in this order; those that are not named come after. Raises NotFound."""
        may_manage(actor)

        def unit(records: Records) -> tuple[Section, ...]:
            there = {one.id: one for one in records.sections.of(gallery_id)}
            for section_id in section_ids:
                _own_section(records, gallery_id, section_id)
            order = dict.fromkeys([*section_ids, *there])
            for position, section_id in enumerate(order, start=1):
                if there[section_id].position != position:
                    records.sections.update(section_id, position=position)
            return records.sections.of(gallery_id)

        return await self._change(gallery_id, unit)

    async def remove_section(self, actor: Actor, gallery_id: str, section_id: str) -> None:
        """Remove a section made by hand; its photos stay, in no section.

        Raises NotFound, Forbidden, and Conflict (`conflict.section`) for one that a folder fills.
        """
        may_manage(actor)

        def unit(records: Records) -> None:
            if _own_section(records, gallery_id, section_id).source_id is not None:
                raise Conflict(
                    "A folder fills this section.",
                    remedy="Hide it, or have the folder not divided into sections.",
                    code="conflict.section",
                )
            records.sections.remove(section_id)

        await self._change(gallery_id, unit)


def _own_source(records: Records, gallery_id: str, source_id: str) -> Source:
    found = records.sources.get(source_id)
    if found.gallery_id != gallery_id:
        raise NotFound("There is no such source.", code="not-found.source")
    return found


def _own_section(records: Records, gallery_id: str, section_id: str) -> Section:
    found = records.sections.get(section_id)
    if found.gallery_id != gallery_id:
        raise NotFound("There is no such section.", code="not-found.section")
    return found


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise BadName(f"A title has 1 to {LONGEST_TITLE} characters.", remedy="Choose another.")
    return title
