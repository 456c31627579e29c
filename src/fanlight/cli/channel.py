"""`fanlight channel`: places to store in and publish from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import exits, output
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.errors import FanlightError, Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.app import Fanlight
    from fanlight.model import Channel, Finding
    from fanlight.storage.options import Option

app = typer.Typer(help="Places to store in and publish from.", no_args_is_help=True)

SHOWN = ("id", "name", "provider", "root", "uploads", "enabled", "note", "created_at")
Named = Annotated[str, typer.Argument(help="Its name or id.")]


def gathered(
    declared: Sequence[Option], values: Sequence[str], named: Sequence[str]
) -> dict[str, str]:
    """Options from bare values, in the order they are declared, and from `name=value` pairs.

    A bare value that is a path here is made absolute: the server runs in another folder. Raises
    Invalid.
    """
    if len(values) > len(declared):
        raise Invalid(f"{values[len(declared)]!r} is one value too many.")
    found = {option.name: _absolute(value) for option, value in zip(declared, values, strict=False)}
    for pair in named:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Invalid(f"{pair!r} is not an option.", remedy="Write --option NAME=VALUE.")
        found[name] = value
    return found


def _absolute(value: str) -> str:
    path = Path(value).expanduser()
    return str(path.absolute()) if path.exists() else value


@app.command()
def add(
    provider: Annotated[str, typer.Argument(help="The kind of storage, such as local.")],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]", help="What it must be told.")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    option: Annotated[list[str] | None, typer.Option(help="NAME=VALUE. Repeatable.")] = None,
    root: Annotated[str, typer.Option(help="A folder in it, to stay below.")] = "",
    uploads: Annotated[bool, typer.Option(help="Whether uploads may go there.")] = True,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a channel, and check it."""

    async def action(fanlight: Fanlight) -> tuple[Channel, tuple[Finding, ...]]:
        channels, actor = fanlight.channels, await operator(fanlight)
        options = gathered(channels.provider_options(provider), values or (), option or ())
        channel = await channels.add(
            actor,
            provider=provider,
            name=name or provider,
            options=options,
            root=root,
            uploads=uploads,
        )
        return channel, await findings_of(fanlight, channel)

    channel, findings = opened(data, action)
    if json:
        output.say_json(output.fields(channel, SHOWN))
    else:
        output.say(f"The channel {channel.name} was added.")
    show_findings(findings)


async def findings_of(fanlight: Fanlight, channel: Channel) -> tuple[Finding, ...]:
    """What is wrong with a channel, its failure to answer included."""
    from fanlight.model import SERVER, Finding, Severity

    try:
        return (await fanlight.channels.check(SERVER, channel.id)).findings
    except FanlightError as error:
        found = Finding(
            error.public_code,
            Severity.PROBLEM,
            error.public_message,
            (error.public_remedy,),
            where=channel.name,
        )
        return (found,)


def show_findings(findings: Sequence[Finding]) -> None:
    """Write findings with their steps to standard error."""
    for finding in findings:
        output.note(f"{finding.severity.value}: {finding.meaning}")
        for step in finding.steps:
            output.note(f"  {step}")


@app.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """List the channels."""

    async def action(fanlight: Fanlight) -> tuple[Channel, ...]:
        return await fanlight.channels.all(await operator(fanlight))

    channels = opened(data, action)
    if json:
        output.say_json([output.fields(channel, SHOWN) for channel in channels])
        return
    rows = (
        (one.id, one.name, one.provider, one.root or "/", "yes" if one.uploads else "no")
        for one in channels
    )
    output.say_table(("ID", "NAME", "PROVIDER", "ROOT", "UPLOADS"), rows)


@app.command()
def check(name: Named, data: Data = None, json: Json = False) -> None:
    """Try a channel for real, and say what was found."""

    async def action(fanlight: Fanlight) -> tuple[Finding, ...]:
        actor = await operator(fanlight)
        return await findings_of(fanlight, await fanlight.channels.get(actor, name))

    findings = opened(data, action)
    if json:
        shown = ("code", "severity", "meaning", "steps", "where")
        output.say_json([output.fields(finding, shown) for finding in findings])
    elif not findings:
        output.say("Nothing is wrong.")
    else:
        show_findings(findings)
    if any(finding.severity.value == "problem" for finding in findings):
        raise typer.Exit(exits.FINDINGS)


@app.command()
def remove(name: Named, data: Data = None) -> None:
    """Forget a channel that no asset depends on; what is stored in it stays."""

    async def action(fanlight: Fanlight) -> None:
        actor = await operator(fanlight)
        channel = await fanlight.channels.get(actor, name)
        await fanlight.channels.remove(actor, channel.id)

    opened(data, action)
    output.say(f"The channel {name} was removed.")
