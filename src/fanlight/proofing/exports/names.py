"""Names of photos: to paste into a search box, or one a line."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.proofing.overview import Taken


def stem(name: str) -> str:
    """A name without its last extension: what stays the same from JPEG to RAW."""
    return PurePosixPath(name).stem or name


def for_lightroom(taken: Taken) -> str:
    """`IMG_1, IMG_2`: Library, Find, "Filename" "Contains" takes it as any of them.

    Without extensions, so that it finds the RAW too; each name once.
    """
    return ", ".join(_stems(taken))


def for_capture_one(taken: Taken) -> str:
    """`IMG_1 IMG_2`: the search field, "Any", takes words."""
    return " ".join(_stems(taken))


def as_lines(taken: Taken) -> str:
    """One whole name a line."""
    return "".join(f"{asset.name}\n" for asset, _ in taken.photos)


def _stems(taken: Taken) -> list[str]:
    return list(dict.fromkeys(stem(asset.name) for asset, _ in taken.photos))
