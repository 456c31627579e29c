"""Folders of a channel as they are right now, for who looks for photos to show.

The service is asked, not the catalogue: what nobody has read yet is there too. A listing is
believed for a minute, so that walking back and forth costs nothing.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from fanlight.errors import FanlightError
from fanlight.galleries.desk import Desk, may_manage
from fanlight.galleries.order import natural
from fanlight.gallery_model import Count
from fanlight.library.folder import folder_at
from fanlight.library.sniff import by_name
from fanlight.model import Channel, Finding, Kind, Remedy, Severity
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.model import Actor
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store

FRESH = timedelta(minutes=1)
MOST_ENTRIES = 5000
"""Of a folder; what lies beyond is not counted."""
MOST_LOOKED_INTO = 60
"""Folders of one view that are looked into, and for how many seconds at most."""
PATIENCE = 2.5
AT_ONCE = 4
REMEMBERED = 500
MOST_SEARCHED = 4
"""Folders that are looked into for one cover, and photos that are offered for it."""
OFFERED = 3


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder in a folder."""

    name: str
    path: str
    count: Count | None = None
    """Photos and videos directly in it; `None` while nobody knows."""
    folders: int = 0
    more: bool = False
    """Whether there are more than were counted."""
    cover: str | None = None
    """An asset that shows what is in it, if the catalogue knows one."""
    first: str = ""
    """Names its first photo as it is now, for addresses that are kept; empty while not known."""


@dataclass(frozen=True, slots=True)
class FolderView:
    """One folder of a channel."""

    channel: Channel
    path: str
    folders: tuple[FolderLine, ...]
    here: FolderLine
    """Itself, with what lies directly in it."""
    finding: Finding | None = None
    """Why nothing is seen, where that can be told."""
    glances: bool = False
    """Whether there are pictures of what nobody has read yet: see `covers.Covers`."""


@dataclass(frozen=True, slots=True)
class _Listed:
    at: datetime
    folders: tuple[Entry, ...]
    photos: tuple[Entry, ...]
    videos: tuple[Entry, ...]
    more: bool


