"""A catalogue and real storage with assets in them, without the use cases that would put them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fanlight.catalogue import Catalogue, Seal
from fanlight.delivery import Delivery, Rules
from fanlight.errors import FanlightError, NotFound
from fanlight.model import Asset, Channel, Connection, Passing, Placement
from fanlight.storage.base import Provider
from fanlight.storage.local import Local
from fanlight.storage.memory import Memory
from fanlight.storage.store import Store
from tests.delivery.support import AT, make_asset, make_placement

SIGN_KEY = b"s" * 32


@dataclass
class Stores:
    """`Channels.stores`: one store a channel, until the channel changes."""

    by_channel: dict[str, Store] = field(default_factory=dict[str, Store])
    broken: FanlightError | None = None
    passings: dict[str, Passing] = field(default_factory=dict[str, Passing])

    async def get(self, channel_id: str) -> Store:
        if self.broken is not None:
            raise self.broken
        try:
            return self.by_channel[channel_id]
        except KeyError:
            raise NotFound(code="not-found.channel") from None

    async def passing(self, channel_id: str) -> Passing:
        return self.passings.get(channel_id, Passing.PROXY)


@dataclass
class Stage:
    """Everything that delivery stands on. Channels: `disk` (a folder), `cloud` (in memory)."""

    catalogue: Catalogue
    folder: Path
    stores: Stores = field(default_factory=Stores)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.mount("disk", Local(self.folder))
        self.mount("cloud", Memory())

    def mount(self, channel_id: str, provider: Provider) -> None:
        """Give a channel a store over a provider; a new one makes its row, too."""
        if channel_id not in self.stores.by_channel:
            self.catalogue.write_now(lambda records: _add_channel(records, channel_id))
        self.stores.by_channel[channel_id] = Store(provider, name=channel_id)

    async def publish(
        self, body: bytes, *, channel: str = "disk", copies: tuple[str, ...] = (), **fields: Any
    ) -> Asset:
        """Store bytes and write the asset; its id is new unless given."""
        alias = str(fields.pop("alias", "a/photo.jpg"))
        asset = make_asset(
            **{
                "id": f"id{hashlib.sha256(alias.encode()).hexdigest()[:12]}",
                "owner_id": None,
                "alias": alias,
                "name": alias.rpartition("/")[2],
                "folder": alias.rpartition("/")[0],
                "size": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
            | fields
        )
        placements = [await self._put(asset, body, name) for name in (channel, *copies)]

        def add(records: Any) -> Asset:
            added = records.assets.add(asset, placement=placements[0], alias_path=alias)
            for copy in placements[1:]:
                records.placements.add(replace(copy, primary=False))
            return added

        return await self.catalogue.write(add)

    async def _put(self, asset: Asset, body: bytes, channel: str) -> Placement:
        store = self.stores.by_channel[channel]
        path = f"{asset.id}/{asset.alias}"
        stored = await store.put(path, _once(body), ticket=f"{asset.id}-{channel}")
        return make_placement(
            id=f"{asset.id}-{channel}",
            asset_id=asset.id,
            channel_id=channel,
            locator=stored.entry.locator,
            version=stored.entry.version,
            size=len(body),
        )

    def path_of(self, asset: Asset) -> Path:
        """Where an asset on `disk` lies."""
        return self.folder / asset.id / asset.alias

    def version_of(self, asset: Asset) -> str:
        """The version of an asset on `disk` as it lies there now."""
        return self.stores.by_channel["disk"].local_version(self.path_of(asset))

    def delivery(self, rules: Rules | None = None, **more: Any) -> Delivery:
        """A delivery over this stage, as the composition root makes it."""
        return Delivery(self.catalogue, self, rules=rules or Rules(), sign_key=SIGN_KEY, **more)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _add_channel(records: Any, channel_id: str) -> None:
    if records.channels.by_name(channel_id) is not None:
        return  # a second stage over the same catalogue
    records.connections.add(
        Connection(f"{channel_id}-connection", "memory", channel_id, {}, {}, AT, AT)
    )
    records.channels.add(
        Channel(
            channel_id,
            channel_id,
            f"{channel_id}-connection",
            "memory",
            root="",
            uploads=True,
            enabled=True,
            note="",
            created_at=AT,
            updated_at=AT,
        )
    )


@contextmanager
def staged(folder: Path, url: str | None = None) -> Generator[Stage]:
    """A stage over a catalogue of its own; SQLite unless an address is given."""
    folder.mkdir(parents=True, exist_ok=True)
    seal = Seal.from_file(folder / "key")
    catalogue = Catalogue.open(url or f"sqlite:///{folder / 'fanlight.db'}", seal=seal)
    try:
        yield Stage(catalogue, folder / "originals")
    finally:
        catalogue.close()


def later(seconds: float) -> datetime:
    """A moment from now."""
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC)
