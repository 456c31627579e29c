"""ThumbHash: a picture's likeness in about 25 bytes, shown blurred until the picture is there.

The published algorithm (github.com/evanw/thumbhash, in the public domain) in our own words: the
average colour and the lowest frequencies of lightness, two colour differences and transparency,
each rounded to a few bits. The front end has the decoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, pi
from operator import mul

Plane = list[list[float]]


@dataclass(frozen=True, slots=True)
class _Channel:
    """The mean of a plane, its frequencies scaled to 0 to 1, and by how much."""

    mean: float
    waves: list[float]
    scale: float


def encode(width: int, height: int, rgba: bytes) -> bytes:
    """The hash of `width` by `height` pixels of red, green, blue, alpha; 32 a side are plenty."""
    lightness, yellow, red, alpha = _planes(width, height, rgba)
    seen_through = any(a < 1 for row in alpha for a in row)
    most = 5 if seen_through else 7  # fewer waves of lightness pay for the transparency
    across = max(1, _round(most * width / max(width, height)))
    down = max(1, _round(most * height / max(width, height)))
    l = _channel(lightness, max(3, across), max(3, down))  # noqa: E741
    p, q = _channel(yellow, 3, 3), _channel(red, 3, 3)
    wide = width > height
    first = _round(63 * l.mean) | _round(31.5 + 31.5 * p.mean) << 6
    first |= _round(31.5 + 31.5 * q.mean) << 12 | _round(31 * l.scale) << 18 | seen_through << 23
    second = (down if wide else across) | _round(63 * p.scale) << 3
    second |= _round(63 * q.scale) << 9 | wide << 15
    head = first.to_bytes(3, "little") + second.to_bytes(2, "little")
    waves = l.waves + p.waves + q.waves
    if seen_through:
        a = _channel(alpha, 5, 5)
        head += bytes([_round(15 * a.mean) | _round(15 * a.scale) << 4])
        waves += a.waves
    return head + _nibbles(waves)


def _planes(width: int, height: int, rgba: bytes) -> tuple[Plane, Plane, Plane, Plane]:
    """Lightness, yellow against blue, red against green, alpha; laid on the average colour."""
    alphas = [value / 255 for value in rgba[3::4]]
    weight = sum(alphas) * 255
    average = [
        sum(map(mul, rgba[band::4], alphas)) / weight if weight else 0.0 for band in range(3)
    ]
    r, g, b = (
        [mean * (1 - a) + a / 255 * value for value, a in zip(rgba[band::4], alphas, strict=True)]
        for band, mean in enumerate(average)
    )
    lightness = [(red + green + blue) / 3 for red, green, blue in zip(r, g, b, strict=True)]
    yellow = [(red + green) / 2 - blue for red, green, blue in zip(r, g, b, strict=True)]
    reds = [red - green for red, green in zip(r, g, strict=True)]

    def rows(values: list[float]) -> Plane:
        return [values[at * width : (at + 1) * width] for at in range(height)]

    return rows(lightness), rows(yellow), rows(reds), rows(alphas)


def _channel(plane: Plane, across: int, down: int) -> _Channel:
    """The waves of a plane, the upper left triangle of `across` by `down`."""
    height, width = len(plane), len(plane[0])
    columns = [_wave(width, number) for number in range(across)]
    by_row = [[_dot(row, column) for row in plane] for column in columns]
    found = [
        _dot(by_row[cx], _wave(height, cy)) / (width * height)
        for cy in range(down)
        for cx in range(across)
        if cx * down < across * (down - cy)
    ]
    mean, waves = found[0], found[1:]
    scale = max((abs(wave) for wave in waves), default=0.0)
    return _Channel(mean, [0.5 + 0.5 / scale * wave if scale else wave for wave in waves], scale)


def _wave(size: int, number: int) -> list[float]:
    return [cos(pi / size * number * (at + 0.5)) for at in range(size)]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(mul, one, other))


def _nibbles(waves: list[float]) -> bytes:
    values = [_round(15 * wave) for wave in waves]
    values += [0] * (len(values) % 2)
    return bytes(low | high << 4 for low, high in zip(values[::2], values[1::2], strict=True))


def _round(number: float) -> int:
    """Halves upwards, as the published algorithm does."""
    return floor(number + 0.5)
