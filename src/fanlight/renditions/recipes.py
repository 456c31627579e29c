"""What a rendition shall be: its box, how the picture fits into it, and the form of its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GENERATION = 1
"""One more whenever the same recipe would give other bytes: no kept rendition is used then."""

LONGEST_EDGE = 4096
"""Most pixels of a rendition's edge."""


class Fit(StrEnum):
    """How a picture is brought into a box of `width` by `height`."""

    INSIDE = "inside"
    """Whole, as large as the box allows, never enlarged. The only one that may lack an edge."""
    CONTAIN = "contain"
    """Whole, on a canvas that fills the box exactly."""
    COVER = "cover"
    """Fills the box exactly; what reaches over is cut away, the middle stays."""
    SQUEEZE = "squeeze"
    """Fills the box exactly, its shape bent."""


class Format(StrEnum):
    """The form of a rendition's bytes."""

    WEBP = "webp"
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    """Only for what moves, and only for who does not take WebP."""
    AVIF = "avif"
    """Only where the owner switched it on."""

    @property
    def media_type(self) -> str:
        """As in `Content-Type`."""
        return f"image/{self.value}"

    @property
    def extension(self) -> str:
        """As at the end of a name, with the dot."""
        return ".jpg" if self is Format.JPEG else f".{self.value}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """The size and shape of a rendition. An edge left out follows from the other."""

    width: int | None = None
    height: int | None = None
    fit: Fit = Fit.INSIDE

    def __str__(self) -> str:
        """As in cache names: `480x480-inside`, `auto` for an edge left out."""
        return f"{self.width or 'auto'}x{self.height or 'auto'}-{self.fit.value}"


def _square(edge: int) -> Recipe:
    return Recipe(edge, edge)


PRESETS: dict[str, Recipe] = {
    "thumb": _square(320),
    "thumb@2x": _square(640),
    "small": _square(640),
    "small@2x": _square(1280),
    "medium": _square(1280),
    "medium@2x": _square(2048),
    "large": _square(2048),
    "large@2x": _square(LONGEST_EDGE),
}
"""The named recipes, for screens of one and of two pixels a point. Equal ones are one rendition."""
