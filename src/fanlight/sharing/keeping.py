"""Viewers: made when something must be kept of somebody, shown to them, forgotten when they ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fanlight.errors import NotFound
from fanlight.gallery_model import Activity, Comment, Pick, Selection, Viewer
from fanlight.guard.secret import digest
from fanlight.guard.throttle import network
from fanlight.model import Scope
from fanlight.sharing.desk import Desk, new_id, new_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fanlight.catalogue import Records
    from fanlight.model import Actor
    from fanlight.sharing.passes import Pass

SEEN_EVERY = timedelta(hours=1)
"""How exactly it is known when a viewer was here last."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is stored about a viewer."""

    viewer: Viewer
    lists: tuple[tuple[Selection, tuple[Pick, ...]], ...]
    comments: tuple[Comment, ...]
    did: tuple[Activity, ...]
    """What the journal has of them, oldest first."""
    names: Mapping[str, str]
    """Of the photos that are spoken of, by asset."""


class Keeping(Desk):
    """What is known of who comes in."""

    async def introduced(self, pass_: Pass, *, address: str) -> Pass:
        """The pass with its viewer, who is made if need be: something must be kept of them.

        Raises Throttled for who does it again and again.
        """
        now = self._clock()
        if pass_.viewer is not None:
            await self._seen(pass_.viewer)
            return pass_
        self._newcomers.take(network(address), now)
        token = new_token()
        viewer = Viewer(
            id=new_id(),
            gallery_id=pass_.gallery.id,
            link_id=pass_.link.id if pass_.link else None,
            name="",
            email="",
            token_hash=digest(token),
            token=token,
            created_at=now,
            seen_at=now,
        )
        await self._catalogue.write(lambda records: records.viewers.add(viewer))
        return replace(pass_, viewer=viewer)

    async def by_token(self, pass_: Pass, token: str) -> Viewer:
        """Whose personal link has this token, in this gallery. Raises NotFound."""
        found = await self._catalogue.read(lambda records: records.viewers.by_hash(digest(token)))
        if found is None or found.gallery_id != pass_.gallery.id:
            raise NotFound("This personal link leads nowhere.", code="not-found.viewer")
        return found

    async def kept_of(self, pass_: Pass) -> Kept | None:
        """All that is stored about who holds the pass; None for nothing."""
        viewer = pass_.viewer
        if viewer is None:
            return None
        return await self._catalogue.read(lambda records: _kept(records, viewer))

    async def forget_me(self, pass_: Pass) -> None:
        """Delete all that is stored about who holds the pass: lists, picks and comments, too."""
        viewer = pass_.viewer
        if viewer is not None:
            await self._catalogue.write(lambda records: _remove(records, viewer.id))

    # --- the owner -----------------------------------------------------------------------------

    async def viewers(self, actor: Actor, gallery_id: str) -> tuple[Viewer, ...]:
        """Of whom something is stored, oldest first. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> tuple[Viewer, ...]:
            return records.viewers.of(records.galleries.get(gallery_id).id)

        return await self._catalogue.read(unit)

    async def kept_of_viewer(self, actor: Actor, viewer_id: str) -> Kept:
        """All that is stored about a viewer. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(
            lambda records: _kept(records, records.viewers.get(viewer_id))
        )

    async def forget_viewer(self, actor: Actor, viewer_id: str) -> None:
        """Delete all that is stored about a viewer. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        now = self._clock()

        def unit(records: Records) -> None:
            viewer = records.viewers.get(viewer_id)
            _remove(records, viewer_id)
            records.events.add(
                at=now, action="viewer.forgotten", actor=actor.name, subject=viewer.gallery_id
            )

        await self._catalogue.write(unit)

    async def _seen(self, viewer: Viewer) -> None:
        now = self._clock()
        if now - viewer.seen_at >= SEEN_EVERY:
            await self._catalogue.write(
                lambda records: records.viewers.update(viewer.id, seen_at=now)
            )


def _kept(records: Records, viewer: Viewer) -> Kept:
    selections = records.selections.of_viewer(viewer.id)
    lists = tuple((one, records.picks.of(one.id)) for one in selections)
    said = tuple(
        one for one in records.comments.of(viewer.gallery_id) if one.viewer_id == viewer.id
    )
    did = records.activities.by(viewer.gallery_id, viewer.id)
    ids = {pick.asset_id for _, picks in lists for pick in picks}
    ids |= {one.asset_id for one in said} | {one.asset_id for one in did if one.asset_id}
    names = {one.id: one.name for one in records.assets.many(sorted(ids))}
    return Kept(viewer, lists, said, did, names)


def _remove(records: Records, viewer_id: str) -> None:
    viewer = records.viewers.find(viewer_id)
    if viewer is None:
        return  # by another device, a moment ago
    records.activities.forget(viewer.gallery_id, viewer_id)
    records.viewers.remove(viewer_id)
