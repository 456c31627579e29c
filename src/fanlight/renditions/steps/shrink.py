"""Brings a picture to its size."""

from __future__ import annotations

import pyvips

from fanlight.renditions.steps import Step


def to_size(width: int, height: int) -> Step:
    """Resize to exactly `width` by `height`; colours behind transparency do not bleed."""

    def resize(image: pyvips.Image) -> pyvips.Image:
        if (image.width, image.height) == (width, height):
            return image
        across, down = width / image.width, height / image.height
        if not image.hasalpha():
            return image.resize(across, vscale=down)
        kind = image.format
        return image.premultiply().resize(across, vscale=down).unpremultiply().cast(kind)

    return resize
