"""What processes agree on about an account, by way of the catalogue."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.channels.agreeing import LEASE, Agreed
from fanlight.errors import RateLimited
from fanlight.model import Connection
from fanlight.storage.pace import Pace, Policy

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue

pytestmark = pytest.mark.anyio


def now() -> datetime:
    return datetime.now(UTC)


def agreed(catalogue: Catalogue, ahead: timedelta = timedelta()) -> Agreed:
    """Another process's view."""
    return Agreed(catalogue, "co", clock=lambda: now() + ahead)


@pytest.fixture
def connected(sqlite_catalogue: Catalogue) -> Catalogue:
    connection = Connection("co", "cloud", "Cloud", {}, {}, now(), now())
    sqlite_catalogue.write_now(lambda records: records.connections.add(connection))
    return sqlite_catalogue


async def test_only_one_is_at_it_over_all_processes(connected: Catalogue) -> None:
    inside = most = 0

    async def turn(one: Agreed) -> None:
        nonlocal inside, most
        async with one.alone("commit"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    processes = [agreed(connected) for _ in range(3)]
    await asyncio.gather(*(turn(one) for one in processes * 3))
    assert most == 1


async def test_the_turn_of_one_that_died_ends_by_itself(connected: Catalogue) -> None:
    dead = agreed(connected).alone("commit")
    await dead.__aenter__()
    async with asyncio.timeout(5), agreed(connected, LEASE).alone("commit"):
        pass
    await dead.__aexit__(None, None, None)


async def test_who_is_cancelled_gives_the_turn_back(connected: Catalogue) -> None:
    began = asyncio.Event()

    async def turn() -> None:
        async with agreed(connected).alone("commit"):
            began.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(turn())
    await began.wait()
    task.cancel()
    await asyncio.wait({task})
    async with asyncio.timeout(5), agreed(connected).alone("commit"):
        pass


async def test_a_claim_is_refused_where_its_holder_goes_on(connected: Catalogue) -> None:
    def hasty() -> Agreed:
        return Agreed(connected, "co", clock=now, patience=timedelta(milliseconds=50))

    one, other = hasty(), hasty()
    async with one.claimed("a") as first, one.claimed("a") as second, other.claimed("a") as third:
        assert (first, second, third) == (True, False, False)
        async with one.claimed("b") as another:
            assert another
    async with other.claimed("a") as held:
        assert held


async def test_a_claim_waits_for_who_is_about_to_end(connected: Catalogue) -> None:
    one, order = agreed(connected), list[str]()

    async def second() -> None:
        async with one.claimed("a") as held:
            order.append(f"second {held}")

    async with one.claimed("a"):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.1)
        order.append("first ends")
    await waiting
    assert order == ["first ends", "second True"]


async def test_the_claim_of_one_that_died_is_had_when_it_has_run_out(
    connected: Catalogue,
) -> None:
    dead = agreed(connected).claimed("a")
    await dead.__aenter__()
    async with asyncio.timeout(5), agreed(connected, LEASE).claimed("a") as held:
        assert held
    await dead.__aexit__(None, None, None)


async def test_notes_are_seen_by_all_until_they_end(connected: Catalogue) -> None:
    await agreed(connected).keep("session-a", "state", seconds=60)
    assert await agreed(connected).note("session-a") == "state"
    assert await agreed(connected, timedelta(seconds=61)).note("session-a") is None
    await agreed(connected).keep("session-a", None)
    assert await agreed(connected).note("session-a") is None


async def test_a_pause_that_one_process_was_told_holds_the_others_too(
    connected: Catalogue,
) -> None:
    one, other = (Pace(4, Policy(), shared=agreed(connected)) for _ in range(2))
    await other.enter()
    other.leave()
    one.pause(1000)
    await one.tell()
    late = Pace(4, Policy(), shared=agreed(connected))
    with pytest.raises(RateLimited) as refused:
        await late.enter()
    assert 900 < (refused.value.retry_after or 0) <= 1000
