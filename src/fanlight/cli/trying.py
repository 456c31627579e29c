"""`fanlight channel check`, `quota` and `test`: whether a channel does what it is for."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import typer

from fanlight.cli import exits, output
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.cli.told import Named, end_with, findings_of, show_findings
from fanlight.web.words import size

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.library.trial import TrialStep
    from fanlight.model import Finding, Quota

SHOWN = ("code", "severity", "meaning", "detail", "values", "steps", "where")


def check(name: Named, data: Data = None, json: Json = False) -> None:
    """Try a channel for real, and say what was found."""

    async def action(fanlight: Fanlight) -> tuple[Finding, ...]:
        actor = await operator(fanlight)
        return await findings_of(fanlight, await fanlight.channels.get(actor, name))

    findings = opened(data, action)
    if json:
        output.say_json([output.fields(finding, SHOWN) for finding in findings])
    elif not findings:
        output.say("Nothing is wrong.")
    else:
        show_findings(findings)
    end_with(findings)


def quota(name: Named, data: Data = None, json: Json = False) -> None:
    """Ask how much space there is."""

    async def action(fanlight: Fanlight) -> Quota:
        actor = await operator(fanlight)
        channel = await fanlight.channels.get(actor, name)
        return await fanlight.channels.quota(actor, channel.id)

    asked = opened(data, action)
    if json:
        output.say_json(output.fields(asked, ("used", "total", "asked_at")))
        return
    of = f" of {size(asked.total)}" if asked.total else ""
    output.say(f"{size(asked.used)}{of} used.")


def try_(name: Named, data: Data = None, json: Json = False) -> None:
    """Store a small picture, read it back by its link, and remove it."""

    async def action(fanlight: Fanlight) -> list[TrialStep]:
        actor, taken = await operator(fanlight), list["TrialStep"]()
        channel = await fanlight.channels.get(actor, name)
        async with aclosing(fanlight.trial.steps(actor, channel.id)) as steps:
            async for step in steps:
                taken.append(step)
                if not json:
                    _say(step)
        return taken

    taken = opened(data, action, background=True)
    if json:
        output.say_json([output.fields(step, ("name", "ok", "says", "remedy")) for step in taken])
    if not all(step.ok for step in taken):
        raise typer.Exit(exits.FINDINGS)


def _say(step: TrialStep) -> None:
    output.say(f"{'ok' if step.ok else 'BAD':<5} {step.name}: {step.says} {step.remedy}".rstrip())
