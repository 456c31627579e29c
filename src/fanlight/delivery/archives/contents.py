"""The bytes behind a plan: opened when their turn comes, if they still are what was planned."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fanlight.delivery.originals import Local
from fanlight.delivery.ranges import Piece
from fanlight.errors import (
    Forbidden,
    ObjectChanged,
    ObjectMissing,
    PictureError,
    StorageError,
    StorageUnavailable,
)
from fanlight.pictures.forms import Form
from fanlight.renditions.recipes import Format, Recipe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from fanlight.archives.reading import Body
    from fanlight.catalogue import Catalogue
    from fanlight.delivery.delivery import Delivery
    from fanlight.delivery.originals import Original
    from fanlight.model import ArchiveItem, ArchivePlan, Asset

Allowed = Callable[["Asset"], Awaitable[bool]]
"""Whether an asset may (still) be had by whoever downloads."""

MOST_IN_A_ROW = 8
"""More that cannot be read than so many, one after another, is a storage that is out of reach."""
_AT_ONCE = 64
"""Checksums that are written down together."""


class Memory:
    """What is known of a plan's bytes, shared by all who download it from this process."""

    def __init__(self, catalogue: Catalogue, plan: ArchivePlan) -> None:
        self.plan = plan
        self.lost: set[int] = set()
        self._catalogue = catalogue
        self._sums: dict[str, int] = {}
        self._unwritten: dict[str, int] = {}

    async def load(self) -> None:
        """Read what others have found out. CatalogueError."""
        contents = [item.content for item in self.plan.items if item.content not in self._sums]
        sums, lost = await self._catalogue.read(
            lambda records: (records.sums.find(contents), records.archives.lost(self.plan.id))
        )
        self._sums |= sums
        self.lost |= lost

    def crc(self, index: int) -> int | None:
        """The checksum of an item, if it is known."""
        return self._sums.get(self.plan.items[index].content)

    async def learn(self, index: int, crc: int) -> None:
        """Remember it; written down a little later."""
        content = self.plan.items[index].content
        self._sums[content] = self._unwritten[content] = crc
        if len(self._unwritten) >= _AT_ONCE:
            await self.write()

    async def lose(self, index: int) -> None:
        """Remember that nothing can be had of an item: true for all when this returns."""
        await self._catalogue.write(lambda records: records.archives.lose(self.plan.id, index))
        self.lost.add(index)

    async def write(self) -> None:
        """Write down what was learnt."""
        sums, self._unwritten = self._unwritten, {}
        if sums:
            await self._catalogue.write(lambda records: records.sums.put(sums))


class PlannedContents:
    """What stands behind an archive, for one who downloads it: `archives.stream.Contents`."""

    def __init__(self, memory: Memory, delivery: Delivery, allowed: Allowed | None) -> None:
        self._memory = memory
        self._items = memory.plan.items
        self._delivery = delivery
        self._allowed = allowed
        self._in_a_row = 0
        self.crc = memory.crc
        self.learn = memory.learn

    @property
    def lost(self) -> Collection[int]:
        """The entries that are sent as zeros."""
        return self._memory.lost

    async def open(self, index: int, start: int, stop: int) -> Body:
        """The bytes of an item. Raises StorageError, CatalogueError."""
        try:
            original = await self._found(self._items[index])
            body = await self._opened(original, Piece(start, stop))
        except (ObjectMissing, ObjectChanged):
            self._in_a_row += 1
            raise
        self._in_a_row = 0
        return body

    async def lose(self, index: int, error: StorageError) -> None:
        """Remember that an entry is sent as zeros. Raises StorageUnavailable if all are."""
        if self._in_a_row > MOST_IN_A_ROW and not isinstance(error, _Withdrawn):
            raise StorageUnavailable from error
        await self._memory.lose(index)

    async def _found(self, item: ArchiveItem) -> Original:
        known = await self._delivery.find(b"/a/" + item.asset_id.encode())
        if known is None or not (self._allowed is None or await self._allowed(known.link.asset)):
            raise _Withdrawn
        if item.edge:
            known = self._delivery.known(known.link, form_of(item.edge))
        original = known.original
        if original is None or not original.current():
            try:
                original = await self._delivery.search(known).first()
            except (PictureError, Forbidden) as error:
                raise ObjectMissing from error
        if (original.shown.etag.strip('"'), original.shown.size) != (item.content, item.size):
            raise ObjectChanged
        return original

    async def _opened(self, original: Original, piece: Piece) -> Body:
        if not isinstance(original, Local):
            return await original.open(piece)
        try:
            return _LocalBody(await original.open(piece))
        except StorageUnavailable as error:
            raise ObjectMissing from error  # nobody may read it; the next one may be fine


class _Withdrawn(ObjectMissing):
    """It was deleted, or is no longer for this viewer; nothing is wrong with the storage."""


class _LocalBody:
    """A local original. If its very first bytes cannot be read, it is lost, and no other."""

    def __init__(self, body: Body) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        begun = False
        try:
            async for piece in self._body:
                begun = True
                yield piece
        except StorageUnavailable as error:
            if begun:
                raise
            raise ObjectMissing from error

    async def aclose(self) -> None:
        """Let go of it."""
        await self._body.aclose()


def form_of(edge: int) -> Form:
    """The rendition of that size that is put into archives: JPEG, which everything opens."""
    return Form(Recipe(edge, edge), Format.JPEG)
