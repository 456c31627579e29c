"""`fanlight doctor`: look at everything this server needs, and say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from fanlight.cli import exits, output
from fanlight.cli.opening import Data, Json, settings_for

if TYPE_CHECKING:
    from fanlight.model import Finding


def doctor(data: Data = None, json: Json = False) -> None:
    """Check environment, disk, database, key and every channel."""
    settings = settings_for(data)
    from fanlight.cli.examination import examine

    results = examine(settings)
    problems = [one for one in results if one.severity.value == "problem"]
    if json:
        shown = ("code", "severity", "meaning", "steps", "where")
        output.say_json([output.fields(one, shown) for one in results])
    else:
        for one in results:
            _say(one)
        output.say()
        output.say(_verdict(len(problems), len(results)))
    if problems:
        raise typer.Exit(exits.FINDINGS)


def _say(finding: Finding) -> None:
    mark = {"note": "ok", "warning": "look", "problem": "BAD"}[finding.severity.value]
    output.say(f"{mark:<5} {finding.where:<12} {finding.meaning}")
    for label, value in finding.values:
        output.say(f"{'':<18} {label}: {value}")
    for step in finding.steps:
        output.say(f"{'':<18} - {step}")


def _verdict(problems: int, looked_at: int) -> str:
    if not problems:
        return f"{looked_at} things looked at, nothing is broken."
    return f"{looked_at} things looked at, {problems} to put right."
