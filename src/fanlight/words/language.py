"""What a language brings: its words, and how it says counts and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Table = Mapping[str, str]
"""Words by key. A word with two forms, for one and for many, has them parted by `|`; what stands in
braces is filled in, and `{n}` is the count."""
Refusals = Mapping[str, tuple[str, str]]
"""Why something is not done, and the next step, by the code of an error; `{n}` are the seconds to
wait before it may be."""


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
    refusals: Refusals = field(default_factory=dict[str, tuple[str, str]])
    """What errors say to visitors; what is not here they say themselves, in English."""
    first: str = "1"
    """How the first day of a month is said."""
    parted_from: int = 1000
    """The least count of which thousands are parted."""
    singular: tuple[int, ...] = (1,)
    """The counts that are said by the first of two forms."""
