"""Turns a picture upright."""

from __future__ import annotations

import pyvips

from fanlight.renditions import fields
from fanlight.renditions.steps import Step

UPRIGHT = 1


def swaps_edges(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5


def upright(orientation: int) -> Step:
    """Apply an orientation, as EXIF numbers it. The pixels must be in memory."""

    def turn(image: pyvips.Image) -> pyvips.Image:
        image = image.copy()
        fields.set_integer(image, "orientation", orientation)
        return image.autorot()

    return turn
