"""Opens originals: one small module a library, the heavy ones loaded when first needed.

libvips first. What it cannot read goes to the library that can; HEIC, RAW and video need the extra
`formats`.
"""

from __future__ import annotations

from collections.abc import Callable

from fanlight.errors import PictureError, UnreadablePicture
from fanlight.renditions.decoders import heif, jpeg, pillow, psd, raw, svg, video
from fanlight.renditions.decoders.opened import Opened
from fanlight.renditions.decoders.vips import opener
from fanlight.renditions.families import Family

Opener = Callable[[str], Opened]

_OPENERS: dict[Family, tuple[Opener, ...]] = {
    Family.JPEG: (jpeg.open_path,),
    Family.PNG: (opener(Family.PNG, "pngload"),),
    Family.GIF: (opener(Family.GIF, "gifload"),),
    Family.WEBP: (opener(Family.WEBP, "webpload"),),
    Family.TIFF: (opener(Family.TIFF, "tiffload"), pillow.open_path),
    Family.AVIF: (opener(Family.AVIF, "heifload"),),
    Family.HEIF: (heif.open_path,),
    Family.SVG: (svg.open_path,),
    Family.PSD: (psd.open_path,),
    Family.PLAIN: (pillow.open_path,),
    Family.RAW: (raw.open_path, opener(Family.TIFF, "tiffload")),
    Family.VIDEO: (video.open_path,),
}


def open_original(path: str, family: Family | None) -> Opened:
    """Open with the first library that takes it; raises the first one's PictureError if none."""
    if family is None:
        raise UnreadablePicture
    first: PictureError | None = None
    for open_path in _OPENERS[family]:
        try:
            return open_path(path)
        except UnreadablePicture:
            raise  # the next would read a preview at best, where the extra shows the picture
        except PictureError as error:
            first = first or error
    raise first or UnreadablePicture()
