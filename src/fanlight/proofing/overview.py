"""The owner's view: who picked what, list by list and photo by photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.catalogue import cursors
from fanlight.model import Page, Scope
from fanlight.proofing.desk import Desk
from fanlight.proofing.picking import Marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Comment, Gallery, Pick, Viewer
    from fanlight.model import Actor, Asset


@dataclass(frozen=True, slots=True)
class Given:
    """One list as the owner sees it."""

    marked: Marked
    viewer: Viewer

    @property
    def by(self) -> str:
        """Who made it, as far as they said."""
        return self.viewer.name or "Somebody"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One photo that somebody marked, and what each list says of it."""

    asset: Asset
    picks: tuple[tuple[Given, Pick], ...]

    @property
    def hearts(self) -> int:
        """How many lists have picked it."""
        return sum(pick.heart for _, pick in self.picks)


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a list is to be taken away: its photos, in the order of their names."""

    gallery: Gallery
    given: Given
    photos: tuple[tuple[Asset, Pick], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that viewers of a gallery gave back."""

    gallery: Gallery
    lists: tuple[Given, ...]
    wanted: tuple[Wanted, ...]
    """Photos that are marked, most wanted first, then by name."""
    comments: tuple[Comment, ...]
    viewers: tuple[Viewer, ...]
    assets: Mapping[str, Asset]
    """What is marked or was talked about, by id."""

    def chosen(self, lists: Collection[str], *, common: bool = False) -> tuple[Wanted, ...]:
        """What these lists have picked: all of it, or only what every one has; of none, all."""
        ids = frozenset(lists)
        if not ids:
            return self.wanted
        found: list[Wanted] = []
        for one in self.wanted:
            by = {given.marked.selection.id for given, pick in one.picks if pick.heart}
            if ids <= by if common else ids & by:
                found.append(one)
        return tuple(found)

    def taken(self, given: Given) -> Taken:
        """What is picked in one of the lists."""
        hearts = [pick for pick in given.marked.picks if pick.heart]
        return _taken(self.gallery, given, hearts, self.assets)


class Overseeing(Desk):
    """What the owner reads."""

    async def overview(self, actor: Actor, gallery_id: str) -> Overview:
        """Everything. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: _overview(records, gallery_id))

    async def wanted(
        self,
        actor: Actor,
        gallery_id: str,
        *,
        lists: Collection[str] = (),
        common: bool = False,
        after: str | None = None,
        limit: int = 200,
    ) -> Page[Wanted]:
        """A page of `Overview.chosen`. Raises Forbidden, NotFound, BadCursor."""
        seen = await self.overview(actor, gallery_id)
        found = seen.chosen(lists, common=common)
        part, more = cursors.part("wanted", [one.asset.id for one in found], after, limit)
        return Page(found[part], more)

    async def marks(
        self, actor: Actor, selection_id: str, *, after: str | None = None, limit: int = 200
    ) -> Page[tuple[Asset, Pick]]:
        """All that is marked in a list, by name. Raises Forbidden, NotFound, BadCursor."""
        taken = await self.taken(actor, selection_id, hearts_only=False)
        ids = [asset.id for asset, _ in taken.photos]
        part, more = cursors.part("marks", ids, after, limit)
        return Page(taken.photos[part], more)

    async def taken(self, actor: Actor, selection_id: str, *, hearts_only: bool = True) -> Taken:
        """What to take away of one list. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> Taken:
            selection = records.selections.get(selection_id)
            picks = records.picks.of(selection.id)
            given = Given(Marked(selection, picks), records.viewers.get(selection.viewer_id))
            assets = {one.id: one for one in records.assets.many([p.asset_id for p in picks])}
            wanted = [pick for pick in picks if pick.heart or not hearts_only]
            return _taken(records.galleries.get(selection.gallery_id), given, wanted, assets)

        return await self._catalogue.read(unit)


def _overview(records: Records, gallery_id: str) -> Overview:
    gallery = records.galleries.get(gallery_id)
    viewers = {viewer.id: viewer for viewer in records.viewers.of(gallery_id)}
    picks = _by_list(records.picks.of_gallery(gallery_id))
    lists = tuple(
        Given(Marked(selection, tuple(picks.get(selection.id, ()))), viewers[selection.viewer_id])
        for selection in records.selections.of(gallery_id)
    )
    comments = records.comments.of(gallery_id)
    ids = {pick.asset_id for given in lists for pick in given.marked.picks}
    ids |= {comment.asset_id for comment in comments}
    assets = {asset.id: asset for asset in records.assets.many(sorted(ids))}
    return Overview(
        gallery,
        lists,
        _wanted(lists, assets),
        comments,
        tuple(viewers.values()),
        assets,
    )


def _taken(
    gallery: Gallery, given: Given, picks: Iterable[Pick], assets: Mapping[str, Asset]
) -> Taken:
    photos = [(assets[pick.asset_id], pick) for pick in picks if pick.asset_id in assets]
    photos.sort(key=lambda photo: (photo[0].name, photo[0].id))
    return Taken(gallery, given, tuple(photos))


def _by_list(picks: Iterable[Pick]) -> dict[str, list[Pick]]:
    found: dict[str, list[Pick]] = {}
    for pick in picks:
        found.setdefault(pick.selection_id, []).append(pick)
    return found


def _wanted(lists: Iterable[Given], assets: Mapping[str, Asset]) -> tuple[Wanted, ...]:
    found: dict[str, list[tuple[Given, Pick]]] = {}
    for given in lists:
        for pick in given.marked.picks:
            if pick.asset_id in assets:
                found.setdefault(pick.asset_id, []).append((given, pick))
    wanted = [Wanted(assets[asset_id], tuple(picks)) for asset_id, picks in found.items()]
    return tuple(sorted(wanted, key=lambda one: (-one.hearts, one.asset.name, one.asset.id)))
