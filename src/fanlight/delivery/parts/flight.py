"""One part on its way from a channel to all who want it.

It is written to the disk as it arrives, and everybody reads from there, each at their own speed: so
a slow viewer costs no memory and holds up nobody. When the last one leaves early, the channel is
told to stop.

Of several processes one fetches it, and the others watch it grow. Should that one give up or end,
another one begins: what has been read until then are the same bytes.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

from fanlight.delivery.parts.files import is_whole_as_written
from fanlight.delivery.parts.source import PART
from fanlight.errors import StorageError, StorageUnavailable
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fanlight.delivery.parts.files import Descriptor
    from fanlight.delivery.parts.shelf import Shelf
    from fanlight.delivery.parts.source import Source

CHUNK = 1 << 18
"""Bytes read at once for a viewer."""
LOOK = 0.02
"""Seconds between two looks at what another process is fetching."""


class NotKeptError(Exception):
    """The disk takes nothing: whoever reads must go to the channel by themselves."""


class Flight:
    """A part that somebody wants, from the disk or from its channel. `ended` is called at the end.

    It is held by those who read it or will; `release` says whether they had all they wanted.
    """

    def __init__(
        self,
        source: Source,
        index: int,
        shelf: Shelf,
        slots: asyncio.Semaphore,
        ended: Callable[[Flight], None],
    ) -> None:
        self.name = source.part(index)
        self._source = source
        self._start = index * PART
        self._length = source.length(index)
        self._shelf = shelf
        self._slots = slots
        self._ended = ended
        self._part: Descriptor | None = None
        self._filled = 0
        self._latest = (0, b"")
        """What came last, and where it begins: who keeps up need not read it from the disk."""
        self._failure: Exception | None = None
        self._grown = asyncio.Event()
        self._holders = 0
        self.work = asyncio.create_task(self._run())
        """Until the part is here, or given up, and nothing of it is left half done."""

    # --- for those who read

    @property
    def whole(self) -> bool:
        """Whether all of it has come."""
        return self._filled == self._length

    def hold(self) -> None:
        """Want it."""
        self._holders += 1

    def release(self, *, finished: bool) -> None:
        """Want it no more. If nobody does, it ends; but the rest of it comes if they `finished`."""
        self._holders -= 1
        if self._holders:
            return
        if self.work.done():
            self._ended(self)
        elif not finished:
            self.work.cancel()
            self._ended(self)

    async def chunks(self, start: int, stop: int) -> AsyncIterator[bytes]:
        """Its bytes from `start` to `stop`, counted from its own beginning, as they arrive.

        Raises StorageError, or NotKeptError.
        """
        while start < stop:
            filled = await self._ready(start)
            if data := self._just_come(start, stop):
                start += len(data)
                yield data
                continue
            size = min(CHUNK, stop - start, filled - start)
            assert self._part is not None  # noqa: S101 -- something is filled
            try:
                data = await self._shelf.run(self._part.read, start, size)
            except OSError as error:
                raise NotKeptError from error
            if not data:
                raise NotKeptError  # somebody has cut the file short
            start += len(data)
            yield data

    def _just_come(self, start: int, stop: int) -> bytes:
        begin, data = self._latest
        if not begin <= start < begin + len(data):
            return b""
        return (
            data
            if begin == start and len(data) <= stop - start
            else data[start - begin : stop - begin]
        )

    async def _ready(self, at: int) -> int:
        """Wait until there is more than `at`; how much there is."""
        while self._filled <= at:
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            await self._grown.wait()
        return self._filled

    # --- the way

    async def _run(self) -> None:
        try:
            while not await self._find():
                claim = await self._shelf.claim(self.name)
                if claim is None:
                    raise NotKeptError
                if claim.ours:
                    await self._fetch(claim.part)
                    return
                if await self._watch(claim.part):
                    return
        except StorageError as error:
            self._fail(error)
        except OSError as error:
            self._shelf.refused(error)
            self._fail(NotKeptError())
        except NotKeptError as error:
            self._fail(error)
        except asyncio.CancelledError:
            self._fail(StorageUnavailable())
            raise
        except Exception as error:
            self._fail(error)
            raise
        finally:
            if not self._holders or self._failure is not None:
                self._ended(self)

    async def _find(self) -> bool:
        """Whether the part is here already."""
        found = await self._shelf.find(self.name, self._length, brief=self._source.brief)
        if found is None:
            return False
        self._part = found
        self._grow(self._length)
        return True

    async def _fetch(self, part: Descriptor) -> None:
        """Have the channel send it, unless another process has come to the end of it just now."""
        crc = None
        try:
            if not await self._find():
                async with self._slots:
                    crc = await self._receive(part)
        except BaseException:
            await self._shelf.surely(self._shelf.drop(self.name, part))
            raise
        if crc is None:
            await self._shelf.drop(self.name, part)
        else:
            brief = self._source.brief
            keeping = self._shelf.keep(self.name, self._length, crc, part, brief=brief)
            await self._shelf.surely(keeping)

    async def _watch(self, part: Descriptor) -> bool:
        """See it grow while another process fetches it; whether that one comes to the end."""
        run = self._shelf.run
        self._part, self._filled = part, 0
        while True:
            ended = await run(part.lock)
            if await run(is_whole_as_written, part, self._length):
                self._shelf.kept(self.name, self._length, brief=self._source.brief)
                self._grow(self._length)
                return True
            if ended:
                self._filled = 0
                await self._shelf.drop(self.name, part)
                return False
            filled = min(await run(part.size), self._length)
            if filled > self._filled:
                self._grow(filled)
            await asyncio.sleep(LOOK)

    async def _receive(self, part: Descriptor) -> int:
        """Write the part down as it comes; its checksum."""
        self._part = part
        source, crc = self._source, 0
        span = Span(self._start, self._start + self._length)
        body = await source.store.open(source.locator, span, source.version)
        try:
            async for data in body:
                crc = await self._shelf.run(_written, part, data, self._filled, crc)
                self._latest = (self._filled, data)
                self._grow(self._filled + len(data))
        finally:
            self._latest = (0, b"")
            await body.aclose()
        if self._filled != self._length:
            raise StorageUnavailable("The storage sent less than it announced.")
        return crc

    def _grow(self, filled: int) -> None:
        self._filled = filled
        self._tell()

    def _fail(self, failure: Exception) -> None:
        self._failure = failure
        self._tell()

    def _tell(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()


def _written(part: Descriptor, data: bytes, at: int, crc: int) -> int:
    """Write what has come; the checksum up to there."""
    part.write(data, at)
    return zlib.crc32(data, crc)
