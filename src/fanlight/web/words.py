"""How numbers, sizes, times and links are written on pages."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from fanlight.library.sniff import by_name, extension_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fanlight.model import Asset

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def size(count: int | None) -> str:
    """Bytes as a person reads them: `4.1 MB`."""
    if count is None:
        return "unknown"
    amount, unit = float(count), 0
    while amount >= 999.5 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    if unit == 0:
        return f"{count} byte{'' if count == 1 else 's'}"
    return f"{amount:.1f} {UNITS[unit]}" if amount < 99.5 else f"{amount:.0f} {UNITS[unit]}"


def number(count: int) -> str:
    """A count with its thousands parted: `12,408`."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 asset`, `12,408 assets`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def day(at: datetime, offset: int | None = None) -> str:
    """By UTC, or by the clock of a camera `offset` minutes east: `14 June 2026`."""
    stood = at.astimezone(timezone(timedelta(minutes=offset or 0)))
    return f"{stood.day} {stood.strftime('%B %Y')}"


def by_clock(at: datetime, offset: int | None) -> str:
    """By the clock of a camera `offset` minutes east: `14 June 2026, 04:52 (+02:00)`."""
    stood = at.astimezone(timezone(timedelta(minutes=offset or 0)))
    east = "" if offset is None else f" ({stood.isoformat()[-6:]})"
    return f"{day(at, offset)}, {stood.strftime('%H:%M')}{east}"


def moment(at: datetime | None, never: str = "never") -> Markup:
    """A `<time>` that says when, in words a script makes relative: `14 June 2026, 05:12 UTC`."""
    if at is None:
        return Markup(escape(never))  # noqa: S704 (escaped)
    utc = at.astimezone(UTC)
    exact = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    said = f"{utc.day} {utc.strftime('%B %Y, %H:%M')} UTC"
    return Markup('<time datetime="{}">{}</time>').format(exact, said)


_NAMES = re.compile(
    r"(https?://[^\s<]+[^\s<.,;:)])|(?<![\w/.])([a-z_]+(?:\.[a-z_]+){1,3})(?![\w/.]*[\w/])"
)


def marked(text: str) -> Markup:
    """A sentence with its addresses as links and the names of permissions set apart."""
    parts: list[Markup] = []
    at = 0
    for found in _NAMES.finditer(text):
        parts.append(escape(text[at : found.start()]))
        link, name = found.groups()
        if link:
            parts.append(Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(link))
        else:
            parts.append(Markup("<code>{}</code>").format(name))
        at = found.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def brief(text: str, most: int = 60) -> str:
    """A long name with its middle left out, so that its end is still seen."""
    if len(text) <= most:
        return text
    tail = most // 3
    return f"{text[: most - tail - 1]}…{text[-tail:]}"


def listed(text: str) -> tuple[str, ...]:
    """What a person parted by commas: `lake, dawn`."""
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)


def monogram(name: str) -> str:
    """Two letters that stand for a thing."""
    letters = [c for c in name if c.isalnum()]
    return "".join(letters[:2]).capitalize() or "·"


def badge_of(name: str) -> str:
    """What stands where a preview is missing: the extension, at most five letters."""
    _, dot, extension = name.rpartition(".")
    return extension[:5].upper() if dot and extension.isalnum() else "···"


def sign_of(asset: Asset) -> str:
    """As `badge_of`; by its bytes where its name says another kind: `ZIP` of one named `.jpg`."""
    told = "" if by_name(asset.name).kind is asset.kind else extension_for(asset.media_type)
    return badge_of(told or asset.name)


@dataclass(frozen=True, slots=True)
class LinkForm:
    """One way to write a link down."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkFormat:
    """A way to write links down, as templates that pages fill by `fill` and scripts likewise.

    A gap is `{name}`, or `{name:html}` and `{name:markdown}` where the value must be made harmless.
    """

    key: str
    label: str
    picture: str
    """For what browsers show as a picture..."""
    other: str
    """...and for everything else."""


LINK_FORMATS = (
    LinkFormat("url", "URL", "{url}", "{url}"),
    LinkFormat("markdown", "Markdown", "![{name:markdown}]({url})", "[{name:markdown}]({url})"),
    LinkFormat(
        "html",
        "HTML",
        '<img src="{url:html}" alt="{name:html}">',
        '<a href="{url:html}">{name:html}</a>',
    ),
    LinkFormat("bbcode", "BBCode", "[img]{url}[/img]", "[url={url}]{name}[/url]"),
)
LINK_PRESETS = ("small", "medium", "large")
"""Presets that a link may lead to instead of the original."""

_GAP = re.compile(r"\{(\w+)(?::(html|markdown))?\}")
_HARMLESS: dict[str, Callable[[str], str]] = {
    "": str,
    "html": html.escape,
    "markdown": lambda text: re.sub(r"([\[\]])", r"\\\1", text),
}


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its gaps filled; a gap without a value stays as it is."""

    def gap(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return found[0] if value is None else _HARMLESS[found[2] or ""](value)

    return _GAP.sub(gap, template)


def link_forms(asset: Asset, address: str) -> tuple[LinkForm, ...]:
    """The link of an asset as an address and in the markups people paste into."""
    shown = asset.media_type.startswith("image/")
    values = {"name": asset.name, "url": address}
    return tuple(
        LinkForm(one.key, one.label, fill(one.picture if shown else one.other, values))
        for one in LINK_FORMATS
    )


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """A browser by what it says it is: `Firefox on Linux`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or brief(user_agent) or "Unknown browser"
