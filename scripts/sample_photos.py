"""Sample photographs for the demo, the docs and the tests: made here, so they belong to nobody.

    python -m scripts.sample_photos FOLDER [--count 24] [--edge 2400] [--grain]

Each is a sky with a low sun, some ridgelines with fog between them, sometimes a lake that mirrors
them. The same number always gives the same picture. They are one day: from dawn to night.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

Pixels = NDArray[np.float32]
Places = NDArray[np.int64]

FIRST = datetime(2026, 6, 14, 4, 52)
LAST = datetime(2026, 6, 14, 23, 8)
OFFSET = "+02:00"
ROUGH = 0.02
"""Grain from which on surfaces have texture too."""


@dataclass(frozen=True)
class Palette:
    """Colours of one hour: the sky from top to horizon, the farthest and the nearest ridge."""

    name: str
    top: str
    horizon: str
    far: str
    near: str
    sun: str
    glow: float = 1
    """How far the light reaches around the sun."""
    stars: int = 0


HOURS = (
    Palette("dawn", "#f4c98a", "#f3a184", "#c9685a", "#3f2247", "#fff4e0"),
    Palette("lagoon", "#9fc4de", "#d8e8f2", "#7fa3bf", "#16303f", "#fffaf0"),
    Palette("mist", "#bcc6d2", "#eceef2", "#9aa6b3", "#2b333d", "#fdfbf5"),
    Palette("moss", "#b4d6bf", "#eaf2ea", "#86b494", "#16352a", "#fdfae9"),
    Palette("gold", "#f1dc86", "#fdf4d4", "#d3b544", "#3d4423", "#fffbec"),
    Palette("sand", "#f3cfa4", "#fdeedd", "#cf9163", "#4a2f27", "#fff7ea"),
    Palette("rose", "#eebfcd", "#fbe9ee", "#c4839f", "#41203f", "#fdf6ec"),
    Palette("night", "#1b2340", "#66698f", "#43366f", "#0c0d18", "#fdf3dc", 0.62, 260),
)

# width to height, as cameras and phones have them
SHAPES = ((3, 2), (3, 2), (4, 3), (16, 9), (2, 3), (3, 2), (1, 1), (4, 5), (21, 9), (3, 4))


def colour(text: str) -> Pixels:
    """`#rrggbb` as three numbers from 0 to 1."""
    return np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)], np.float32)


def ridge(random: np.random.Generator, width: int, rough: float) -> Pixels:
    """A line of fractal noise from -1 to 1: broad swells, ever smaller and finer ones on top."""
    across: Pixels = np.linspace(0, 1, width, endpoint=False, dtype=np.float32)
    line: Pixels = np.zeros(width, np.float32)
    strength = 1.0
    for octave in range(1, 10):
        points = (1 << octave) + 2
        heights: Pixels = random.uniform(-1, 1, points).astype(np.float32)
        place: Pixels = across * np.float32(points - 1)
        left: Places = place.astype(np.int64)
        step: Pixels = (place - left).astype(np.float32)
        step = step * step * (3 - 2 * step)
        line += strength * (heights[left] * (1 - step) + heights[left + 1] * step)
        strength *= rough
    return line / np.abs(line).max()


def broad(line: Pixels) -> Pixels:
    """The line without its teeth: fog does not follow every one."""
    reach = max(1, len(line) // 24)
    kernel = np.hanning(2 * reach + 1)
    padded = np.concatenate((np.full(reach, line[0]), line, np.full(reach, line[-1])))
    smooth: Pixels = np.convolve(padded, kernel / kernel.sum(), mode="valid").astype(np.float32)
    return smooth


def sky(random: np.random.Generator, hour: Palette, width: int, height: int) -> Pixels:
    """The gradient, a low sun, and the glow around it."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None] ** 0.8
    shades = colour(hour.top) * (1 - down) + colour(hour.horizon) * down
    picture: Pixels = np.repeat(shades, width, axis=1).astype(np.float32)
    centre_x, centre_y = random.uniform(0.25, 0.78) * width, random.uniform(0.16, 0.42) * height
    radius = random.uniform(0.035, 0.06) * (width * height) ** 0.5
    y, x = np.ogrid[:height, :width]
    away = np.sqrt((x - centre_x) ** 2 + (y - centre_y) ** 2).astype(np.float32)
    reach = hour.glow * radius
    glow = 0.5 * np.exp(-((away / (5.5 * reach)) ** 2)) + 0.25 * np.exp(-away / (7 * reach))
    disc = np.clip(radius - away, 0, 1)
    light = np.maximum(hour.glow * glow, disc)[..., None]
    strew_stars(random, picture, hour.stars)
    picture += (colour(hour.sun) - picture) * light
    return picture


def strew_stars(random: np.random.Generator, picture: Pixels, count: int) -> None:
    """Small lights, most of them faint, more of them high up."""
    height, width, _ = picture.shape
    edge = max(1, round((width * height) ** 0.5 / 900))
    for _ in range(count):
        x, down, bright = (float(value) for value in random.uniform(0, 1, 3))
        column, row = int(x * (width - edge)), int(down**1.6 * height * 0.6)
        picture[row : row + edge, column : column + edge] += 0.75 * bright**3


