"""The records of a ZIP (APPNOTE.TXT 6.3.10), for entries that are stored as they are.

The checksum of an entry is not known before it has been read. So it stands behind the entry, in a
data descriptor, and in the directory at the end; the header before the entry has zero in its place.
Names are in UTF-8. Times stand as UTC twice: as MS-DOS had them, and exactly.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.archives.entry import Entry

FULL_32 = 0xFFFFFFFF
"""Stands where the number is in the ZIP64 record instead."""
FULL_16 = 0xFFFF

_FLAGS = 1 << 3 | 1 << 11
"""The checksum follows the bytes; the name is in UTF-8."""
_PLAIN, _ZIP64 = 20, 45
"""Version needed to unpack."""
_UNIX = 3 << 8
_MODE = 0o100644 << 16
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_LINE = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END_64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<IIQI")
_TIME = struct.Struct("<HHBi")
_EARLIEST = 315_532_800
_LATEST = 4_354_819_198
"""Years 1980 to 2107, all that MS-DOS knows."""
_LATEST_EXACT = 2**31 - 1


def is_large(size: int) -> bool:
    """Whether a number needs ZIP64."""
    return size >= FULL_32


def header(entry: Entry) -> bytes:
    """What stands before the bytes of an entry."""
    name, large = entry.name.encode(), is_large(entry.size)
    size = FULL_32 if large else 0
    extra = _time(entry) + (struct.pack("<HHQQ", 1, 16, 0, 0) if large else b"")
    version = _ZIP64 if large else _PLAIN
    fixed = _LOCAL.pack(
        0x04034B50, version, _FLAGS, 0, *_dos(entry), 0, size, size, len(name), len(extra)
    )
    return fixed + name + extra


def header_size(entry: Entry) -> int:
    """The length of `header`."""
    return _LOCAL.size + len(entry.name.encode()) + len(_time(entry)) + 20 * is_large(entry.size)


def descriptor(entry: Entry, crc: int) -> bytes:
    """What stands behind the bytes of an entry."""
    form = "<IIQQ" if is_large(entry.size) else "<IIII"
    return struct.pack(form, 0x08074B50, crc, entry.size, entry.size)


def descriptor_size(entry: Entry) -> int:
    """The length of `descriptor`."""
    return 24 if is_large(entry.size) else 16


def line(entry: Entry, start: int, crc: int) -> bytes:
    """The entry's line of the directory; its header is at `start`."""
    name = entry.name.encode()
    numbers = [number for number in (entry.size, entry.size, start) if is_large(number)]
    large = struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
    extra = _time(entry) + large
    size = min(entry.size, FULL_32)
    fixed = _LINE.pack(
        0x02014B50,
        _UNIX | (_ZIP64 if numbers else _PLAIN),
        _ZIP64 if numbers else _PLAIN,
        _FLAGS,
        0,
        *_dos(entry),
        crc,
        size,
        size,
        len(name),
        len(extra),
        0,
        0,
        0,
        _MODE,
        min(start, FULL_32),
    )
    return fixed + name + extra


def line_size(entry: Entry, start: int) -> int:
    """The length of `line`."""
    numbers = 2 * is_large(entry.size) + is_large(start)
    large = 4 + 8 * numbers if numbers else 0
    return _LINE.size + len(entry.name.encode()) + len(_time(entry)) + large


def end(count: int, start: int, length: int) -> bytes:
    """The end of an archive whose directory has `count` lines and `length` bytes at `start`."""
    large = b""
    if count >= FULL_16 or is_large(start) or is_large(length):
        large = _END_64.pack(
            0x06064B50, 44, _UNIX | _ZIP64, _ZIP64, 0, 0, count, count, length, start
        )
        large += _LOCATOR_64.pack(0x07064B50, 0, start + length, 1)
    count = min(count, FULL_16)
    return large + _END.pack(
        0x06054B50, 0, 0, count, count, min(length, FULL_32), min(start, FULL_32), 0
    )


def _dos(entry: Entry) -> tuple[int, int]:
    at = datetime.fromtimestamp(min(max(entry.modified, _EARLIEST), _LATEST), UTC)
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return time, (at.year - 1980) << 9 | at.month << 5 | at.day


def _time(entry: Entry) -> bytes:
    """The exact time, where the record can hold it."""
    if not 0 <= entry.modified <= _LATEST_EXACT:
        return b""
    return _TIME.pack(0x5455, 5, 1, entry.modified)
