"""pillow-heif: the HEIC of phones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fanlight.renditions.decoders.faults import faults_of, needs_formats
from fanlight.renditions.decoders.opened import Opened, from_bytes
from fanlight.renditions.decoders.pillow import BANDS, pixels

if TYPE_CHECKING:
    import pyvips

_FAULTS = (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, LookupError)


SAME_SHAPE = 0.02
"""An embedded picture that differs by more was cropped, or not turned as the large one is."""


@dataclass
class HeifOpened(Opened):
    """A HEIF file. libheif turns and crops it as it says, so nothing is left to orient."""

    file: Any = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """Take the small one that came with it if that is large enough; else decode it whole."""
        del strict
        with suppress(*_FAULTS):
            small = self._embedded(round(scale * max(self.width, self.height)))
            if small is not None:
                return small
        with faults_of(*_FAULTS):
            return self._pixels(self._primary)

    @property
    def _primary(self) -> Any:
        return self.file[self.file.primary_index]

    def _pixels(self, picture: Any) -> pyvips.Image:
        """As libheif decoded them: by way of Pillow they would be in memory three times."""
        profile = self.file.info.get("icc_profile")
        if picture.mode not in BANDS:
            other = picture.to_pillow()
            other.info["icc_profile"] = profile
            return pixels(other)
        data: memoryview = picture.data
        width, height = picture.size  # known for certain once it is decoded
        return from_bytes(data, width, height, BANDS[picture.mode], profile)

    def _embedded(self, edge: int) -> pyvips.Image | None:
        """The smallest embedded one with that edge: phones put one in, ten times as quick."""
        sizes: list[int] = self.file.info["thumbnails"]
        enough = [at for at, size in enumerate(sizes) if size >= edge]
        if not enough:
            return None
        small = self._pixels(self._primary.get_thumbnail(min(enough, key=sizes.__getitem__)))
        shape = self.width / self.height * small.height / small.width
        return small if abs(shape - 1) < SAME_SHAPE else None


def open_path(path: str) -> Opened:
    """Read the head. Raises UnreadablePicture where the extra is missing."""
    try:
        import pillow_heif as library
    except ModuleNotFoundError as error:
        raise needs_formats("HEIC") from error
    pillow_heif: Any = library
    options = pillow_heif.options
    options.DECODE_THREADS = 1
    options.THUMBNAILS, options.DEPTH_IMAGES, options.AUX_IMAGES = True, False, False
    with faults_of(*_FAULTS):
        file = pillow_heif.open_heif(path)
        width, height = file.size
        return HeifOpened(width, height, 1, file=file)
