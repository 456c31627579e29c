"""A folder for what is unfinished, one for each process, that outlives the process by one start.

Each is held by a lock, which the system lets go when its process ends, however it ends: so the
next process tells what is in use from what is left over. Blocking: call it in threads.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from threading import Lock

YOUNG = 60.0
"""Seconds in which a folder may not be locked yet by who made it."""


class Scratch:
    """A folder of this process below `parent`, named `prefix` and something random."""

    def __init__(self, parent: Path, prefix: str = "") -> None:
        self._parent = parent
        self._prefix = prefix
        self._lock = -1
        self._making = Lock()
        self.folder = parent / f"{prefix}{token_hex(8)}"

    def ready(self) -> Path:
        """The folder, made if it is not there. Raises OSError if it cannot take anything."""
        with self._making:
            if self._lock < 0 or not self.folder.is_dir():
                self._make()
        if not os.access(self.folder, os.W_OK, effective_ids=True):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.folder))
        return self.folder

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._release()
        self._lock = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        os.fchmod(self._lock, 0o700)  # originals may be private, and so may what is made of them
        fcntl.flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def new(self) -> Path:
        """A path in it that nothing is at. Raises OSError as `ready`."""
        return self.ready() / token_hex(8)

    def sweep(self) -> None:
        """Remove what processes left that are no more. Never raises OSError."""
        with suppress(OSError):
            for found in list(self._parent.glob(f"{self._prefix}*")):
                if found != self.folder and found.is_dir():
                    with suppress(OSError):
                        _remove_if_left(found)

    def close(self) -> None:
        """Remove it with all that is in it."""
        if self._lock >= 0:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._release()

    def _release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def is_left(folder: Path) -> bool:
    """Whether a process that is no more had this folder. False if there is no such folder."""
    with suppress(OSError):
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(lock)
        return True
    return False


def _remove_if_left(folder: Path) -> None:
    if time.time() - folder.stat().st_mtime < YOUNG:
        return
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
