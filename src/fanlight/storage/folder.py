"""The blocking side of a local folder: plain system calls, made in worker threads.

Failures leave as `OSError` where the system's own word is enough; `beneath.translate` gives them
our names at the edge.
"""

from __future__ import annotations

import heapq
import os
import re
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from secrets import token_hex
from unicodedata import normalize

from fanlight.errors import (
    BadLocator,
    ReadOnly,
    StorageError,
    StorageUnavailable,
)
from fanlight.model import Finding, Quota, Severity
from fanlight.storage import beneath
from fanlight.storage.base import Check, Checksum, Entry, Listing
from fanlight.storage.draft import Draft, part_name
from fanlight.storage.names import RESERVED, new_parts, object_parts, parts

PAGE = 5000
"""Entries in one page of a listing. Each page reads the whole folder, so it should not be small."""

SCARCE = 0.05
"""Share of a disk that is so little that its owner should know."""

LONGEST_BASE = 1000
_UNICODE = re.compile("[^\ud800-\udfff]+")


def version_of(found: os.stat_result) -> str:
    """The version of an object, from its `stat` or `fstat`."""
    return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}"


class Tree:
    """The folder `top` and `root` (a relative path) below it, and what lies beneath.

    `top` may be a symbolic link and must exist; `root` may not be one and is made when needed.
    """

    def __init__(self, top: Path, root: str = "", *, page: int = PAGE) -> None:
        self._top = top
        self._page = page
        self._root = parts(root)
        self.base = top.joinpath(*self._root)
        if len(os.fsencode(self.base)) > LONGEST_BASE:
            raise BadLocator(f"The folder's path cannot be longer than {LONGEST_BASE} bytes.")

    @contextmanager
    def _entered(self, *, make: bool = False) -> Generator[int]:
        fd = self.enter(make=make)
        try:
            yield fd
        finally:
            os.close(fd)

    def enter(self, *, make: bool = False) -> int:
        """A new descriptor of the channel's root. StorageUnavailable if `top` is not there."""
        try:
            top = os.open(self._top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            raise StorageUnavailable(
                "The folder of this channel is not there.",
                remedy="Mount its disk, or make the folder.",
            ) from None
        if not self._root:
            return top
        try:
            return beneath.descend(top, self._root, make=make)
        finally:
            os.close(top)

    def lstat(self, locator: str) -> os.stat_result:
        """The system's word on the plain object under that path."""
        names = object_parts(locator)
        at = self.enter()
        try:
            for name in names[:-1]:
                above, at = at, beneath.step(at, name)
                os.close(above)
            return beneath.plain(os.lstat(names[-1], dir_fd=at))
        finally:
            os.close(at)

    def stat(self, locator: str) -> Entry:
        """The same as an entry."""
        return entry_of(locator, self.lstat(locator))

    def list(self, folder: str, cursor: str | None) -> Listing:
        """What lies directly in `folder`, by name, after the name `cursor`."""
        names = parts(folder)
        try:
            with self._entered() as root, beneath.descended(root, names) as fd:
                return _listing(folder, fd, cursor, self._page)
        except FileNotFoundError:
            if names:
                raise
            return Listing(())  # the root is made by the first put

    def open(self, locator: str) -> FileIO:
        """The plain object under that path, open for reading."""
        with self._entered() as root:
            return FileIO(beneath.open_object(root, object_parts(locator)))

    def discard(self, ticket: str) -> None:
        """Remove the unfinished object of a ticket, if there is one."""
        with (
            suppress(FileNotFoundError),
            self._entered() as root,
            beneath.descended(root, (RESERVED,)) as side,
        ):
            os.unlink(part_name(ticket), dir_fd=side)

    def delete(self, locator: str) -> None:
        """Remove an object durably, then the folders on the way that are empty now."""
        names = object_parts(locator)
        with self._entered() as root:
            with beneath.descended(root, names[:-1]) as parent:
                beneath.plain(os.lstat(names[-1], dir_fd=parent))
                os.unlink(names[-1], dir_fd=parent)
                beneath.sync(parent)
            with suppress(OSError, StorageError):
                beneath.prune(root, names[:-1])

    def move(self, locator: str, path: str) -> Entry:
        """Rename in one step, never over something."""
        old, new = object_parts(locator), new_parts(path)
        with self._entered() as root:
            with beneath.descended(root, old[:-1]) as source:
                found = beneath.plain(os.lstat(old[-1], dir_fd=source))
                name = old[-1]
                beneath.place(
                    root, new, lambda to, new: beneath.rename_alike(source, name, to, new)
                )
                beneath.sync(source)
            with suppress(OSError, StorageError):
                beneath.prune(root, old[:-1])
        return entry_of(path, found)

    def quota(self) -> Quota:
        """The space of the file system, as `df` counts it."""
        with self._entered(make=True) as root:
            found = os.statvfs(root)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize
        total = used + found.f_bavail * found.f_frsize
        return Quota(used=used, total=total, asked_at=datetime.now(UTC))

    def check(self) -> Check:
        """List the root, write a probe, look at the space."""
        findings: list[Finding] = []
        writable = False
        try:
            with beneath.translated(writing=False):
                self.list("", None)
            with beneath.translated(writing=True):
                Draft(self.make_and_enter, ("probe",), f"check-{token_hex(8)}").probe()
            writable = True
            findings += self._space_findings()
        except StorageError as error:
            findings.append(self._finding(error))
        return Check(account=str(self.base), writable=writable, findings=tuple(findings))

    def _space_findings(self) -> Iterator[Finding]:
        quota = self.quota()
        used, total = quota.used or 0, quota.total or 0
        if total and (total - used) / total < SCARCE:
            yield Finding(
                "local.nearly-full",
                Severity.WARNING,
                f"Less than {SCARCE:.0%} of this disk is free.",
                ("Make space, or add a channel on another disk.",),
                str(self.base),
            )

    def _finding(self, error: StorageError) -> Finding:
        return Finding(
            f"local.{error.public_code}",
            # It can still be published from.
            Severity.WARNING if isinstance(error, ReadOnly) else Severity.PROBLEM,
            error.public_message,
            (error.public_remedy,),
            str(self.base),
        )

    def make_and_enter(self) -> int:
        """`enter` for a write: the root is made if it is missing."""
        return self.enter(make=True)


def entry_of(locator: str, found: os.stat_result, checksum: Checksum | None = None) -> Entry:
    """The entry of what was found at that path."""
    folder = stat.S_ISDIR(found.st_mode)
    return Entry(
        locator=locator,
        path=normalize("NFC", locator),
        size=0 if folder else found.st_size,
        version="" if folder else version_of(found),
        modified_at=_time(found.st_mtime_ns),
        folder=folder,
        checksum=checksum,
    )


def _time(ns: int) -> datetime:
    try:
        return datetime.fromtimestamp(ns / 1e9, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _listing(folder: str, fd: int, cursor: str | None, page: int) -> Listing:
    with os.scandir(fd) as found:
        names = heapq.nsmallest(page + 1, _listable(found, cursor))
    prefix = f"{folder}/" if folder else ""
    entries: list[Entry] = []
    for name in names[:page]:
        with suppress(FileNotFoundError):
            seen = os.lstat(name, dir_fd=fd)
            if stat.S_ISREG(seen.st_mode) or stat.S_ISDIR(seen.st_mode):
                entries.append(entry_of(prefix + name, seen))
    return Listing(tuple(entries), names[page - 1] if len(names) > page else None)


def _listable(found: Iterator[os.DirEntry[str]], cursor: str | None) -> Iterator[str]:
    """Names after the cursor, without ours and those that are not Unicode."""
    for one in found:
        name = one.name
        if name != RESERVED and (cursor is None or name > cursor) and _UNICODE.fullmatch(name):
            yield name
