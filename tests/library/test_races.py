"""What happens between two steps of an upload, a move or an index run, one thing at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import (
    BadLocator,
    RateLimited,
    ReadOnly,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from fanlight.library import UploadRequest
from fanlight.model import SERVER
from tests.library.hooked import hooked
from tests.library.world import LEASE, body

if TYPE_CHECKING:
    from tests.library.world import World

pytestmark = pytest.mark.anyio

ORIGIN = UploadRequest("second.txt", naming="origin")


async def test_equal_content_that_moves_before_the_link_is_made_is_not_linked(
    world: World,
) -> None:
    library, hooks = hooked(world)
    first = (await world.upload("first.txt", b"same")).asset
    hooks.after_stat = lambda: world.library.move(SERVER, first.id, folder="moved")
    done = await library.upload(SERVER, ORIGIN, body(b"same"))
    assert not done.linked
    assert await world.content(done.asset) == b"same"
    assert await world.is_whole()


async def test_equal_content_that_is_purged_before_the_link_is_made_is_not_linked(
    world: World,
) -> None:
    library, hooks = hooked(world)
    first = (await world.upload("first.txt", b"same")).asset
    hooks.after_stat = lambda: world.library.purge(SERVER, first.id)
    done = await library.upload(SERVER, ORIGIN, body(b"same"))
    assert not done.linked
    assert await world.content(done.asset) == b"same"
    assert await world.is_whole()


async def test_a_link_made_while_an_object_is_about_to_move_follows_it(world: World) -> None:
    library, hooks = hooked(world)
    first = (await world.upload("first.txt", b"same")).asset
    hooks.before_move = lambda: world.upload("second.txt", b"same")
    await library.move(SERVER, first.id, folder="moved")
    await world.library.close()
    found = await world.everything()
    assert set(found) == {"moved/first.txt", "second.txt"}
    assert set(world.objects) == {"moved/first.txt"}
    for asset in found.values():
        assert await world.content(asset) == b"same"
    assert await world.is_whole()


async def test_an_object_purged_in_the_middle_of_its_move_stays_gone(world: World) -> None:
    library, hooks = hooked(world)
    first = (await world.upload("first.txt")).asset
    hooks.before_move = lambda: world.library.purge(SERVER, first.id)
    with pytest.raises(Exception, match="asset"):
        await library.move(SERVER, first.id, folder="moved")
    await library.close()
    world.clock.advance(2 * LEASE)
    await world.library.reconcile()
    assert world.objects == {}
    assert await world.is_whole()


async def test_an_upload_cancelled_after_its_object_is_there_is_finished_or_removed(
    world: World,
) -> None:
    library, hooks = hooked(world)
    there = asyncio.Event()

    async def hang() -> None:
        there.set()
        await asyncio.Event().wait()

    hooks.after_put = hang
    task = asyncio.create_task(library.upload(SERVER, ORIGIN, body(b"bytes")))
    await there.wait()
    task.cancel()
    await asyncio.wait({task})
    await library.close()
    world.clock.advance(LEASE)
    await world.library.reconcile()
    assert await world.is_whole()


async def test_a_channel_that_fails_after_all_was_sent_leaves_nothing_torn(world: World) -> None:
    library, hooks = hooked(world)

    async def fail() -> None:
        raise StorageUnavailable

    hooks.after_put = fail
    with pytest.raises(StorageUnavailable):
        await library.upload(SERVER, ORIGIN, body(b"bytes"))
    world.clock.advance(LEASE)
    await world.library.reconcile()
    assert await world.is_whole()


@pytest.mark.parametrize("refusal", [StorageFull, ReadOnly, RateLimited, BadLocator])
async def test_what_a_channel_refuses_is_told_and_leaves_nothing(
    world: World, refusal: type[StorageError]
) -> None:
    library, hooks = hooked(world)

    async def refuse() -> None:
        raise refusal

    hooks.before_put = refuse
    with pytest.raises(refusal):
        await library.upload(SERVER, ORIGIN, body(b"bytes"))
    assert await world.is_whole()
    assert (await library.upload(SERVER, ORIGIN, body(b"bytes"))).asset.alias == "second.txt"


async def test_an_object_that_a_listing_passes_over_is_not_taken_for_missing(
    world: World,
) -> None:
    library, hooks = hooked(world)
    await world.upload("x.txt")
    hooks.unlisted.add("x.txt")
    assert (await library.index(SERVER, world.channel.id)).missing == 0
