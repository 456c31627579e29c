"""The last entry of an archive: whether all that was asked for is in it.

It is written when everything before it has been read, into room that was set aside before; so it
can tell of what failed on the way, and the length of the archive stays what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from fanlight.words import Words

_ROOM = 1024
_MOST = 1 << 15
"""Bytes for names."""
_END = "\r\n"


def room(names: Iterable[str]) -> int:
    """The bytes of a report about entries, or what was left out, of these names."""
    return _ROOM + min(sum(len(name.encode()) + 4 for name in names), _MOST)


def text(
    size: int,
    names: Sequence[str],
    lost: Collection[int],
    left_out: Sequence[str],
    words: Words,
) -> bytes:
    """The report in exactly `size` bytes, as `room` says.

    `lost`: those of `names` that have nothing but zeros in their place; `left_out`: what was asked
    for and is not in the archive at all.
    """
    bad = len(lost) + len(left_out)
    total = len(names) + len(left_out)
    lines = [words("not_read", n=bad, all=total) if bad else words("all_read", n=total)]
    if lost:
        lines += ["", words.zeros]
        lines += [f"  {names[index]}" for index in sorted(lost)]
    if left_out:
        lines += ["", words.left_out]
        lines += [f"  {name}" for name in left_out]
    if bad:
        lines += ["", words.try_again]
    return _padded(lines, size, words)


def _padded(lines: list[str], size: int, words: Words) -> bytes:
    """The lines as far as there is room for them, and then blanks."""
    body = b""
    for place, line in enumerate(lines):
        data = f"{line}{_END}".encode()
        rest = f"  {words('no_room', n=len(lines) - place)}{_END}".encode()
        if len(body) + len(data) + len(rest) > size - len(_END):
            body += rest
            break
        body += data
    return body + b" " * (size - len(body) - len(_END)) + _END.encode()
