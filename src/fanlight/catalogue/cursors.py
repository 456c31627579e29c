"""Opaque page cursors: where the last page ended, in a form that addresses can carry."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, cast

from fanlight.errors import BadCursor

_LONGEST = 4096
_INTEGER_LIMIT = 2**63


def encode(kind: str, *values: str | int) -> str:
    """A cursor of one kind of list (`newest`, `event`) that carries `values`."""
    text = json.dumps([kind, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, kind: str, *types: type) -> tuple[Any, ...]:
    """The values of a cursor of that kind. Raises BadCursor for anything we cannot have made."""
    values = _parse(cursor)
    if len(values) != len(types) + 1 or values[0] != kind:
        raise BadCursor
    for value, wanted in zip(values[1:], types, strict=True):
        if type(value) is not wanted or not _can_be_asked(value):
            raise BadCursor
    return tuple(values[1:])


def part(kind: str, ids: Sequence[str], after: str | None, limit: int) -> tuple[slice, str | None]:
    """Which of these, all there are, stand on one page; and the cursor of the next.

    Where the last one of the page before has gone meanwhile, its place is gone by. Raises
    BadCursor.
    """
    start = 0
    if after is not None:
        place, last = decode(after, kind, int, str)
        start = ids.index(last) + 1 if last in ids else max(0, place)
    end = start + limit
    return slice(start, end), encode(kind, end, ids[end - 1]) if end < len(ids) else None


def _parse(cursor: str) -> list[Any]:
    if len(cursor) > _LONGEST:
        raise BadCursor
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(text)
    except (binascii.Error, ValueError, RecursionError):
        raise BadCursor from None
    if not isinstance(values, list):
        raise BadCursor
    return cast("list[Any]", values)


def _can_be_asked(value: str | int) -> bool:
    """Whether a database takes it as a parameter."""
    if isinstance(value, int):
        return -_INTEGER_LIMIT <= value < _INTEGER_LIMIT
    return ("\0" not in value and value.isprintable()) or _encodes(value)


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value
