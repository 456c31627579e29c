"""Times as forms have them: by a clock on a wall, whose time zone is said beside the field.

A page brings a time in the site's zone; a script says it in the browser's instead. Either way the
form sends back in which zone it is (`zone`), and an instant is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fanlight.errors import Invalid
from fanlight.site import zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from fanlight.site import Site

FORM = "%Y-%m-%dT%H:%M"
"""As `datetime-local` fields have it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock by which a form says its times, for templates."""

    zone: str
    given: Mapping[str, str] | None = None
    """What somebody typed, where that is shown again: a script leaves it alone."""

    def face(self, name: str, at: datetime | None) -> str:
        """What the field of that name shows of an instant."""
        if self.given is not None:
            return self.given.get(name, "")
        return said(at, zone_of(self.zone)) if at is not None else ""

    def instant(self, at: datetime | None) -> str:
        """The instant for the script, as RFC 3339 has it."""
        if at is None or self.given is not None:
            return ""
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock_of(site: Site, given: Mapping[str, str] | None) -> Clock:
    """The clock of a form: the site's, or that of what was `given`."""
    if given is None:
        return Clock(site.clock.key)
    return Clock(given.get("zone") or "UTC", given)


def said(at: datetime, zone: ZoneInfo) -> str:
    """An instant by a clock in that zone, to the minute."""
    return at.astimezone(zone).strftime(FORM)


def moment(fields: Mapping[str, str], name: str, kept: datetime | None = None) -> datetime | None:
    """The instant that a field means; `None` for none. Raises Invalid (`invalid.time`, `.zone`).

    What stands in the field as the page brought it stays the very instant that is `kept`: in the
    hour that comes twice a clock's face does not tell which, nor ever the seconds. Else that hour
    is the first of the two, and one that clocks leave out is refused.
    """
    text = fields.get(name, "").strip()
    if not text:
        return None
    zone = zone_of(fields.get("zone") or "UTC")
    if kept is not None and text == said(kept, zone):
        return kept
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=zone)
        instant = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            "This is not a time.",
            remedy="Choose a day and a time.",
            code="invalid.time",
            about=name,
        ) from None
    if instant.astimezone(zone).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise Invalid(
            f"There is no such time in {zone.key}: clocks are put forward then.",
            remedy="Choose one an hour later.",
            code="invalid.time",
            about=name,
        )
    return instant
