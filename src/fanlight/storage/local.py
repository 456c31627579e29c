"""A folder on this server, shared with whatever else reads and writes there.

Nothing is kept beside the objects but `.fanlight/`, where they lie until they are whole. What is
stored has been fsynced and read back; what is read is pinned to a version made of modification
time, size and inode. Symbolic links below the option `path` are neither listed nor followed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import ParamSpec, TypeVar

from fanlight.errors import ObjectChanged, StorageUnavailable
from fanlight.model import Quota
from fanlight.storage import beneath
from fanlight.storage.base import Check, Checksum, Entry, Listing, Span, Traits, cut
from fanlight.storage.draft import Draft
from fanlight.storage.folder import PAGE, Tree, entry_of, version_of
from fanlight.storage.names import checked_ticket, new_parts
from fanlight.storage.options import Option, invalid

P = ParamSpec("P")
T = TypeVar("T")

OPTIONS = (
    Option(
        "path",
        "Folder",
        "Absolute path of a folder that exists and that the server may read and write.",
    ),
)
CHUNK = 1 << 19
THREADS = 32
GRACE = 5.0
"""Seconds that a failed put waits for its thread to tidy up."""


def create(options: Mapping[str, str], root: str, around: object = None) -> Local:
    """The folder at the option `path`, and `root` below it."""
    del around  # nothing in the network
    path = Path(options["path"]).expanduser()
    if not path.is_absolute():
        raise invalid("path", "Folder must be an absolute path.", "Begin it with a slash.")
    return Local(path, root)


class Local:
    """A provider over the folder `top`, and `root` (a relative path) below it.

    `top` may be a symbolic link and must exist; `root` may not be one and is made when needed.
    """

    def __init__(self, top: Path, root: str = "", *, page: int = PAGE) -> None:
        self.traits = Traits(checksum="sha256", parallel=16)
        self._tree = Tree(top, root, page=page)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fanlight-local")

    async def check(self) -> Check:
        """Look, and write a probe that is removed again."""
        return await self._read(self._tree.check)

    async def list(self, folder: str, cursor: str | None = None) -> Listing:
        """Entries in the order of their names; the cursor is the last name looked at."""
        return await self._read(self._tree.list, folder, cursor)

    async def stat(self, locator: str) -> Entry:
        """The entry of the plain object under that path."""
        return await self._read(self._tree.stat, locator)

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> LocalBody:
        """A body over an open descriptor; each piece is given out only if nothing changed."""
        opening = self._start(False, self._open, locator, span, version)
        try:
            return await asyncio.wrap_future(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)
            raise

    async def put(
        self,
        path: str,
        body: AsyncIterator[bytes],
        *,
        ticket: str,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> Entry:
        """Write beside, fsync, read back, rename into place; a small body in one hop.

        When cancelled, what is not in place by then never will be.
        """
        draft = Draft(
            self._tree.make_and_enter,
            new_parts(path),
            checked_ticket(ticket),
            size=size,
            modified_at=modified_at,
            overwrite=overwrite,
        )
        try:
            first = await self._gather(body)
            if len(first) <= self.traits.piece:
                digest, found = await self._write(draft.store, first)
            else:
                digest, found = await self._stream(draft, first, body)
        except BaseException:
            draft.give_up()
            raise
        return entry_of(path, found, Checksum("sha256", digest))

    async def discard(self, ticket: str) -> None:
        """Remove the unfinished object of that ticket."""
        await self._write(self._tree.discard, checked_ticket(ticket))

    async def delete(self, locator: str) -> None:
        """Remove it durably, then the folders that are empty now."""
        await self._write(self._tree.delete, locator)

    async def move(self, locator: str, path: str) -> Entry:
        """Rename in one step, never over something."""
        return await self._write(self._tree.move, locator, path)

    async def quota(self) -> Quota:
        """The space of the file system, as `df` counts it."""
        return await self._read(self._tree.quota)

    def local_path(self, locator: str) -> Path:
        """Where the object is, after a look that nothing on the way is a symbolic link."""
        try:
            self._tree.lstat(locator)
        except OSError as error:
            raise beneath.translate(error, writing=False) from error
        return Path(f"{self._tree.base}/{locator}")

    def local_version(self, path: Path) -> str:
        """From a fresh look."""
        with beneath.translated(writing=False):
            return version_of(beneath.plain(os.lstat(path)))

    def local_version_of(self, found: os.stat_result) -> str:
        """From a look that the caller has taken."""
        return version_of(found)

    async def close(self) -> None:
        """Let running calls end by themselves; new ones are refused."""
        self._pool.shutdown(wait=False)

    def _open(self, locator: str, span: Span | None, version: str | None) -> LocalBody:
        file = self._tree.open(locator)
        try:
            entry = entry_of(locator, os.fstat(file.fileno()))
            if version not in (None, entry.version):
                raise ObjectChanged
            return LocalBody(self._pool, file, entry, *cut(span, entry.size))
        except BaseException:
            file.close()
            raise

    # --- between the loop and the threads --------------------------------------------------------

    async def _gather(self, body: AsyncIterator[bytes]) -> bytes:
        """The body, or its beginning if it is more than a piece."""
        pieces: list[bytes] = []
        total = 0
        async for piece in body:
            pieces.append(piece)
            total += len(piece)
            if total > self.traits.piece:
                break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def _stream(
        self, draft: Draft, first: bytes, body: AsyncIterator[bytes]
    ) -> tuple[str, os.stat_result]:
        """Write each piece while the next one arrives, and read back behind."""
        try:
            await self._write(draft.begin)
            writing = self._start(True, draft.write, first)
            following = self._start(False, draft.follow)
            async for piece in body:
                await asyncio.wrap_future(writing)
                if following.done():
                    following = self._start(False, draft.follow)
                writing = self._start(True, draft.write, piece)
            await asyncio.wrap_future(writing)
            return await self._write(draft.finish)
        except BaseException:
            draft.give_up()
            dropping = asyncio.wrap_future(self._start(False, draft.drop))
            await asyncio.wait([dropping], timeout=GRACE)
            raise

    async def _read(self, call: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        return await asyncio.wrap_future(self._start(False, call, *given, **named))

    async def _write(self, call: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        return await asyncio.wrap_future(self._start(True, call, *given, **named))

    def _start(
        self, writing: bool, call: Callable[P, T], *given: P.args, **named: P.kwargs
    ) -> Future[T]:
        try:
            return self._pool.submit(_translating, writing, call, *given, **named)
        except RuntimeError:
            raise StorageUnavailable("This channel was just closed.") from None


def _translating(writing: bool, call: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    try:
        return call(*given, **named)
    except OSError as error:
        raise beneath.translate(error, writing=writing) from error


def _close_unwanted(opening: Future[LocalBody]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


class LocalBody:
    """Bytes of one object through one open descriptor, a chunk at a time."""

    def __init__(
        self, pool: ThreadPoolExecutor, file: FileIO, entry: Entry, start: int, stop: int
    ) -> None:
        self.entry = entry
        self.start = start
        self.stop = stop
        self._pool = pool
        self._file = file
        self._at = start
        self._reading: Future[bytes] | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next chunk. ObjectChanged if the object is not what it was when opened."""
        if self._at >= self.stop or self._file.closed:
            raise StopAsyncIteration
        try:
            self._reading = self._pool.submit(self._chunk)
        except RuntimeError:
            raise StorageUnavailable("This channel was just closed.") from None
        piece = await asyncio.wrap_future(self._reading)
        self._at += len(piece)
        return piece

    def _chunk(self) -> bytes:
        fd = self._file.fileno()
        length = min(CHUNK, self.stop - self._at)
        with beneath.translated(writing=False):
            piece = os.pread(fd, length, self._at)
            # Looking after the read covers all that was read before.
            if len(piece) != length or version_of(os.fstat(fd)) != self.entry.version:
                raise ObjectChanged
        return piece

    async def aclose(self) -> None:
        """Close the descriptor, or have the thread do it that is still reading from it."""
        self.close()

    def close(self) -> None:
        """The same, for callers without a loop."""
        self._at = self.stop
        if self._reading is None:
            self._file.close()
        else:  # at once if it is done
            self._reading.add_done_callback(lambda _: self._file.close())
