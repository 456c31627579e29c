"""Days and moments as somebody types them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fanlight.errors import Invalid

UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def moment(text: str | None) -> datetime | None:
    """A moment to come: `30d`, `12h`, `2w`, or a date and time; `None` for nothing. Invalid."""
    if not text:
        return None
    number, unit = text[:-1], text[-1:]
    try:
        if number.isdecimal() and unit in UNITS:
            return datetime.now(UTC) + timedelta(**{UNITS[unit]: int(number)})
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise Invalid(
            f"{text!r} is not a time.", remedy="Write 30d, 12h, 2w or 2027-01-31."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day(text: str | None) -> date | None:
    """A day: `2026-06-14`; `None` for nothing. Raises Invalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is not a day.", remedy="Write it like 2026-06-14.") from None
