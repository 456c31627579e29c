"""Where the bytes of an asset can be had as a local file, for whoever makes pictures of them.

An original that lies on this machine is read where it is, pinned to what it was when it was found.
Any other is copied for the time of the work, pinned to its version. Places are tried best first.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Protocol

from fanlight.errors import FanlightError, ObjectChanged, ObjectMissing, PictureError
from fanlight.model import Asset, Kind, Link, Placement, PlacementState
from fanlight.pictures.copies import Copies, straight, worse
from fanlight.pictures.previews import Previews
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from fanlight.pictures.copies import Open, Place
    from fanlight.pictures.previews import Small
    from fanlight.renditions.recipes import Recipe
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store


HEAD = 256 << 10
"""Bytes at the beginning of an original that nearly all facts stand in."""


class Stores(Protocol):
    """Where the stores of channels come from: `Channels.stores`."""

    async def get(self, channel_id: str) -> Store:
        """The channel's store: the same object until the channel changes."""
        ...


@dataclass(frozen=True, slots=True)
class Pinned:
    """A local original as it was when it was found."""

    path: Path
    pin: tuple[int, int, int, int]

    def changed(self) -> bool:
        """Whether something else is there now. One that is out of reach has not changed."""
        try:
            found = os.lstat(self.path)
        except OSError:
            return False
        return pin_of(found) != self.pin


def pin_of(found: os.stat_result) -> tuple[int, int, int, int]:
    """What tells one state of a local original from another."""
    return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev)


@dataclass(frozen=True, slots=True)
class Bytes:
    """The bytes of an asset: a `renditions.Source`."""

    content: str
    """Names the bytes: pictures of the same are the same."""
    media_type: str
    settled: bool
    """Whether the catalogue knows these bytes."""
    pinned: Pinned | None
    """Where they lie, if it is on this machine."""
    places: tuple[Place, ...]
    """Where else to fetch them, best first."""
    failure: FanlightError
    """Why, if there is no place to have them from."""
    copies: Copies
    film: bool = False
    refused: Callable[[PictureError], None] | None = None
    """Told first, before anybody who waits, when no picture can be made of these bytes."""

    @asynccontextmanager
    async def local(self) -> AsyncGenerator[Path]:
        """The bytes as a local file, until the block ends.

        Raises ObjectMissing, ObjectChanged, PictureTooLarge, StorageError.
        """
        try:
            if self.pinned is None:
                async with self.copies.copy(self.places, self.failure, film=self.film) as path:
                    yield path
            elif self.pinned.changed():
                raise ObjectChanged
            else:
                yield self.pinned.path
        except PictureError as error:
            if self.refused is not None:
                self.refused(error)
            raise

    async def head(self) -> bytes:
        """The first bytes, where most facts stand, of bytes that lie elsewhere.

        Raises ObjectMissing, ObjectChanged, StorageError.
        """
        placement, store = self.places[0]
        span = Span(0, HEAD) if placement.size > HEAD else None
        opened = self.copies.open(placement, store, span, film=self.film)
        async with aclosing(await opened) as body:
            return b"".join([piece async for piece in body])


@dataclass(frozen=True, slots=True)
class Glance:
    """An object that is no asset yet, as its listing describes it."""

    content: str
    """Names its bytes."""
    entry: Entry
    store: Store
    here: Bytes | None
    """Its bytes, if they lie on this machine."""


class Sources:
    """Finds the bytes of assets."""

    def __init__(self, stores: Stores, scratch: Path, open_: Open = straight) -> None:
        """`scratch` is a folder for copies; it may be deleted while none is used."""
        self._stores = stores
        self._copies = Copies(scratch, open_)
        self.previews = Previews(self._copies)

    async def close(self) -> None:
        """Let go of threads."""
        await self.previews.close()
        self._copies.close()

    async def find(self, link: Link) -> Bytes:
        """The bytes of an asset at the best place. Reads nothing of an original elsewhere.

        Never fails: what is out of reach is told when it is to be read.
        """
        asset, left = link.asset, _usable(link)
        failure: FanlightError | None = None
        for at, placement in enumerate(left):
            try:
                store = await self._stores.get(placement.channel_id)
                path = store.local_path(placement.locator)
                if path is None:
                    return await self._elsewhere(asset, left[at:])
                found = os.lstat(path)
                if S_ISREG(found.st_mode):
                    return self._here(asset, placement, store, path, found)
            except OSError:
                failure = failure or ObjectMissing()
            except FanlightError as error:
                failure = worse(failure, error)
        return self._bytes(asset, failure=failure)

    async def find_changed(self, link: Link) -> Bytes:
        """The same after ObjectChanged: an original elsewhere is looked at, too.

        Raises ObjectMissing, StorageError.
        """
        found = await self.find(link)
        if found.pinned is not None or not found.places:
            return found
        placement, store = found.places[0]
        entry = await store.stat(placement.locator)
        here = replace(placement, version=entry.version, size=entry.size)
        return replace(found, content=_found(entry.version), settled=False, places=((here, store),))

    async def glance(self, channel_id: str, entry: Entry, media_type: str) -> Glance:
        """What can be had of an object that is no asset yet. Raises NotFound, ObjectMissing."""
        store = await self._stores.get(channel_id)
        path = store.local_path(entry.locator)
        if path is None:
            named = f"{channel_id} {entry.locator} {entry.version}"
            return Glance(_found(named), entry, store, None)
        try:
            found = os.lstat(path)
        except OSError:
            raise ObjectMissing from None
        if not S_ISREG(found.st_mode):
            raise ObjectMissing
        content, pinned = _found(store.local_version_of(found)), Pinned(path, pin_of(found))
        here = Bytes(content, media_type, False, pinned, (), ObjectMissing(), self._copies)
        return Glance(content, entry, store, here)

    async def preview(self, seen: Glance, recipe: Recipe) -> Small | None:
        """What the service has made of it, if that is good enough."""
        at = seen.entry
        return await self.previews.of(seen.store, at.locator, at.version, seen.content, recipe)

    def _here(
        self, asset: Asset, placement: Placement, store: Store, path: Path, found: os.stat_result
    ) -> Bytes:
        version = store.local_version_of(found)
        settled = version == placement.version and found.st_size == asset.size
        known = self._bytes(asset, pinned=Pinned(path, pin_of(found)))
        return known if settled else replace(known, content=_found(version), settled=False)

    async def _elsewhere(self, asset: Asset, left: list[Placement]) -> Bytes:
        places: list[Place] = []
        for placement in left:
            with suppress(FanlightError):
                places.append((placement, await self._stores.get(placement.channel_id)))
        return self._bytes(asset, places=tuple(places))

    def _bytes(
        self,
        asset: Asset,
        *,
        pinned: Pinned | None = None,
        places: tuple[Place, ...] = (),
        failure: FanlightError | None = None,
    ) -> Bytes:
        content = asset.content
        failure = failure or ObjectMissing()
        film = asset.kind is Kind.VIDEO
        return Bytes(content, asset.media_type, True, pinned, places, failure, self._copies, film)


def _usable(link: Link) -> list[Placement]:
    return [place for place in link.placements if place.state is not PlacementState.DELETING]


def _found(version: str) -> str:
    return f"found-{blake2b(version.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"
