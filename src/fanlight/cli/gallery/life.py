"""A gallery is opened, closed, put away, read anew and removed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.gallery.telling import Which, address_of, count_of, how_many, on_gallery
from fanlight.cli.opening import Data, Json
from fanlight.cli.progress import told
from fanlight.gallery_model import GalleryState, Reach

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.app import Fanlight
    from fanlight.gallery_model import Count, Gallery
    from fanlight.model import Actor


def _put(name: str, data: Path | None, state: GalleryState) -> tuple[Gallery, str]:
    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> tuple[Gallery, str]:
        changed = await fanlight.galleries.change(actor, one.id, state=state)
        return changed, address_of(fanlight, changed)

    return on_gallery(name, data, action)


def publish(gallery: Which, data: Data = None) -> None:
    """Open a gallery to who may come in. Its address is alone on the last line."""
    changed, address = _put(gallery, data, GalleryState.PUBLISHED)
    if changed.rules.reach is Reach.LINKS:
        output.note("Only share links lead in: its own address answers nobody.")
    output.note(f"The gallery {changed.title} is published.")
    output.say(address)


def unpublish(gallery: Which, data: Data = None) -> None:
    """Make a draft of it again, seen by its owner alone."""
    changed, _ = _put(gallery, data, GalleryState.DRAFT)
    output.say(f"The gallery {changed.title} is a draft.")


def archive(gallery: Which, data: Data = None) -> None:
    """Close a gallery, and keep it with its picks."""
    changed, _ = _put(gallery, data, GalleryState.ARCHIVED)
    output.say(f"The gallery {changed.title} is archived.")


def unarchive(gallery: Which, data: Data = None) -> None:
    """Take a gallery from the archive, as a draft."""
    changed, _ = _put(gallery, data, GalleryState.DRAFT)
    output.say(f"The gallery {changed.title} is a draft.")


def refresh(gallery: Which, data: Data = None, json: Json = False) -> None:
    """Read the folders of a gallery now.

    What has come appears, what has gone goes. A server does this by itself where it is told.
    """

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> Count:
        await fanlight.galleries.fill(actor, one.id, told, anew=True)
        return await count_of(fanlight, actor, one)

    count = on_gallery(gallery, data, action, background=True)
    if json:
        output.say_json(asdict(count))
        return
    output.say(f"The gallery is up to date: {how_many(count)}.")


def delete(
    gallery: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Remove a gallery; its photos stay where they are.

    Its links, picks and comments go with it.
    """

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> str:
        if not yes:
            lost = await _lost(fanlight, actor, one)
            typer.confirm(f"Remove {one.title}, with {lost}?", abort=True, err=True)
        await fanlight.galleries.remove(actor, one.id)
        return one.title

    output.say(f"The gallery {on_gallery(gallery, data, action)} was removed.")


async def _lost(fanlight: Fanlight, actor: Actor, gallery: Gallery) -> str:
    from fanlight.web.words import plural

    given = await fanlight.proofing.overview(actor, gallery.id)
    links = await fanlight.sharing.links(actor, gallery.id)
    lists, comments = len(given.lists), len(given.comments)
    return (
        f"{plural(len(links), 'share link')}, {plural(lists, 'list')} of picks"
        f" and {plural(comments, 'comment')}"
    )
