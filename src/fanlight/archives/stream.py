"""Sending an archive, or a piece of it, as fast as it is taken and in little memory.

The next entries are opened while one is on its way, and so is the next piece of each. An entry that
cannot be read when its turn comes is sent as zeros, and stays lost for good: whoever goes on with a
broken download must find the archive that they began with. One that fails in its midst ends the
stream, since some of its bytes are out; its rest can be asked for again.
"""

from __future__ import annotations

import zlib
from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

from fanlight.archives.layout import Kind
from fanlight.archives.reading import Reading
from fanlight.archives.zeros import crc_of_zeros
from fanlight.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Iterator
    from concurrent.futures import Executor

    from fanlight.archives.archive import Archive
    from fanlight.archives.layout import Part
    from fanlight.archives.reading import Body

ENOUGH = 1 << 18
"""Bytes that are sent at once, if there are so many."""
AHEAD = 4
"""Entries that are opened before their turn."""

_WINDOW = AHEAD * 3
"""Parts of the layout: each entry has three."""
_ZEROS = bytes(ENOUGH)


class Contents(Protocol):
    """What stands behind the entries of an archive, and what is remembered of them.

    Indexes are those of the entries; the report is none of its business.
    """

    async def open(self, index: int, start: int, stop: int) -> Body:
        """The bytes of an entry from `start` to `stop`, at the version that was planned.

        Raises ObjectMissing, ObjectChanged, BadLocator for what cannot be had any more; any other
        StorageError ends the stream.
        """
        ...

    def crc(self, index: int) -> int | None:
        """The checksum of an entry, if it is known from an earlier reading."""
        ...

    async def learn(self, index: int, crc: int) -> None:
        """Remember it."""
        ...

    @property
    def lost(self) -> Collection[int]:
        """The entries that are sent as zeros."""
        ...

    async def lose(self, index: int, error: StorageError) -> None:
        """Remember that an entry is sent as zeros from now on. Raises StorageError to end here."""
        ...


async def stream(
    archive: Archive, contents: Contents, start: int, stop: int, pool: Executor
) -> AsyncGenerator[bytes]:
    """The bytes of an archive from `start` to `stop`. Checksums are made in the `pool`.

    Raises StorageError.
    """
    gathered: list[bytes] = []
    size = 0
    async with aclosing(_Sending(archive, contents, pool).pieces(start, stop)) as pieces:
        async for piece in pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= ENOUGH:
                yield b"".join(gathered)
                gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


class _Sending:
    """One way through an archive."""

    def __init__(self, archive: Archive, contents: Contents, pool: Executor) -> None:
        self._archive = archive
        self._layout = archive.layout
        self._contents = contents
        self._pool = pool
        self._report: bytes | None = None
        self._opened: deque[tuple[Part, Reading | None]] = deque()

    async def pieces(self, start: int, stop: int) -> AsyncGenerator[bytes]:
        """Everything in its order, in pieces of any size."""
        left = self._layout.parts(start, stop)
        try:
            while self._look_ahead(left):
                part, reading = self._opened[0]
                if part.kind is Kind.DATA:
                    async with aclosing(self._data(part, reading)) as data:
                        async for piece in data:
                            yield piece
                else:
                    yield await self._record(part)
                self._opened.popleft()
        finally:
            for _, reading in self._opened:
                if reading is not None:
                    await reading.aclose()

    def _look_ahead(self, left: Iterator[Part]) -> bool:
        """Begin with the parts whose turn comes soon; whether there is one."""
        while len(self._opened) < _WINDOW and (part := next(left, None)) is not None:
            self._opened.append((part, self._begun(part)))
        return bool(self._opened)

    def _begun(self, part: Part) -> Reading | None:
        """An entry on its way, if it is one that is read."""
        index = part.index
        if part.kind is not Kind.DATA or index == self._archive.report:
            return None
        if index in self._contents.lost:
            return None
        # the rest of an entry is read from its beginning if its checksum is needed and not known
        whole = part.stop == self._layout.entries[index].size
        known = self._contents.crc(index) is not None
        first = part.start if known or not whole else 0
        return Reading(self._contents.open, index, first, part.stop, self._pool)

    async def _record(self, part: Part) -> bytes:
        crc = await self._crc(part.index) if self._layout.needs_crc(part) else 0
        return self._layout.record(part, crc)

    async def _data(self, part: Part, reading: Reading | None) -> AsyncGenerator[bytes]:
        if part.index == self._archive.report:
            yield self._reported()[part.start : part.stop]
            return
        if reading is not None and (error := await reading.failure()) is not None:
            await reading.aclose()
            await self._contents.lose(part.index, error)
            reading = None
        pieces = _zeros(part) if reading is None else self._read(part, reading)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    async def _read(self, part: Part, reading: Reading) -> AsyncGenerator[bytes]:
        async with aclosing(reading):
            async for piece in reading.pieces(part.start):
                yield piece
        if reading.start == 0 and part.stop == self._layout.entries[part.index].size:
            await self._contents.learn(part.index, reading.crc)

    def _reported(self) -> bytes:
        if self._report is None:
            self._report = self._archive.report_on(self._contents.lost)
        return self._report

    async def _crc(self, index: int) -> int:
        """The checksum of an entry; all of it is read if that has to be."""
        if index == self._archive.report:
            return zlib.crc32(self._reported())
        size = self._layout.entries[index].size
        if index in self._contents.lost or not size:
            return crc_of_zeros(size)
        known = self._contents.crc(index)
        if known is not None:
            return known
        async with aclosing(Reading(self._contents.open, index, 0, size, self._pool)) as reading:
            error = await reading.failure()
            if error is not None:
                await self._contents.lose(index, error)
                return crc_of_zeros(size)
            async for _ in reading.pieces(size):
                pass
        await self._contents.learn(index, reading.crc)
        return reading.crc


async def _zeros(part: Part) -> AsyncGenerator[bytes]:
    for at in range(part.start, part.stop, ENOUGH):
        yield _ZEROS[: part.stop - at]
