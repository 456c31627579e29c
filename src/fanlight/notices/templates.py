"""Templates of invitations: an owner's own words, with places that are filled in.

A line whose place has nothing to fill it is left out: so one template does for links with and
without a password, and for galleries that close or do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import Invalid
from fanlight.words import LANGUAGES, mail_words

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES = {
    "client": "who is invited",
    "gallery": "the title of the gallery",
    "link": "the address; alone on its line it becomes a button",
    "password": "the password of the link, as you enter it when you send",
    "pin": "the PIN for downloads",
    "closes": "the last day",
    "studio": "the name of your site",
}
"""What may stand in braces, and what it becomes."""
LONGEST_NAME, LONGEST_SUBJECT, LONGEST_TEXT = 100, 200, 4000
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Template:
    """What an invitation says."""

    id: str
    """The tag of a language for the one that is taken for galleries in it."""
    name: str
    language: str
    subject: str
    text: str

    @property
    def usual(self) -> bool:
        """Whether it is the one that is taken for galleries in its language."""
        return self.id in LANGUAGES


def usual(language: str) -> Template:
    """The template of a language as it comes."""
    words = mail_words(language)
    return Template(
        words.tag, LANGUAGES[words.tag], words.tag, words.invite_subject, words.invite_text
    )


def checked(template: Template) -> Template:
    """The template as it is kept.

    Raises Invalid (`invalid.name`, `invalid.language`, `invalid.subject`, `invalid.text`,
    `invalid.placeholder`), each about its field.
    """
    name = " ".join(template.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            f"A template has a name of 1 to {LONGEST_NAME} characters.",
            code="invalid.name",
            about="name",
        )
    if template.language not in LANGUAGES:
        raise Invalid(
            f"There are words in {', '.join(LANGUAGES.values())}.",
            code="invalid.language",
            about="language",
        )
    subject, text = checked_words(template.subject, template.text)
    return Template(template.id, name, template.language, subject, text)


def checked_words(subject: str, text: str) -> tuple[str, str]:
    """A subject and a text that can be filled and sent.

    Raises Invalid (`invalid.subject`, `invalid.text`, `invalid.placeholder`), about its field.
    """
    subject, text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    _check(subject, LONGEST_SUBJECT, "subject")
    _check(text, LONGEST_TEXT, "text")
    if "link" not in _places(text):
        raise Invalid(
            "An invitation leads to the gallery, and this one does not.",
            remedy="Put {link} on a line of its own.",
            code="invalid.text",
            about="text",
        )
    return subject, text


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled, without the lines that have nothing to say."""
    lines = (line for line in text.split("\n") if all(values[name] for name in _places(line)))
    return _GAPS.sub("\n\n", "\n".join(_filled(line, values) for line in lines)).strip()


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """A subject with its places filled: it says something in any case."""
    return " ".join(_filled(text, values).split())


def _check(text: str, longest: int, about: str) -> None:
    if not text or len(text) > longest or "\0" in text:
        raise Invalid(f"This has 1 to {longest} characters.", code=f"invalid.{about}", about=about)
    for name in _places(text):
        if name not in PLACES:
            raise Invalid(
                f"Nothing is known to put in place of {{{name[:60]}}}.",
                remedy=f"There are {', '.join(f'{{{one}}}' for one in PLACES)}.",
                code="invalid.placeholder",
                about=about,
            )


def _places(text: str) -> list[str]:
    return [name.strip() for name in _PLACE.findall(text)]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values[found[1].strip()], text)
