"""Directories of TIFF: the form of EXIF, of TIFF itself and of most camera RAW.

Offsets and counts come from strangers: each is checked, nothing is read twice, and what does not
add up is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import mmap

Bytes = bytes | mmap

MOST_ENTRIES = 1_000
MOST_DIRECTORIES = 24
MOST_BYTES = 1 << 20
"""Of one value."""

SUB_IFDS, EXIF_IFD, GPS_IFD = 0x014A, 0x8769, 0x8825
_PHOTOMETRIC, _DNG_VERSION = 0x0106, 0xC612
_SENSOR_DATA = (32803, 34892)

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_LETTERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}


@dataclass(slots=True)
class Directory:
    """The entries of one directory: raw bytes, type and count of each tag."""

    order: str
    entries: dict[int, tuple[int, int, bytes]] = field(
        default_factory=dict[int, tuple[int, int, bytes]]
    )

    def data(self, tag: int) -> bytes:
        """The bytes of a value as they stand, empty if there is none."""
        return self.entries.get(tag, (0, 0, b""))[2]

    def text(self, tag: int) -> bytes:
        """The bytes of a text up to its end; some writers call texts bytes."""
        kind, _, data = self.entries.get(tag, (0, 0, b""))
        return data.split(b"\0", 1)[0].strip() if kind in (1, 2, 7) else b""

    def numbers(self, tag: int) -> tuple[float, ...]:
        """All numbers of a value; of a fraction without a denominator there is none."""
        kind, count, data = self.entries.get(tag, (0, 0, b""))
        if kind in (5, 10):
            letters = f"{self.order}{2 * count}{'I' if kind == 5 else 'i'}"
            parts = struct.unpack(letters, data)
            pairs = zip(parts[::2], parts[1::2], strict=True)
            return tuple(over / under for over, under in pairs if under)
        if kind not in _LETTERS:
            return ()
        return struct.unpack(f"{self.order}{count}{_LETTERS[kind]}", data)

    def number(self, tag: int) -> float | None:
        """The first number of a value."""
        found = self.numbers(tag)
        return found[0] if found else None

    def integer(self, tag: int) -> int | None:
        """The first number of a value, if it is a whole one."""
        found = self.number(tag)
        return int(found) if found is not None and found == found and found % 1 == 0 else None


def directories(data: Bytes, start: int = 0) -> Iterator[Directory]:
    """The main directory of the TIFF that begins at `start`, those that follow it, and below it.

    Readers of the sub-directories that have a meaning of their own ask `below` for them.
    """
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[start : start + 2]))
    if order is None:
        return
    todo, seen = [_integer(order, data, start + 4)], set[int]()
    while todo and len(seen) < MOST_DIRECTORIES:
        at = todo.pop(0)
        if not at or at in seen:
            continue
        seen.add(at)
        found, after = _directory(data, start, at, order)
        yield found
        todo += [after, *(int(each) for each in found.numbers(SUB_IFDS))]


def below(data: Bytes, start: int, directory: Directory, tag: int) -> Directory:
    """The directory that `tag` points to, an empty one if it does not."""
    at = directory.integer(tag)
    if not at or at < 0:
        return Directory(directory.order)
    return _directory(data, start, at, directory.order)[0]


def holds_sensor_data(data: Bytes) -> bool:
    """Whether one of the directories is of a camera's raw pixels."""
    for found in directories(data):
        if found.integer(_PHOTOMETRIC) in _SENSOR_DATA or _DNG_VERSION in found.entries:
            return True
    return False


def _directory(data: Bytes, start: int, at: int, order: str) -> tuple[Directory, int]:
    """The directory at an offset, and the offset of the next."""
    found = Directory(order)
    count = _integer(order, data, start + at, 2)
    for number in range(min(count, MOST_ENTRIES)):
        place = start + at + 2 + 12 * number
        if place + 12 > len(data):
            return found, 0
        tag, kind, values = struct.unpack(f"{order}HHI", data[place : place + 8])
        size = _SIZES.get(kind, 0) * values
        if not 0 < size <= MOST_BYTES:
            continue
        begin = place + 8 if size <= 4 else start + _integer(order, data, place + 8)
        value = bytes(data[begin : begin + size])
        if len(value) == size:
            found.entries.setdefault(tag, (kind, values, value))
    return found, _integer(order, data, start + at + 2 + 12 * count)


def _integer(order: str, data: Bytes, at: int, size: int = 4) -> int:
    found = bytes(data[at : at + size])
    return int.from_bytes(found, "little" if order == "<" else "big") if len(found) == size else 0
