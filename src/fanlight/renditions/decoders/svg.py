"""SVG, as a picture only: looked through first, then drawn by librsvg from memory.

Drawn from memory it has no address, so nothing it refers to outside itself is fetched.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.parsers import expat

import pyvips

from fanlight.errors import BrokenPicture, PictureTooLarge
from fanlight.model import Facts
from fanlight.renditions.decoders.faults import faults_of
from fanlight.renditions.decoders.opened import Opened

MOST_BYTES = 16 << 20
MOST_ELEMENTS = 200_000
DEEPEST = 200
MOST_DRAWN = 2_000_000
"""Elements, once all that is referred to is drawn each time."""
LONGEST_ENTITY = 200
DRAWN_EDGE = 2048
"""A drawing has no pixels of its own: a smaller one is taken to be this large."""

_filled = re.compile(r"""url\(\s*["']?#([^)"']+)""")


@dataclass
class SvgOpened(Opened):
    """A drawing, `enlarged` times its own size."""

    data: bytes = field(kw_only=True)
    enlarged: float = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """Draw it in the size that is needed."""
        del strict
        image = pyvips.Image.svgload_buffer(self.data, scale=scale * self.enlarged)
        return image.copy()

    def tell(self, facts: Facts) -> Facts:
        """The size that it says it has."""
        width, height = (round(edge / self.enlarged) for edge in (self.width, self.height))
        return replace(facts, width=max(1, width), height=max(1, height))


def open_path(path: str) -> Opened:
    """Look it through, and measure it."""
    data = Path(path).read_bytes()
    if len(data) > MOST_BYTES:
        raise PictureTooLarge
    _look_through(data)
    with faults_of(pyvips.Error):
        drawn = pyvips.Image.svgload_buffer(data)
    enlarged = max(1.0, DRAWN_EDGE / max(drawn.width, drawn.height))
    width, height = (max(1, round(edge * enlarged)) for edge in (drawn.width, drawn.height))
    return SvgOpened(width, height, 1, data=data, enlarged=enlarged)


class _Watch:
    """Counts elements, their depth, and how many are drawn once all references are followed."""

    def __init__(self) -> None:
        self.elements = 0
        self.inside = [""]
        """The nearest element with an id, at each level."""
        self.own: Counter[str] = Counter()
        """Elements by the nearest one with an id that they are in."""
        self.parts: defaultdict[str, list[str]] = defaultdict(list)
        """What it draws besides: ids inside it, and ids that it refers to."""

    def start(self, _: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.inside) > DEEPEST:
            raise PictureTooLarge
        holder, name = self.inside[-1], attributes.get("id", "")
        self.own[holder] += 1
        self.parts[holder] += [name] if name else []
        self.parts[name or holder] += _references(attributes)
        self.inside.append(name or holder)

    def end(self, _: str) -> None:
        self.inside.pop()

    def entity(self, _: str, parameter: bool, value: str | None, *__: object) -> None:
        if parameter or value is None or "&" in value or len(value) > LONGEST_ENTITY:
            raise BrokenPicture

    def drawn(self, name: str, known: dict[str, int], depth: int = 0) -> int:
        """Elements that are drawn for one with an id; a circle is followed once."""
        if depth > DEEPEST:
            raise PictureTooLarge
        if name not in known:
            known[name] = 0
            parts = (self.drawn(part, known, depth + 1) for part in self.parts.get(name, ()))
            known[name] = self.own[name] + sum(parts)
        return known[name]


def _references(attributes: dict[str, str]) -> list[str]:
    """Ids that an element refers to, be it to draw them again or to fill with them."""
    hrefs = [attributes.get(name, "") for name in ("href", "xlink:href")]
    found = [href[1:] for href in hrefs if href.startswith("#")]
    return found + [each for value in attributes.values() for each in _filled.findall(value)]


def _look_through(data: bytes) -> None:
    """Raise PictureTooLarge or BrokenPicture for what a drawing program would not have written."""
    watch = _Watch()
    parser = expat.ParserCreate()
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.EntityDeclHandler = watch.entity
    with faults_of(expat.ExpatError, ValueError, LookupError):
        parser.Parse(data, True)
        if watch.drawn("", {}) > MOST_DRAWN:
            raise PictureTooLarge
