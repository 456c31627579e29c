"""`fanlight channel`: places to store in and publish from."""

from __future__ import annotations

import secrets
import sys
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
    root: Annotated[
        str | None, typer.Option(help="A folder in it, to stay below. Left out: as advised.")
    ] = None,
    uploads: Annotated[bool, typer.Option(help="Whether uploads may go there.")] = True,
    connect: Annotated[bool, typer.Option("--connect", help="Connect the account, too.")] = False,
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
    if connect:
        connect_(channel.id, data=data)
    else:
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
        for text in (finding.detail, *(f"{label}: {value}" for label, value in finding.values)):
            if text:
                output.note(f"  {text}")
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


@app.command("connect")
def connect_(
    name: Named,
    token: Annotated[
        bool, typer.Option("--token-stdin", help="Read a refresh token that you have already.")
    ] = False,
    data: Data = None,
) -> None:
    """Connect the account of a channel: open an address, allow it, paste the code."""

    async def action(fanlight: Fanlight) -> tuple[Finding, ...]:
        actor, connecting = await operator(fanlight), fanlight.channels.connecting
        channel = await fanlight.channels.get(actor, name)
        if token:
            await connecting.paste(actor, channel.id, sys.stdin.readline())
        else:
            bound = secrets.token_hex(16)
            departure = await connecting.begin(actor, channel.id, bound=bound)
            output.say("Open this address, allow it, and copy the code:")
            output.say(departure.address)
            code = typer.prompt("Code")
            await connecting.finish(actor, state=departure.state, bound=bound, code=code)
        state = await fanlight.channels.state(actor, channel.id)
        if state.account is not None:
            output.say(f"Connected as {state.account.name} ({state.account.email}).")
        return state.channel.findings

    findings = opened(data, action)
    show_findings(findings)
    if any(finding.severity.value == "problem" for finding in findings):
        raise typer.Exit(exits.FINDINGS)


@app.command()
def disconnect(name: Named, data: Data = None) -> None:
    """End the access to a channel's account, here and at the service."""

    async def action(fanlight: Fanlight) -> bool:
        actor = await operator(fanlight)
        channel = await fanlight.channels.get(actor, name)
        return await fanlight.channels.connecting.disconnect(actor, channel.id)

    done = opened(data, action)
    output.say(f"The channel {name} was disconnected.")
    if not done:
        output.note("The service did not answer: end the access there too.")


@app.command("test")
def try_(name: Named, data: Data = None) -> None:
    """Store a small picture, read it back by its link, and remove it."""

    async def action(fanlight: Fanlight) -> bool:
        actor = await operator(fanlight)
        channel = await fanlight.channels.get(actor, name)
        steps = await fanlight.trial.run(actor, channel.id)
        for step in steps:
            output.say(f"{'ok' if step.ok else 'BAD':<5} {step.name}: {step.says} {step.remedy}")
        return all(step.ok for step in steps)

    if not opened(data, action, background=True):
        raise typer.Exit(exits.FINDINGS)
