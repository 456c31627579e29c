"""Many objects moved, copied and deleted at Dropbox in a few calls, also when these fail."""

from __future__ import annotations

import asyncio

import pytest

from fanlight.errors import AlreadyExists, ObjectMissing, StorageError, StorageUnavailable
from fanlight.storage.base import Entry
from fanlight.storage.many import Relocation
from tests.storage.dropbox.conftest import Shop

pytestmark = pytest.mark.anyio

MANY = 30
"""More than the emulator answers at once: it makes a job of it."""
FAILING = ["rate_limited", "server_error", "connection_reset", "lost_reply", "write_lock"]


async def some(shop: Shop, count: int = MANY) -> list[Entry]:
    puts = (shop.put(f"a/{number:02}", b"%d" % number, f"t{number}") for number in range(count))
    stored = [one.entry for one in await asyncio.gather(*puts)]
    shop.control.clear_log()
    return stored


def into(entries: list[Entry], folder: str) -> list[Relocation]:
    return [Relocation(one.locator, f"{folder}/{one.path[2:]}") for one in entries]


def strike(shop: Shop, kind: str, route: str) -> None:
    more = {"retry_after": 0} if kind == "rate_limited" else {}
    shop.fault(kind, route, times=1, **more)


def there(folder: str) -> dict[str, int]:
    return {f"/{folder}/{number:02}": len(str(number)) for number in range(MANY)}


async def test_many_moves_are_one_batch_and_keep_their_ids(shop: Shop) -> None:
    entries = await some(shop)
    moved = await shop.store.move_many(into(entries, "b"))
    assert [one.locator for one in moved if isinstance(one, Entry)] == [o.locator for o in entries]
    assert shop.tree() == there("b")
    assert len(shop.calls("files/move*_v2")) - len(shop.calls("files/move_batch/check_v2")) == 1


@pytest.mark.parametrize("route", ["files/move_batch_v2", "files/move_batch/check_v2"])
@pytest.mark.parametrize("kind", FAILING)
async def test_many_moves_survive_a_failing_call(shop: Shop, kind: str, route: str) -> None:
    entries = await some(shop)
    strike(shop, kind, route)
    moved = await shop.store.move_many(into(entries, "b"))
    assert [one for one in moved if isinstance(one, StorageError)] == []
    assert shop.tree() == there("b")


@pytest.mark.parametrize("kind", FAILING)
async def test_many_copies_survive_a_failing_call(shop: Shop, kind: str) -> None:
    entries = await some(shop)
    strike(shop, kind, "files/copy_batch_v2")
    copied = await shop.store.copy_many(into(entries, "b"))
    assert [one for one in copied if isinstance(one, StorageError)] == []
    assert shop.tree() == there("a") | there("b")


@pytest.mark.parametrize("kind", FAILING)
async def test_many_deletions_survive_a_failing_call(shop: Shop, kind: str) -> None:
    entries = await some(shop)
    strike(shop, kind, "files/delete_batch")
    assert await shop.store.delete_many([one.locator for one in entries]) == [None] * MANY
    assert shop.tree() == {}


@pytest.mark.parametrize("kind", ["server_error", "lost_reply"])
async def test_what_was_deleted_is_brought_back_by_a_failing_call(shop: Shop, kind: str) -> None:
    (entry,) = await some(shop, 1)
    await shop.store.delete(entry.locator)
    strike(shop, kind, "files/restore")
    back = await shop.store.restore(entry.path, entry.version)
    assert await shop.read(back.locator) == b"0"


async def test_of_many_each_has_its_own_answer(shop: Shop) -> None:
    entries = await some(shop)
    await shop.store.delete(entries[3].locator)
    await shop.put("b/07", b"theirs", "other")
    moved = await shop.store.move_many(into(entries, "b"))
    assert isinstance(moved[3], ObjectMissing)
    assert isinstance(moved[7], AlreadyExists)
    assert sum(isinstance(one, Entry) for one in moved) == MANY - 2
    gone = await shop.store.delete_many([one.locator for one in entries])
    assert [number for number, one in enumerate(gone) if one is not None] == [3]


async def test_what_lies_outside_the_root_is_not_reached_by_its_id(shop: Shop) -> None:
    entries = await some(shop, 12)
    inside = Shop(shop.emulated, shop.emulated.provider("inner"), shop.shared)
    locators = [one.locator for one in entries]
    for answers in (
        await inside.store.delete_many(locators),
        await inside.store.move_many([Relocation(one, f"{one[3:9]}") for one in locators]),
    ):
        assert all(isinstance(one, ObjectMissing) for one in answers)
    await inside.store.close()
    assert len(shop.tree()) == 12


async def test_a_service_that_stays_away_is_told_for_each(shop: Shop) -> None:
    entries = await some(shop, 12)
    shop.fault("server_error", "files/move_batch_v2", times=100)
    moved = await shop.store.move_many(into(entries, "b"))
    assert all(isinstance(one, StorageUnavailable) for one in moved)
    assert shop.control.log("files/move_batch_v2")["count"] == shop.attempts


async def test_all_that_changes_an_account_takes_turns(shop: Shop) -> None:
    entries = await some(shop)
    shop.control.behave(write_lock_hold=[0.01, 0.03])
    second = Shop(shop.emulated, shop.emulated.provider(), shop.shared)
    before = shop.control.counters()["writers_refused"]
    await asyncio.gather(
        shop.store.move_many(into(entries[:12], "b")),
        second.store.delete_many([one.locator for one in entries[12:24]]),
        shop.store.copy(entries[24].locator, "c"),
        second.store.move(entries[25].locator, "d"),
        shop.store.delete(entries[26].locator),
        *(second.put(f"e/{number}", b"x" * 2_000_000, f"u{number}") for number in range(3)),
        *(shop.put(f"f/{number}", b"x" * 1000, f"v{number}") for number in range(20)),
    )
    await second.store.close()
    assert shop.control.counters()["writers_refused"] == before
    assert len(shop.tree()) == MANY - 12 - 1 + 1 + 23
