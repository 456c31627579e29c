"""The cache of links: what it keeps, and above all what it must not go on believing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.delivery.known import Known
from fanlight.delivery.links import LOOK_EVERY, TRUSTED_FOR, LinkCache
from fanlight.delivery.representation import Rules, represent
from fanlight.errors import CatalogueBusy, Expired
from fanlight.model import PlacementState, Visibility
from fanlight.storage.memory import Memory
from tests.delivery.stage import Stage, later
from tests.delivery.support import make_link, make_placement

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.model import Asset

pytestmark = pytest.mark.anyio

Listener = Callable[[Sequence[str]], None]
Look = tuple[int, tuple[str, ...]] | Exception


def known(asset_id: str = "asset1", **fields: Any) -> Known:
    link = make_link(id=asset_id, **fields)
    return Known(link, represent(link.asset, Rules()))


# --- with a log that does what the test wants --------------------------------------------------


@dataclass
class Log:
    """A catalogue of which only the log of changes is there."""

    answers: list[Look] = field(default_factory=list[Look])
    looks: int = 0
    listeners: list[Listener] = field(default_factory=list[Listener])
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def changes(self) -> Log:
        return self

    def on_change(self, listener: Callable[[Sequence[str]], None]) -> None:
        self.listeners.append(listener)

    async def read(self, unit: Callable[[Log], Any]) -> Any:
        return unit(self)

    def latest(self) -> int:
        return 7

    def since(self, seq: int) -> tuple[int, tuple[str, ...]]:
        self.looks += 1
        self.looked.set()
        answer = self.answers.pop(0) if self.answers else (seq, ())
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def next_look(self) -> None:
        self.looked.clear()
        await asyncio.wait_for(self.looked.wait(), 20)
        await asyncio.sleep(0.01)


@dataclass
class Clock:
    time: float = 100.0

    def __call__(self) -> float:
        return self.time


async def started(log: Log, **more: Any) -> LinkCache:
    catalogue: Any = log
    cache = LinkCache(catalogue, **more)
    await cache.start()
    return cache


async def test_a_kept_link_is_found_again_by_its_address() -> None:
    cache = await started(Log())
    one = known()
    cache.keep(b"/a/1", one, cache.mark())
    assert cache.get(b"/a/1") is one
    assert cache.get(b"/a/2") is None
    await cache.stop()


async def test_nothing_is_kept_or_used_before_the_log_is_followed_or_after() -> None:
    catalogue: Any = Log()
    cache = LinkCache(catalogue)
    cache.keep(b"/a/1", known(), cache.mark())
    assert cache.get(b"/a/1") is None
    await cache.start()
    assert cache.get(b"/a/1") is None
    cache.keep(b"/a/1", known(), cache.mark())
    await cache.stop()
    assert cache.get(b"/a/1") is None


async def test_a_change_in_this_process_is_heeded_at_once() -> None:
    log = Log()
    cache = await started(log)
    cache.keep(b"/a/1", known("a1"), cache.mark())
    cache.keep(b"/a/2", known("a2"), cache.mark())
    told = threading.Thread(target=log.listeners[0], args=(["a1"],))
    told.start()
    told.join()
    assert cache.get(b"/a/1") is None
    assert cache.get(b"/a/2") is not None
    await cache.stop()


async def test_what_was_read_before_a_change_and_comes_after_it_is_not_kept() -> None:
    log = Log()
    cache = await started(log)
    mark = cache.mark()
    log.listeners[0](["a1"])
    cache.keep(b"/a/1", known("a1"), mark)
    assert cache.get(b"/a/1") is None
    await cache.stop()


async def test_a_change_in_another_process_is_heeded_at_the_next_look() -> None:
    log = Log(answers=[(8, ("a1",))])
    cache = await started(log)
    cache.keep(b"/a/1", known("a1"), cache.mark())
    cache.keep(b"/file/x", known("a1"), cache.mark())
    cache.keep(b"/a/2", known("a2"), cache.mark())
    await log.next_look()
    assert cache.get(b"/a/1") is None
    assert cache.get(b"/file/x") is None
    assert cache.get(b"/a/2") is not None
    await cache.stop()


@pytest.mark.parametrize("trouble", [CatalogueBusy(), RuntimeError("a surprise")])
async def test_without_looks_nothing_is_used_after_a_second(trouble: Exception) -> None:
    clock = Clock()
    log = Log(answers=[trouble] * 50)
    cache = await started(log, monotonic=clock)
    cache.keep(b"/a/1", known(), cache.mark())
    await log.next_look()
    clock.time += TRUSTED_FOR
    assert cache.get(b"/a/1") is not None
    clock.time += 0.001
    assert cache.get(b"/a/1") is None
    cache.keep(b"/a/2", known(), cache.mark())
    assert cache.get(b"/a/2") is None
    log.answers.clear()
    await log.next_look()
    assert cache.get(b"/a/1") is not None, "the looks succeed again and told of no change"
    await cache.stop()


async def test_trust_runs_from_the_beginning_of_a_look() -> None:
    clock = Clock()
    log = Log()
    slow = asyncio.Event()

    async def also() -> None:
        clock.time += 0.9
        slow.set()

    cache = await started(log, monotonic=clock, also=also)
    cache.keep(b"/a/1", known(), cache.mark())
    await asyncio.wait_for(slow.wait(), 20)
    await asyncio.sleep(0.01)
    clock.time += 0.2
    assert cache.get(b"/a/1") is None
    await cache.stop()


async def test_while_nothing_is_kept_the_log_is_left_alone_and_nothing_is_missed() -> None:
    log = Log()
    cache = await started(log)
    await asyncio.sleep(3 * LOOK_EVERY)
    assert log.looks == 0
    log.answers = [(9, ("a1",))]
    cache.keep(b"/a/1", known("a1"), cache.mark())
    assert cache.get(b"/a/1") is not None
    await log.next_look()
    assert cache.get(b"/a/1") is None
    await cache.stop()


async def test_everything_is_forgotten_when_the_log_does_not_reach_back() -> None:
    log = Log(answers=[Expired()])
    cache = await started(log)
    cache.keep(b"/a/1", known(), cache.mark())
    await log.next_look()
    assert cache.get(b"/a/1") is None
    cache.keep(b"/a/1", known(), cache.mark())
    assert cache.get(b"/a/1") is not None
    await cache.stop()


async def test_what_nobody_asks_for_makes_room() -> None:
    cache = await started(Log(), most=3)
    for number in range(3):
        cache.keep(b"/a/%d" % number, known(f"a{number}"), cache.mark())
    assert cache.get(b"/a/0") is not None
    cache.keep(b"/a/3", known("a3"), cache.mark())
    cache.keep(b"/a/4", known("a4"), cache.mark())
    kept = [number for number in range(5) if cache.get(b"/a/%d" % number) is not None]
    assert kept == [0, 3, 4]
    await cache.stop()


async def test_room_is_made_even_if_all_are_asked_for() -> None:
    cache = await started(Log(), most=2)
    for number in range(5):
        cache.keep(b"/a/%d" % number, known(f"a{number}"), cache.mark())
        assert cache.get(b"/a/%d" % number) is not None
    kept = [number for number in range(5) if cache.get(b"/a/%d" % number) is not None]
    assert len(kept) == 2
    await cache.stop()


async def test_one_asset_under_two_addresses_is_kept_once() -> None:
    cache = await started(Log())
    one = known()
    cache.keep(b"/a/1", one, cache.mark())
    assert cache.same(make_link()) is one
    assert cache.same(make_link(current=False)) is None
    assert cache.same(make_link(visibility=Visibility.PRIVATE)) is None
    cache.keep(b"/file/x", one, cache.mark())
    cache.revoke(["asset1"])
    assert cache.get(b"/file/x") is None
    assert cache.same(make_link()) is None
    await cache.stop()


# --- with real databases ------------------------------------------------------------------------


@pytest.fixture
def stage(catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(catalogue, tmp_path / "originals")


def trash(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.assets.trash(asset.id, later(0))


def hide(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.assets.update(asset.id, visibility=Visibility.HIDDEN)


def block(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.assets.update(asset.id, visibility=Visibility.BLOCKED)


def expire(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.assets.update(asset.id, expires_at=later(-1))


def purge(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.assets.purge(asset.id)


def move(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.aliases.set_current(asset.id, "elsewhere.jpg")


def lose(asset: Asset) -> Callable[[Any], object]:
    return lambda records: records.placements.update(
        f"{asset.id}-disk", state=PlacementState.MISSING
    )


def copy(asset: Asset) -> Callable[[Any], object]:
    placement = make_placement(
        id="copy", asset_id=asset.id, channel_id="cloud", locator="x", primary=False
    )
    return lambda records: records.placements.add(placement)


CHANGES = [trash, hide, block, expire, purge, move, lose, copy]


@pytest.mark.parametrize("change", CHANGES)
async def test_every_change_of_a_link_reaches_the_cache(
    stage: Stage, change: Callable[[Asset], Callable[[Any], object]]
) -> None:
    asset, other = await stage.publish(b"x"), await stage.publish(b"y", alias="other.jpg")
    delivery = stage.delivery()
    await delivery.start()
    addresses = [f"/a/{asset.id}".encode(), b"/file/a/photo.jpg"]
    for address in addresses:
        assert await delivery.find(address) is delivery.links.get(address) is not None
    untouched = await delivery.find(f"/a/{other.id}".encode())
    await stage.catalogue.write(change(asset))
    assert [delivery.links.get(address) for address in addresses] == [None, None]
    assert delivery.links.get(f"/a/{other.id}".encode()) is untouched
    await delivery.stop()


async def test_an_old_alias_that_another_asset_takes_over_leads_there(stage: Stage) -> None:
    asset = await stage.publish(b"x")
    await stage.catalogue.write(move(asset))
    delivery = stage.delivery()
    await delivery.start()
    before = await delivery.find(b"/file/a/photo.jpg")
    assert before is not None
    assert (before.link.asset.id, before.link.current) == (asset.id, False)
    taker = await stage.publish(b"y", id="taker")
    found = await delivery.find(b"/file/a/photo.jpg")
    assert found is not None
    assert (found.link.asset.id, found.link.current) == (taker.id, True)
    await delivery.stop()


@pytest.mark.parametrize("change", [trash, hide])
async def test_a_change_elsewhere_counts_here_within_a_second(
    stage: Stage,
    open_catalogue: Callable[[], Catalogue],
    change: Callable[[Asset], Callable[[Any], object]],
) -> None:
    asset = await stage.publish(b"x")
    delivery = stage.delivery()
    await delivery.start()
    address = f"/a/{asset.id}".encode()
    assert await delivery.find(address) is delivery.links.get(address) is not None
    elsewhere = open_catalogue()
    await elsewhere.write(change(asset))
    await asyncio.sleep(TRUSTED_FOR)
    assert delivery.links.get(address) is None
    await delivery.stop()


async def test_a_channel_that_changes_is_noticed_by_the_next_look(stage: Stage) -> None:
    asset = await stage.publish(b"x")
    delivery = stage.delivery()
    await delivery.start()
    address = f"/a/{asset.id}".encode()
    known_now = await delivery.find(address)
    assert known_now is not None
    await delivery.search(known_now).first()
    stage.mount("disk", Memory())
    await asyncio.sleep(TRUSTED_FOR)
    assert delivery.links.get(address) is None
    await delivery.stop()
