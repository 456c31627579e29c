"""Texts from metadata, as they may be shown: decoded, without controls, of bounded length."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 2_000
LONGEST_WORD = 200
MOST_WORDS = 200

_controls = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def decode(data: bytes) -> str:
    """UTF-8 where it is, else the encoding that can read anything."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def clean(text: str, longest: int = LONGEST) -> str:
    """One text, trimmed."""
    return _controls.sub("", text[: 2 * longest]).strip()[:longest].rstrip()


def words(texts: Iterable[str]) -> tuple[str, ...]:
    """Keywords in their sequence, each once."""
    found = dict.fromkeys(clean(text, LONGEST_WORD) for text in texts)
    return tuple(word for word in found if word)[:MOST_WORDS]
