"""Whom the owner wants told of what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from fanlight.errors import Invalid
from fanlight.gallery_model import Courtesy, Telling
from fanlight.notices.mail import address

if TYPE_CHECKING:
    from fanlight.catalogue import Records

SETTING = "notices"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Kept for the whole server."""

    to: str = ""
    """Where mails to the owner go; empty for none."""
    tellings: frozenset[Telling] = frozenset(Telling)
    """What they are told of."""
    days: int = 7
    """How long before a gallery closes they are."""
    courtesies: frozenset[Courtesy] = frozenset({Courtesy.ANSWER})
    """What viewers are written who have left their address."""


def preferences(records: Records) -> Preferences:
    """As they are kept."""
    kept = records.settings.get(SETTING)
    if not isinstance(kept, dict):
        return Preferences()
    fields = cast("dict[str, Any]", kept)
    usual = Preferences()
    return Preferences(
        to=fields.get("to", usual.to),
        tellings=frozenset(map(Telling, fields.get("tellings", usual.tellings))),
        days=fields.get("days", usual.days),
        courtesies=frozenset(map(Courtesy, fields.get("courtesies", usual.courtesies))),
    )


def keep(records: Records, wanted: Preferences) -> None:
    """Write them down."""
    records.settings.set(
        SETTING,
        {
            "to": wanted.to,
            "tellings": sorted(wanted.tellings),
            "days": wanted.days,
            "courtesies": sorted(wanted.courtesies),
        },
    )


def checked(wanted: Preferences) -> Preferences:
    """What may be kept. Raises Invalid (`invalid.email`, `invalid.days`)."""
    if not 1 <= wanted.days <= 90:
        raise Invalid("Between 1 and 90 days before.", code="invalid.days", about="days")
    return replace(wanted, to=address(wanted.to) if wanted.to.strip() else "")
