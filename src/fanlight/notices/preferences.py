"""Whom the owner wants told of what, and how invitations begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from fanlight.errors import Invalid
from fanlight.gallery_model import Telling
from fanlight.notices.mail import address

if TYPE_CHECKING:
    from fanlight.catalogue import Records

SETTING = "notices"
LONGEST_TEMPLATE = 4000
SUBJECT = "Your photos: {title}"
BODY = """\
Hello {name},

your photos are ready: {title}.

{message}

You need nothing to look at them but this address. Pick what you like with the heart, then send
your picks from the page.
"""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Kept for the whole server."""

    to: str = ""
    """Where mails to the owner go; empty for none."""
    tellings: frozenset[Telling] = frozenset(Telling)
    """What they are told of."""
    days: int = 7
    """How long before a gallery closes they are."""
    subject: str = SUBJECT
    body: str = BODY
    """Of invitations; `{title}`, `{name}` and `{message}` are filled in."""


def preferences(records: Records) -> Preferences:
    """As they are kept."""
    kept = records.settings.get(SETTING)
    if not isinstance(kept, dict):
        return Preferences()
    fields = cast("dict[str, Any]", kept)
    fields["tellings"] = frozenset(map(Telling, fields["tellings"]))
    return Preferences(**fields)


def keep(records: Records, wanted: Preferences) -> None:
    """Write them down."""
    records.settings.set(
        SETTING,
        {
            "to": wanted.to,
            "tellings": sorted(wanted.tellings),
            "days": wanted.days,
            "subject": wanted.subject,
            "body": wanted.body,
        },
    )


def checked(wanted: Preferences) -> Preferences:
    """What may be kept. Raises Invalid (`invalid.email`, `invalid.days`, `invalid.template`)."""
    if not 1 <= wanted.days <= 90:
        raise Invalid("Between 1 and 90 days before.", code="invalid.days", about="days")
    subject, body = " ".join(wanted.subject.split()), wanted.body.replace("\r\n", "\n").strip()
    if not subject or len(subject) > 200 or not body or len(body) > LONGEST_TEMPLATE:
        raise Invalid(
            f"A subject has up to 200 characters, a text up to {LONGEST_TEMPLATE}.",
            code="invalid.template",
            about="template",
        )
    to = address(wanted.to) if wanted.to.strip() else ""
    return Preferences(to, wanted.tellings, wanted.days, subject, body)
