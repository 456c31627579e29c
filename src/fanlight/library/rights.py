"""What a token that is bound to a channel or folder sees of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import Forbidden
from fanlight.library.naming import join
from fanlight.model import Actor, Asset, Filters, Folder, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fanlight.catalogue import Records


def view(actor: Actor, filters: Filters) -> Filters:
    """The filters that leave of a list what this actor may see. Raises Forbidden if nothing can be.

    Whoever asks for all, or for a folder around their own with what is below, gets their own.
    """
    folder, channel_id = filters.get("folder"), filters.get("channel_id")
    actor.require(Scope.LIST, channel_id=channel_id)
    seen: Filters = {**filters, "channel_id": channel_id or actor.channel_id}
    bound = actor.folder
    if bound is None or (folder is not None and is_inside(folder, bound)):
        return seen
    if folder is None or (filters.get("deep") and is_inside(bound, folder)):
        return {**seen, "folder": bound, "deep": True}
    raise Forbidden(
        f"This needs the right to list {folder or 'the top folder'}.", code="forbidden.list"
    )


def seen_folders(actor: Actor, parent: str, found: Iterable[Folder]) -> tuple[Folder, ...]:
    """The folders in `parent` that the actor may see: theirs, and the way there without counts."""
    bound = actor.folder
    if bound is None or is_inside(parent, bound):
        return tuple(found)
    if not is_inside(bound, parent):
        raise Forbidden(f"This needs the right to list {parent}.", code="forbidden.list")
    step = join(parent, bound[len(parent) :].lstrip("/").partition("/")[0])
    return tuple(
        folder if folder.path == bound else Folder(folder.path, 0)
        for folder in found
        if folder.path == step
    )


def is_inside(folder: str, outer: str) -> bool:
    """Whether a folder is another one or below it; everything is inside the top."""
    return not outer or folder == outer or folder.startswith(f"{outer}/")


def require_for(records: Records, actor: Actor, scope: Scope, asset: Asset) -> Asset:
    """The asset, if the actor may do that with it. Raises Forbidden, Unauthenticated."""
    actor.require(scope, folder=asset.folder)
    if actor.channel_id is not None:
        places = {placement.channel_id for placement in records.placements.of(asset.id)}
        if actor.channel_id not in places:
            actor.require(scope, channel_id=next(iter(places), ""))
    return asset
