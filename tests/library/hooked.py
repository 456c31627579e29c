"""A store in which something else happens between two steps, to test races without luck."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fanlight.channels import Channels
from fanlight.storage import registry
from fanlight.storage.store import Store, Stored
from tests.library.world import World, make_library

if TYPE_CHECKING:
    from fanlight.library import Library
    from fanlight.model import Actor, Channel
    from fanlight.storage.base import Entry, Traits

Hook = Callable[[], Awaitable[object]]


async def nothing() -> None:
    """Nothing happens."""


@dataclass
class Hooks:
    """What happens when; each once."""

    after_stat: Hook = nothing
    before_move: Hook = nothing
    before_put: Hook = nothing
    after_put: Hook = nothing
    atomic: bool = True
    unlisted: set[str] = field(default_factory=set[str])

    async def run(self, name: str) -> None:
        hook: Hook = getattr(self, name)
        setattr(self, name, nothing)
        await hook()


class HookedStore(Store):
    """A real store with hooks."""

    hooks: Hooks

    @property
    def traits(self) -> Traits:
        return replace(super().traits, atomic=self.hooks.atomic)

    async def stat(self, locator: str) -> Entry:
        entry = await super().stat(locator)
        await self.hooks.run("after_stat")
        return entry

    async def move(self, locator: str, path: str, *, ticket: str | None = None) -> Entry:
        await self.hooks.run("before_move")
        return await super().move(locator, path, ticket=ticket)

    async def put(
        self,
        path: str,
        body: AsyncIterator[bytes],
        *,
        ticket: str,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> Stored:
        await self.hooks.run("before_put")
        stored = await super().put(
            path, body, ticket=ticket, size=size, modified_at=modified_at, overwrite=overwrite
        )
        await self.hooks.run("after_put")
        return stored

    async def walk(self, folder: str = "") -> AsyncGenerator[Entry]:
        async for entry in super().walk(folder):
            if entry.path not in self.hooks.unlisted:
                yield entry


class HookedChannels(Channels):
    """Channels whose stores are one hooked store."""

    store: HookedStore

    async def for_upload(self, actor: Actor, wanted: str | None) -> tuple[Channel, Store]:
        channel, _ = await super().for_upload(actor, wanted)
        return channel, self.store


def hooked(world: World) -> tuple[Library, Hooks]:
    """A library over the world's first channel, with hooks in it."""
    provider = registry.create("local", {"path": str(world.folder)})
    store = HookedStore(provider, name="hooked")
    store.hooks = Hooks()
    channels = HookedChannels(world.catalogue, clock=world.clock)
    channels.store = store

    async def get(channel_id: str) -> Store:
        return store

    channels.stores.get = get
    return make_library(world.catalogue, channels, world.clock, holder="hooked"), store.hooks
