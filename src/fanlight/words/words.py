"""Words in one language, with their places filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.words.dutch import DUTCH
from fanlight.words.english import ENGLISH
from fanlight.words.french import FRENCH
from fanlight.words.german import GERMAN
from fanlight.words.italian import ITALIAN
from fanlight.words.portuguese import PORTUGUESE
from fanlight.words.spanish import SPANISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from fanlight.words.language import Language, Table

_LANGUAGES = {
    one.tag: one for one in (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, PORTUGUESE)
}
LANGUAGES = {tag: one.name for tag, one in _LANGUAGES.items()}
"""What each language calls itself, by its tag."""


class Words:
    """A table in one language: `words.close`, `words("photos", n=3)`."""

    def __init__(self, language: Language, table: Table) -> None:
        self.tag = language.tag
        self.table = table
        self._language = language

    def __getattr__(self, key: str) -> str:
        """One word as it stands in the table."""
        try:
            return self.table[key]
        except KeyError:
            raise AttributeError(key) from None

    def __call__(self, key: str, **values: str | int) -> str:
        """A word with its places filled; `n` chooses between one and many."""
        return self._filled(self.table[key], values)

    def refusal(self, codes: Iterable[str], *, wait: int = 0) -> tuple[str, str] | None:
        """Why something is not done, and the next step, in this language.

        `codes` are those of an error, the nearest first; `wait` the seconds until it may be tried
        again. `None` where the error's own words do: there are none here.
        """
        told = self._language.refusals
        code = next((one for one in codes if one in told), None)
        if code is None:
            return None
        why, step = (self._filled(one, {"n": wait}) for one in told[code])
        return why, step

    def number(self, count: int) -> str:
        """A count with its thousands parted as the language does."""
        if abs(count) < self._language.parted_from:
            return str(count)
        return f"{count:,}".replace(",", self._language.thousands)

    def day(self, day: date) -> str:
        """`14 June 2026`, `14. Juni 2026`."""
        language, month = self._language, self._language.months[day.month - 1]
        said = language.first if day.day == 1 else day.day
        return language.day.format(day=said, month=month, year=day.year)

    def _filled(self, text: str, values: Mapping[str, str | int]) -> str:
        one, _, many = text.partition("|")
        single = values.get("n", 1) in self._language.singular
        said = {name: self.number(v) if isinstance(v, int) else v for name, v in values.items()}
        return (one if single or not many else many).format(**said)


def nearest(tag: str) -> str:
    """The language that there are words for, nearest to a tag of BCP 47."""
    plain = tag.lower().partition("-")[0]
    return plain if plain in _LANGUAGES else ENGLISH.tag


_PAGES = {tag: Words(one, one.pages) for tag, one in _LANGUAGES.items()}
_MAILS = {tag: Words(one, one.mails) for tag, one in _LANGUAGES.items()}
_ARCHIVES = {tag: Words(one, one.archives) for tag, one in _LANGUAGES.items()}


def page_words(tag: str) -> Words:
    """What pages say to the visitors of a gallery in this language."""
    return _PAGES[nearest(tag)]


def mail_words(tag: str) -> Words:
    """What the visitors of a gallery in this language are written."""
    return _MAILS[nearest(tag)]


def archive_words(tag: str) -> Words:
    """What archives of a gallery in this language say about themselves."""
    return _ARCHIVES[nearest(tag)]
