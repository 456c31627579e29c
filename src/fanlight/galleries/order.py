"""The order of what is in a gallery."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from fanlight.gallery_model import GallerySort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fanlight.gallery_model import Candidate, GalleryRules, Item

_NUMBER = re.compile(r"(\d+)")
_LONGEST_NUMBER = 40
"""Digits that are compared as a number; what is longer is text."""

Natural = tuple[tuple[int, int | str], ...]
LAST = 1 << 62


def natural(name: str) -> Natural:
    """A key by which names sort as people count: `2` before `10`, `a` beside `A`."""
    folded = normalize("NFKD", name).casefold() if not name.isascii() else name.lower()
    return tuple(_part(part) for part in _NUMBER.split(folded) if part)


def _part(part: str) -> tuple[int, int | str]:
    if len(part) <= _LONGEST_NUMBER and part.isdecimal():
        return (0, int(part))
    return (1, part)


@dataclass(frozen=True, slots=True)
class Placed:
    """What is put in order: an item, and what it is ordered by."""

    item: Item
    candidate: Candidate | None
    """`None` for what is not there at present."""
    section: int
    """The position of its section."""
    fresh: bool
    """Whether it was not in the gallery before."""


def ordered(rules: GalleryRules, items: Iterable[Placed]) -> Sequence[Placed]:
    """Section by section, each in the gallery's order; what is away keeps its place by hand."""
    placed = list(items)
    placed.sort(key=_by_name)  # what is alike otherwise
    if rules.sort is GallerySort.HAND:
        placed.sort(key=lambda one: (one.fresh, one.item.position if not one.fresh else 0))
    elif rules.sort is GallerySort.TAKEN:
        placed.sort(key=_by_time, reverse=rules.backwards)
        placed.sort(key=_has_no_time)
    elif rules.backwards:
        placed.sort(key=_by_name, reverse=True)
    placed.sort(key=lambda one: one.section)
    return placed


def _by_name(one: Placed) -> tuple[Natural, str, str]:
    if one.candidate is None:
        return (), "", one.item.asset_id
    return natural(one.candidate.name), one.candidate.path, one.item.asset_id


def _by_time(one: Placed) -> float:
    taken = None if one.candidate is None else one.candidate.taken_at
    return 0.0 if taken is None else taken.timestamp()


def _has_no_time(one: Placed) -> bool:
    return one.candidate is None or one.candidate.taken_at is None
