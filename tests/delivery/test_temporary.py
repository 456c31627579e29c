"""Addresses at the provider: asked for once, given to all, not for longer than they are good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.delivery.parts import Source
from fanlight.delivery.temporary import EARLY, PAUSE, Temporary
from fanlight.errors import StorageUnavailable
from fanlight.storage.base import Link
from fanlight.storage.memory import Memory
from fanlight.storage.pace import Policy
from fanlight.storage.store import Store
from tests.delivery.support import NOW

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.anyio


class Linking(Memory):
    """A provider that gives addresses for an hour, numbered."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.asked = 0
        self.version = "v1"
        self.ending = ""
        self.broken = False

    async def link(self, locator: str) -> Link:
        self.asked += 1
        await asyncio.sleep(0)
        if self.broken:
            raise StorageUnavailable
        url = f"https://there/{locator}/{self.asked}{self.ending}"
        return Link(url, self.now + timedelta(hours=1), self.version)


class Rig:
    def __init__(self) -> None:
        self.provider = Linking()
        self.store = Store(self.provider, name="there", policy=Policy(attempts=1))
        self.temporary = Temporary(self.clock)

    def clock(self) -> datetime:
        return self.provider.now

    async def ask(self, locator: str = "a", version: str = "v1") -> str:
        return await self.temporary.address(Source(self.store, "ch", locator, version, 5))


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    rig = Rig()
    yield rig
    await rig.temporary.close()
    await rig.store.close()


async def test_all_who_want_the_same_bytes_are_given_one_address(rig: Rig) -> None:
    at_once = await asyncio.gather(*(rig.ask() for _ in range(20)))
    assert {*at_once, await rig.ask()} == {"https://there/a/1"}
    assert await rig.ask("b") == "https://there/b/2"
    assert rig.provider.asked == 2


async def test_a_new_one_is_asked_for_before_the_old_one_ends(rig: Rig) -> None:
    await rig.ask()
    rig.provider.now += timedelta(hours=1) - EARLY - timedelta(seconds=1)
    assert await rig.ask() == "https://there/a/1"
    rig.provider.now += timedelta(seconds=1)
    assert await rig.ask() == "https://there/a/2"


async def test_where_none_can_be_had_it_is_asked_for_again_after_a_while(rig: Rig) -> None:
    rig.provider.broken = True
    assert [await rig.ask(), await rig.ask()] == ["", ""]
    assert rig.provider.asked == 1
    rig.provider.broken = False
    rig.provider.now += PAUSE
    assert await rig.ask() == "https://there/a/2"


async def test_an_address_of_other_bytes_is_none(rig: Rig) -> None:
    rig.provider.version = "v2"
    assert await rig.ask() == ""
    assert await rig.ask(version="v2") == "https://there/a/2"


@pytest.mark.parametrize("ending", ["\r\nset-cookie: a=b", "/ü"])
async def test_what_cannot_stand_in_a_header_is_none(rig: Rig, ending: str) -> None:
    rig.provider.ending = ending
    assert await rig.ask() == ""


async def test_who_has_left_does_not_take_it_from_the_others(rig: Rig) -> None:
    first = asyncio.create_task(rig.ask())
    await asyncio.sleep(0)
    second = asyncio.create_task(rig.ask())
    first.cancel()
    results = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1] == "https://there/a/1"
