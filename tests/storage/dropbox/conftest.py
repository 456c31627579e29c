"""An emulated account for each test; the emulator is one for all, and is put right afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any

import pytest

from fanlight.storage.pace import Policy
from fanlight.storage.shared import Alone, Shared
from fanlight.storage.store import Store, Stored
from tests.support.emulated import Emulated, OwnDoor, emulator

QUICK = Policy(first_wait=0.01, longest_wait=0.05, default_pause=0.01)


@pytest.fixture
def emulated() -> Iterator[Emulated]:
    found = Emulated(emulator())
    found.control.clear_log()
    yield found
    found.control.clear_faults()
    found.control.behave(
        write_lock_hold=None, token_bucket=None, latency="none", keep_cut_pieces=False
    )


class Shop:
    """A store over the provider, with short words."""

    attempts = QUICK.attempts

    def __init__(self, emulated: Emulated, provider: OwnDoor, shared: Shared) -> None:
        self.emulated = emulated
        self.control = emulated.control
        self.provider = provider
        self.shared = shared
        self.store = Store(provider, name="test", policy=QUICK, shared=shared)

    async def put(self, path: str, data: bytes, ticket: str = "t", **options: Any) -> Stored:
        options.setdefault("size", len(data))
        return await self.store.put(path, chunks(data), ticket=ticket, **options)

    async def read(self, locator: str) -> bytes:
        body = await self.store.open(locator)
        try:
            return b"".join([piece async for piece in body])
        finally:
            await body.aclose()

    def fault(self, kind: str, route: str, **more: Any) -> None:
        self.control.fault(kind, route, account=self.emulated.account["account_id"], **more)

    def calls(self, route: str) -> list[dict[str, Any]]:
        found = self.control.log(route, account=self.emulated.account["account_id"])
        return found["requests"]

    def tree(self) -> dict[str, int]:
        found = self.control.tree(account=self.emulated.account["account_id"])
        return {one["path"]: one["size"] for one in found if "size" in one}


@pytest.fixture
def shared() -> Shared:
    return Alone()


@pytest.fixture
async def shop(emulated: Emulated, shared: Shared) -> AsyncGenerator[Shop]:
    shop = Shop(emulated, emulated.provider(), shared)
    yield shop
    await shop.store.close()


async def chunks(data: bytes, size: int = 1 << 18) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
