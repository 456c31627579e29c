"""`fanlight pictures`: what is made of originals, and what they say about themselves."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.opening import Data, Json, opened, settings_for
from fanlight.cli.operator import operator
from fanlight.cli.progress import told

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.pictures.prepare import Prepared
    from fanlight.pictures.warm import Status, Warmed

app = typer.Typer(help="Pictures in other sizes, and facts of originals.", no_args_is_help=True)


@app.command()
def status(data: Data = None, json: Json = False) -> None:
    """Say how much is still to be read, and of how many no picture can be made."""

    async def action(fanlight: Fanlight) -> Status:
        return await fanlight.pictures.status(await operator(fanlight))

    found = opened(data, action)
    if json:
        output.say_json(asdict(found))
        return
    switched = "" if found.on else "Pictures in other sizes are switched off. "
    output.say(
        f"{switched}{found.unprepared} still to be read, "
        f"{found.problems} of which no picture can be made."
    )


@app.command()
def prepare(data: Data = None, json: Json = False) -> None:
    """Read what new originals say about themselves. A server does this by itself."""

    async def action(fanlight: Fanlight) -> Prepared:
        return await fanlight.pictures.prepare(told)

    done = opened(data, action, background=True)
    if json:
        output.say_json(asdict(done))
        return
    output.say(f"{done.taken} read, {done.refused} refused, {done.later} left for later")


@app.command()
def warm(
    folder: Annotated[
        str | None, typer.Argument(help="A folder, with what is below it. Default: everything.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make all presets before anybody asks for them."""

    async def action(fanlight: Fanlight) -> Warmed:
        return await fanlight.pictures.warm(await operator(fanlight), folder, told)

    done = opened(data, action, background=True)
    if json:
        output.say_json({"done": done.done, "refused": done.refused, "later": done.later})
        return
    output.say(f"{done.done} made, {done.refused} refused, {done.later} left for later")


@app.command()
def retry(data: Data = None, json: Json = False) -> None:
    """Try again of what no picture could be made: after installing a reader, or raising a limit."""

    async def action(fanlight: Fanlight) -> int:
        return await fanlight.pictures.retry(await operator(fanlight))

    forgotten = opened(data, action)
    if json:
        output.say_json({"forgotten": forgotten})
        return
    output.say(f"{forgotten} will be tried again.")


@app.command()
def clear(data: Data = None) -> None:
    """Delete all pictures that were made; they are made again when they are asked for."""
    import shutil

    from fanlight.app import folder_for_renditions

    shutil.rmtree(folder_for_renditions(settings_for(data).data), ignore_errors=True)
    output.say("All pictures that were made are deleted.")
