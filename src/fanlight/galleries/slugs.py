"""Slugs: a gallery's name in its address."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from fanlight.errors import BadName

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 80
_good = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_other = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "o", "å": "a", "ł": "l", "đ": "d"}
)
_date = re.compile(r"(?<!\d)(\d{4})[-_. ]?(\d{2})[-_. ]?(\d{2})(?!\d)")
_edges = " -_.,"


def slug_of(title: str) -> str:
    """A slug for a title; `gallery` for one without any letter that addresses have."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return _other.sub("-", letters).strip("-")[:LONGEST].strip("-") or "gallery"


def checked_slug(slug: str) -> str:
    """A slug as somebody typed it. Raises BadName."""
    slug = slug.strip().lower()
    if len(slug) > LONGEST or not _good.fullmatch(slug):
        raise BadName(
            "An address has small letters, digits and single hyphens.",
            remedy="Choose one like anna-and-ben.",
        )
    return slug


def free_slug(slug: str, taken: Callable[[str], bool]) -> str:
    """The slug, or the first of `slug-2`, `slug-3` ... that is free."""
    number, free = 1, slug
    while taken(free):
        number += 1
        free = f"{slug[: LONGEST - 6].rstrip('-')}-{number}"
    return free


def suggested(folder: str) -> tuple[str, date | None]:
    """A title and a day from a folder's name: `2026-05-30 Anna & Ben`."""
    name = folder.rpartition("/")[2]
    for found in _date.finditer(name):
        try:
            day = date(*map(int, found.groups()))
        except ValueError:
            continue
        rest = f"{name[: found.start()].strip(_edges)} {name[found.end() :].strip(_edges)}"
        return _spoken(rest) or name, day
    return _spoken(name) or name, None


def _spoken(text: str) -> str:
    return " ".join(text.replace("_", " ").split())
