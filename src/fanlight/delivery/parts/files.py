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
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNFINISHED = "unfinished"
"""The folder of what is being written."""

_NAME = re.compile(r"[0-9a-f]{32}-\d{1,9}h?")
_TRAILER = 4
_STEP = 1 << 20
_MOST_PIECES = 1024
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

    def write(self, pieces: Sequence[bytes], at: int) -> int:
        """All pieces from a place on, by one call if it takes them; the place behind them.

        Each call has to win Python's lock back from the event loop. Raises OSError.
        """
        left = deque(memoryview(data) for data in pieces if data)
        while left:
            done = os.pwritev(self.fd, list(islice(left, _MOST_PIECES)), at)
            at += done
            while left and done >= len(left[0]):
                done -= len(left.popleft())
            if done:
                left[0] = left[0][done:]
        return at


class Listed(NamedTuple):
    """A part that is there."""

    name: str
    size: int
    used: float


class Wanted(NamedTuple):
    """A part that somebody wants; `sure` and `noted` as for `find`."""

    name: str
    length: int
    sure: bool
    noted: bool


class Kept(NamedTuple):
    """A whole part, open for reading."""

    part: Descriptor


class Unfinished:
    """A part that is being written, by us or by another process."""

    def __init__(self, part: Descriptor, path: str) -> None:
        self.part = part
        self._path = path

    def let_go(self) -> None:
        """Give it up, unless it is finished. Never raises OSError."""
        if self.part.is_at(self._path):
            remove([self._path])
        with suppress(OSError):
            fcntl.flock(self.part.fd, fcntl.LOCK_UN)  # who reads it may hold it for longer


class Growing(Unfinished):
    """One that another process writes."""

    def look(self, length: int) -> tuple[int, bool]:
        """How many of its bytes are there, and whether no more will come. Raises OSError.

        What its writer has given up is ours to give up.
        """
        ended = self.part.lock()
        size = self.part.size()
        whole = size == length + _TRAILER
        if ended and not whole:
            self.let_go()
        return min(size, length), ended or whole


class Draft(Unfinished):
    """One that is ours: it is written in order, then put in its place."""

    def __init__(self, part: Descriptor, path: str, target: str) -> None:
        super().__init__(part, path)
        self._target = target
        self._at = 0
        self._crc = 0

    def write(self, pieces: Sequence[bytes]) -> None:
        """Write on. Raises OSError."""
        self._sum(pieces)
        self._at = self.part.write(pieces, self._at)

    def finish(self, rest: Sequence[bytes]) -> None:
        """Write the rest and the checksum behind it, and rename into place. Raises OSError."""
        self._sum(rest)
        self.part.write([*rest, self._crc.to_bytes(_TRAILER, "little")], self._at)
        try:
            os.rename(self._path, self._target)  # noqa: PTH104
        except FileNotFoundError:
            os.makedirs(os.path.dirname(self._target), 0o700, exist_ok=True)  # noqa: PTH103, PTH120
            os.rename(self._path, self._target)  # noqa: PTH104

    def _sum(self, pieces: Sequence[bytes]) -> None:
        for data in pieces:
            self._crc = zlib.crc32(data, self._crc)


def take(top: str, wanted: Sequence[Wanted], *, claiming: bool) -> Kept | Growing | list[Draft]:
    """The first of these parts, as it is found; if it is nowhere, it is ours to write.

    So are those behind it, up to the first that is kept or that another process writes. Nothing
    is ours unless `claiming`. Raises OSError.
    """
    if (kept := find(top, wanted[0])) is not None:
        return Kept(kept)
    ours: list[Draft] = []
    try:
        for one in wanted if claiming else ():
            claimed = _claim(top, one.name)
            if isinstance(claimed, Growing):
                return ours or claimed
            if (kept := find(top, one)) is not None:  # since we looked, or left by somebody before
                claimed.let_go()
                return ours or Kept(kept)
            ours.append(claimed)
    except OSError:
        let_go(ours)
        raise
    return ours


def _claim(top: str, name: str) -> Draft | Growing:
    path = f"{top}/{UNFINISHED}/{name}"
    while True:
        part = Descriptor(_open_new(path))
        if not part.lock():
            return Growing(part, path)
        if part.is_at(path):
            if not part.size():
                return Draft(part, path, place(top, name))
            remove([path])  # left by a process that is no more


def _open_new(path: str) -> int:
    try:
        return os.open(path, _FLAGS | os.O_CREAT, 0o600)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)  # noqa: PTH103, PTH120
        return os.open(path, _FLAGS | os.O_CREAT, 0o600)


def let_go(drafts: Iterable[Draft]) -> None:
    """Give up what is not finished. Never raises OSError."""
    for draft in drafts:
        draft.let_go()


def sweep(top: str) -> None:
    """Remove the unfinished parts that nobody writes any more. Never raises OSError."""
    with suppress(OSError):
        for entry in list(os.scandir(f"{top}/{UNFINISHED}")):
            with suppress(OSError):
                left = Descriptor(os.open(entry.path, _FLAGS))
                if left.lock() and left.is_at(entry.path):
                    remove([entry.path])


def place(top: str, name: str) -> str:
    """Where a part is: `top/3f/3f9a...-0`."""
    return f"{top}/{name[:2]}/{name}"


def find(top: str, wanted: Wanted) -> Descriptor | None:
    """A part, if it is there and whole; unless we are `sure`, all of it is read for that.

    That it was used is noted on the disk, unless it was `noted` not long ago. What is there and is
    not whole is removed. Never raises OSError.
    """
    path = place(top, wanted.name)
    try:
        found = Descriptor(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
        if found.size() == wanted.length + _TRAILER and (
            wanted.sure or _is_whole(found, wanted.length)
        ):
            if not wanted.noted:
                _note(found)
            return found
    except FileNotFoundError:
        return None
    except OSError:
        pass
    remove([path])
    return None


def _note(part: Descriptor) -> None:
    with suppress(OSError):
        os.utime(part.fd)


def _is_whole(part: Descriptor, length: int) -> bool:
    crc = 0
    for at in range(0, length, _STEP):
        crc = zlib.crc32(part.read(at, min(_STEP, length - at)), crc)
    return part.read(length, _TRAILER) == crc.to_bytes(_TRAILER, "little")


def listed(top: str) -> list[Listed]:
    """Every part that is there, the least recently used first. Never raises OSError."""
    found: list[Listed] = []
    with suppress(OSError):
        for folder in [entry for entry in os.scandir(top) if len(entry.name) == 2]:
            with suppress(OSError):
                found += [
                    _seen(entry) for entry in os.scandir(folder) if _NAME.fullmatch(entry.name)
                ]
    return sorted(found, key=lambda one: one.used)


def _seen(entry: os.DirEntry[str]) -> Listed:
    there = entry.stat(follow_symlinks=False)
    return Listed(entry.name, there.st_size, there.st_mtime)


def remove(paths: list[str]) -> None:
    """Remove what is still there. Never raises OSError."""
    for path in paths:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108
