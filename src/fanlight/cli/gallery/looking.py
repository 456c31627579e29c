"""`fanlight gallery list` and `show`: which galleries there are, and what is in one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from fanlight.cli import output
from fanlight.cli.gallery.telling import Which, count_of, how_many, on_gallery, shown
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fanlight.app import Fanlight
    from fanlight.galleries.making import Card
    from fanlight.gallery_model import Count, Gallery, Section, Source
    from fanlight.model import Actor


def list_(data: Data = None, json: Json = False) -> None:
    """List the galleries, the newest first."""

    async def action(fanlight: Fanlight) -> list[tuple[Card, dict[str, object]]]:
        cards = await fanlight.galleries.all(await operator(fanlight))
        return [(card, shown(fanlight, card.gallery)) for card in cards]

    found = opened(data, action)
    if json:
        output.say_json(
            [told | {"count": asdict(card.count), "picks": card.picks} for card, told in found]
        )
        return
    rows = (
        (
            card.gallery.slug,
            card.gallery.title,
            card.gallery.state.value,
            str(card.count.photos),
            str(card.count.videos),
            str(card.picks),
        )
        for card, _ in found
    )
    output.say_table(("SLUG", "TITLE", "STATE", "PHOTOS", "VIDEOS", "PICKED"), rows)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A gallery with what fills it."""

    gallery: Gallery
    told: dict[str, object]
    count: Count
    sources: list[tuple[str, Source]]
    """Each with the name of its channel."""
    sections: list[tuple[Section, int]]
    """Each with how much is in it."""
    links: int
    """That have not been revoked."""


def show(gallery: Which, data: Data = None, json: Json = False) -> None:
    """Say what a gallery is, who may come in, and what is in it."""

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> _Seen:
        galleries = fanlight.galleries
        names = {channel.id: channel.name for channel in await fanlight.channels.all(actor)}
        counts = await galleries.all_counts(actor, one.id)
        sections = await galleries.all_sections(actor, one.id)
        links = await fanlight.sharing.links(actor, one.id)
        return _Seen(
            one,
            shown(fanlight, one),
            await count_of(fanlight, actor, one),
            [
                (names.get(source.channel_id, ""), source)
                for source in await galleries.sources(actor, one.id)
            ],
            [(part, counts[part.id].items if part.id in counts else 0) for part in sections],
            sum(link.revoked_at is None for link in links),
        )

    seen = on_gallery(gallery, data, action)
    if json:
        output.say_json(seen.told | _parts(seen))
        return
    output.say(seen.gallery.title)
    output.say_facts(_facts(seen))


def _parts(seen: _Seen) -> dict[str, object]:
    return {
        "count": asdict(seen.count),
        "sources": [
            {"channel": channel, **output.fields(source, ("id", "channel_id", "path", "sections"))}
            for channel, source in seen.sources
        ],
        "sections": [
            {
                **output.fields(section, ("id", "title", "hidden", "downloads", "folder")),
                "items": items,
            }
            for section, items in seen.sections
        ],
        "links": seen.links,
    }


def _facts(seen: _Seen) -> Iterator[tuple[str, str]]:
    gallery, rules = seen.gallery, seen.gallery.rules
    yield "Address", str(seen.told["url"])
    yield "State", gallery.state.value
    if gallery.held_on:
        yield "Day", gallery.held_on.isoformat()
    if gallery.opens_at:
        yield "Opens", f"{output.day(gallery.opens_at)} UTC"
    if gallery.closes_at:
        yield "Closes", f"{output.day(gallery.closes_at)} UTC"
    yield "Reach", rules.reach.value
    yield "Password", "asked for" if gallery.has_password else "none"
    yield "Rights", ", ".join(sorted(rules.rights)) or "none"
    yield "Links", str(seen.links)
    yield "Holds", how_many(seen.count)
    for channel, source in seen.sources:
        yield "Folder", f"{channel}:/{source.path}"
    for section, items in seen.sections:
        yield "Section", f"{section.title} ({items}){' hidden' if section.hidden else ''}"
