"""The blocking side: writing a part aside, putting it in its place, finding it again.

An unfinished part is locked by the process that writes it. The others read it as it grows; once
the lock is let go, they know that it is whole, or that its writer has given up or is no more.

After the bytes of a part stands their checksum: what a crash of the machine, or somebody else, has
left in its place is told from a part when it is first looked at.
"""

from __future__ import annotations

import fcntl
import os
import re
import zlib
from contextlib import suppress
from typing import NamedTuple

_NAME = re.compile(r"[0-9a-f]{32}-\d{1,9}h?")
_TRAILER = 4
_STEP = 1 << 20
_FLAGS = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW


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

    def size(self) -> int:
        """How long it is now. Raises OSError."""
        return os.fstat(self.fd).st_size

    def lock(self) -> bool:
        """Have it for ourselves, unless another process does. Raises OSError."""
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_at(self, path: str) -> bool:
        """Whether this is what is found there. Never raises OSError."""
        with suppress(OSError):
            return os.path.samestat(os.fstat(self.fd), os.lstat(path))
        return False

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


class Claim(NamedTuple):
    """An unfinished part: ours to write, or another process is at it."""

    part: Descriptor
    ours: bool


def claim(path: str) -> Claim:
    """The unfinished part of that path; made if nobody is at it. Raises OSError."""
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)  # noqa: PTH103, PTH120
    while True:
        part = Descriptor(os.open(path, _FLAGS | os.O_CREAT, 0o600))
        if not part.lock():
            return Claim(part, ours=False)
        if part.is_at(path):
            if not part.size():
                return Claim(part, ours=True)
            remove([path])  # left by a process that is no more


def let_go(part: Descriptor, path: str) -> None:
    """Give up what we have claimed. Never raises OSError."""
    if part.is_at(path):
        remove([path])
    with suppress(OSError):
        fcntl.flock(part.fd, fcntl.LOCK_UN)  # who reads it may hold it for longer


def sweep(folder: str) -> None:
    """Remove the unfinished parts that nobody writes any more. Never raises OSError."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            with suppress(OSError):
                left = Descriptor(os.open(entry.path, _FLAGS))
                if left.lock() and left.is_at(entry.path):
                    remove([entry.path])


def is_whole_as_written(part: Descriptor, length: int) -> bool:
    """Whether its writer has come to the end. Raises OSError."""
    return part.size() == length + _TRAILER


def place(top: str, name: str) -> str:
    """Where a part is: `top/3f/3f9a...-0`."""
    return f"{top}/{name[:2]}/{name}"


def finish(part: Descriptor, length: int, crc: int, source: str, target: str) -> None:
    """Write the checksum behind the bytes and rename into place. Raises OSError."""
    part.write(crc.to_bytes(_TRAILER, "little"), length)
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
