"""Galleries are made, changed, doubled, archived and removed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fanlight.catalogue.items import Sight
from fanlight.errors import BadName, Conflict, Invalid, concerning
from fanlight.galleries.checks import checked_look, checked_pin, checked_rules
from fanlight.galleries.desk import may_manage, new_id
from fanlight.galleries.filling import Filling
from fanlight.galleries.slugs import checked_slug, free_slug, slug_of
from fanlight.gallery_model import (
    Count,
    Gallery,
    GalleryRules,
    GalleryState,
    Look,
    Shown,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from fanlight.catalogue import Records
    from fanlight.model import Actor

LONGEST_TITLE, LONGEST_TEXT = 200, 5000


@dataclass(frozen=True, slots=True)
class Draft:
    """What a gallery begins with."""

    title: str
    slug: str | None = None
    """`None`: one is made of the title."""
    text: str = ""
    held_on: date | None = None
    state: GalleryState = GalleryState.DRAFT
    look: Look = field(default_factory=Look)
    rules: GalleryRules = field(default_factory=GalleryRules)


@dataclass(frozen=True, slots=True)
class Card:
    """A gallery in the owner's list."""

    gallery: Gallery
    count: Count
    cover: Shown | None
    picks: int = 0
    """Photos that somebody picked."""


class Making(Filling):
    """A gallery's life, and what it says about itself."""

    async def all(self, actor: Actor) -> tuple[Card, ...]:
        """Every gallery with its counts and cover, the newest first. Raises Forbidden."""
        may_manage(actor)
        sight = Sight(self._clock(), kept=True)

        def unit(records: Records) -> tuple[Card, ...]:
            found = records.galleries.all()
            counts = records.items.counts_of_all(sight)
            covers = records.items.covers([one.id for one in found], sight)
            picks = records.picks.photos()
            return tuple(
                Card(
                    one,
                    counts.get(one.id, Count()),
                    covers.get(one.id),
                    picks.get(one.id, 0),
                )
                for one in reversed(found)
            )

        return await self._catalogue.read(unit)

    async def titles(self, actor: Actor) -> tuple[tuple[str, str], ...]:
        """Id and title of what is not archived, the newest first. Raises Forbidden."""
        may_manage(actor)
        found = await self._catalogue.read(lambda records: records.galleries.all())
        return tuple(
            (one.id, one.title) for one in reversed(found) if one.state is not GalleryState.ARCHIVED
        )

    async def create(self, actor: Actor, draft: Draft) -> Gallery:
        """Make an empty gallery. Raises Forbidden, BadName, Conflict (`conflict.gallery`)."""
        may_manage(actor)
        now = self._clock()
        with concerning("title"):
            title = _title(draft.title)
        with concerning("slug"):
            asked = None if draft.slug is None else checked_slug(draft.slug)
        gallery = Gallery(
            id=new_id(),
            slug=asked or slug_of(title),
            title=title,
            state=draft.state,
            text=_text(draft.text),
            held_on=draft.held_on,
            cover_id=None,
            look=checked_look(draft.look),
            rules=checked_rules(draft.rules),
            opens_at=None,
            closes_at=None,
            owner_id=actor.user_id,
            version=1,
            created_at=now,
            updated_at=now,
        )

        def unit(records: Records) -> Gallery:
            made = gallery if asked else replace(gallery, slug=_free(records, gallery.slug))
            self._noted(records, actor, made.id, "gallery.made", title=made.title)
            return _added(records, made)

        return await self._catalogue.write(unit)

    async def change(
        self,
        actor: Actor,
        gallery_id: str,
        *,
        password: str | None = None,
        if_version: int | None = None,
        **fields: Any,
    ) -> Gallery:
        """Change fields of a gallery, and its password (`""`: none any more).

        Fields are `title`, `slug`, `state`, `text`, `held_on`, `cover_id`, `look`, `rules`,
        `opens_at`, `closes_at`, `pin`. Raises NotFound, Forbidden, BadName, Invalid, and Conflict:
        `conflict.gallery` for a slug that is taken, `conflict.version` if `if_version` is past.
        """
        may_manage(actor)
        changes = _checked(fields)
        if password is not None:
            with concerning("password"):
                kept = await self._passwords.hash(password) if password else ""
            changes["password_hash"] = kept
        now = self._clock()

        def unit(records: Records) -> Gallery:
            before = records.galleries.get(gallery_id)
            if if_version not in (None, before.version):
                raise Conflict(
                    "The gallery was changed meanwhile.",
                    remedy="Load it again, then change it.",
                    code="conflict.version",
                )
            _check_times(replace(before, **changes))
            if "slug" in changes and changes["slug"] != before.slug:
                _check_free(records, changes["slug"])
            records.galleries.update(gallery_id, **changes)
            records.galleries.changed(gallery_id, now)
            self._noted(records, actor, gallery_id, "gallery.changed", fields=sorted(changes))
            return records.galleries.get(gallery_id)

        changed = await self._catalogue.write(unit)
        self._told(gallery_id)
        if "rules" in changes:
            await self._sync(gallery_id)
        return changed

    async def duplicate(self, actor: Actor, gallery_id: str, title: str | None = None) -> Gallery:
        """A draft with the same photos, sections, look and rules; without links and picks.

        Raises NotFound, Forbidden, BadName.
        """
        may_manage(actor)
        now = self._clock()

        def unit(records: Records) -> Gallery:
            before = records.galleries.get(gallery_id)
            name = _title(title or f"{before.title} (copy)"[:LONGEST_TITLE])
            made = replace(
                before,
                id=new_id(),
                title=name,
                slug=_free(records, slug_of(name)),
                state=GalleryState.DRAFT,
                owner_id=actor.user_id,
                version=1,
                created_at=now,
                updated_at=now,
                opens_at=None,
                closes_at=None,
            )
            records.galleries.add(made)
            _copy_what_is_in(records, before.id, made.id)
            self._noted(records, actor, made.id, "gallery.made", title=name, like=before.id)
            return made

        return await self._catalogue.write(unit)

    async def archive(self, actor: Actor, gallery_id: str) -> Gallery:
        """Close a gallery, and keep it with its picks. Raises NotFound, Forbidden."""
        return await self.change(actor, gallery_id, state=GalleryState.ARCHIVED)

    async def remove(self, actor: Actor, gallery_id: str) -> None:
        """Remove a gallery with its links, picks and comments; its originals stay where they are.

        Raises NotFound, Forbidden.
        """
        may_manage(actor)

        def unit(records: Records) -> None:
            gallery = records.galleries.get(gallery_id)
            records.galleries.remove(gallery_id)
            self._noted(records, actor, gallery_id, "gallery.removed", title=gallery.title)

        await self._catalogue.write(unit)
        self._told(gallery_id)


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    checks = {
        "title": _title,
        "slug": checked_slug,
        "text": _text,
        "look": checked_look,
        "rules": checked_rules,
        "pin": checked_pin,
    }
    plain = {"state", "held_on", "cover_id", "opens_at", "closes_at"}
    if unknown := fields.keys() - checks.keys() - plain:
        raise TypeError(f"not a field that can be changed here: {', '.join(sorted(unknown))}")
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        with concerning(name):
            changes[name] = checks[name](value) if name in checks else value
    return changes


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise BadName(
            f"A title has 1 to {LONGEST_TITLE} characters.", remedy="Choose a title, like a name."
        )
    return title


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            f"The text may have {LONGEST_TEXT} characters.", code="invalid.text", about="text"
        )
    return text


