"""Where the bytes of an asset are, opened at the version that the answer describes.

A `Local` original is a plain file that may be changed by others at any time. It is pinned to its
`stat`: every use looks again, and bytes that were read are given out only if nothing had changed
by then. One gap is left: a server that sends a file by its path (`pathsend`, X-Accel-Redirect)
opens it a moment after our look.

These are a few system calls on a local file system, made on the event loop: measured, a hop to a
thread costs more. Only long streams read in threads.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from stat import S_ISREG
from typing import TYPE_CHECKING

from fanlight.delivery.parts import Source
from fanlight.delivery.representation import represent, represent_found
from fanlight.errors import ObjectChanged, ObjectMissing, StorageUnavailable
from fanlight.model import Kind, PlacementState
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from concurrent.futures import Executor, Future

    from fanlight.delivery.parts import Parts
    from fanlight.delivery.parts.reader import Reader
    from fanlight.delivery.ranges import Piece
    from fanlight.delivery.representation import Representation, Rules
    from fanlight.model import Asset, Placement
    from fanlight.storage.base import Body
    from fanlight.storage.store import Store

PAUSE = 5.0
"""Seconds after which to ask again for what is out of reach, if the storage does not say."""
CHUNK = 1 << 18
"""Bytes read at once from a local original."""
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Never through a symbolic link, never waiting for a pipe's other end."""

Pin = tuple[int, int, int, int]


def _pin(found: os.stat_result) -> Pin:
    return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev)


class Local:
    """An object that is a plain local file, as it was at one moment."""

    __slots__ = ("_pin", "_pool", "path", "placement", "shown")

    def __init__(
        self,
        placement: Placement,
        path: str,
        found: os.stat_result,
        shown: Representation,
        pool: Executor,
    ) -> None:
        self.placement = placement
        self.path = path
        self.shown = shown
        self._pin = _pin(found)
        self._pool = pool

    def current(self) -> bool:
        """Whether it is still what it was."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 -- a Path costs as much as the call
        except OSError:
            return False
        return _pin(found) == self._pin

    def read(self, piece: Piece) -> bytes:
        """A small piece at once. ObjectMissing, ObjectChanged."""
        fd = self._open()
        try:
            return self.chunk(fd, piece.start, piece.stop - piece.start)
        finally:
            os.close(fd)

    async def open(self, piece: Piece) -> LocalReader:
        """A piece of any length. ObjectMissing, ObjectChanged."""
        fd = self._open()
        try:
            self._check(fd)
        except ObjectChanged:
            os.close(fd)
            raise
        return LocalReader(self, fd, piece, self._pool)

    def chunk(self, fd: int, start: int, size: int) -> bytes:
        """Read in an open original, all that is asked for. ObjectChanged."""
        try:
            data = os.pread(fd, size, start)
        except OSError as error:
            self._check(fd)  # it may be a folder or a pipe by now
            raise StorageUnavailable(retry_after=PAUSE) from error
        self._check(fd)
        if len(data) != size:
            raise ObjectChanged
        return data

    def _open(self) -> int:
        try:
            return os.open(self.path, _FLAGS)
        except (FileNotFoundError, NotADirectoryError):
            raise ObjectMissing from None
        except OSError as error:
            raise StorageUnavailable(retry_after=PAUSE) from error

    def _check(self, fd: int) -> None:
        if _pin(os.fstat(fd)) != self._pin:
            raise ObjectChanged


class LocalReader:
    """A piece of a local original, read in a thread one chunk at a time."""

    def __init__(self, original: Local, fd: int, piece: Piece, pool: Executor) -> None:
        self._original = original
        self._fd = fd
        self._piece = piece
        self._pool = pool
        self._reading: Future[bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        place, stop = self._piece
        while place < stop:
            size = min(CHUNK, stop - place)
            self._reading = self._pool.submit(self._original.chunk, self._fd, place, size)
            data = await asyncio.wrap_future(self._reading)
            place += len(data)
            yield data

    async def aclose(self) -> None:
        """Let go of the file, once no thread reads it any more. May be called twice."""
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        if self._reading is None:
            os.close(fd)
        else:
            self._reading.add_done_callback(lambda _: os.close(fd))


class Remote:
    """An object that is read through its channel."""

    __slots__ = ("_parts", "_source", "placement", "shown")

    def __init__(
        self, placement: Placement, source: Source, shown: Representation, parts: Parts | None
    ) -> None:
        self.placement = placement
        self.shown = shown
        self._source = source
        self._parts = parts

    @property
    def source(self) -> Source:
        """Which bytes of what object."""
        return self._source

    def current(self) -> bool:
        """Not asked each time: reading is pinned to the version and says when it has changed."""
        return True

    async def open(self, piece: Piece) -> Body | Reader:
        """A piece of any length, part by part where parts are kept.

        ObjectMissing, ObjectChanged and what else a provider raises, at the latest with the first
        bytes.
        """
        source = self._source
        if self._parts is not None and source.version and piece.stop:
            return self._parts.read(source, piece)
        span = Span(piece.start, piece.stop) if piece.stop else None
        return await source.store.open(source.locator, span, source.version)


Original = Local | Remote


@dataclass(frozen=True, slots=True)
class Means:
    """With what originals are described and read."""

    rules: Rules
    pool: Executor
    parts: Parts | None = None


async def find(store: Store, asset: Asset, placement: Placement, means: Means) -> Original:
    """Where the bytes of a placement are now, whatever version they have.

    A local original is looked at; another one is believed to be what the catalogue says, unless
    that says that it is missing: then parts of it may be kept that nobody shall see.
    Raises ObjectMissing, BadLocator, StorageError.
    """
    path = store.local_path(placement.locator)
    if path is None:
        if placement.state is PlacementState.MISSING:
            return await find_changed(store, asset, placement, means)
        source = _source(store, asset, placement, placement.version, asset.size)
        return Remote(placement, source, represent(asset, means.rules), means.parts)
    found = os.lstat(path)
    if not S_ISREG(found.st_mode):
        raise ObjectMissing
    version = store.local_version_of(found)
    if version == placement.version and found.st_size == asset.size:
        shown = represent(asset, means.rules)
    else:
        at = datetime.fromtimestamp(int(found.st_mtime), UTC)
        shown = represent_found(
            asset, means.rules, size=found.st_size, version=version, modified_at=at
        )
    return Local(placement, str(path), found, shown, means.pool)


async def find_changed(store: Store, asset: Asset, placement: Placement, means: Means) -> Original:
    """The same after ObjectChanged: a remote original is looked at, too."""
    if store.local_path(placement.locator) is not None:
        return await find(store, asset, placement, means)
    entry = await store.stat(placement.locator)
    if entry.version == placement.version and entry.size == asset.size:
        shown = represent(asset, means.rules)
    else:
        shown = represent_found(
            asset,
            means.rules,
            size=entry.size,
            version=entry.version,
            modified_at=entry.modified_at,
        )
    source = _source(store, asset, placement, entry.version, entry.size)
    return Remote(placement, source, shown, means.parts)


def _source(store: Store, asset: Asset, placement: Placement, version: str, size: int) -> Source:
    film = asset.kind is Kind.VIDEO
    return Source(store, placement.channel_id, placement.locator, version, size, first_hot=film)
