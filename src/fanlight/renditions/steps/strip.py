"""Takes away everything that a picture says about itself."""

from __future__ import annotations

import pyvips

_ITS_OWN = frozenset(
    {"width", "height", "bands", "format", "coding", "interpretation", "filename"}
    | {"xoffset", "yoffset", "xres", "yres"}
)


def bare(image: pyvips.Image) -> pyvips.Image:
    """No EXIF, no place, no XMP, no IPTC, no profile, no comment: pixels alone."""
    image = image.copy(xres=1.0, yres=1.0)
    for name in image.get_fields():
        if name not in _ITS_OWN:
            image.remove(name)
    return image
