"""Small objects that are put at the same time: gathered, and never left waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest

from fanlight.errors import CatalogueUnavailable, StorageError, StorageUnavailable
from fanlight.storage.base import Commit, Entry, Traits
from fanlight.storage.calls import Calls
from fanlight.storage.gathering import Gathering
from fanlight.storage.memory import Memory
from fanlight.storage.pace import Pace
from fanlight.storage.shared import Alone
from tests.storage.doubles import Clock, one

pytestmark = pytest.mark.anyio


class Many:
    """Keeps what is committed in memory; waits at `gate` before it does."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.bodies: dict[str, bytes] = {}
        self.batches: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def send_many(self, bodies: Sequence[bytes]) -> Sequence[str]:
        names = [f"s{len(self.bodies) + number}" for number in range(len(bodies))]
        self.bodies.update(zip(names, bodies, strict=True))
        return names

    async def commit_many(self, commits: Sequence[Commit]) -> Sequence[Entry | StorageError]:
        self.batches.append(len(commits))
        await self.gate.wait()
        return [
            await self.memory.put(commit.path, one(self.bodies[commit.session]), ticket="t")
            for commit in commits
        ]


class NoTurn(Alone):
    """Cannot say whose turn it is."""

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncGenerator[None]:
        raise CatalogueUnavailable
        yield


def gathering(many: Many, shared: Alone | None = None) -> Gathering:
    policy = Clock().policy()
    calls = Calls("test", Pace(4, policy), policy)
    return Gathering(many, Traits(together=10), calls, shared or Alone())


async def test_what_comes_while_a_commit_is_under_way_makes_the_next_one() -> None:
    many = Many()
    many.gate.clear()
    gathered = gathering(many)
    puts = [
        asyncio.create_task(gathered.put(Commit("", 1, f"a{number}"), b"x")) for number in range(4)
    ]
    while not many.batches:
        await asyncio.sleep(0)
    puts += [
        asyncio.create_task(gathered.put(Commit("", 1, f"b{number}"), b"x")) for number in range(3)
    ]
    for _ in range(20):
        await asyncio.sleep(0)
    many.gate.set()
    entries = await asyncio.gather(*puts)
    assert len({entry.path for entry in entries}) == 7
    assert sum(many.batches) == 7
    assert len(many.batches) < 7
    assert gathered.idle


async def test_nobody_waits_for_a_turn_that_cannot_be_had() -> None:
    gathered = gathering(Many(), NoTurn())
    puts = (gathered.put(Commit("", 1, f"a{number}"), b"x") for number in range(5))
    async with asyncio.timeout(5):
        results = await asyncio.gather(*puts, return_exceptions=True)
    assert all(isinstance(one, StorageUnavailable) for one in results)


async def test_nobody_waits_for_what_was_closed() -> None:
    many = Many()
    many.gate.clear()
    gathered = gathering(many)
    puts = [
        asyncio.create_task(gathered.put(Commit("", 1, f"a{number}"), b"x")) for number in range(5)
    ]
    while not many.batches:
        await asyncio.sleep(0)
    await gathered.close()
    async with asyncio.timeout(5):
        results = await asyncio.gather(*puts, return_exceptions=True)
    assert all(isinstance(one, StorageUnavailable) for one in results)


async def test_who_has_given_up_is_left_out() -> None:
    many = Many()
    many.gate.clear()
    gathered = gathering(many)
    first = asyncio.create_task(gathered.put(Commit("", 1, "a"), b"x"))
    while not many.batches:
        await asyncio.sleep(0)
    second = asyncio.create_task(gathered.put(Commit("", 1, "b"), b"x"))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait({second})
    many.gate.set()
    await first
    assert (await many.memory.list("")).entries[0].path == "a"
    assert sum(many.batches) == 1
