"""`fanlight channel connect`, `reconnect` and `disconnect`: the account behind a channel."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.opening import Data, opened
from fanlight.cli.operator import operator
from fanlight.cli.told import Named, end_with, show_findings

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.model import Finding


def connect(
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
            back = await connecting.paste(actor, channel.id, sys.stdin.readline())
        else:
            bound = secrets.token_hex(16)
            departure = await connecting.begin(actor, channel.id, bound=bound)
            output.say("Open this address, allow it, and copy the code:")
            output.say(departure.address)
            code = typer.prompt("Code")
            back = await connecting.finish(actor, state=departure.state, bound=bound, code=code)
        if back.finding is not None:
            return (back.finding,)
        state = await fanlight.channels.state(actor, channel.id)
        if state.account is not None:
            output.say(f"Connected as {state.account.name} ({state.account.email}).")
        return state.channel.findings

    findings = opened(data, action)
    show_findings(findings)
    end_with(findings)


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
