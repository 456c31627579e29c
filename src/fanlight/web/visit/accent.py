"""The owner's accent, made readable: what lies on it, and what it is as words on paper.

Contrast as WCAG 2 counts it. A colour too near to the ground is moved towards ink, no further
than it must be, so that it stays the owner's colour for as long as it can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WHITE, _BLACK = "#ffffff", "#000000"
PAPERS = ("#fbfaf7", "#121417")
"""The page by day and by night, as `tokens.css` has it."""
_INKS = ("#1c2024", "#ece8e1")
READABLE = 4.5


@dataclass(frozen=True, slots=True)
class Accent:
    """One scheme's colours of an accent."""

    fill: str
    """A button's ground; 3 to 1 on the page at least."""
    on_fill: str
    """Words on it."""
    words: str
    """The accent as words on the page."""


def accents(colour: str) -> tuple[Accent, Accent] | None:
    """By day and by night; `None` for a gallery without an accent (or a broken one)."""
    if not _COLOUR.fullmatch(colour):
        return None
    day, night = (_accent(colour.lower(), at) for at in (0, 1))
    return day, night


def _accent(colour: str, scheme: int) -> Accent:
    fill = _towards(colour, _INKS[scheme], PAPERS[scheme], 3.0)
    on_fill = max((_WHITE, _BLACK), key=lambda ink: contrast(ink, fill))
    return Accent(fill, on_fill, _towards(colour, _INKS[scheme], PAPERS[scheme], READABLE))


def _towards(colour: str, ink: str, ground: str, wanted: float) -> str:
    """The colour, mixed with as little ink as makes it stand out from the ground."""
    for step in range(21):
        mixed = _mix(colour, ink, step / 20)
        if contrast(mixed, ground) >= wanted:
            return mixed
    return ink


def _mix(one: str, other: str, share: float) -> str:
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
        for p in (part / 255 for part in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
