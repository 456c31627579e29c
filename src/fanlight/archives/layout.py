"""Where each byte of an archive stands: its exact length, and what any piece of it is made of."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from fanlight.archives import headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fanlight.archives.entry import Entry


class Kind(Enum):
    """What bytes of an archive are."""

    HEADER = "header"
    DATA = "data"
    """The bytes of the entry itself."""
    DESCRIPTOR = "descriptor"
    LINE = "line"
    """Of the directory."""
    END = "end"


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `start` up to, not including, `stop` of one thing in an archive."""

    kind: Kind
    index: int
    """The entry's; of the end, how many there are."""
    start: int
    stop: int


class Layout:
    """The plan of an archive. Equal entries in equal order have equal plans."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._starts = _sums(0, (_size(entry) for entry in self.entries))
        directory = self._starts[-1]
        lines = map(headers.line_size, self.entries, self._starts)
        self._lines = _sums(directory, lines)
        self._end = headers.end(len(self.entries), directory, self._lines[-1] - directory)
        self.length = self._lines[-1] + len(self._end)

    def parts(self, start: int = 0, stop: int | None = None) -> Iterator[Part]:
        """What the bytes from `start` to `stop` are, in their order; none of them is empty."""
        stop = self.length if stop is None else min(stop, self.length)
        for kind, index, at, size in self._things(start):
            if at >= stop:
                return
            first, last = max(start - at, 0), min(stop - at, size)
            if first < last:
                yield Part(kind, index, first, last)

    def needs_crc(self, part: Part) -> bool:
        """Whether the checksum of its entry stands in it."""
        return part.kind in (Kind.DESCRIPTOR, Kind.LINE)

    def record(self, part: Part, crc: int = 0) -> bytes:
        """The bytes of a part that is not `DATA`. `crc`: of its entry, where it needs one."""
        if part.kind is Kind.END:
            return self._end[part.start : part.stop]
        entry = self.entries[part.index]
        if part.kind is Kind.HEADER:
            whole = headers.header(entry)
        elif part.kind is Kind.DESCRIPTOR:
            whole = headers.descriptor(entry, crc)
        else:
            whole = headers.line(entry, self._starts[part.index], crc)
        return whole[part.start : part.stop]

    def _things(self, start: int) -> Iterator[tuple[Kind, int, int, int]]:
        """Everything from the one that holds the byte at `start`: kind, index, place, size."""
        count = len(self.entries)
        for index in range(max(bisect_right(self._starts, start) - 1, 0), count):
            at, entry = self._starts[index], self.entries[index]
            last = headers.descriptor_size(entry)
            end = self._starts[index + 1] - last
            yield Kind.HEADER, index, at, end - entry.size - at
            yield Kind.DATA, index, end - entry.size, entry.size
            yield Kind.DESCRIPTOR, index, end, last
        for index in range(max(bisect_right(self._lines, start) - 1, 0), count):
            yield Kind.LINE, index, self._lines[index], self._lines[index + 1] - self._lines[index]
        yield Kind.END, count, self._lines[-1], len(self._end)


def _size(entry: Entry) -> int:
    return headers.header_size(entry) + entry.size + headers.descriptor_size(entry)


def _sums(first: int, sizes: Iterator[int]) -> array[int]:
    """The places of things that follow one another, and where the last one ends."""
    found = array("Q", [first])
    for size in sizes:
        found.append(found[-1] + size)
    return found
