"""A whole server in process: real catalogue on SQLite, real channel in a folder, real doors."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from fanlight.app import Fanlight, build
from fanlight.config import Settings
from fanlight.model import SERVER, Actor, Role, Scope
from fanlight.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from fanlight.model import Channel, User
    from fanlight.web.types import ASGIApp

PASSWORD = "correct horse battery"
ORIGIN = "http://test"


@dataclass
class House:
    """One server with its folder of originals, and clients to knock at it."""

    fanlight: Fanlight
    app: ASGIApp
    originals: Path
    channel: Channel | None = None
    owner: User | None = None
    clients: list[httpx2.AsyncClient] = field(default_factory=list[httpx2.AsyncClient])

    def client(self, **headers: str) -> httpx2.AsyncClient:
        """A client without cookies of others."""
        transport = httpx2.ASGITransport(self.app, client=("127.0.0.1", 4000))  # pyright: ignore[reportArgumentType]
        client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        self.clients.append(client)
        return client

    @property
    def actor(self) -> Actor:
        """The owner as the use cases see them."""
        assert self.owner is not None
        return Actor(self.owner.name, user_id=self.owner.id, scopes=frozenset(Scope))

    async def set_up(self) -> None:
        """An owner and a channel."""
        accounts = self.fanlight.accounts
        self.owner = await accounts.add_user(SERVER, "ada", PASSWORD, role=Role.OWNER)
        self.channel = await self.fanlight.channels.add(
            self.actor, provider="local", name="Here", options={"path": str(self.originals)}
        )

    async def token(self, *scopes: Scope, **bounds: Any) -> str:
        """The text of a new token."""
        _, text = await self.fanlight.accounts.make_token(
            self.actor, "test", scopes or [Scope.MANAGE], **bounds
        )
        return text

    async def bearer(self, *scopes: Scope, **bounds: Any) -> httpx2.AsyncClient:
        """A client that shows a new token."""
        return self.client(Authorization=f"Bearer {await self.token(*scopes, **bounds)}")

    async def close(self) -> None:
        """End everything."""
        for client in self.clients:
            await client.aclose()
        await self.fanlight.stop()


Build = "Callable[..., House]"


@pytest.fixture
async def building(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Callable[..., House]]:
    """Makes servers with the settings a test asks for, without owner or channel."""
    houses: list[House] = []

    def make(**settings: Any) -> House:
        originals, data = (tmp_path / f"{name}-{len(houses)}" for name in ("originals", "data"))
        originals.mkdir()
        data.mkdir()
        shutil.copyfile(migrated_sqlite, data / "fanlight.db")
        fanlight = build(Settings(data=data, **settings))
        houses.append(House(fanlight, create_app(fanlight), originals))
        return houses[-1]

    yield make
    for house in houses:
        await house.close()


@pytest.fixture
async def bare(building: Callable[..., House]) -> House:
    """A server that nobody owns yet."""
    return building()


@pytest.fixture
async def house(building: Callable[..., House]) -> House:
    """A server with an owner and a channel."""
    made = building()
    await made.set_up()
    return made
