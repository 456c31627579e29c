"""The blocking side of the cache: names, listings, putting in place, removing.

A rendition's name says all there is to know of it, so that a listing is enough to know a cache.
It is in its place only when it is whole: what has another size than its name says is no rendition.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from fanlight.renditions.keys import DIGEST
from fanlight.renditions.recipes import Format
from fanlight.renditions.shelf import Kept

_FORMATS = {form.extension: form for form in Format}
_NAME = re.compile(
    r"(?P<digest>[0-9a-f]+)_(?P<width>\d{1,5})x(?P<height>\d{1,5})_(?P<size>\d{1,9})_"
    r"(?P<hand>[12])(?P<extension>\.[a-z]+)"
)

SCARCE = 16 << 20
"""Bytes that are too few for a handful of renditions."""


class Found(NamedTuple):
    """A rendition that is there."""

    digest: bytes
    kept: Kept
    used: float
    """Seconds since 1970, to the hour: see `touch`."""


def path_of(top: str, digest: bytes, kept: Kept) -> str:
    """Where a rendition is: `top/3f2/9a...c1_640x480_51234_1.webp`, 1 for first hand."""
    name = digest.hex()
    return (
        f"{top}/{name[:3]}/{name[3:]}_{kept.width}x{kept.height}_{kept.size}_"
        f"{1 if kept.first_hand else 2}{kept.format.extension}"
    )


def parts(top: str) -> list[int]:
    """The parts that are there, by number. None if the folder is not there."""
    with suppress(OSError):
        names = (found.name for found in Path(top).iterdir())
        return [int(name, 16) for name in names if re.fullmatch("[0-9a-f]{3}", name)]
    return []


def listed(top: str, part: int) -> list[Found]:
    """The whole renditions of a part; what is cut short or doubled is removed."""
    found: dict[bytes, Found] = {}
    with suppress(OSError), os.scandir(f"{top}/{part:03x}") as entries:
        for entry in entries:
            one = _found(part, entry)
            if one is not None and one.digest in found:
                remove([entry.path])
            elif one is not None:
                found[one.digest] = one
    return list(found.values())


def _found(part: int, entry: os.DirEntry[str]) -> Found | None:
    said = _NAME.fullmatch(entry.name)
    form = _FORMATS.get(said["extension"]) if said else None
    if said is None or form is None or len(said["digest"]) != 2 * DIGEST - 3:
        return None
    with suppress(OSError):
        there = entry.stat(follow_symlinks=False)
        if there.st_size == int(said["size"]):
            kept = Kept(
                there.st_size, int(said["width"]), int(said["height"]), form, said["hand"] == "1"
            )
            return Found(bytes.fromhex(f"{part:03x}{said['digest']}"), kept, there.st_mtime)
        remove([entry.path])
    return None


def put(source: str, target: str) -> None:
    """Bring into place in one step, over what is there. Raises OSError."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(source, target)  # noqa: PTH104
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = f"{target}.{token_hex(4)}"
        try:
            shutil.copyfile(source, beside)
            os.rename(beside, target)  # noqa: PTH104
        finally:
            remove([source, beside])


def remove(paths: Iterable[str]) -> None:
    """Remove what is still there. Never raises OSError."""
    for path in paths:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108


def touch(paths: Iterable[str], now: float) -> None:
    """Note on the disk that they were used. Never raises OSError."""
    for path in paths:
        with suppress(OSError):
            os.utime(path, (now, now))


def is_full(top: str) -> bool:
    """Whether there is next to no space on the disk."""
    with suppress(OSError):
        return shutil.disk_usage(top).free < SCARCE
    return False
