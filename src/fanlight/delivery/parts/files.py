"""The blocking side: writing a part aside, putting it in its place, finding it again.

After the bytes of a part stands their checksum: what a crash of the machine, or somebody else, has
left in its place is told from a part when it is first looked at.
"""

from __future__ import annotations

import os
import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"[0-9a-f]{32}-\d{1,9}h?")
_TRAILER = 4
_STEP = 1 << 20


class Descriptor:
    """An open file that is closed when nobody holds it any more, in whichever thread."""

    __slots__ = ("fd",)

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def __del__(self) -> None:
        with suppress(OSError):
            os.close(self.fd)

    def read(self, at: int, size: int) -> bytes:
        """Bytes at a place. Raises OSError."""
        return os.pread(self.fd, size, at)

    def write(self, data: bytes, at: int) -> None:
        """All of `data` at a place. Raises OSError."""
        view = memoryview(data)
        while view:
            done = os.pwrite(self.fd, view, at)
            view, at = view[done:], at + done


class Found(NamedTuple):
    """A part that is there."""

    name: str
    size: int
    used: float


def create(path: Path) -> Descriptor:
    """A new file to write and read. Raises OSError."""
    return Descriptor(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def place(top: str, name: str) -> str:
    """Where a part is: `top/3f/3f9a...-0`."""
    return f"{top}/{name[:2]}/{name}"


def finish(descriptor: Descriptor, length: int, crc: int, source: Path, target: str) -> None:
    """Write the checksum behind the bytes and rename into place. Raises OSError."""
    descriptor.write(crc.to_bytes(_TRAILER, "little"), length)
    with suppress(FileExistsError):
        os.mkdir(os.path.dirname(target), 0o700)  # noqa: PTH102, PTH120 -- strings all the way
    os.rename(source, target)  # noqa: PTH104


def find(top: str, name: str, length: int, *, sure: bool) -> Descriptor | None:
    """A part of that length, if it is there and whole; unless `sure`, all of it is read for that.

    What is there and is not whole is removed. Never raises OSError.
    """
    path = place(top, name)
    try:
        found = Descriptor(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
        if os.fstat(found.fd).st_size == length + _TRAILER and (sure or _is_whole(found, length)):
            return found
    except FileNotFoundError:
        return None
    except OSError:
        pass
    remove([path])
    return None


def _is_whole(part: Descriptor, length: int) -> bool:
    crc = 0
    for at in range(0, length, _STEP):
        crc = zlib.crc32(part.read(at, min(_STEP, length - at)), crc)
    return part.read(length, _TRAILER) == crc.to_bytes(_TRAILER, "little")


def listed(top: str) -> list[Found]:
    """Every part that is there, the least recently used first. Never raises OSError."""
    found: list[Found] = []
    with suppress(OSError):
        for folder in [entry for entry in os.scandir(top) if len(entry.name) == 2]:
            with suppress(OSError):
                found += [
                    _seen(entry) for entry in os.scandir(folder) if _NAME.fullmatch(entry.name)
                ]
    return sorted(found, key=lambda one: one.used)


def _seen(entry: os.DirEntry[str]) -> Found:
    there = entry.stat(follow_symlinks=False)
    return Found(entry.name, there.st_size, there.st_mtime)


def remove(paths: list[str]) -> None:
    """Remove what is still there. Never raises OSError."""
    for path in paths:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108


def touch(path: str) -> None:
    """Note on the disk that it was used. Never raises OSError."""
    with suppress(OSError):
        os.utime(path)
