"""rawpy (LibRaw): camera RAW. The preview that the camera put in, or the sensor data developed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyvips

from fanlight.errors import PictureError
from fanlight.renditions.decoders.faults import faults_of, needs_formats
from fanlight.renditions.decoders.opened import Opened, from_bytes
from fanlight.renditions.decoders.vips import open_with
from fanlight.renditions.families import Family

if TYPE_CHECKING:
    from fanlight.model import Facts

SMALLEST_PREVIEW = 1000
"""Pixels of the long edge below which a preview is no picture, if more is wanted than it has."""

_ORIENTATION = {0: 1, 3: 3, 5: 8, 6: 6}
"""LibRaw's flip as EXIF numbers it."""


@dataclass
class RawOpened(Opened):
    """A camera's original. `width` and `height` are those of the whole picture."""

    raw: Any = field(kw_only=True)
    preview: Opened | None = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """The preview where it is large enough, else the picture developed."""
        preview = self.preview
        if preview is not None:
            longest = max(preview.width, preview.height)
            ratio = scale * max(self.width, self.height) / longest
            if ratio <= 1 or longest >= SMALLEST_PREVIEW:
                return preview.still(min(1.0, ratio), strict=strict)
        return self._develop(scale)

    def _develop(self, scale: float) -> pyvips.Image:
        import rawpy

        with faults_of(rawpy.LibRawError, ValueError):
            pixels = self.raw.postprocess(
                use_camera_wb=True, half_size=scale <= 0.5, output_bps=8, user_flip=0
            )
            height, width, bands = pixels.shape
            return from_bytes(pixels.tobytes(), width, height, bands)

    def close(self) -> None:
        """Free the sensor data."""
        self.raw.close()

    def tell(self, facts: Facts) -> Facts:
        """The size is the sensor's; which way up is known to LibRaw where EXIF does not say."""
        turned = self.orientation in (5, 6, 7, 8)
        width, height = (self.height, self.width) if turned else (self.width, self.height)
        return replace(facts, width=width, height=height, orientation=self.orientation or 1)


def open_path(path: str) -> Opened:
    """Read the head and the preview. Raises UnreadablePicture where the extra is missing."""
    try:
        import rawpy
    except ModuleNotFoundError as error:
        raise needs_formats("camera RAW") from error
    with faults_of(rawpy.LibRawError, OSError, ValueError):
        raw = rawpy.imread(path)
        sizes = raw.sizes
    orientation = _ORIENTATION.get(sizes.flip, 1)
    preview = _preview(raw)
    return RawOpened(sizes.width, sizes.height, orientation, raw=raw, preview=preview)


def _preview(raw: Any) -> Opened | None:
    """The embedded JPEG, if there is one that can be read."""
    import rawpy

    try:
        found = raw.extract_thumb()
        if found.format is not rawpy.ThumbFormat.JPEG:
            return None
        data: bytes = found.data

        def load(**how: Any) -> pyvips.Image:
            return pyvips.Image.jpegload_buffer(data, **how)

        return open_with(Family.JPEG, load)
    except (rawpy.LibRawError, PictureError):
        return None
