"""Reading through Store: taken up where it broke, pinned, closed; walks, look-ups, fallbacks."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from fanlight.errors import (
    AlreadyExists,
    BadRange,
    ObjectChanged,
    ObjectMissing,
    RateLimited,
    ReconnectNeeded,
    StorageError,
    StorageUnavailable,
)
from fanlight.storage.base import Ability, Entry, Span
from fanlight.storage.store import Store
from tests.storage.doubles import (
    Basic,
    BrokenBody,
    Clock,
    Fault,
    Faulty,
    Following,
    Handles,
    Reading,
    as_provider,
    chunks,
)

pytestmark = pytest.mark.anyio

DATA = os.urandom(1_000_000)


class Rig:
    def __init__(self, provider: Any = None, **policy: Any) -> None:
        self.faulty: Faulty = getattr(provider, "faulty", provider) or Faulty()
        self.clock = Clock()
        self.store = Store(
            as_provider(provider or self.faulty), name="test", policy=self.clock.policy(**policy)
        )

    async def put(self, path: str = "a", data: bytes = DATA, **options: Any) -> Entry:
        return await self.faulty.put(path, chunks(data), ticket="ticket", **options)

    async def read(self, locator: str = "a", span: Span | None = None, **options: Any) -> bytes:
        body = await self.store.open(locator, span, **options)
        try:
            return b"".join([piece async for piece in body])
        finally:
            await body.aclose()


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    rig = Rig()
    await rig.put()
    yield rig
    await rig.store.close()


@pytest.mark.parametrize("error", [StorageUnavailable(), RateLimited(retry_after=1)])
@pytest.mark.parametrize("at", [0, 1, 300_000, 999_999])
async def test_a_connection_dropped_at_a_byte_is_taken_up_there(
    rig: Rig, at: int, error: StorageError
) -> None:
    rig.faulty.plan["open"] = [Fault(error, at=at)]
    assert await rig.read() == DATA
    assert rig.faulty.calls.count("open") == 2


async def test_a_body_that_ends_early_is_taken_up_there(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(at=at, short=True) for at in (400_000, 600_000)]
    assert await rig.read(span=Span(300_000, 700_000)) == DATA[300_000:700_000]
    assert rig.faulty.calls.count("open") == 3


async def test_progress_renews_the_tries(rig: Rig) -> None:
    drops = range(100_000, 1_000_000, 100_000)
    rig.faulty.plan["open"] = [Fault(StorageUnavailable(), at=at) for at in drops]
    assert await rig.read() == DATA


async def test_without_progress_the_tries_come_to_an_end(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(StorageUnavailable(), at=500_000) for _ in range(9)]
    with pytest.raises(StorageUnavailable):
        await rig.read()
    assert rig.faulty.calls.count("open") == 4


async def test_a_body_that_hangs_is_taken_up_again() -> None:
    rig = Rig(call_timeout=0.02)
    await rig.put()
    rig.faulty.plan["open"] = [Fault(at=500_000, hang=True)]
    assert await rig.read() == DATA
    await rig.store.close()


async def test_what_changed_meanwhile_is_not_mixed_in(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(StorageUnavailable(), at=500_000)]
    body = await rig.store.open("a")
    got = await anext(aiter(body))
    await rig.put(data=DATA[::-1], overwrite=True)
    rest = aiter(body)
    while len(got) < 500_000:
        got += await anext(rest)
    with pytest.raises(ObjectChanged):
        await anext(rest)
    assert got == DATA[:500_000]
    await body.aclose()


async def test_a_revoked_grant_in_the_middle_is_said_at_once(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(ReconnectNeeded(), at=500_000)]
    with pytest.raises(ReconnectNeeded):
        await rig.read()
    assert rig.faulty.calls.count("open") == 1


async def test_more_bytes_than_announced_are_never_passed_on(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(long=True)]
    assert await rig.read(span=Span(0, 10)) == DATA[:10]
    assert rig.faulty.calls.count("open") == 2
    rig.faulty.plan["open"] = [Fault(long=True) for _ in range(9)]
    with pytest.raises(StorageUnavailable):
        await rig.read(span=Span(0, 10))


async def test_every_body_that_was_opened_is_closed(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(StorageUnavailable(), at=500_000)] * 2
    await rig.read()
    broken = [body for body in rig.faulty.bodies if isinstance(body, BrokenBody)]
    assert [body.closed for body in broken] == [1, 1]


async def test_a_closed_body_gives_nothing_more(rig: Rig) -> None:
    body = await rig.store.open("a")
    await anext(aiter(body))
    await body.aclose()
    await body.aclose()
    assert [piece async for piece in body] == []


async def test_a_cancelled_read_stops_and_can_be_closed() -> None:
    rig = Rig()
    await rig.put()
    rig.faulty.plan["open"] = [Fault(at=0, hang=True)]
    body = await rig.store.open("a")
    reading = asyncio.ensure_future(anext(aiter(body)))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await body.aclose()
    assert rig.faulty.calls.count("open") == 1
    await rig.store.close()


async def test_what_the_provider_says_of_versions_and_ranges_comes_through(rig: Rig) -> None:
    entry = await rig.store.stat("a")
    assert await rig.read(version=entry.version) == DATA
    with pytest.raises(ObjectChanged):
        await rig.store.open("a", version="another")
    with pytest.raises(BadRange):
        await rig.store.open("a", Span(1_000_000))
    with pytest.raises(ObjectMissing):
        await rig.store.open("nothing")


async def test_examining_tells_checksum_and_first_bytes(rig: Rig) -> None:
    rig.faulty.plan["open"] = [Fault(StorageUnavailable(), at=500_000)]
    found = await rig.store.examine("a")
    assert (found.sha256, found.size) == (hashlib.sha256(DATA).hexdigest(), len(DATA))
    assert found.head == DATA[:4096]
    assert found.entry == await rig.store.stat("a")


# --- walking and finding --------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Faulty, Handles])
async def test_a_walk_meets_every_object_once(make: Any) -> None:
    rig = Rig(make())
    paths = {"a", "b/c", "b/d/e", "b/d/f", "é/g"}
    for path in paths:
        await rig.put(path, b"x")
    met = [entry.path async for entry in rig.store.walk()]
    assert sorted(met) == sorted(paths)
    assert not any([entry.folder async for entry in rig.store.walk()])
    await rig.store.close()


async def test_a_walk_passes_over_a_folder_that_vanishes(rig: Rig) -> None:
    await rig.put("b/c", b"x")
    met: list[str] = []
    async for entry in rig.store.walk():
        met.append(entry.path)
        if entry.path == "a":
            await rig.faulty.inner.delete("b/c")
    assert met == ["a"]
    assert [entry.path async for entry in rig.store.walk("nothing")] == []


@pytest.mark.parametrize("make", [Faulty, Handles])
async def test_an_object_is_found_by_its_path(make: Any) -> None:
    rig = Rig(make())
    entry = await rig.put("b/d/e", b"x")
    assert await rig.store.find("b/d/e") == entry
    for path in ("nothing", "b/nothing", "b/d", "b/d/e/f", "b", "x/y"):
        assert await rig.store.find(path) is None
    await rig.store.close()


# --- fallbacks ------------------------------------------------------------------------------------


@pytest.fixture
async def basic() -> AsyncGenerator[Rig]:
    rig = Rig(Basic(Faulty()))
    await rig.put("x/a")
    yield rig
    await rig.store.close()


def test_abilities_count_fallbacks() -> None:
    def can(provider: Any) -> set[Ability]:
        store = Store(as_provider(provider), name="test")
        return {ability for ability in Ability if store.can(ability)}

    assert can(Reading(Faulty())) == set()
    assert can(Basic(Faulty())) == {Ability.PUT, Ability.DELETE, Ability.COPY, Ability.MOVE}
    following = {Ability.CHANGES, Ability.WATCH}
    assert can(Faulty()) == can(Basic(Faulty())) | {Ability.QUOTA}
    assert can(Following()) == can(Faulty()) | following


async def test_a_copy_falls_back_to_reading_and_putting(basic: Rig) -> None:
    source = await basic.store.stat("x/a")
    copied = await basic.store.copy("x/a", "b")
    assert await basic.read("b") == await basic.read("x/a") == DATA
    assert copied.modified_at == source.modified_at
    assert copied == await basic.store.stat("b")


async def test_a_move_falls_back_to_copying_and_deleting(basic: Rig) -> None:
    moved = await basic.store.move("x/a", "b")
    assert moved == await basic.store.stat("b")
    assert [entry.path async for entry in basic.store.walk()] == ["b"]


async def test_a_fallback_does_not_overwrite(basic: Rig) -> None:
    await basic.put("b", b"theirs")
    with pytest.raises(AlreadyExists):
        await basic.store.copy("x/a", "b")
    with pytest.raises(AlreadyExists):
        await basic.store.move("x/a", "b")
    assert await basic.read("b") == b"theirs"
    assert await basic.read("x/a") == DATA


async def test_a_move_does_not_lose_what_was_changed_meanwhile(basic: Rig) -> None:
    class Changing(Basic):
        def __init__(self, faulty: Faulty) -> None:
            super().__init__(faulty)

            async def put(path: str, body: Any, **options: Any) -> Entry:
                entry = await faulty.put(path, body, **options)
                await faulty.put("x/a", chunks(b"new"), ticket="other", overwrite=True)
                return entry

            self.put = put

    rig = Rig(Changing(basic.faulty))
    with pytest.raises(ObjectChanged):
        await rig.store.move("x/a", "b")
    assert await rig.read("x/a") == b"new"
    assert [entry.path async for entry in rig.store.walk()] == ["x/a"]
    await rig.store.close()


async def test_a_copy_whose_source_breaks_leaves_nothing(basic: Rig) -> None:
    basic.faulty.plan["open"] = [Fault(ReconnectNeeded(), at=500_000)]
    with pytest.raises(ReconnectNeeded):
        await basic.store.copy("x/a", "b")
    assert await basic.store.find("b") is None


async def test_closing_closes_the_provider() -> None:
    rig = Rig()
    await rig.store.close()
    assert rig.faulty.calls == ["close"]
