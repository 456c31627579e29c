"""JPEG, read by libvips: only what of a progressive one shows at a quarter or an eighth."""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pyvips

from fanlight.renditions.decoders import progressive
from fanlight.renditions.decoders.opened import Opened
from fanlight.renditions.decoders.vips import open_with
from fanlight.renditions.families import Family


def open_path(path: str) -> Opened:
    """Read the head."""

    def load(**how: Any) -> pyvips.Image:
        shrink = how.get("shrink", 1)
        if shrink in progressive.SHRINKS and (enough := _coarse(path, shrink)) is not None:
            return pyvips.Image.jpegload_buffer(enough, **how)
        return pyvips.Image.jpegload(path, **how)

    return open_with(Family.JPEG, load)


def _coarse(path: str, shrink: int) -> bytes | None:
    with Path(path).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return progressive.coarse(data, shrink)
