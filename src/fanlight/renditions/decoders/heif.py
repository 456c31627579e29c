"""pillow-heif: the HEIC of phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fanlight.renditions.decoders.faults import faults_of, needs_formats
from fanlight.renditions.decoders.opened import Opened
from fanlight.renditions.decoders.pillow import pixels

if TYPE_CHECKING:
    import pyvips

_FAULTS = (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, LookupError)


@dataclass
class HeifOpened(Opened):
    """A HEIF file. libheif turns and crops it as it says, so nothing is left to orient."""

    file: Any = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """Decode the primary picture whole."""
        del scale, strict
        with faults_of(*_FAULTS):
            return pixels(self.file.to_pillow())


def open_path(path: str) -> Opened:
    """Read the head. Raises UnreadablePicture where the extra is missing."""
    try:
        import pillow_heif as library
    except ModuleNotFoundError as error:
        raise needs_formats("HEIC") from error
    pillow_heif: Any = library
    options = pillow_heif.options
    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    with faults_of(*_FAULTS):
        file = pillow_heif.open_heif(path)
        width, height = file.size
        return HeifOpened(width, height, 1, file=file)
