"""Cuts a picture to its frame, or lays it into a larger one."""

from __future__ import annotations

import pyvips

from fanlight.renditions.steps import Step

WHITE = [255.0, 255.0, 255.0]


def to_frame(width: int, height: int) -> Step:
    """Lay a frame of `width` by `height` around the middle; a margin can be seen through."""

    def frame(image: pyvips.Image) -> pyvips.Image:
        if (image.width, image.height) == (width, height):
            return image
        left, top = (image.width - width) // 2, (image.height - height) // 2
        if left >= 0 and top >= 0:
            return image.crop(left, top, width, height)
        clear = image if image.hasalpha() else image.bandjoin(255)
        return clear.embed(-left, -top, width, height, extend="background", background=[0.0] * 4)

    return frame


def on_white(image: pyvips.Image) -> pyvips.Image:
    """Lay what can be seen through on white, for forms that know no transparency."""
    return image.flatten(background=WHITE) if image.hasalpha() else image
