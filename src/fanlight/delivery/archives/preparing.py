"""Making the renditions that an archive is to hold: its layout needs their sizes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from fanlight.delivery.archives.contents import form_of
from fanlight.errors import Forbidden, ObjectChanged, ObjectMissing, PictureError
from fanlight.renditions.queue import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fanlight.catalogue import Catalogue
    from fanlight.model import ArchiveItem, ArchivePlan
    from fanlight.pictures import Pictures

HELPING = 4.0
"""Seconds of one helping; then it is said how far it is."""
_SIDE_BY_SIDE = 4


class Preparer:
    """Has renditions made, a helping at a time."""

    def __init__(
        self, catalogue: Catalogue, pictures: Pictures | None, *, helping: float = HELPING
    ) -> None:
        self._catalogue = catalogue
        self._pictures = pictures
        self._helping = helping

    async def prepare(self, plan: ArchivePlan) -> ArchivePlan:
        """A helping of what is missing. Raises StorageError, Forbidden, CatalogueError."""
        if self._pictures is None:
            raise Forbidden("Pictures are switched off here.", code="forbidden.pictures")
        made: dict[str, ArchiveItem | None] = {}
        missing = (item for item in plan.items if not item.content)
        end = asyncio.get_running_loop().time() + self._helping
        try:
            async with asyncio.TaskGroup() as tasks:
                for first in islice(missing, _SIDE_BY_SIDE):
                    tasks.create_task(self._work(first, missing, made, end, self._pictures))
        except* Exception as group:
            if not made:
                raise group.exceptions[0] from None
        return await self._catalogue.write(lambda records: records.archives.complete(plan.id, made))

    async def _work(
        self,
        item: ArchiveItem,
        left: Iterator[ArchiveItem],
        made: dict[str, ArchiveItem | None],
        end: float,
        pictures: Pictures,
    ) -> None:
        """Make one, and then what is left until the time is over."""
        made[item.name] = await self._made(item, pictures)
        while asyncio.get_running_loop().time() < end and (more := next(left, None)) is not None:
            made[more.name] = await self._made(more, pictures)

    async def _made(self, item: ArchiveItem, pictures: Pictures) -> ArchiveItem | None:
        """The item with its rendition's size; `None` if there is nothing to be had."""
        link = await self._catalogue.read(lambda records: records.links.by_asset(item.asset_id))
        if link is None:
            return None
        try:
            picture = await pictures.rendition(link, form_of(item.edge), urgency=Urgency.SOON)
        except (PictureError, ObjectMissing, ObjectChanged):
            return None
        return replace(item, content=picture.rendition.key, size=picture.rendition.size)