class Walking(Desk):
    """Walk through the folders of an account."""

    _listings: OrderedDict[tuple[str, str], _Listed]

    def __init__(self, *args: Any, **values: Any) -> None:
        """As `Desk`."""
        super().__init__(*args, **values)
        self._listings = OrderedDict()

    async def folders(
        self, actor: Actor, channel_id: str, path: str = "", *, anew: bool = False
    ) -> FolderView:
        """What is in a folder, with a look into the folders in it.

        `anew`: as it is in this moment. Raises NotFound, Forbidden, StorageError.
        """
        may_manage(actor)
        channel = await self._channels.get(actor, channel_id)
        store = await self._channels.stores.get(channel.id)
        path = path.strip("/")
        found = await self._listed(store, channel.id, path, anew=anew)
        paths = [_join(path, one.name) for one in found.folders]
        inside = await self._looked_into(store, channel.id, paths, anew=anew)
        covers = await self._covers(channel.id, [found, *inside.values()])
        lines = tuple(_line(one, inside.get(one), covers) for one in paths)
        empty = not (found.folders or found.photos or found.videos)
        finding = await self._why_empty(actor, channel) if empty and not path else None
        glances = store.can(Ability.PATH) or store.can(Ability.PREVIEW)
        return FolderView(channel, path, lines, _line(path, found, covers), finding, glances)

    async def first_photos(self, actor: Actor, channel_id: str, path: str) -> tuple[Entry, ...]:
        """Some photos that show what is in a folder: in it, else in one of those in it.

        Raises NotFound, Forbidden, StorageError.
        """
        may_manage(actor)
        channel = await self._channels.get(actor, channel_id)
        store = await self._channels.stores.get(channel.id)
        waiting = deque([path.strip("/")])
        for _ in range(MOST_SEARCHED):
            if not waiting:
                break
            at = waiting.popleft()
            found = await self._listed(store, channel.id, at)
            if found.photos:
                return found.photos[:OFFERED]
            waiting.extend(_join(at, one.name) for one in found.folders)
        return ()

    async def _listed(
        self, store: Store, channel_id: str, path: str, *, anew: bool = False
    ) -> _Listed:
        key, now = (channel_id, path), self._clock()
        known = self._listings.get(key)
        if known is not None and not anew and timedelta() <= now - known.at < FRESH:
            return known
        listed = await _read(store, path, now)
        self._listings[key] = listed
        self._listings.move_to_end(key)
        if len(self._listings) > REMEMBERED:
            self._listings.popitem(last=False)
        return listed

    async def _looked_into(
        self, store: Store, channel_id: str, paths: list[str], *, anew: bool
    ) -> dict[str, _Listed]:
        """What is in folders, as far as it is known after a moment."""
        turns, found = asyncio.Semaphore(AT_ONCE), dict[str, _Listed]()

        async def look(path: str) -> None:
            try:
                async with turns:
                    found[path] = await self._listed(store, channel_id, path, anew=anew)
            except FanlightError:
                return  # it is shown without a count

        tasks = [asyncio.create_task(look(one)) for one in paths[:MOST_LOOKED_INTO]]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=PATIENCE)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return found

    async def _covers(self, channel_id: str, listings: Iterable[_Listed]) -> dict[str, str]:
        """The assets of the first photo of each listing, by the photo's locator."""
        firsts = [one.photos[0].locator for one in listings if one.photos]

        def unit(records: Records) -> dict[str, str]:
            covers: dict[str, str] = {}
            for locator in firsts:
                for place in records.placements.by_locator(channel_id, locator):
                    covers[locator] = place.asset_id
            return covers

        return await self._catalogue.read(unit)

    async def _why_empty(self, actor: Actor, channel: Channel) -> Finding | None:
        """What the last diagnosis says of it, or how far the connection reaches."""
        for one in channel.findings:
            if one.code.startswith("root."):
                return one
        account = (await self._channels.state(actor, channel.id)).account
        if account is None or not account.access:
            return None
        return Finding(
            "root.empty",
            Severity.NOTE,
            "This connection sees nothing here",
            ("Move the photos into a folder that it reaches, or", "connect with a wider access"),
            detail=f"It reaches: {account.access}. It cannot see what lies elsewhere.",
            remedies=(Remedy.EDIT, Remedy.CHECK),
        )


async def _read(store: Store, path: str, now: datetime) -> _Listed:
    locator, cursor = await folder_at(store, path), None
    folders: list[Entry] = []
    media: dict[Kind, list[Entry]] = {Kind.PICTURE: [], Kind.VIDEO: []}
    while True:
        listing = await store.page(locator, cursor)
        for entry in listing.entries:
            if entry.name.startswith("."):
                continue
            if entry.folder:
                folders.append(entry)
            else:
                media.get(by_name(entry.name).kind, []).append(entry)
        cursor = listing.cursor
        seen = len(folders) + sum(map(len, media.values()))
        if cursor is None or seen > MOST_ENTRIES:
            break
    return _Listed(
        now,
        _sorted(folders),
        _sorted(media[Kind.PICTURE]),
        _sorted(media[Kind.VIDEO]),
        cursor is not None,
    )


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: natural(one.name)))


def _line(path: str, found: _Listed | None, covers: dict[str, str]) -> FolderLine:
    line = FolderLine(path.rpartition("/")[2], path)
    if found is None:
        return line
    size = sum(one.size for one in (*found.photos, *found.videos))
    return replace(
        line,
        count=Count(len(found.photos), len(found.videos), size),
        folders=len(found.folders),
        more=found.more,
        cover=covers.get(found.photos[0].locator) if found.photos else None,
        first=_named(found.photos[0]) if found.photos else "",
    )


def _named(entry: Entry) -> str:
    named = f"{entry.locator} {entry.version}".encode(errors="surrogatepass")
    return blake2b(named, digest_size=8).hexdigest()


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
