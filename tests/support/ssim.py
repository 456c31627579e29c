"""How alike two pictures look: the structural similarity of Wang and others (2004), in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]

WINDOW = 7
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(one: Image.Image, other: Image.Image) -> float:
    """1 for the same, near 0 for unrelated; the mean over windows and over red, green and blue."""
    assert one.size == other.size, f"{one.size} is not {other.size}"
    pairs = zip(_planes(one), _planes(other), strict=True)
    return float(np.mean([_plane(first, second) for first, second in pairs]))


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far the mean colours lie apart, of 255: sees a cast that `ssim` does not."""
    first, second = (np.asarray(each.convert("RGB"), np.float64) for each in (one, other))
    return float(np.abs(first.mean(axis=(0, 1)) - second.mean(axis=(0, 1))).max())


def _planes(picture: Image.Image) -> list[Plane]:
    pixels = np.asarray(picture.convert("RGB"), np.float64)
    return [pixels[..., band] for band in range(3)]


def _plane(one: Plane, other: Plane) -> float:
    mean_one, mean_other = _mean(one), _mean(other)
    spread_one = _mean(one * one) - mean_one**2
    spread_other = _mean(other * other) - mean_other**2
    together = _mean(one * other) - mean_one * mean_other
    likeness = (2 * mean_one * mean_other + _C1) * (2 * together + _C2)
    return float(
        (
            likeness / ((mean_one**2 + mean_other**2 + _C1) * (spread_one + spread_other + _C2))
        ).mean()
    )


def _mean(plane: Plane) -> Plane:
    """The mean of each window, by sums that run along both edges."""
    summed = np.pad(plane.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    inner = summed[WINDOW:, WINDOW:] - summed[:-WINDOW, WINDOW:]
    return (inner - summed[WINDOW:, :-WINDOW] + summed[:-WINDOW, :-WINDOW]) / WINDOW**2
