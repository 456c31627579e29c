"""Sample photographs, made of numbers: a sky, a low sun, ridgelines with fog between them.

They look like a series of one day, cost nothing, and belong to nobody.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.floating[Any]]

# Sky at the top, sky at the horizon, sun, the nearest ridge; from dawn to night.
PALETTES: tuple[tuple[str, str, str, str], ...] = (
    ("#1f2a4d", "#f2a07b", "#ffe2b0", "#141a2c"),
    ("#4a6fa5", "#f7d9b5", "#fff3d6", "#22333b"),
    ("#3f83c4", "#cfe6f2", "#ffffff", "#2b4a3e"),
    ("#5b8fb9", "#e8eef0", "#fffbe8", "#37474f"),
    ("#6c7a9c", "#f0c9a0", "#ffe9c2", "#3a3040"),
    ("#7b4b74", "#f08a5d", "#ffd29d", "#2a1a2e"),
    ("#2c2f5b", "#b25d79", "#ffc7a8", "#15152b"),
    ("#060b1f", "#27406b", "#dfe8ff", "#03060f"),
)
ASPECTS = ((3, 2), (2, 3), (4, 3), (16, 9), (1, 1), (4, 5), (21, 9), (3, 2))
_FIRST_DAY = datetime(2024, 6, 14, 5, 12)
_MAKER, _MODEL, _EXIF_IFD, _TAKEN, _DIGITIZED, _GPS_IFD = (
    0x010F,
    0x0110,
    0x8769,
    0x9003,
    0x9004,
    0x8825,
)


class Photo(NamedTuple):
    """A finished picture."""

    name: str
    data: bytes
    taken: datetime


def make_photo(number: int, *, seed: int = 1, long_edge: int = 1600) -> Photo:
    """The n-th photograph of a series. The same number and seed give the same picture."""
    rng = np.random.default_rng((seed, number))
    aspect = ASPECTS[number % len(ASPECTS)]
    scale = long_edge / max(aspect)
    width, height = round(aspect[0] * scale), round(aspect[1] * scale)
    palette = PALETTES[number % len(PALETTES)]
    picture = _landscape(rng, width, height, palette)
    taken = _FIRST_DAY + timedelta(
        days=number // len(PALETTES), hours=2.3 * (number % len(PALETTES)), minutes=number % 7
    )
    return Photo(f"DSC_{number + 1:04d}.jpg", _encode(picture, taken, rng), taken)


def _landscape(
    rng: np.random.Generator, width: int, height: int, palette: tuple[str, str, str, str]
) -> NDArray[np.uint8]:
    top, horizon, sun, ridge = (_colour(text) for text in palette)
    lake = rng.random() < 0.35
    land = int(height * (0.72 if lake else 1.0))
    line = land * rng.uniform(0.5, 0.62)
    canvas = _sky(rng, width, land, line, top, horizon, sun)
    layers = int(rng.integers(4, 8))
    for layer in range(layers):
        depth = (layer + 1) / layers
        base = line + (land - line) * depth**1.4 * 0.8
        rough = _noise(rng, width, octaves=3 + layer) * land * (0.05 + 0.10 * depth)
        colour = horizon * (1 - depth) + ridge * depth
        _paint_ridge(canvas, base - rough, colour, horizon, 0.55 * (1 - depth))
    if lake:
        canvas = _with_lake(rng, canvas, height, ridge)
    grain = rng.normal(0, 2.2, canvas.shape[:2]).astype(np.float32)[..., None]
    return np.clip(canvas + grain, 0, 255).astype(np.uint8)


def _colour(text: str) -> Array:
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)


def _sky(
    rng: np.random.Generator,
    width: int,
    height: int,
    line: float,
    top: Array,
    low: Array,
    sun: Array,
) -> Array:
    down = np.clip(np.arange(height, dtype=np.float32) / line, 0, 1)[:, None, None] ** 1.3
    sky = np.broadcast_to(top * (1 - down) + low * down, (height, width, 3)).copy()
    x = width * rng.uniform(0.2, 0.8)
    y = line * rng.uniform(0.55, 0.95)
    rows = np.arange(height, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)[None, :]
    distance = np.hypot(columns - x, rows - y) / height
    glow = np.exp(-distance * 5.0) * 0.75
    disc = np.clip((0.028 - distance) * 400, 0, 1)
    light = np.maximum(glow, disc)[..., None].astype(np.float32)
    return sky * (1 - light) + sun * light


def _noise(rng: np.random.Generator, width: int, octaves: int) -> Array:
    xs = np.linspace(0, 1, width)
    total = np.zeros(width)
    for octave in range(octaves):
        points = 3 << octave
        knots = rng.uniform(-1, 1, points + 1)
        total += np.interp(xs * points, np.arange(points + 1), knots) / (1 << octave)
    return total.astype(np.float32)


def _paint_ridge(canvas: Array, edge: Array, colour: Array, fog: Array, haze: float) -> None:
    height = canvas.shape[0]
    rows = np.arange(height, dtype=np.float32)[:, None]
    below = np.clip(rows - edge[None, :], 0, 1)[..., None]
    sink = np.clip((rows - edge[None, :]) / (height * 0.25), 0, 1)[..., None] * haze
    canvas *= 1 - below
    canvas += (colour * (1 - sink) + fog * sink) * below


def _with_lake(rng: np.random.Generator, land: Array, height: int, ridge: Array) -> Array:
    depth = height - land.shape[0]
    mirror = land[::-1][:depth].copy()
    ripple = (
        np.sin(np.power(np.arange(depth, dtype=float), 1.15) * 0.9) * 3 * rng.random()
    ).astype(int)
    for row in range(depth):
        mirror[row] = np.roll(mirror[row], ripple[row], axis=0)
    fade = np.linspace(0.18, 0.5, depth, dtype=np.float32)[:, None, None]
    return np.concatenate([land, mirror * (1 - fade) + ridge * fade])


def _encode(pixels: NDArray[np.uint8], taken: datetime, rng: np.random.Generator) -> bytes:
    exif = Image.Exif()
    exif[_MAKER], exif[_MODEL] = "Emulated", "Sky 1"
    stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
    times: dict[int, Any] = exif.get_ifd(_EXIF_IFD)
    times[_TAKEN] = times[_DIGITIZED] = stamp
    gps: dict[int, Any] = exif.get_ifd(_GPS_IFD)
    gps.update({1: "N", 2: _angle(47 + rng.random()), 3: "E", 4: _angle(10 + rng.random())})
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=88, exif=exif.tobytes())
    return out.getvalue()


def _angle(value: float) -> tuple[float, float, float]:
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return float(degrees), float(minutes), round(((value - degrees) * 60 - minutes) * 60, 2)
