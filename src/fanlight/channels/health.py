"""How a channel is doing, in a word: the same on its card, in the API and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fanlight.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.model import Channel, Finding


class Tone(StrEnum):
    """What the word means, for whoever gives it a colour."""

    OK = "ok"
    WAITING = "waiting"
    WARN = "warn"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Health:
    """A word, and its tone."""

    word: str
    tone: Tone


_WORDS = (
    ("channel.incomplete", Health("Not complete", Tone.WARN)),
    ("connect.never", Health("Not connected", Tone.WAITING)),
    ("connect", Health("Not connected", Tone.BAD)),
    ("expired.attempt", Health("Not connected", Tone.BAD)),
    ("reconnect-needed", Health("Reconnect", Tone.BAD)),
    ("client-refused", Health("Wrong key", Tone.BAD)),
    ("account.full", Health("Full", Tone.BAD)),
    ("storage-unavailable", Health("Not reachable", Tone.BAD)),
    ("rate-limited", Health("Paused", Tone.WARN)),
)


def health(channel: Channel, *, reading: Sequence[str], connected: bool) -> Health:
    """`reading` are the scopes without which nothing can be read."""
    if not channel.enabled:
        return Health("Switched off", Tone.OFF)
    found = channel.findings
    for prefix, said in _WORDS:
        if any(_is(one, prefix) for one in found):
            # a failed attempt to reconnect takes nothing away from a connection that works
            if prefix == "connect" and connected:
                return Health("Look here", Tone.WARN)
            return said
    problems = [one for one in found if one.severity is Severity.PROBLEM]
    if problems and channel.uploads and all(_only_storing(one, reading) for one in problems):
        return Health("Cannot store", Tone.BAD)
    if problems:
        return Health("Broken", Tone.BAD)
    if any(one.severity is Severity.WARNING for one in found):
        return Health("Look here", Tone.WARN)
    return Health("Healthy", Tone.OK)


def _is(finding: Finding, prefix: str) -> bool:
    return finding.code == prefix or finding.code.startswith(f"{prefix}.")


def _only_storing(finding: Finding, reading: Sequence[str]) -> bool:
    """Whether reading goes on in spite of it."""
    if finding.code == "read-only":
        return True
    if not finding.code.startswith("scope."):
        return False
    return not any(value in reading for _, value in finding.values)
