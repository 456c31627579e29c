"""Letters: what a mail says, in plain words and as the same words in HTML.

The HTML asks nobody for anything: no pictures, no fonts, no counting. Its colours are those of
whoever reads it, by day and by night; only the button brings its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Button:
    """A link that stands by itself."""

    label: str
    address: str


Block = str | Button
"""A paragraph, which may have several lines, or a link."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    subject: str
    blocks: tuple[Block, ...]
    language: str = "en"
    foot: tuple[Block, ...] = ()
    """In small print, such as why somebody gets it."""
    links: tuple[str, ...] = ()
    """Addresses that are links where paragraphs name them. Viewers' own words have none."""

    @property
    def text(self) -> str:
        """In plain words. Addresses stand on lines of their own, so that nothing clings to them."""
        parts = [*map(_text, self.blocks)]
        if self.foot:
            parts.append("\n".join(["-- ", *map(_text, self.foot)]))  # a signature, as mail has it
        return "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """A page of its own."""
        body = "\n".join(_html(block, self.links) for block in self.blocks)
        if self.foot:
            small = "<br>".join(_small(block) for block in self.foot)
            body += f'\n<p style="{_SMALL}">{small}</p>'
        return _PAGE.format(
            language=escape(self.language), title=escape(self.subject), style=_STYLE, body=body
        )


def letter(subject: str, *blocks: Block | None, language: str = "en") -> Letter:
    """A letter of what there is to say: empty paragraphs, and links that lead nowhere, are not."""
    return Letter(subject, tuple(block for block in blocks if block), language)


_STYLE = (
    "max-width:34em;margin:0 auto;padding:28px 20px;"
    "font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
)
_BUTTON = (
    "display:inline-block;padding:11px 22px;border-radius:8px;background:#2b66d9;color:#ffffff;"
    "font-weight:600;text-decoration:none"
)
_SMALL = "margin:32px 0 0;padding-top:14px;border-top:1px solid #8888;font-size:13px;opacity:.75"
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0">
<div style="{style}">
{body}
</div>
</body>
</html>
"""


def _text(block: Block) -> str:
    return f"{block.label}:\n{block.address}" if isinstance(block, Button) else block


def _html(block: Block, links: tuple[str, ...]) -> str:
    if isinstance(block, str):
        said = escape(block).replace("\n", "<br>\n")
        for link in links:
            said = said.replace(escape(link), _anchor(link, link))
        return f'<p style="margin:0 0 16px">{said}</p>'
    address = escape(block.address)
    return (
        f'<p style="margin:24px 0 8px"><a href="{address}" style="{_BUTTON}">'
        f"{escape(block.label)}</a></p>\n"
        f'<p style="margin:0 0 24px;font-size:13px;word-break:break-all">'
        f"{_anchor(block.address, block.address)}</p>"
    )


def _small(block: Block) -> str:
    if isinstance(block, Button):
        return _anchor(block.address, block.label)
    return escape(block).replace("\n", "<br>\n")


def _anchor(address: str, label: str) -> str:
    return f'<a href="{escape(address)}" style="color:inherit">{escape(label)}</a>'
