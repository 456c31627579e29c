"""A library to test on: a real catalogue, a real local channel, and a clock that stands still."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fanlight.channels import Channels
from fanlight.library import Library, Uploaded, UploadRequest
from fanlight.model import SERVER, Actor, Asset, Channel, Intent, Scope

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.catalogue import Catalogue

LEASE = 30.0


@dataclass
class Clock:
    """The time, as tests want it. It starts at the real one, which storage stamps objects with."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class World:
    """One process's use cases over a catalogue, and the folder of the first channel."""

    catalogue: Catalogue
    clock: Clock
    channels: Channels
    library: Library
    channel: Channel
    folder: Path

    @property
    def objects(self) -> dict[str, bytes]:
        """Path -> bytes of every object in the first channel."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and ".fanlight" not in path.parts
        }

    @property
    def leftovers(self) -> list[Path]:
        """What unfinished uploads left."""
        return list(self.folder.glob(".fanlight/*"))

    @property
    def intents(self) -> tuple[Intent, ...]:
        return self.catalogue.read_now(lambda records: records.intents.all())

    @property
    def actions(self) -> list[str]:
        """What the events say, oldest first."""
        page = self.catalogue.read_now(lambda records: records.events.page())
        return [event.action for event in reversed(page.items)]

    async def upload(
        self, name: str, content: bytes = b"content", *, actor: Actor = SERVER, **request: Any
    ) -> Uploaded:
        request.setdefault("naming", "origin")
        return await self.library.upload(actor, UploadRequest(name, **request), body(content))

    async def everything(self) -> dict[str, Asset]:
        """Alias -> asset of all that is visible."""
        page = await self.library.page(SERVER, limit=500)
        return {asset.alias: asset for asset in page.items}

    async def content(self, asset: Asset) -> bytes:
        """An asset's bytes as they are read through the library."""
        opened = await self.library.open(SERVER, asset.id)
        try:
            return b"".join([piece async for piece in opened.body])
        finally:
            await opened.body.aclose()

    async def is_whole(self) -> bool:
        """Nothing visible lacks its bytes, nothing is stored twice or for nothing, no intents."""
        visible = await self.everything()
        for asset in visible.values():
            if hashlib.sha256(await self.content(asset)).hexdigest() != asset.sha256:
                return False
        places = self.catalogue.read_now(
            lambda records: records.placements.in_channel(self.channel.id, None, 500).items
        )
        return (
            {place.locator for place in places} == set(self.objects)
            and not self.intents
            and not self.leftovers
        )

    def process(self, holder: str, **settings: Any) -> Library:
        """The library of another process over the same catalogue."""
        return make_library(self.catalogue, self.channels, self.clock, holder=holder, **settings)


def make_library(
    catalogue: Catalogue, channels: Channels, clock: Clock, **settings: Any
) -> Library:
    values: dict[str, Any] = {
        "holder": "this",
        "naming": "default",
        "duplicates": "link",
        "max_upload": 50_000_000,
        "intent_lease": LEASE,
        "trash_days": 30,
    }
    return Library(catalogue, channels, clock=clock, **(values | settings))


async def body(content: bytes, piece: int = 300_000) -> AsyncIterator[bytes]:
    """A body that comes in pieces."""
    for start in range(0, len(content), piece):
        yield content[start : start + piece]


def an_actor(*scopes: Scope, folder: str | None = None, channel_id: str | None = None) -> Actor:
    return Actor("tester", None, frozenset(scopes), channel_id, folder)
