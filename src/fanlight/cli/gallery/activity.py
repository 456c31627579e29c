"""`fanlight gallery activity`: what has happened in a gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.gallery.telling import Which, on_gallery
from fanlight.cli.opening import Data, Json

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.gallery_model import Gallery
    from fanlight.model import Actor
    from fanlight.notices.reading import Entry


def activity(
    gallery: Which,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many entries.")] = 50,
    csv: Annotated[bool, typer.Option("--csv", help="Write all there are as CSV.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """List what has happened, the newest first. Nobody's address is kept."""

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> tuple[Entry, ...]:
        if csv:
            async for piece in fanlight.notices.table(actor, one.id):
                output.pour(piece)
            return ()
        entries, _ = await fanlight.notices.journal(actor, one.id, limit=limit)
        return entries

    entries = on_gallery(gallery, data, action)
    if csv:
        return
    if json:
        output.say_json([_shown(one) for one in entries])
        return
    rows = (
        (
            output.day(one.activity.at),
            one.activity.act.value,
            one.viewer.name if one.viewer else "",
            one.link.name if one.link else "",
            one.asset.name if one.asset else str(one.activity.count),
        )
        for one in entries
    )
    output.say_table(("WHEN (UTC)", "WHAT", "WHO", "LINK", "PHOTO"), rows)


def _shown(entry: Entry) -> dict[str, object]:
    return {
        **output.fields(entry.activity, ("at", "act", "count", "size")),
        "viewer": entry.viewer.name if entry.viewer else None,
        "link": entry.link.name if entry.link else None,
        "photo": entry.asset.name if entry.asset else None,
    }
