"""What the pixels say: the dominant colour, and the likeness shown until the picture is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pyvips

from fanlight.model import Facts
from fanlight.renditions import thumbhash
from fanlight.renditions.steps import shrink

EDGE = 32
"""Pixels of the long edge that both are computed from."""

_Pixel = tuple[int, int, int, int]


def read(facts: Facts, image: pyvips.Image) -> Facts:
    """Add both. `image` is upright sRGB, with or without alpha."""
    scale = min(1.0, EDGE / max(image.width, image.height))
    width, height = (max(1, round(edge * scale)) for edge in (image.width, image.height))
    small = shrink.to_size(width, height)(image)
    small = small if small.hasalpha() else small.bandjoin(255)
    data = bytes(small.write_to_memory())
    return replace(facts, colour=dominant(data), placeholder=thumbhash.encode(width, height, data))


def dominant(rgba: bytes) -> str:
    """The mean of the colours that most pixels are near to; strong ones count more than greys."""
    crowds: defaultdict[tuple[int, int, int], list[_Pixel]] = defaultdict(list)
    for red, green, blue, alpha in zip(*(rgba[band::4] for band in range(4)), strict=True):
        if alpha >= 128:
            weight = 64 + max(red, green, blue) - min(red, green, blue)
            crowds[red >> 5, green >> 5, blue >> 5].append((red, green, blue, weight))
    if not crowds:
        return ""
    largest = max(crowds.values(), key=lambda crowd: sum(pixel[3] for pixel in crowd))
    weights = sum(pixel[3] for pixel in largest)
    mean = (sum(pixel[band] * pixel[3] for pixel in largest) / weights for band in range(3))
    return "#" + "".join(f"{round(part):02x}" for part in mean)
