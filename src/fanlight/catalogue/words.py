"""What a name is searched by: the same folding and splitting when kept and when asked.

Text is folded (case, compatibility forms, accents of Latin, Greek and Cyrillic), so that `Été` is
found by `ete`. Words are runs of letters and digits; of scripts written without spaces
each character is a word of its own, so that two characters find a name just as three letters do.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeVar

from fanlight.errors import BadName

V = TypeVar("V")

GRAM = 3
_LONGEST_QUERY = 200
_MOST_TERMS = 10
_LONGEST_WORD = 64
_UNSPACED = (  # Han, Kana, Hangul
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(f"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\\W_])+")
_ACCENT = re.compile("[\u0300-\u036f]")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def can_be_asked(text: str) -> bool:
    """Whether a database can be asked for it at all: no NUL, no half of a character."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def checked(value: V) -> V:
    """A value as it is. Raises BadName for text that a database cannot keep."""
    if isinstance(value, str) and not can_be_asked(value):
        raise BadName
    return value


def fold(text: str) -> str:
    """Text as it is compared."""
    if not text.isascii():
        spread = unicodedata.normalize("NFKD", _CONTROL.sub(" ", text))
        return unicodedata.normalize("NFKC", _ACCENT.sub("", spread).casefold())
    return _CONTROL.sub(" ", text).lower()


def words(folded: str) -> list[str]:
    """The words of folded text, in order."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(folded)]


def searched(name: str, tags: str) -> tuple[str, str]:
    """What is kept of an asset to find it by: its folded text, and its words."""
    body = fold(f"{name}\n{tags}" if tags else name)
    return body, " ".join(dict.fromkeys(words(body)))


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, taken apart. All of it must be found."""

    parts: tuple[str, ...]
    """Pieces of three characters and more, and those with signs: anywhere in the text."""
    words: tuple[str, ...]
    """Shorter pieces: whole words..."""
    prefix: str
    """...but the last one: the beginning of a word."""

    @property
    def empty(self) -> bool:
        """Whether nothing was asked at all."""
        return not (self.parts or self.words or self.prefix)


def parse(typed: str) -> Query:
    """Take apart what somebody typed. Every character of it is data, none has a meaning."""
    terms = fold(typed[:_LONGEST_QUERY]).split()[:_MOST_TERMS]
    parts: list[str] = []
    whole: list[str] = []
    for term in terms:
        found = words(term)
        if len(term) >= GRAM or found != [term]:
            parts.append(term)
        if len(term) < GRAM:
            whole.extend(found)
    last = terms[-1] if terms else ""
    prefix = whole.pop() if whole and len(last) < GRAM and words(last) else ""
    return Query(tuple(dict.fromkeys(parts)), tuple(dict.fromkeys(whole)), prefix)
