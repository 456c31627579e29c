"""Tags as people write them, and as they are kept."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from fanlight.errors import BadName

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 64
"""Characters of a tag."""
MOST = 100
"""Tags of one asset."""


def clean_tags(given: Iterable[str]) -> tuple[str, ...]:
    """NFC, blanks joined, each once, in their order. Raises BadName."""
    tags = tuple(dict.fromkeys(_clean(tag) for tag in given))
    if len(tags) > MOST:
        raise BadName(f"An asset has at most {MOST} tags.", remedy="Leave some out.", about="tags")
    return tags


def _clean(tag: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", tag).split())
    if not tidy or len(tidy) > LONGEST or any(map(_is_invisible, tidy)):
        raise BadName(
            f"A tag has 1 to {LONGEST} visible characters.",
            remedy="Change it, or leave it out.",
            about="tags",
        )
    return tidy


def _is_invisible(letter: str) -> bool:
    joiners = "\u200c\u200d"  # within words and emoji
    return letter not in joiners and unicodedata.category(letter) in ("Cc", "Cf", "Cs")
