"""Contents of archives in memory: real bytes, or any number of zeros that nobody keeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field

from fanlight.archives.archive import Archive
from fanlight.archives.entry import Entry
from fanlight.archives.stream import stream
from fanlight.errors import ObjectMissing, StorageError

MADE = 1_700_000_000


@dataclass
class Piecewise:
    """A body in pieces of one size; it may fail at some byte."""

    body: bytes
    step: int
    fails_at: int = -1
    closed: bool = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self.body), self.step):
            if 0 <= self.fails_at <= at:
                raise StorageError("It broke.")
            yield self.body[at : at + self.step]

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Shelf:
    """What stands behind an archive."""

    bodies: list[bytes]
    step: int = 1000
    crcs: dict[int, int] = field(default_factory=dict[int, int])
    lost: set[int] = field(default_factory=set[int])
    missing: set[int] = field(default_factory=set[int])
    fails_at: dict[int, int] = field(default_factory=dict[int, int])
    opened: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    given: list[Piecewise] = field(default_factory=list[Piecewise])

    async def open(self, index: int, start: int, stop: int) -> Piecewise:
        self.opened.append((index, start, stop))
        if index in self.missing:
            raise ObjectMissing
        body = Piecewise(self.bodies[index][start:stop], self.step, self.fails_at.get(index, -1))
        self.given.append(body)
        return body

    def crc(self, index: int) -> int | None:
        return self.crcs.get(index)

    async def learn(self, index: int, crc: int) -> None:
        self.crcs[index] = crc

    async def lose(self, index: int, error: StorageError) -> None:
        assert isinstance(error, ObjectMissing)
        self.lost.add(index)

    def archive(self, names: list[str] | None = None) -> Archive:
        """An archive of all that is here."""
        names = names or [f"{index}.bin" for index in range(len(self.bodies))]
        return Archive(
            [
                Entry(name, len(body), MADE + 2 * index)
                for index, (name, body) in enumerate(zip(names, self.bodies, strict=True))
            ],
            made=MADE,
        )


async def taken(archive: Archive, shelf: Shelf, start: int = 0, stop: int | None = None) -> bytes:
    """What comes of a piece of an archive."""
    stop = archive.length if stop is None else stop
    with ThreadPoolExecutor(2) as pool:
        async with aclosing(stream(archive, shelf, start, stop, pool)) as pieces:
            return b"".join([piece async for piece in pieces])
