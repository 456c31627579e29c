"""One table for all measurements: what was measured, the ratio to its peer, and the target."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Row:
    """One measured line. `at_most` says which side of the target is good."""

    what: str
    ours: str
    peer: str
    ratio: float
    target: float
    at_most: bool = False

    @property
    def good(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target

    def cells(self) -> tuple[str, ...]:
        """The printed columns."""
        sign = "<=" if self.at_most else ">="
        verdict = "ok" if self.good else "MISSED"
        return (
            self.what,
            self.ours,
            self.peer,
            f"{self.ratio:.2f}",
            f"{sign} {self.target:g}",
            verdict,
        )


HEAD = ("measured", "ours", "peer", "ratio", "target", "verdict")


def table(title: str, rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    text = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([f"### {title}", "", text[0], rule, *text[1:], ""])


def middle(values: Sequence[float]) -> float:
    """The median of the rounds."""
    return median(values)
