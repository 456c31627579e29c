"""Copies of originals that lie elsewhere, for the time that a picture of them is made."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import IO, TYPE_CHECKING, Protocol

from fanlight.errors import (
    BadLocator,
    FanlightError,
    NotFound,
    ObjectChanged,
    ObjectMissing,
    PictureTooLarge,
    StorageUnavailable,
)

if TYPE_CHECKING:
    from fanlight.model import Placement
    from fanlight.storage.base import Span
    from fanlight.storage.store import Store

    Place = tuple[Placement, Store]

LARGEST_COPY = 1 << 30
"""Bytes of an original that is fetched whole for a picture of it."""
LEFT_OVER = 3600
"""Seconds after which a copy can only be one that a killed process left."""
PAUSE = 5.0
"""Seconds after which to ask again for what is out of reach, if the storage does not say."""


class Opened(Protocol):
    """Bytes on their way. Iterate once; always `aclose`."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None:
        """Stop reading."""
        ...


class Open(Protocol):
    """Opens the bytes of a placement, at the version that it names."""

    async def __call__(
        self, place: Placement, store: Store, span: Span | None = None, *, film: bool = False
    ) -> Opened:
        """All of it, or a span. ObjectMissing, ObjectChanged, StorageError."""
        ...


async def straight(
    place: Placement, store: Store, span: Span | None = None, *, film: bool = False
) -> Opened:
    """From the storage itself, whoever else reads the same."""
    del film
    return await store.open(place.locator, span, place.version)


class Copies:
    """Fetches originals into temporary files."""

    def __init__(self, folder: Path, open_: Open = straight) -> None:
        self.open = open_
        self._folder = folder
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="fanlight-copy")
        self._clear()

    def close(self) -> None:
        """Let go of threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @asynccontextmanager
    async def copy(
        self, places: Sequence[Place], failure: FanlightError, *, film: bool = False
    ) -> AsyncGenerator[Path]:
        """A copy of bytes from the best place that gives them, removed at the end of the block.

        `failure` is why there is none, where there is none. Raises ObjectChanged, ObjectMissing,
        PictureTooLarge, StorageUnavailable.
        """
        async with self._file() as (path, file):
            with file:
                await self._fill(places, failure, file, film=film)
            yield path

    @asynccontextmanager
    async def hold(self, data: bytes) -> AsyncGenerator[Path]:
        """Bytes that are here already as a file, until the end of the block. StorageUnavailable."""
        async with self._file() as (path, file):
            try:
                with file:
                    await asyncio.get_running_loop().run_in_executor(self._pool, file.write, data)
            except OSError as error:
                raise _no_room(error) from error
            yield path

    @asynccontextmanager
    async def _file(self) -> AsyncGenerator[tuple[Path, IO[bytes]]]:
        """A new file, removed at the end of the block. StorageUnavailable."""
        try:
            path, file = await self._open()
        except OSError as error:
            raise _no_room(error) from error
        try:
            yield path, file
        finally:
            with suppress(OSError):
                path.unlink()

    async def _open(self) -> tuple[Path, IO[bytes]]:
        """A new file; one that nobody waits for any more is removed again."""
        opening = self._pool.submit(self._new)
        try:
            return await asyncio.wrap_future(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_drop)
            raise

    async def _fill(
        self, places: Sequence[Place], failure: FanlightError, file: IO[bytes], *, film: bool
    ) -> None:
        tried: FanlightError | None = None
        for placement, store in places:
            if placement.size > LARGEST_COPY:
                raise PictureTooLarge
            try:
                await self._fetch(placement, store, file, film=film)
            except ObjectChanged:
                raise
            except FanlightError as error:
                tried = worse(tried, error)
            else:
                return
        raise tried or failure

    async def _fetch(
        self, placement: Placement, store: Store, file: IO[bytes], *, film: bool
    ) -> None:
        loop = asyncio.get_running_loop()
        body = await self.open(placement, store, film=film)
        try:
            await loop.run_in_executor(self._pool, file.truncate, 0)
            file.seek(0)
            async with aclosing(body):
                async for piece in body:
                    await loop.run_in_executor(self._pool, file.write, piece)
            await loop.run_in_executor(self._pool, file.flush)
        except OSError as error:
            raise _no_room(error) from error

    def _new(self) -> tuple[Path, IO[bytes]]:
        self._folder.mkdir(parents=True, exist_ok=True)
        fd, name = mkstemp(dir=self._folder)
        return Path(name), os.fdopen(fd, "wb")

    def _clear(self) -> None:
        with suppress(OSError):
            for left in tuple(self._folder.iterdir()):
                if left.stat().st_mtime < time.time() - LEFT_OVER:
                    left.unlink()


def _drop(opening: Future[tuple[Path, IO[bytes]]]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        path, file = opening.result()
        file.close()
        path.unlink(missing_ok=True)


def worse(before: FanlightError | None, error: FanlightError) -> FanlightError:
    """What to tell of several failures: rather that it may come back than that it is gone."""
    if isinstance(error, ObjectMissing | BadLocator | NotFound):
        return before or ObjectMissing()
    return StorageUnavailable(retry_after=error.retry_after or PAUSE)


def _no_room(error: OSError) -> StorageUnavailable:
    return StorageUnavailable(
        f"The original cannot be fetched to make a picture of it: {error.strerror}.",
        remedy="Make room on the server's disk.",
        retry_after=PAUSE,
    )
