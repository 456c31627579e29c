"""What a language brings: its words, and how it says counts and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Table = Mapping[str, str]
"""Words by key. A word with two forms, for one and for many, has them parted by `|`; what stands in
braces is filled in, and `{n}` is the count."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language. The keys of its tables are those of every other."""

    tag: str
    """Of BCP 47."""
    name: str
    """As it calls itself."""
    months: tuple[str, ...]
    day: str
    """A date, with `{day}`, `{month}` and `{year}`."""
    thousands: str
    """What parts the thousands of a count."""
    pages: Table
    """What visitors' pages say."""
    mails: Table
    """What clients and viewers are written."""
    archives: Table
    """What lies in the archives that visitors download."""
