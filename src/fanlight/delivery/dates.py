"""HTTP dates: written in the one preferred form, read in all three (RFC 9110, section 5.6.7)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime


def written(at: datetime) -> str:
    """`Sun, 06 Nov 1994 08:49:37 GMT`."""
    return formatdate(int(at.timestamp()), usegmt=True)


def read(text: str) -> int | None:
    """Whole seconds since 1970; `None` if it is no date, which a condition then ignores."""
    try:
        at = parsedate_to_datetime(text.partition(";")[0])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return int(at.timestamp())
