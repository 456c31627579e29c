"""`fanlight channel`: places to store in and publish from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import connecting, output, trying
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.cli.progress import told
from fanlight.cli.told import Named, findings_of, show_findings
from fanlight.errors import Invalid
from fanlight.model import Passing
from fanlight.web.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.app import Fanlight
    from fanlight.model import Channel, Finding
    from fanlight.storage.options import Option

app = typer.Typer(help="Places to store in and publish from.", no_args_is_help=True)

SHOWN = ("id", "name", "provider", "root", "uploads", "enabled", "delivery", "note", "created_at")


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
        connecting.connect(channel.id, data=data)
    else:
        show_findings(findings)


@app.command()
def edit(
    name: Named,
    to: Annotated[str | None, typer.Option("--name", help="What to call it.")] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE. Repeatable. A secret left empty stays as it is."),
    ] = None,
    root: Annotated[str | None, typer.Option(help="A folder in it, to stay below.")] = None,
    uploads: Annotated[
        bool | None, typer.Option("--uploads/--no-uploads", help="Whether uploads may go there.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="A note for yourself.")] = None,
    delivery: Annotated[
        Passing | None,
        typer.Option(
            help="How public originals get to viewers. Services limit the traffic of redirects."
        ),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Change what is given of a channel, and check it."""

    async def action(fanlight: Fanlight) -> tuple[Channel, tuple[Finding, ...]]:
        channels, actor = fanlight.channels, await operator(fanlight)
        known = await channels.get(actor, name)
        changed = await channels.update(
            actor,
            known.id,
            name=to,
            uploads=uploads,
            note=note,
            root=root,
            delivery=delivery,
            options=gathered((), (), option) if option else None,
        )
        return changed, await findings_of(fanlight, changed)

    channel, findings = opened(data, action)
    if json:
        output.say_json(output.fields(channel, SHOWN))
    else:
        output.say(f"The channel {channel.name} was changed.")
    show_findings(findings)


def _switched(name: str, data: Path | None, *, enabled: bool) -> None:
    async def action(fanlight: Fanlight) -> Channel:
        actor = await operator(fanlight)
        channel = await fanlight.channels.get(actor, name)
        return await fanlight.channels.update(actor, channel.id, enabled=enabled)

    channel = opened(data, action)
    output.say(f"The channel {channel.name} is switched {'on' if enabled else 'off'}.")


@app.command()
def on(name: Named, data: Data = None) -> None:
    """Let things be stored there again."""
    _switched(name, data, enabled=True)


@app.command()
def off(name: Named, data: Data = None) -> None:
    """Store nothing more there; links go on working."""
    _switched(name, data, enabled=False)


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
def remove(
    name: Named,
    forget: Annotated[
        bool, typer.Option("--forget-assets", help="With the assets that are nowhere else.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Forget a channel; what is stored in it stays.

    One that assets or galleries depend on stays, too.
    """

    async def action(fanlight: Fanlight) -> int:
        actor = await operator(fanlight)
        channel = await fanlight.channels.get(actor, name)
        if not forget:
            await fanlight.channels.remove(actor, channel.id)
            return 0
        if not yes:
            weight = await fanlight.library.weigh(actor, channel.id)
            output.note(f"Links to {plural(weight.lost, 'asset')} stop working for good.")
            if weight.galleries:
                filled = plural(weight.galleries, "gallery", "galleries")
                output.note(f"Its folders leave {filled}, which stay.")
            await fanlight.library.may_forget(
                actor, channel.id, typer.prompt("Write the name of the channel to go on", err=True)
            )
        return await fanlight.library.forget_channel(actor, channel.id, told)

    lost = opened(data, action)
    and_assets = f", and {plural(lost, 'asset')} with it" if forget else ""
    output.say(f"The channel {name} was removed{and_assets}.")


app.command("check")(trying.check)
app.command("quota")(trying.quota)
app.command("test")(trying.try_)
app.command("connect")(connecting.connect)
app.command("reconnect", help="The same again: with other permissions, or after it was ended.")(
    connecting.connect
)
app.command("disconnect")(connecting.disconnect)
