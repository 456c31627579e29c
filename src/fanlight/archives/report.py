"""The last entry of an archive: whether all that was asked for is in it.

It is written when everything before it has been read, into room that was set aside before; so it
can tell of what failed on the way, and the length of the archive stays what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

NAME = "about this download.txt"

_ROOM = 1024
_MOST = 1 << 15
"""Bytes for names."""
_END = "\r\n"


def room(names: Iterable[str]) -> int:
    """The bytes of a report about entries, or what was left out, of these names."""
    return _ROOM + min(sum(len(name.encode()) + 4 for name in names), _MOST)


def text(size: int, names: Sequence[str], lost: Collection[int], left_out: Sequence[str]) -> bytes:
    """The report in exactly `size` bytes, as `room` says.

    `lost`: those of `names` that have nothing but zeros in their place; `left_out`: what was asked
    for and is not in the archive at all.
    """
    bad = len(lost) + len(left_out)
    total = len(names) + len(left_out)
    if not bad:
        lines = [f"Everything could be read: {_counted(total)}."]
    else:
        lines = [f"Of {_counted(total)}, {bad} could not be read."]
    if lost:
        lines += ["", "In place of these there are entries that hold nothing but zeros:"]
        lines += [f"  {names[index]}" for index in sorted(lost)]
    if left_out:
        lines += ["", "These are not in this archive:"]
        lines += [f"  {name}" for name in left_out]
    if bad:
        lines += ["", "They may be there again when you download them anew."]
    return _padded(lines, size)


def _counted(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _padded(lines: list[str], size: int) -> bytes:
    """The lines as far as there is room for them, and then blanks."""
    body = b""
    for place, line in enumerate(lines):
        data = f"{line}{_END}".encode()
        rest = f"  and more: {len(lines) - place} lines had no room here.{_END}".encode()
        if len(body) + len(data) + len(rest) > size - len(_END):
            body += rest
            break
        body += data
    return body + b" " * (size - len(body) - len(_END)) + _END.encode()
