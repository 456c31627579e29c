"""A plan ready to be sent: its layout, how it is described, and its bytes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from hashlib import blake2b
from typing import TYPE_CHECKING

from fanlight.archives.archive import GENERATION, Archive
from fanlight.archives.entry import Entry
from fanlight.archives.stream import stream
from fanlight.delivery import dates
from fanlight.delivery.answers import BadRange, NotModified, Partial, Unmet, Whole
from fanlight.delivery.archives.contents import Memory, PlannedContents
from fanlight.delivery.conditions import Verdict, judge, range_holds
from fanlight.delivery.disposition import disposition
from fanlight.delivery.ranges import Piece, pieces

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from concurrent.futures import Executor
    from datetime import datetime

    from fanlight.catalogue import Catalogue
    from fanlight.delivery.archives.contents import Allowed
    from fanlight.delivery.conditions import Conditions
    from fanlight.delivery.delivery import Delivery
    from fanlight.delivery.representation import Head
    from fanlight.model import ArchivePlan

ArchiveAnswer = Whole | Partial | NotModified | Unmet | BadRange


class OpenArchive:
    """One archive that can be downloaded, whole or in pieces, by any number of people."""

    def __init__(
        self, plan: ArchivePlan, catalogue: Catalogue, delivery: Delivery, pool: Executor
    ) -> None:
        """Takes a while for very many items: make it in a thread."""
        self.plan = plan
        self.archive = Archive(
            [Entry(item.name, item.size, item.modified) for item in plan.items],
            made=int(plan.created_at.timestamp()),
            left_out=plan.left_out,
            language=plan.language,
        )
        self._memory = Memory(catalogue, plan)
        self._delivery = delivery
        self._pool = pool
        named = blake2b(f"{GENERATION} {plan.id}".encode(), digest_size=16).hexdigest()
        self.etag = f'"{named}"'
        """The plan never changes, so neither do the bytes."""
        self._described: Head = (
            (b"content-type", b"application/zip"),
            (b"etag", self.etag.encode()),
            (b"last-modified", dates.written(plan.created_at).encode()),
            (b"content-disposition", disposition("attachment", plan.name).encode("latin-1")),
            (b"accept-ranges", b"bytes"),
            (b"cache-control", b"private, no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"x-accel-buffering", b"no"),  # else a front server takes it all at once
        )

    @property
    def length(self) -> int:
        """Bytes of all of it."""
        return self.archive.length

    def answer(self, asked: Conditions, range_: str, now: datetime) -> ArchiveAnswer:
        """What a request gets. Of several ranges none is honoured: it gets the whole."""
        modified = int(self.plan.created_at.timestamp())
        verdict = judge(asked, self.etag, modified)
        if verdict is Verdict.FAILED:
            return Unmet(self._described)
        if verdict is Verdict.NOT_MODIFIED:
            return NotModified(self._described)
        if range_ and range_holds(asked, self.etag, modified, int(now.timestamp())):
            found = pieces(range_, self.length)
            if found is not None and len(found) < 2:
                return self._cut(found)
        head = (*self._described, (b"content-length", b"%d" % self.length))
        return Whole(head, Piece(0, self.length))

    def _cut(self, found: tuple[Piece, ...]) -> Partial | BadRange:
        if not found:
            return BadRange((*self._described, (b"content-range", b"bytes */%d" % self.length)))
        start, stop = found[0]
        more = (
            (b"content-length", b"%d" % (stop - start)),
            (b"content-range", b"bytes %d-%d/%d" % (start, stop - 1, self.length)),
        )
        return Partial((*self._described, *more), found[0])

    async def stream(self, piece: Piece, allowed: Allowed | None = None) -> AsyncGenerator[bytes]:
        """The bytes of a piece. `allowed` is asked for each asset as its turn comes.

        Raises StorageError, CatalogueError.
        """
        await self._memory.load()
        contents = PlannedContents(self._memory, self._delivery, allowed)
        try:
            sending = stream(self.archive, contents, piece.start, piece.stop, self._pool)
            async with aclosing(sending) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            await asyncio.shield(self._memory.write())
