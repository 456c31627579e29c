"""From the assets that are asked for to the items of a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from fanlight.archives.names import Names
from fanlight.errors import FanlightError, ObjectMissing
from fanlight.model import ArchiveItem, PlacementState
from fanlight.pictures.desk import PICTURED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fanlight.catalogue import Catalogue, Records
    from fanlight.delivery.delivery import Delivery
    from fanlight.model import Asset, Link

_AT_ONCE = 500


class Asked(NamedTuple):
    """An asset that is asked for, and the folder of the archive that it shall be in."""

    asset_id: str
    folder: str = ""


@dataclass(slots=True)
class Planned:
    """What came of what was asked for."""

    items: list[ArchiveItem] = field(default_factory=list[ArchiveItem])
    left_out: list[str] = field(default_factory=list[str])


class Planner:
    """Finds out what there is of the assets, in the order in which they are asked for."""

    def __init__(self, catalogue: Catalogue, delivery: Delivery, edge: int, others: bool) -> None:
        """`edge`: of renditions, 0 for originals; `others`: take originals of what has none."""
        self._catalogue = catalogue
        self._delivery = delivery
        self._edge = edge
        self._others = others
        self._names = Names()
        self._planned = Planned()

    async def plan(self, asked: Sequence[Asked]) -> Planned:
        """Everything. Assets that are not in use any more are passed over. CatalogueError."""
        wanted = list(dict.fromkeys(asked))
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            links = await self._catalogue.read(_reader(some))
            for one, link in zip(some, links, strict=True):
                if link is not None:
                    await self._add(one, link)
        return self._planned

    async def _add(self, one: Asked, link: Link) -> None:
        asset = link.asset
        try:
            if self._edge and asset.kind in PICTURED:
                self._add_rendition(one, link)
            elif self._edge and not self._others:
                self._planned.left_out.append(asset.name)
            else:
                await self._add_original(one, link)
        except FanlightError:
            self._planned.left_out.append(asset.name)

    def _add_rendition(self, one: Asked, link: Link) -> None:
        if not _is_stored(link):
            raise ObjectMissing
        name = self._names.name(one.folder, f"{_stem(link.asset)}.jpg")
        item = ArchiveItem(one.asset_id, name, self._edge, modified=_moment(link.asset))
        self._planned.items.append(item)

    async def _add_original(self, one: Asked, link: Link) -> None:
        if not _is_stored(link):
            raise ObjectMissing  # without asking its channel: there may be thousands
        original = await self._delivery.search(self._delivery.known(link)).first()
        item = ArchiveItem(
            one.asset_id,
            self._names.name(one.folder, link.asset.name),
            content=original.shown.etag.strip('"'),
            size=original.shown.size,
            modified=_moment(link.asset),
        )
        self._planned.items.append(item)


def _reader(asked: Sequence[Asked]) -> Callable[[Records], list[Link | None]]:
    return lambda records: [records.links.by_asset(one.asset_id) for one in asked]


def _is_stored(link: Link) -> bool:
    return any(place.state is PlacementState.STORED for place in link.placements)


def _stem(asset: Asset) -> str:
    stem, dot, _ = asset.name.rpartition(".")
    return stem if dot and stem else asset.name


def _moment(asset: Asset) -> int:
    return int((asset.taken_at or asset.created_at).timestamp())
