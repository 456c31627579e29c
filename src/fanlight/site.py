"""The site as a whole: what it is called, how its owner is reached, and whose clock it goes by."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fanlight.errors import Invalid
from fanlight.guard.addresses import is_mail_address, is_web_address
from fanlight.model import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from fanlight.catalogue import Catalogue, Records
    from fanlight.model import Actor

SETTING = "site"
LONGEST_NAME = 100
LASTS = 0.4
"""Seconds from the begin of a read for which its result is used: each visitor's page asks."""


@dataclass(frozen=True, slots=True)
class Site:
    """Kept for the whole server."""

    name: str = ""
    """Whose galleries these are, as visitors read it on pages and in mails; empty: not said."""
    zone: str = "UTC"
    """The time zone (IANA, `Europe/Berlin`) in which times are said where no browser says one."""
    contact: str = ""
    """Where who cannot come in may ask: an address of mail or of a page; empty: not said."""

    @property
    def contact_link(self) -> str:
        """The contact as the address of a link."""
        mail = is_mail_address(self.contact)
        return f"mailto:{quote(self.contact, safe='@')}" if mail else self.contact

    @property
    def clock(self) -> ZoneInfo:
        """The time zone; UTC where this server no longer knows it."""
        try:
            return zone_of(self.zone)
        except Invalid:
            return ZoneInfo("UTC")

    def day(self, at: datetime) -> date:
        """The day of a moment, by this clock."""
        return at.astimezone(self.clock).date()

    def last_day(self, end: datetime) -> date:
        """The last day of what ends at a moment: the one before, if that is midnight."""
        return self.day(end - timedelta(microseconds=1))


def site(records: Records) -> Site:
    """As it is kept."""
    kept = records.settings.get(SETTING)
    return Site(**cast("dict[str, Any]", kept)) if isinstance(kept, dict) else Site()


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name in the IANA database. Raises Invalid (`invalid.zone`)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder of names
        raise Invalid(
            "This server knows no time zone of that name.",
            remedy="Choose one as Europe/Berlin is written, or UTC.",
            code="invalid.zone",
            about="zone",
        ) from None


class SiteDesk:
    """What is said of the site, and who may change it."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._monotonic = monotonic
        self._kept: tuple[float, Site] | None = None

    async def get(self) -> Site:
        """What everybody may know. Another process's change holds within half a second."""
        now, kept = self._monotonic(), self._kept
        if kept is not None and now < kept[0]:
            return kept[1]
        found = await self._catalogue.read(site)
        self._kept = (now + LASTS, found)
        return found

    async def change(
        self,
        actor: Actor,
        *,
        name: str | None = None,
        zone: str | None = None,
        contact: str | None = None,
    ) -> Site:
        """Change what is given.

        Raises Forbidden, Invalid (`invalid.name`, `invalid.zone`, `invalid.contact`).
        """
        actor.require_everywhere(Scope.MANAGE)
        changes = {} if name is None else {"name": _name(name)}
        if zone is not None:
            changes["zone"] = _zone(zone)
        if contact is not None:
            changes["contact"] = _contact(contact)

        def unit(records: Records) -> Site:
            changed = replace(site(records), **changes)
            records.settings.set(SETTING, asdict(changed))
            records.events.add(
                at=self._clock(), action="site.changed", actor=actor.name, subject=SETTING
            )
            return changed

        changed = await self._catalogue.write(unit)
        self._kept = None
        return changed


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            f"A name has up to {LONGEST_NAME} characters on one line.",
            remedy="Shorten it.",
            code="invalid.name",
            about="name",
        )
    return name


def _zone(name: str) -> str:
    return zone_of(name.strip() or "UTC").key


def _contact(text: str) -> str:
    contact = text.strip()
    if contact and not (is_mail_address(contact) or is_web_address(contact)):
        raise Invalid(
            "This is neither an e-mail address nor that of a page.",
            remedy="Write it as ada@example.com, or begin with https://.",
            code="invalid.contact",
            about="contact",
        )
    return contact