def lay_ridges(
    random: np.random.Generator, hour: Palette, picture: Pixels, *, first: float, last: float
) -> None:
    """Ridges one before the other, paler with distance, fog at the foot of each."""
    height, width, _ = picture.shape
    count = int(random.integers(4, 8))
    rows = np.arange(height, dtype=np.float32)[:, None]
    far, near, air = colour(hour.far), colour(hour.near), colour(hour.horizon)
    for number in range(count):
        nearness = number / (count - 1)
        level = (first + (last - first) * nearness**1.15) * height
        swell = random.uniform(0.05, 0.13) * height * (1 - 0.45 * nearness)
        line = level + swell * ridge(random, width, rough=random.uniform(0.42, 0.56))
        tone = far * (1 - nearness) + near * nearness
        depth = np.clip((rows - broad(line)) / (0.22 * height), 0, 1)[..., None]
        fog = 0.62 * (1 - nearness) ** 1.3 * depth
        shape = np.clip(rows - line, 0, 1)[..., None]
        picture += (tone * (1 - fog) + air * fog - picture) * shape


def mirror(random: np.random.Generator, picture: Pixels, shore: float) -> None:
    """Turn what is below the shore into still water."""
    height = picture.shape[0]
    edge = int(shore * height)
    rows: Places = np.arange(height - edge, dtype=np.int64)
    source: Places = np.clip(edge - 1 - (rows * 1.35).astype(np.int64), 0, edge - 1)
    water = picture[source]
    ripple = np.sin(rows / 3.1) * rows * 0.012 + random.uniform(-1, 1, len(rows))
    shift: list[int] = ripple.astype(np.int64).tolist()
    for row, by in enumerate(shift):
        water[row] = np.roll(water[row], by, axis=0)
    deeper = np.linspace(0.86, 0.62, len(rows), dtype=np.float32)[:, None, None]
    picture[edge:] = water * deeper + picture[edge - 2 : edge - 1].mean() * 0.08
    picture[edge : edge + max(1, height // 700)] *= 0.92


def texture(random: np.random.Generator, width: int, height: int) -> Pixels:
    """Detail at every scale, as rock and grass have it: what encoders have to work for."""
    rough: Pixels = np.ones((height, width), np.float32)
    for cell in (96, 24, 6):
        across, down = max(2, width // cell), max(2, height // cell)
        small = Image.fromarray(random.uniform(-1, 1, (down, across)).astype(np.float32))
        large = small.resize((width, height), Image.Resampling.BICUBIC)
        rough += 0.07 * np.asarray(large, np.float32)
    return rough


def paint(number: int, edge: int, *, grain: float = 0.006) -> tuple[Image.Image, Palette, str]:
    """Picture `number` with a long edge of `edge` pixels, its palette and the kind of its scene."""
    random = np.random.default_rng([20260614, number])
    hour = HOURS[number % len(HOURS)]
    across, down = SHAPES[(number * 7 + number // len(HOURS)) % len(SHAPES)]
    scale = edge / max(across, down)
    width, height = round(across * scale), round(down * scale)
    picture = sky(random, hour, width, height)
    lake = number % 3 == 0
    lay_ridges(random, hour, picture, first=0.46, last=0.7 if lake else 0.95)
    if lake:
        mirror(random, picture, shore=0.74)
    if grain >= ROUGH:
        picture *= texture(random, width, height)[..., None]
    picture += random.normal(0, grain, (height, width, 1)).astype(np.float32)
    picture *= 255
    return (
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)),
        hour,
        "lake" if lake else "ridge",
    )


def exif(number: int, taken: datetime, hour: Palette) -> Image.Exif:
    """What a camera would have written; the place is nobody's."""
    said = Image.Exif()
    said[0x010E] = f"{hour.name.title()} over the ridges"
    said[0x010F], said[0x0110] = "Fanlight", "Sample Mk II"
    said[0x0132] = taken.strftime("%Y:%m:%d %H:%M:%S")
    said[0x013B], said[0x8298] = "Nobody", "Public domain"
    lens = said.get_ifd(0x8769)
    lens[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    lens[0x9011] = OFFSET
    lens[0x829A], lens[0x829D] = IFDRational(1, 125 << number % 4), 2.8 + number % 5
    lens[0x8827] = 100 << number % 4
    lens[0x920A] = (24, 35, 50, 85)[number % 4]
    lens[0xA434] = "Sample 24-85 mm"
    return said


def write(
    folder: Path, count: int, edge: int = 2400, *, grain: float = 0.006, quality: int = 88
) -> Iterator[Path]:
    """Write `count` JPEGs into `folder`, yielding each path as it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        # the hours of the day follow one another; within an hour the numbers do
        place = (number % len(HOURS) + number / max(count, 1)) / len(HOURS)
        taken = FIRST + (LAST - FIRST) * place
        taken -= timedelta(microseconds=taken.microsecond)
        picture, hour, scene = paint(number, edge, grain=grain)
        path = folder / f"{hour.name}-{scene}-{number + 1:02}.jpg"
        picture.save(
            path, quality=quality, exif=exif(number, taken, hour), progressive=number % 2 == 1
        )
        yield path


def main() -> None:
    """Make a series."""
    parser = argparse.ArgumentParser(description="Make sample photographs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--edge", type=int, default=2400, help="pixels of the long edge")
    parser.add_argument(
        "--grain",
        action="store_true",
        help="texture and noise, for measuring (24 megapixels: --edge 6000)",
    )
    given = parser.parse_args()
    for path in write(given.folder, given.count, given.edge, grain=0.045 if given.grain else 0.006):
        print(path)


if __name__ == "__main__":
    main()
