"""SVG, as a picture only: looked through first, then drawn by librsvg from memory.

Drawn from memory it has no address, so nothing it refers to outside itself is fetched.
"""

from __future__ import annotations

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
LONGEST_ENTITY = 200
DRAWN_EDGE = 2048
"""A drawing has no pixels of its own: a smaller one is taken to be this large."""


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
    """Counts elements and their depth, and refuses entities that hold more than a short text."""

    def __init__(self) -> None:
        self.elements = self.depth = 0

    def start(self, *_: object) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS or self.depth > DEEPEST:
            raise PictureTooLarge

    def end(self, _: str) -> None:
        self.depth -= 1

    def entity(self, _: str, parameter: bool, value: str | None, *__: object) -> None:
        if parameter or value is None or "&" in value or len(value) > LONGEST_ENTITY:
            raise BrokenPicture


def _look_through(data: bytes) -> None:
    """Raise PictureTooLarge or BrokenPicture for what a drawing program would not have written."""
    watch = _Watch()
    parser = expat.ParserCreate()
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.EntityDeclHandler = watch.entity
    with faults_of(expat.ExpatError, ValueError, LookupError):
        parser.Parse(data, True)
