"""The ``Range`` header: one range of bytes, as downloads understand it."""

from __future__ import annotations

import re

_FORM = re.compile(r"bytes=(\d*)-(\d*)$")


class Unsatisfiable(Exception):
    """The range lies outside the content."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(first byte, count), or ``None`` for everything.

    Several ranges, other units and nonsense are ignored, as RFC 9110 allows. Any range of an
    empty content is unsatisfiable.
    """
    found = _FORM.match(header.strip()) if header else None
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        count = min(int(last), size)
        if count == 0:
            raise Unsatisfiable
        return size - count, count
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end - start + 1
