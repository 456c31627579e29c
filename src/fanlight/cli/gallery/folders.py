"""`fanlight gallery folders`: walk through a channel, to find what to publish."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.cli.told import show_findings

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.galleries.folders import FolderLine, FolderView


def folders(
    channel: Annotated[str, typer.Argument(help="Its name or id.")],
    path: Annotated[str, typer.Argument(help="A folder in it. Default: all of it.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """List the folders in a folder of a channel, as they are now."""

    async def action(fanlight: Fanlight) -> FolderView:
        actor = await operator(fanlight)
        found = await fanlight.channels.get(actor, channel)
        return await fanlight.galleries.folders(actor, found.id, path)

    view = opened(data, action)
    if view.finding is not None:
        show_findings((view.finding,))
    if json:
        output.say_json(
            {
                "channel": view.channel.name,
                "here": _shown(view.here),
                "folders": [_shown(one) for one in view.folders],
            }
        )
        return
    rows = (_row(one) for one in (view.here, *view.folders))
    output.say_table(("FOLDER", "PHOTOS", "VIDEOS", "FOLDERS", "SIZE"), rows)


def _shown(line: FolderLine) -> dict[str, object]:
    count = asdict(line.count) if line.count is not None else None
    return {**output.fields(line, ("path", "folders", "more")), "count": count}


def _row(line: FolderLine) -> tuple[str, ...]:
    from fanlight.web.words import size

    if line.count is None:  # nobody could look into it in time
        return (f"/{line.path}", "?", "?", "?", "?")
    more = "+" if line.more else ""
    count = line.count
    photos, videos = f"{count.photos}{more}", str(count.videos)
    return (f"/{line.path}", photos, videos, str(line.folders), size(count.size))
