"""``media_info``: dimensions, time and place, read from a picture's own bytes."""

from __future__ import annotations

import importlib
import importlib.util
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from ..model.views import stamp_text

Wire = dict[str, Any]
_BASE_EXTENSIONS = frozenset({"jpg", "jpeg", "png", "tiff", "tif", "gif", "webp", "bmp", "ppm"})
_HEIF_EXTENSIONS = frozenset({"heic", "heif"})
_EXIF_IFD, _GPS_IFD, _TAKEN, _ORIENTATION = 0x8769, 0x8825, 0x9003, 0x0112


@cache
def photo_extensions() -> frozenset[str]:
    """Extensions of photos that can be read here; HEIC needs the optional extra."""
    if importlib.util.find_spec("pillow_heif") is None:
        return _BASE_EXTENSIONS
    importlib.import_module("pillow_heif").register_heif_opener()
    return _BASE_EXTENSIONS | _HEIF_EXTENSIONS


def read_media_info(source: Path, name: str) -> Wire | None:
    """MediaInfo of a photo, or ``None`` for other files."""
    if name.lower().rpartition(".")[2] not in photo_extensions():
        return None
    try:
        with Image.open(source) as picture:
            width, height = picture.size
            exif = picture.getexif()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    if exif.get(_ORIENTATION, 1) in (5, 6, 7, 8):
        width, height = height, width
    photo: Wire = {".tag": "photo", "dimensions": {"height": height, "width": width}}
    place = _place(exif.get_ifd(_GPS_IFD))
    if place is not None:
        photo["location"] = place
    taken = _taken(exif.get_ifd(_EXIF_IFD).get(_TAKEN))
    if taken is not None:
        photo["time_taken"] = taken
    return {".tag": "metadata", "metadata": photo}


def _taken(text: Any) -> str | None:
    try:
        when = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return stamp_text(int(when.replace(tzinfo=UTC).timestamp()))


def _place(gps: dict[int, Any]) -> Wire | None:
    try:
        latitude = _degrees(gps[2]) * (-1 if gps[1] == "S" else 1)
        longitude = _degrees(gps[4]) * (-1 if gps[3] == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return {"latitude": latitude, "longitude": longitude}


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
