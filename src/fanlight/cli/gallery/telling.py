"""How commands are told which gallery, and what they say of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from fanlight.cli import output
from fanlight.cli.opening import opened
from fanlight.cli.operator import operator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from fanlight.app import Fanlight
    from fanlight.gallery_model import Count, Gallery
    from fanlight.model import Actor

T = TypeVar("T")

Which = Annotated[str, typer.Argument(help="Its slug, the end of its address, or its id.")]
"""How a command is told which gallery."""

SHOWN = (
    "id",
    "slug",
    "title",
    "state",
    "text",
    "held_on",
    "cover_id",
    "opens_at",
    "closes_at",
    "has_password",
    "version",
    "created_at",
    "updated_at",
    "synced_at",
)


def on_gallery(
    name: str,
    data: Path | None,
    action: Callable[[Fanlight, Actor, Gallery], Awaitable[T]],
    *,
    background: bool = False,
) -> T:
    """Run `action` with one gallery. Raises NotFound, and as `opened`."""

    async def found(fanlight: Fanlight) -> T:
        actor = await operator(fanlight)
        return await action(fanlight, actor, await fanlight.galleries.get(actor, name))

    return opened(data, found, background=background)


def origin_of(fanlight: Fanlight) -> str:
    """What addresses of this server begin with."""
    from fanlight.web.greeting import address

    settings = fanlight.settings
    return address(settings.public_url, settings.host, settings.port)


def address_of(fanlight: Fanlight, gallery: Gallery) -> str:
    """A gallery's own address."""
    return f"{origin_of(fanlight)}/g/{gallery.slug}"


def shown(fanlight: Fanlight, gallery: Gallery) -> dict[str, object]:
    """A gallery for `say_json`: as the API has it, without the pin."""
    return {
        **output.fields(gallery, SHOWN),
        "look": asdict(gallery.look),
        "rules": asdict(gallery.rules),
        "url": address_of(fanlight, gallery),
    }


async def count_of(fanlight: Fanlight, actor: Actor, gallery: Gallery) -> Count:
    """All that is in a gallery."""
    from fanlight.gallery_model import Count

    counts = (await fanlight.galleries.all_counts(actor, gallery.id)).values()
    return Count(
        sum(one.photos for one in counts),
        sum(one.videos for one in counts),
        sum(one.size for one in counts),
    )


def how_many(count: Count) -> str:
    """`12 photos, 1 video`."""
    from fanlight.web.words import plural

    videos = f", {plural(count.videos, 'video')}" if count.videos else ""
    return f"{plural(count.photos, 'photo')}{videos}"
