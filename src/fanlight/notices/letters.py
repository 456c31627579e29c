"""Letters: what a mail says, in plain words and as the same words in HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    subject: str
    text: str
    html: str


def letter(subject: str, *paragraphs: str, link: tuple[str, str] | None = None) -> Letter:
    """A letter of some paragraphs, and at its end a link: what it is called, and the address."""
    written = [paragraph for paragraph in paragraphs if paragraph]
    text = "\n\n".join(written + ([f"{link[0]}: {link[1]}"] if link else [])) + "\n"
    html = "".join(f"<p>{_lines(paragraph)}</p>" for paragraph in written)
    if link:
        html += f'<p><a href="{escape(link[1])}">{escape(link[0])}</a></p>'
    style = "font:16px/1.5 system-ui,sans-serif;max-width:34em"
    return Letter(subject, text, f'<div style="{style}">{html}</div>\n')


def filled(template: str, values: dict[str, str]) -> str:
    """A template with its `{places}` filled; what has no value stays as it is written."""

    def value(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    return _PLACE.sub(value, template)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
