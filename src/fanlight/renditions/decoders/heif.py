"""pillow-heif: the HEIC of phones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fanlight.renditions.decoders.faults import faults_of, needs_formats
from fanlight.renditions.decoders.opened import Opened
from fanlight.renditions.decoders.pillow import pixels

if TYPE_CHECKING:
    import pyvips
    from PIL.Image import Image

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
                return pixels(small)
        with faults_of(*_FAULTS):
            return pixels(self.file.to_pillow())

    def _embedded(self, edge: int) -> Image | None:
        """The smallest embedded one with that edge: phones put one in, ten times as quick."""
        sizes: list[int] = self.file.info["thumbnails"]
        enough = [at for at, size in enumerate(sizes) if size >= edge]
        if not enough:
            return None
        primary = self.file[self.file.primary_index]
        small = primary.get_thumbnail(min(enough, key=sizes.__getitem__)).to_pillow()
        small.info["icc_profile"] = self.file.info.get("icc_profile")
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
