"""Delete, restore, purge."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Conflict, Forbidden, NotFound
from fanlight.library import trash
from fanlight.model import SERVER, Scope
from tests.library.world import an_actor

if TYPE_CHECKING:
    from tests.library.world import World

pytestmark = pytest.mark.anyio

DAY = 86_400


async def test_a_deleted_asset_stops_and_keeps_its_object(world: World) -> None:
    asset = (await world.upload("x.jpg")).asset
    deleted = await world.library.delete(SERVER, asset.id)

    assert deleted.deleted_at == world.clock()
    assert await world.everything() == {}
    assert set(world.objects) == {"x.jpg"}
    with pytest.raises(NotFound):
        await world.library.get(SERVER, asset.id)
    assert await world.catalogue.read(lambda records: records.links.by_asset(asset.id)) is None
    trash = await world.library.page(SERVER, trashed=True)
    assert [one.id for one in trash.items] == [asset.id]
    assert world.actions[-1] == "asset.deleted"


async def test_a_restored_asset_is_as_it_was(world: World) -> None:
    asset = (await world.upload("x.jpg")).asset
    await world.library.delete(SERVER, asset.id)
    assert (await world.upload("x.jpg", b"new")).asset.alias == "x (1).jpg"
    assert await world.library.restore(SERVER, asset.id) == asset
    with pytest.raises(NotFound):
        await world.library.restore(SERVER, asset.id)
    assert await world.is_whole()


async def test_a_purged_asset_takes_its_object_along(world: World) -> None:
    asset = (await world.upload("x.jpg", folder="a")).asset
    await world.library.purge(SERVER, asset.id)
    assert world.objects == {}
    with pytest.raises(NotFound):
        await world.library.get(SERVER, asset.id, trashed=True)
    assert (await world.upload("x.jpg", folder="a")).asset.alias == "a/x.jpg"
    assert await world.is_whole()


async def test_a_shared_object_goes_with_its_last_asset(world: World) -> None:
    first = (await world.upload("1.txt", b"same")).asset
    second = (await world.upload("2.txt", b"same")).asset
    await world.library.close()
    await world.library.purge(SERVER, first.id)
    assert await world.content(second) == b"same"
    await world.library.purge(SERVER, second.id)
    assert world.objects == {}


async def test_an_object_in_a_channel_without_uploads_is_not_ours_to_remove(
    world: World,
) -> None:
    asset = (await world.upload("x.jpg")).asset
    await world.channels.update(SERVER, world.channel.id, uploads=False)
    await world.library.purge(SERVER, asset.id)
    assert set(world.objects) == {"x.jpg"}
    assert not world.intents


async def test_purging_what_is_missing_already_is_fine(world: World) -> None:
    asset = (await world.upload("x.jpg")).asset
    (world.folder / "x.jpg").unlink()
    await world.library.purge(SERVER, asset.id)
    assert not world.intents


async def test_a_removal_that_the_channel_refuses_is_made_up_for(world: World) -> None:
    asset = (await world.upload("x.jpg")).asset
    away = world.folder.rename(world.folder.with_name("unmounted"))
    await world.library.purge(SERVER, asset.id)
    away.rename(world.folder)
    assert set(world.objects) == {"x.jpg"}
    world.clock.advance(3600)
    await world.library.reconcile()
    assert await world.is_whole()
    assert world.objects == {}


async def test_purging_one_asset_twice_at_once_purges_it_once(each_world: World) -> None:
    world = each_world
    asset = (await world.upload("x.jpg")).asset
    results = await asyncio.gather(
        *(world.library.purge(SERVER, asset.id) for _ in range(4)), return_exceptions=True
    )
    assert results.count(None) == 1
    assert all(one is None or isinstance(one, NotFound | Conflict) for one in results)
    assert await world.is_whole()


async def test_the_trash_is_emptied_of_what_has_lain_there_long_enough(world: World) -> None:
    old, young, kept = [(await world.upload(f"{n}.txt", b"%d" % n)).asset for n in range(3)]
    await world.library.delete(SERVER, old.id)
    world.clock.advance(29 * DAY)
    await world.library.delete(SERVER, young.id)
    assert await world.library.empty_trash() == 0
    world.clock.advance(2 * DAY)
    assert await world.library.empty_trash() == 1
    assert set(world.objects) == {"1.txt", "2.txt"}
    _, now = await world.library.in_trash(SERVER)
    assert await world.library.empty_trash(SERVER, before=now) == 1
    assert await world.everything() == {kept.alias: kept}
    assert await world.is_whole()


async def test_a_full_trash_is_emptied_in_one_go(world: World) -> None:
    count = trash.AT_ONCE + 5

    async def put_and_delete(number: int) -> None:
        done = await world.upload(f"{number}.txt", b"%d" % number, duplicates="store")
        await world.library.delete(SERVER, done.asset.id)

    await asyncio.gather(*(put_and_delete(number) for number in range(count)))
    world.clock.advance(1)
    there, now = await world.library.in_trash(SERVER)
    assert there == count
    later = (await world.upload("later.txt")).asset
    await world.library.delete(SERVER, later.id)
    went: list[int] = []

    async def progress(done: int, _: int | None, note: str) -> None:
        assert note
        went.append(done)

    assert await world.library.empty_trash(SERVER, progress, before=now) == count
    assert went == [trash.AT_ONCE, count]
    assert await world.library.in_trash(SERVER) == (1, now), "what went there since stays"


async def test_deleting_needs_the_right_to_it_there(world: World) -> None:
    asset = (await world.upload("x.jpg", folder="a")).asset
    for actor in (an_actor(Scope.READ, Scope.LIST), an_actor(Scope.DELETE, folder="b")):
        for action in (world.library.delete, world.library.restore, world.library.purge):
            with pytest.raises(Forbidden):
                await action(actor, asset.id)
        with pytest.raises(Forbidden):
            await world.library.empty_trash(actor)
        with pytest.raises(Forbidden):
            await world.library.in_trash(actor)
    await world.library.delete(an_actor(Scope.DELETE, folder="a"), asset.id)


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30])
async def test_a_cancelled_purge_ends_whole(world: World, turns: int) -> None:
    asset = (await world.upload("x.jpg")).asset
    task = asyncio.create_task(world.library.purge(SERVER, asset.id))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    await world.library.close()
    assert await world.is_whole()
