"""The published decoder of ThumbHash, in Python: what the encoder's bytes must mean."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass
class _Reader:
    """Hands out the half bytes of the waves, one after the other."""

    data: bytes
    at: int

    def waves(self, across: int, down: int, scale: float) -> list[float]:
        found: list[float] = []
        for cy in range(down):
            for cx in range(0 if cy else 1, across):
                if cx * down >= across * (down - cy):
                    break
                half = self.data[self.at >> 1] >> ((self.at & 1) << 2) & 15
                found.append((half / 7.5 - 1) * scale)
                self.at += 1
        return found


def mean(hash_: bytes) -> tuple[float, float, float, float]:
    """The mean red, green, blue and alpha, 0 to 255."""
    first = int.from_bytes(hash_[:3], "little")
    alpha = (hash_[5] & 15) / 15 if first >> 23 else 1.0
    red, green, blue = _rgb((first & 63) / 63, _signed(first >> 6), _signed(first >> 12))
    return 255 * red, 255 * green, 255 * blue, 255 * alpha


def _signed(bits: int) -> float:
    return (bits & 63) / 31.5 - 1


def _rgb(lightness: float, yellow: float, red: float) -> tuple[float, float, float]:
    blue = lightness - 2 / 3 * yellow
    reds = (3 * lightness - blue + red) / 2
    return reds, reds - red, blue


def decode(hash_: bytes) -> tuple[int, int, bytes]:
    """Width, height and pixels of what is shown."""
    first, second = int.from_bytes(hash_[:3], "little"), int.from_bytes(hash_[3:5], "little")
    clear, wide = bool(first >> 23), bool(second >> 15)
    most, fewer = (5 if clear else 7), second & 7
    lx, ly = (most, fewer) if wide else (fewer, most)
    reader = _Reader(hash_, 12 if clear else 10)
    waves = {
        "l": (
            max(3, lx),
            max(3, ly),
            reader.waves(max(3, lx), max(3, ly), (first >> 18 & 31) / 31),
        ),
        "p": (3, 3, reader.waves(3, 3, (second >> 3 & 63) / 63 * 1.25)),
        "q": (3, 3, reader.waves(3, 3, (second >> 9 & 63) / 63 * 1.25)),
    }
    means = {"l": (first & 63) / 63, "p": _signed(first >> 6), "q": _signed(first >> 12), "a": 1.0}
    if clear:
        means["a"] = (hash_[5] & 15) / 15
        waves["a"] = (5, 5, reader.waves(5, 5, (hash_[5] >> 4) / 15))
    ratio = lx / ly
    width, height = (32, round(32 / ratio)) if ratio > 1 else (round(32 * ratio), 32)
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            value = {
                name: means[name] + 2 * _sum(waves[name], (x + 0.5) / width, (y + 0.5) / height)
                if name in waves
                else means[name]
                for name in means
            }
            shown = (*_rgb(value["l"], value["p"], value["q"]), value["a"])
            pixels += bytes(round(255 * min(1.0, max(0.0, part))) for part in shown)
    return width, height, bytes(pixels)


def _sum(channel: tuple[int, int, list[float]], x: float, y: float) -> float:
    """All waves of a channel at one place."""
    across, down, waves = channel
    total, number = 0.0, 0
    for cy in range(down):
        for cx in range(0 if cy else 1, across):
            if cx * down >= across * (down - cy):
                break
            total += waves[number] * math.cos(math.pi * cx * x) * math.cos(math.pi * cy * y)
            number += 1
    return total
