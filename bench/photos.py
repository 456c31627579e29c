"""Photographs of 24 megapixels to measure with: painted once, kept in `bench/out`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import sample_photos

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT = Path(__file__).parent / "out"
EDGE = 6000
PAINTED = 6
"""Different ones; each takes ten seconds to paint."""


def painted(quality: int = 88) -> list[Path]:
    """The photographs, with the grain of a sensor: 8 to 9 MB each at quality 88."""
    folder = OUT / f"photos-{quality}"
    found = sorted(folder.glob("*.jpg"))
    if len(found) == PAINTED:
        return found
    aside = folder.with_name(f"{folder.name}-{os.getpid()}")
    made = list(sample_photos.write(aside, PAINTED, EDGE, grain=0.045, quality=quality))
    if not folder.exists():
        aside.rename(folder)
    return [folder / path.name for path in made]


def copies(folder: Path, count: int, quality: int = 88) -> Iterator[Path]:
    """`count` photographs with bytes of their own: a comment in each tells them apart."""
    folder.mkdir(parents=True)
    originals = [path.read_bytes() for path in painted(quality)]
    for number in range(count):
        body = originals[number % len(originals)]
        comment = b"%08d" % number
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path = folder / f"photo-{number:04}.jpg"
        path.write_bytes(body[:2] + segment + body[2:])
        yield path
