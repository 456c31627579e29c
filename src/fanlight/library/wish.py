"""What an upload is to be, understood from its request before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fanlight.errors import Conflict, Invalid, TooLarge
from fanlight.library import naming
from fanlight.library.labels import clean_tags
from fanlight.library.naming import Naming, clean_folder, clean_name, divide, random_word
from fanlight.library.sniff import Nature, sniff
from fanlight.model import Actor, Asset, Intent, Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fanlight.catalogue import Records
    from fanlight.library.requests import UploadRequest
    from fanlight.storage.base import Entry

MOST_NAMES = 50
"""Names tried for one upload before we give up."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a storage's clock may be behind ours."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An upload's asset as far as it is known without its bytes. All names are clean."""

    asset_id: str
    name: str
    """As shown."""
    folder: str
    component: str
    """The clean name."""
    mode: Naming
    media_type: str | None
    visibility: Visibility
    owner_id: str | None
    created_at: datetime
    modified_at: datetime | None
    expires_at: datetime | None
    tags: tuple[str, ...]

    def plan(self) -> dict[str, object]:
        """What an intent must remember to finish the upload without the request."""
        return {
            "name": self.name,
            "folder": self.folder,
            "media_type": self.media_type,
            "visibility": self.visibility.value,
            "owner_id": self.owner_id,
            "modified_at": self.modified_at and self.modified_at.isoformat(),
            "expires_at": self.expires_at and self.expires_at.isoformat(),
            "tags": list(self.tags),
        }


def understand(
    actor: Actor, request: UploadRequest, *, now: datetime, otherwise: Naming, limit: int
) -> Wish:
    """Check and clean everything in a request. Raises BadName, Invalid, TooLarge."""
    if limit and (request.size or 0) > limit:
        raise TooLarge
    for moment in (request.modified_at, request.expires_at):
        if moment is not None and moment.tzinfo is None:
            raise Invalid("A time must say its zone.", code="invalid.time")
    raw_folder, raw_name = divide(request.name, request.folder)
    folder = clean_folder(raw_folder)
    if not folder and actor.folder is not None:
        folder = actor.folder
    shown = naming.shown_name(raw_name, request.media_type)
    return Wish(
        asset_id=random_word(16),
        name=shown,
        folder=folder,
        component=clean_name(shown),
        mode=naming.chosen(request.naming, otherwise),
        media_type=request.media_type,
        visibility=request.visibility,
        owner_id=actor.user_id,
        created_at=now,
        modified_at=request.modified_at,
        expires_at=request.expires_at,
        tags=clean_tags(request.tags),
    )


def recalled(intent: Intent) -> Wish:
    """The wish that an intent's plan remembers."""
    plan = intent.plan
    tags = plan.get("tags")
    return Wish(
        asset_id=intent.asset_id,
        name=str(plan["name"]),
        folder=str(plan["folder"]),
        component=intent.path.rpartition("/")[2],
        mode="origin",
        media_type=_text(plan, "media_type"),
        visibility=Visibility(str(plan["visibility"])),
        owner_id=_text(plan, "owner_id"),
        created_at=intent.created_at,
        modified_at=_moment(plan, "modified_at"),
        expires_at=_moment(plan, "expires_at"),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),  # pyright: ignore[reportUnknownArgumentType]
    )


def may_be_of(intent: Intent, entry: Entry) -> bool:
    """Whether an object can have been stored under this intent."""
    size = intent.plan.get("size")
    if size is not None and size != entry.size:
        return False
    modified_at = recalled(intent).modified_at
    if modified_at is not None:
        return abs(entry.modified_at - modified_at) < timedelta(seconds=2)
    return entry.modified_at >= intent.created_at - CLOCKS_DIFFER


def reserve(records: Records, wish: Wish, intent: Intent, refused: set[str]) -> Intent:
    """Write the intent under the first free path that the wish's naming mode gives.

    `refused` are paths that are taken although the catalogue knows nothing of it.
    Raises Conflict (`conflict.alias`) if that leads nowhere.
    """
    for _ in range(MOST_NAMES):
        path = naming.propose(
            wish.mode,
            wish.folder,
            wish.component,
            now=wish.created_at,
            taken=lambda path: path in refused or records.aliases.taken(path),
            next_index=records.aliases.next_index,
        )
        try:
            return records.intents.add(replace(intent, path=path))
        except Conflict:
            refused.add(path)  # taken a moment ago by another process
    raise no_name_left(wish)


def no_name_left(wish: Wish) -> Conflict:
    """The error when one name after the other is taken."""
    return Conflict(
        f"No free name like {wish.component} was found.",
        remedy="Choose another name, or the naming mode short.",
        code="conflict.alias",
    )


def asset_of(
    wish: Wish, *, path: str, sha256: str, size: int, head: bytes, version: int = 1
) -> Asset:
    """The asset that the wish becomes with these bytes."""
    nature: Nature = sniff(head, wish.name, wish.media_type)
    return Asset(
        id=wish.asset_id,
        name=wish.name,
        folder=wish.folder,
        alias=path,
        kind=nature.kind,
        media_type=nature.media_type,
        size=size,
        sha256=sha256,
        version=version,
        visibility=wish.visibility,
        owner_id=wish.owner_id,
        created_at=wish.created_at,
        updated_at=wish.created_at,
        expires_at=wish.expires_at,
        tags=wish.tags,
    )


def _text(plan: Mapping[str, object], name: str) -> str | None:
    value = plan.get(name)
    return value if isinstance(value, str) else None


def _moment(plan: Mapping[str, object], name: str) -> datetime | None:
    value = _text(plan, name)
    return datetime.fromisoformat(value) if value else None
