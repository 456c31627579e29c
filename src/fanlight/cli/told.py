"""What is wrong with a channel, as commands ask for it and write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import exits, output
from fanlight.errors import FanlightError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.app import Fanlight
    from fanlight.model import Channel, Finding

Named = Annotated[str, typer.Argument(help="Its name or id.")]
"""How a command is told which channel."""


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


def end_with(findings: Sequence[Finding]) -> None:
    """End the command as one that has found a problem, if there is one."""
    if any(finding.severity.value == "problem" for finding in findings):
        raise typer.Exit(exits.FINDINGS)
