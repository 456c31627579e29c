"""One object on its way into a local folder: written beside, made durable, checked, put in place.

All methods block and are called in worker threads; `follow` may run beside `write`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from threading import Lock
from time import time_ns

from fanlight.errors import AlreadyExists, Incomplete, StorageUnavailable
from fanlight.storage import beneath
from fanlight.storage.names import RESERVED

_READ = 1 << 20
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_stamps = count(time_ns() % 1000)


def part_name(ticket: str) -> str:
    """What the unfinished object of a ticket is called, in the reserved folder."""
    return f"{ticket}.part"


class Draft:
    """The unfinished object of one put.

    `enter` opens the channel's root, which `names` are relative to. `size` is what was announced.
    """

    def __init__(
        self,
        enter: Callable[[], int],
        names: Sequence[str],
        ticket: str,
        *,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> None:
        self._enter = enter
        self._names = names
        self._part = part_name(ticket)
        self._size = size
        self._modified_at = modified_at
        self._overwrite = overwrite
        self._held: list[int] = []
        self._root = self._side = self._fd = -1
        self._written = 0
        self._read = 0
        self._digest = hashlib.sha256()
        self._over = False
        self._placed = False
        self._writing = Lock()
        self._reading = Lock()

    def store(self, data: bytes) -> tuple[str, os.stat_result]:
        """Everything at once, for a body that is in memory: as `begin`, `write`, `finish`."""
        try:
            self.begin(look=False)
            self.write(data)
            return self.finish()
        except BaseException:
            self.drop()
            raise

    def begin(self, *, look: bool = True) -> None:
        """Open the unfinished object; with `look` raise AlreadyExists now if that is to be."""
        with self._writing:
            self._root = self._hold(self._enter())
            if look and not self._overwrite:
                self._look()
            self._side = self._hold(beneath.descend(self._root, (RESERVED,), make=True))
            try:
                self._fd = self._hold(os.open(self._part, _NEW, 0o666, dir_fd=self._side))
            except FileExistsError:
                # What a crash left of this ticket is worth nothing: it was never durable.
                os.unlink(self._part, dir_fd=self._side)
                self._fd = self._hold(os.open(self._part, _NEW, 0o666, dir_fd=self._side))

    def write(self, piece: bytes) -> None:
        """Append a piece. Incomplete if that is more than was announced."""
        with self._writing:
            self._alive()
            if self._size is not None and self._written + len(piece) > self._size:
                raise Incomplete
            done = os.write(self._fd, piece) if piece else 0
            while done < len(piece):
                done += os.write(self._fd, memoryview(piece)[done:])
            self._written += len(piece)

    def follow(self) -> None:
        """Read back and hash what has been written so far."""
        with self._reading:
            while self._read < self._written and not self._over:
                piece = os.pread(self._fd, min(_READ, self._written - self._read), self._read)
                if not piece:
                    raise StorageUnavailable("What was written cannot be read back.")
                self._digest.update(piece)
                self._read += len(piece)

    def finish(self) -> tuple[str, os.stat_result]:
        """Make it durable and put it in place; the checksum of what is stored, and its `stat`."""
        if self._size not in (None, self._written):
            raise Incomplete
        self._set_time()
        os.fsync(self._fd)
        self.follow()
        with self._writing:
            self._alive()
            beneath.place(self._root, self._names, self._rename)
            self._placed = True
        found = os.fstat(self._fd)
        self.drop()
        return self._digest.hexdigest(), found

    def probe(self) -> None:
        """See whether anything can be written at all; leaves nothing."""
        try:
            self.begin(look=False)
            self.write(b"fanlight")
            os.fsync(self._fd)
        finally:
            self.drop()

    def give_up(self) -> None:
        """From now on it will not be put in place (unless that has happened). Does not block."""
        self._over = True

    def drop(self) -> None:
        """Free everything, and remove the unfinished object if it is still one."""
        self._over = True
        with self._writing, self._reading:
            if self._fd >= 0 and not self._placed:
                with suppress(FileNotFoundError):
                    os.unlink(self._part, dir_fd=self._side)
            self._fd = -1
            while self._held:
                os.close(self._held.pop())

    def _hold(self, fd: int) -> int:
        self._held.append(fd)
        return fd

    def _alive(self) -> None:
        if self._over:
            raise StorageUnavailable("The upload was given up.")

    def _look(self) -> None:
        try:
            with beneath.descended(self._root, self._names[:-1]) as parent:
                os.lstat(self._names[-1], dir_fd=parent)
        except FileNotFoundError:
            return
        except NotADirectoryError:
            pass
        raise AlreadyExists

    def _set_time(self) -> None:
        """Set the modification time so that it tells apart versions of equal size and inode.

        Inodes are used again and the kernel's own stamps are milliseconds apart, which matters
        where a name is. A client's time is only known to the microsecond: what is below counts up.
        """
        if self._modified_at is None and not self._overwrite:
            return
        stamp = time_ns()
        if (at := self._modified_at) is not None:
            stamp = (int(at.timestamp()) * 10**6 + at.microsecond) * 1000 + next(_stamps) % 1000
        os.utime(self._fd, ns=(stamp, stamp))

    def _rename(self, parent: int, name: str) -> None:
        if not self._overwrite:
            beneath.rename_new(self._side, self._part, parent, name)
            return
        try:
            os.rename(self._part, name, src_dir_fd=self._side, dst_dir_fd=parent)
        except IsADirectoryError:
            raise AlreadyExists from None
