"""What libvips keeps beside the pixels of a picture, read and written by type."""

from __future__ import annotations

from typing import Any

import pyvips

PROFILE, EXIF = "icc-profile-data", "exif-data"


def integer(image: pyvips.Image, name: str) -> int | None:
    """A whole number, if it is there."""
    value: Any = image.get(name) if image.get_typeof(name) else None
    return value if isinstance(value, int) else None


def integers(image: pyvips.Image, name: str) -> list[int]:
    """A list of whole numbers, empty if it is not there."""
    value: Any = image.get(name) if image.get_typeof(name) else []
    return list(value)


def blob(image: pyvips.Image, name: str) -> bytes:
    """Bytes, empty if they are not there."""
    value: Any = image.get(name) if image.get_typeof(name) else b""
    return bytes(value)


def set_integer(image: pyvips.Image, name: str, value: int) -> None:
    """Write a whole number."""
    image.set_type(pyvips.GValue.gint_type, name, value)


def set_integers(image: pyvips.Image, name: str, values: list[int]) -> None:
    """Write a list of whole numbers."""
    image.set_type(pyvips.GValue.array_int_type, name, values)


def set_blob(image: pyvips.Image, name: str, value: bytes) -> None:
    """Write bytes."""
    held: Any = value
    image.set_type(pyvips.GValue.blob_type, name, held)
