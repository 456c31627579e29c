"""System calls beneath one folder: no name on the way is ever followed out of it.

Every step down opens the next folder relative to the descriptor of the one above and refuses
symbolic links, so a link swapped in while we walk changes nothing. Blocking: call it in a thread.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    ObjectMissing,
    ReadOnly,
    StorageError,
    StorageFull,
    StorageUnavailable,
)

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
OBJECT = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Without blocking, so that a pipe in the folder cannot hold a thread for ever."""

_NO_LINKS = "Symbolic links inside a channel are not followed."
_TRIES = 100
"""How often a folder may vanish under us: each time somebody else has got something done."""
_NO_REPLACE = 1
_NO_SUCH_CALL = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)
_NO_HARD_LINKS = (*_NO_SUCH_CALL, errno.EPERM, errno.EMLINK)


def descend(fd: int, names: Sequence[str], *, make: bool = False) -> int:
    """A new descriptor of the folder that `names` lead to from `fd`, which stays open.

    With `make` missing folders are made, each durable in the one above.
    """
    at = fd
    try:
        for name in names:
            above, at = at, step(at, name, make=make)
            if above != fd:
                os.close(above)
    except BaseException:
        if at != fd:
            os.close(at)
        raise
    return os.dup(fd) if at == fd else at


def step(fd: int, name: str, *, make: bool = False) -> int:
    """A descriptor of the folder `name` in folder `fd`. BadLocator if it is a link."""
    for _ in range(_TRIES):
        try:
            return os.open(name, FOLDER, dir_fd=fd)
        except FileNotFoundError:
            if not make:
                raise
        except NotADirectoryError:
            refuse_link(fd, name)
            if make:
                raise AlreadyExists from None
            raise
        # Somebody else may make it, or remove it again, between two of our calls.
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=fd)
            sync(fd)
    raise StorageUnavailable("A folder kept vanishing while it was written to.")


def sync(fd: int) -> None:
    """Make the names in a folder durable, where the file system knows such a thing."""
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise


def refuse_link(fd: int, name: str) -> None:
    """Raise BadLocator if `name` is a symbolic link."""
    with suppress(OSError):
        if stat.S_ISLNK(os.lstat(name, dir_fd=fd).st_mode):
            raise BadLocator(_NO_LINKS)


@contextmanager
def descended(fd: int, names: Sequence[str], *, make: bool = False) -> Generator[int]:
    """`descend` for the length of a block."""
    below = descend(fd, names, make=make)
    try:
        yield below
    finally:
        os.close(below)


def place(fd: int, names: Sequence[str], rename: Callable[[int, str], None]) -> None:
    """Call `rename(folder, name)` for where `names` lead to; durable, folders made on the way."""
    for _ in range(_TRIES):
        # A delete may remove a folder, empty at that moment, between any two of our calls.
        with suppress(FileNotFoundError), descended(fd, names[:-1], make=True) as parent:
            rename(parent, names[-1])
            sync(parent)
            return
    raise StorageUnavailable("A folder kept vanishing while it was written to.")


def open_object(fd: int, names: Sequence[str]) -> int:
    """A descriptor, for reading, of the plain object that `names` lead to from folder `fd`."""
    with descended(fd, names[:-1]) as parent:
        found = os.open(names[-1], OBJECT, dir_fd=parent)
    try:
        plain(os.fstat(found))
    except BaseException:
        os.close(found)
        raise
    return found


def plain(found: os.stat_result) -> os.stat_result:
    """Pass on what is a plain object. BadLocator for a link, ObjectMissing for all else."""
    if stat.S_ISLNK(found.st_mode):
        raise BadLocator(_NO_LINKS)
    if not stat.S_ISREG(found.st_mode):
        raise ObjectMissing
    return found


def _load_rename() -> Callable[[int, bytes, int, bytes, int], int] | None:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return None
    text, number = ctypes.c_char_p, ctypes.c_int
    rename.argtypes = (number, text, number, text, ctypes.c_uint)
    rename.restype = number
    return rename


_renameat2 = _load_rename()


def rename_new(source_fd: int, source: str, target_fd: int, target: str) -> None:
    """Rename in one step, never over something: FileExistsError.

    Where the system or the file system cannot, a hard link and a removal come to the same: the
    target appears whole or not at all, and at worst the source is left beside it.
    """
    if _renameat2 is not None:
        old, new = os.fsencode(source), os.fsencode(target)
        if _renameat2(source_fd, old, target_fd, new, _NO_REPLACE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _NO_SUCH_CALL:
            raise OSError(code, os.strerror(code), target)
    link_new(source_fd, source, target_fd, target)


def link_new(source_fd: int, source: str, target_fd: int, target: str) -> None:
    """The fallback of `rename_new`; where there are no hard links either, `look_and_rename`."""
    try:
        os.link(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        look_and_rename(source_fd, source, target_fd, target)
    else:
        os.unlink(source, dir_fd=source_fd)


def look_and_rename(source_fd: int, source: str, target_fd: int, target: str) -> None:
    """The last resort: somebody else's object that comes between the two calls is replaced."""
    try:
        os.lstat(target, dir_fd=target_fd)
    except FileNotFoundError:
        os.rename(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)


def prune(fd: int, names: Sequence[str]) -> None:
    """Remove the folders that `names` lead to, from the deepest up, as far as they are empty."""
    for depth in range(len(names), 0, -1):
        with descended(fd, names[: depth - 1]) as parent:
            os.rmdir(names[depth - 1], dir_fd=parent)


def rename_alike(source_fd: int, source: str, target_fd: int, target: str) -> None:
    """As `rename_new`, but also to a name that the file system holds for the same one.

    There the target seems to exist, and is the source itself, but is not listed by that name.
    """
    try:
        rename_new(source_fd, source, target_fd, target)
    except FileExistsError:
        old = os.lstat(source, dir_fd=source_fd)
        new = os.lstat(target, dir_fd=target_fd)
        if not os.path.samestat(old, new) or target in os.listdir(target_fd):
            raise
        os.rename(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd)


_KINDS: dict[int, type[StorageError]] = {
    errno.ENOENT: ObjectMissing,
    errno.ENOTDIR: ObjectMissing,
    errno.EISDIR: ObjectMissing,
    errno.ENXIO: ObjectMissing,
    errno.ELOOP: BadLocator,
    errno.ENAMETOOLONG: BadLocator,
    errno.EINVAL: BadLocator,
    errno.EILSEQ: BadLocator,
    errno.EEXIST: AlreadyExists,
    errno.ENOTEMPTY: AlreadyExists,
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EFBIG: StorageFull,
    errno.EROFS: ReadOnly,
}


@contextmanager
def translated(*, writing: bool) -> Generator[None]:
    """Turn the system's failures inside the block into ours."""
    try:
        yield
    except OSError as error:
        raise translate(error, writing=writing) from error


def translate(error: OSError, *, writing: bool) -> StorageError:
    """Our error for the system's."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return ReadOnly() if writing else _unreadable()
    if error.errno == errno.EXDEV:
        return StorageError(
            "This folder is on another disk than the top of its channel.",
            remedy="Make a channel of its own for that folder.",
        )
    return _KINDS.get(error.errno or 0, StorageUnavailable)()


def _unreadable() -> StorageError:
    return StorageError(
        "The server is not allowed to read this.",
        remedy="Give the user that the server runs as the right to read it.",
        code="storage.unreadable",
    )
