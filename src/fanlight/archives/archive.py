"""A planned archive: its entries, the report at its end, and the layout of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.archives import report
from fanlight.archives.entry import Entry
from fanlight.archives.layout import Layout
from fanlight.words import archive_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GENERATION = 2
"""One more whenever the same entries would give other bytes."""


class Archive:
    """Equal arguments make an archive of the same bytes, but for the report."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        made: int,
        left_out: Sequence[str] = (),
        language: str = "en",
    ) -> None:
        """`made`: when it was planned, in seconds since 1970; `left_out`: what is missing.

        `language`: of the report, a tag of BCP 47.
        """
        self._words = archive_words(language)
        self.names = tuple(entry.name for entry in entries)
        self.left_out = tuple(left_out)
        size = report.room((*self.names, *self.left_out))
        self._size = size
        self.layout = Layout((*entries, Entry(self._words.report, size, made)))
        self.report = len(self.names)
        """The report's index."""

    @property
    def length(self) -> int:
        """Bytes of all of it."""
        return self.layout.length

    def report_on(self, lost: Collection[int]) -> bytes:
        """The bytes of the report. `lost`: the entries that could not be read."""
        return report.text(self._size, self.names, lost, self.left_out, self._words)
