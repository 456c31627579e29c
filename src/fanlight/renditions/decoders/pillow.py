"""Pillow: PSD as it was flattened, BMP, ICO, JPEG 2000, and TIFFs that libvips does not take."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fanlight.renditions.decoders.faults import faults_of
from fanlight.renditions.decoders.opened import Opened, from_bytes

if TYPE_CHECKING:
    import pyvips
    from PIL.Image import Image

_FORMATS = ("BMP", "DIB", "ICO", "JPEG2000", "PSD", "TIFF")
BANDS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}
"""Of the modes that hold one byte a band, as libvips does."""
_FAULTS = (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error, OverflowError)


@dataclass
class PillowOpened(Opened):
    """An original in a form that Pillow reads."""

    picture: Image = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """Decode all of it; Pillow shrinks none of these while it decodes."""
        del scale
        from PIL import ImageFile

        ImageFile.LOAD_TRUNCATED_IMAGES = not strict
        with faults_of(*_FAULTS):
            self.picture.load()
            return pixels(self.picture)


def open_path(path: str) -> Opened:
    """Read the head."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limit is the order's, and is looked at before the pixels
    with faults_of(*_FAULTS):
        picture = Image.open(path, formats=_FORMATS)
        return PillowOpened(picture.width, picture.height, picture=picture)


def pixels(picture: Image) -> pyvips.Image:
    """The pixels of a loaded picture, with the profile that came with them."""
    picture = _narrowed(picture)
    profile = picture.info.get("icc_profile")
    image = from_bytes(
        picture.tobytes(), picture.width, picture.height, BANDS[picture.mode], profile
    )
    return image.copy(interpretation="cmyk") if picture.mode == "CMYK" else image


def _narrowed(picture: Image) -> Image:
    """The same in a mode of one byte a band."""
    if picture.mode in BANDS:
        return picture
    if picture.mode.startswith("I;16"):
        from PIL.Image import frombytes

        upper = 0 if picture.mode == "I;16B" else 1
        return frombytes("L", picture.size, picture.tobytes()[upper::2])
    seen_through = "transparency" in picture.info or picture.mode in ("PA", "La", "RGBa")
    return picture.convert("RGBA" if seen_through else "RGB")
