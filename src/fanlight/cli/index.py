"""`fanlight index` and `fanlight reconcile`: bring the catalogue and the channels together."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.cli.progress import told

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.library import IndexReport, Report
    from fanlight.model import Channel


def index(
    channel: Annotated[
        str | None, typer.Argument(help="Name or id of a channel. Default: all of them.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Read what is in a channel into the catalogue."""

    async def action(fanlight: Fanlight) -> list[tuple[Channel, IndexReport]]:
        actor = await operator(fanlight)
        channels = await fanlight.channels.all(actor)
        if channel is not None:
            channels = (await fanlight.channels.get(actor, channel),)
        return [(one, await fanlight.library.index(actor, one.id, told)) for one in channels]

    done = opened(data, action, background=True)
    if json:
        output.say_json([{"channel": one.name, **asdict(report)} for one, report in done])
        return
    for one, report in done:
        output.say(
            f"{one.name}: {report.seen} seen, {report.added} added, {report.changed} changed, "
            f"{report.missing} missing, {report.back} back, {report.failed} failed"
        )


def reconcile(data: Data = None, json: Json = False) -> None:
    """Finish or remove what a crash left half done."""

    async def action(fanlight: Fanlight) -> Report:
        return await fanlight.library.reconcile()

    report = opened(data, action, background=True)
    if json:
        output.say_json(asdict(report))
        return
    output.say(
        f"{report.finished} uploads finished, {report.moved} moved, {report.deleted} deleted, "
        f"{report.dropped} dropped, {report.left} left for later"
    )
