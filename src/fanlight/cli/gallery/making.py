"""`fanlight gallery create` and `duplicate`: from folders that are there to a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanlight.cli import output, progress
from fanlight.cli.gallery.secret import PasswordStdin, asked_password
from fanlight.cli.gallery.telling import Which, count_of, how_many, on_gallery, shown
from fanlight.cli.moments import day
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.errors import Invalid
from fanlight.gallery_model import GalleryRules, GalleryState, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.app import Fanlight
    from fanlight.galleries.making import Draft
    from fanlight.gallery_model import Gallery
    from fanlight.model import Actor


def create(
    title: Annotated[str, typer.Argument(help="What it is called.")],
    folder: Annotated[
        list[str],
        typer.Option(help="CHANNEL:/PATH, a folder that fills it. Repeatable."),
    ],
    slug: Annotated[
        str | None, typer.Option(help="The end of its address. Made of the title.")
    ] = None,
    text: Annotated[str, typer.Option(help="What it says about itself.")] = "",
    date: Annotated[str | None, typer.Option(help="The day that it is about.")] = None,
    sections: Annotated[
        bool, typer.Option("--sections/--flat", help="Whether folders below become sections.")
    ] = True,
    reach: Annotated[Reach, typer.Option(help="Whom its own address answers.")] = Reach.UNLISTED,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password that visitors must know.")
    ] = False,
    password_stdin: PasswordStdin = False,
    draft: Annotated[bool, typer.Option("--draft", help="Do not publish it yet.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a gallery of folders, and publish it. Its address is alone on the last line.

    The photos stay where they are. If a folder cannot be read, nothing is made.
    """
    from fanlight.galleries.making import Draft

    new = Draft(title, slug, text, day(date), rules=GalleryRules(reach=reach))
    changes: dict[str, Any] = {} if draft else {"state": GalleryState.PUBLISHED}
    if password or password_stdin:
        changes["password"] = asked_password(password_stdin)

    async def action(fanlight: Fanlight) -> tuple[Gallery, str, dict[str, object]]:
        actor = await operator(fanlight)
        places = [await _place(fanlight, actor, one) for one in folder]
        made = await _made(fanlight, actor, new, places, sections=sections, changes=changes)
        holds = how_many(await count_of(fanlight, actor, made))
        return made, holds, shown(fanlight, made)

    made, holds, fields = opened(data, action, background=True)
    state = "a draft" if draft else "published"
    told = f"The gallery {made.title} was made, {state}, with {holds}."
    output.say_made(fields, told, "url", json=json)


async def _place(fanlight: Fanlight, actor: Actor, text: str) -> tuple[str, str]:
    """The channel's id and the path of `CHANNEL:/PATH`. Raises Invalid, NotFound."""
    channel, colon, path = text.partition(":")
    if not colon:
        raise Invalid(
            f"{text!r} is not a folder of a channel.",
            remedy="Write CHANNEL:/PATH, such as Cloud:/Weddings; CHANNEL:/ is all of it.",
        )
    return (await fanlight.channels.get(actor, channel)).id, path.strip("/")


async def _made(
    fanlight: Fanlight,
    actor: Actor,
    new: Draft,
    places: Sequence[tuple[str, str]],
    *,
    sections: bool,
    changes: dict[str, Any],
) -> Gallery:
    """All of it or nothing: whoever gives the command again has the same address."""
    galleries = fanlight.galleries
    made = await galleries.create(actor, new)
    try:
        for channel_id, path in places:
            await galleries.add_source(actor, made.id, channel_id, path, sections=sections)
        await galleries.fill(actor, made.id, progress.told)
        return await galleries.change(actor, made.id, **changes) if changes else made
    except BaseException:
        await galleries.remove(actor, made.id)
        raise


def duplicate(
    gallery: Which,
    title: Annotated[str | None, typer.Option(help="What the other one is called.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a draft with the same photos, look and rules. Its slug is alone on the last line."""

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> dict[str, object]:
        return shown(fanlight, await fanlight.galleries.duplicate(actor, one.id, title))

    fields = on_gallery(gallery, data, action)
    told = f"The gallery {fields['title']} was made, a draft."
    output.say_made(fields, told, "slug", json=json)