def _check_times(gallery: Gallery) -> None:
    opens: datetime | None = gallery.opens_at
    if opens and gallery.closes_at and gallery.closes_at <= opens:
        raise Invalid(
            "A gallery closes after it opens.",
            remedy="Choose a later time to close, or none.",
            code="invalid.closes-at",
            about="closes_at",
        )


def _free(records: Records, slug: str) -> str:
    return free_slug(slug, lambda one: records.galleries.by_slug(one) is not None)


def _check_free(records: Records, slug: str) -> None:
    if records.galleries.by_slug(slug) is not None:
        raise Conflict(
            "Another gallery has this address.",
            remedy="Choose another one.",
            code="conflict.gallery",
            about="slug",
        )


def _added(records: Records, gallery: Gallery) -> Gallery:
    _check_free(records, gallery.slug)
    return records.galleries.add(gallery)


def _copy_what_is_in(records: Records, old: str, new: str) -> None:
    """Sources, sections and items of one gallery, once more for another."""
    sources = {one.id: new_id() for one in records.sources.of(old)}
    sections = {one.id: new_id() for one in records.sections.of(old)}
    for source in records.sources.of(old):
        records.sources.add(replace(source, id=sources[source.id], gallery_id=new))
    for section in records.sections.of(old):
        source = sources.get(section.source_id or "")
        records.sections.add(
            replace(section, id=sections[section.id], gallery_id=new, source_id=source)
        )
    records.items.put(
        replace(
            item,
            gallery_id=new,
            section_id=sections.get(item.section_id or ""),
            source_id=sources.get(item.source_id or ""),
            kept_from_guests=False,
        )
        for item in records.items.of(old)
    )
