"""Moves and renames: the alias changes, the object follows, old aliases redirect."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import BadName, Conflict, Forbidden, NotFound
from fanlight.model import SERVER, Asset, Intent, IntentKind, Scope
from tests.library.world import an_actor

if TYPE_CHECKING:
    from fanlight.model import Link
    from tests.library.world import World

pytestmark = pytest.mark.anyio


async def link(world: World, path: str) -> Link | None:
    return await world.catalogue.read(lambda records: records.links.by_alias(path))


async def test_a_move_takes_the_object_along_and_the_old_alias_redirects(world: World) -> None:
    before = (await world.upload("x.jpg", b"bytes", folder="a")).asset

    after = await world.library.move(SERVER, before.id, folder="b/c")

    assert (after.id, after.alias, after.folder, after.name) == (
        before.id,
        "b/c/x.jpg",
        "b/c",
        "x.jpg",
    )
    assert world.objects == {"b/c/x.jpg": b"bytes"}
    assert await world.content(after) == b"bytes"
    old, new = await link(world, "a/x.jpg"), await link(world, "b/c/x.jpg")
    assert old is not None
    assert new is not None
    assert (old.current, new.current) == (False, True)
    assert old.asset == new.asset == after
    assert world.actions[-1] == "asset.moved"
    assert await world.is_whole()


async def test_a_rename_cleans_the_name_and_shows_it_as_given(world: World) -> None:
    before = (await world.upload("x.jpg", naming="default", folder="a")).asset
    after = await world.library.move(SERVER, before.id, name="My day, (best).jpg")
    assert (after.name, after.alias) == ("My day, (best).jpg", "a/My_day___best_.jpg")
    assert set(world.objects) == {after.alias}


async def test_moving_there_and_back_gives_the_old_alias_back(world: World) -> None:
    asset = (await world.upload("x.jpg", folder="a")).asset
    await world.library.move(SERVER, asset.id, folder="b")
    await world.library.move(SERVER, asset.id, folder="a")
    assert set(world.objects) == {"a/x.jpg"}
    assert await world.is_whole()


async def test_a_move_to_where_it_is_changes_the_shown_name_alone(world: World) -> None:
    asset = (await world.upload("my day.jpg")).asset
    after = await world.library.move(SERVER, asset.id, name="my_day.jpg", folder="")
    assert (after.name, after.alias) == ("my_day.jpg", "my_day.jpg")


async def test_a_taken_name_is_refused_and_nothing_moves(world: World) -> None:
    first = (await world.upload("x.jpg", b"1", folder="a")).asset
    await world.upload("x.jpg", b"2", folder="b")
    with pytest.raises(Conflict) as refused:
        await world.library.move(SERVER, first.id, folder="b")
    assert refused.value.public_code == "conflict.alias"
    (world.folder / "c").mkdir()
    (world.folder / "c" / "x.jpg").write_bytes(b"theirs")
    with pytest.raises(Conflict) as refused:
        await world.library.move(SERVER, first.id, folder="c")
    assert refused.value.public_code == "conflict.object"
    assert await world.content(first) == b"1"
    assert world.objects["c/x.jpg"] == b"theirs"
    assert not world.intents


async def test_an_old_alias_of_another_asset_may_be_taken_over(world: World) -> None:
    first = (await world.upload("x.jpg", b"1")).asset
    await world.library.move(SERVER, first.id, folder="a")
    second = (await world.upload("y.jpg", b"2")).asset
    after = await world.library.move(SERVER, second.id, name="x.jpg")
    found = await link(world, "x.jpg")
    assert found is not None
    assert found.asset == after
    assert await world.is_whole()


async def test_a_shared_object_stays_where_it_is(world: World) -> None:
    first = (await world.upload("x.jpg", b"same")).asset
    second = (await world.upload("y.jpg", b"same")).asset
    await world.library.close()
    for asset in (first, second):
        moved = await world.library.move(SERVER, asset.id, folder="b")
        assert moved.alias.startswith("b/")
        assert await world.content(moved) == b"same"
    assert set(world.objects) == {"x.jpg"}


async def test_in_a_channel_that_takes_no_uploads_only_the_alias_moves(world: World) -> None:
    asset = (await world.upload("x.jpg")).asset
    await world.channels.update(SERVER, world.channel.id, uploads=False)
    moved = await world.library.move(SERVER, asset.id, folder="b")
    assert moved.alias == "b/x.jpg"
    assert set(world.objects) == {"x.jpg"}
    assert await world.content(moved) == b"content"


async def test_an_object_that_is_missing_does_not_keep_its_asset_from_moving(
    world: World,
) -> None:
    asset = (await world.upload("x.jpg")).asset
    (world.folder / "x.jpg").unlink()
    assert (await world.library.move(SERVER, asset.id, folder="b")).alias == "b/x.jpg"
    assert not world.intents


async def test_links_that_race_a_move_follow_the_object(each_world: World) -> None:
    world = each_world
    for round_ in range(5):
        content = b"same %d" % round_
        first = (await world.upload(f"{round_}.txt", content)).asset
        _, second = await asyncio.gather(
            world.library.move(SERVER, first.id, folder="moved"),
            world.upload(f"{round_} again.txt", content),
        )
        await world.library.close()
        assert await world.content(first) == content
        assert await world.content(second.asset) == content
    assert await world.is_whole()


async def test_two_moves_at_once_end_in_one_place(each_world: World) -> None:
    world = each_world
    asset = (await world.upload("x.jpg", b"bytes")).asset
    results = await asyncio.gather(
        *(world.library.move(SERVER, asset.id, folder=folder) for folder in "abcd"),
        return_exceptions=True,
    )
    assert [one for one in results if isinstance(one, Asset)]
    assert all(isinstance(one, Asset | Conflict) for one in results)
    assert len(world.objects) == 1
    assert await world.content(await world.library.get(SERVER, asset.id)) == b"bytes"
    assert await world.is_whole()


async def test_moves_need_rights_at_both_ends(world: World) -> None:
    asset = (await world.upload("x.jpg", folder="a")).asset
    for actor, folder in (
        (an_actor(Scope.UPLOAD), "b"),
        (an_actor(Scope.MANAGE, folder="b"), "b"),
        (an_actor(Scope.MANAGE, folder="a"), "b"),
    ):
        with pytest.raises(Forbidden):
            await world.library.move(actor, asset.id, folder=folder)
    with pytest.raises(BadName):
        await world.library.move(SERVER, asset.id, name="x\0.jpg")
    with pytest.raises(NotFound):
        await world.library.move(SERVER, "nothing", folder="b")
    await world.library.move(an_actor(Scope.MANAGE, folder="a"), asset.id, folder="a/b")


# --- crashes --------------------------------------------------------------------------------------


async def a_crashed_move(
    world: World, *, object_moved: bool, duplicates: str = "link", before: Asset | None = None
) -> Asset:
    """An asset `a/x` whose move to `b/x` died after or before the object moved.

    `before` is an asset at `b/x`, which gives its name up but keeps its object.
    """
    if before is not None:
        await world.upload("keeps it there", b"bytes")
        await world.library.close()
        await world.library.purge(SERVER, before.id)
    asset = (await world.upload("x", b"bytes", folder="a", duplicates=duplicates)).asset
    now = world.clock()
    intent = Intent(
        "e" * 16,
        IntentKind.MOVE,
        world.channel.id,
        "b/x",
        asset.id,
        "dead",
        now,
        now,
        {"locator": "a/x", "name": "x", "folder": "b", "actor": "somebody"},
    )
    await world.catalogue.write(lambda records: records.intents.add(intent))
    if object_moved:
        (world.folder / "b").mkdir()
        (world.folder / "a" / "x").rename(world.folder / "b" / "x")
    world.clock.advance(1)
    return asset


async def test_a_move_that_crashed_after_the_object_moved_is_finished(world: World) -> None:
    asset = await a_crashed_move(world, object_moved=True)
    assert (await world.library.reconcile()).moved == 1
    asset = await world.library.get(SERVER, asset.id)
    assert (asset.alias, asset.folder) == ("b/x", "b")
    assert await world.content(asset) == b"bytes"
    assert await world.is_whole()


async def test_a_move_that_crashed_before_the_object_moved_is_forgotten(world: World) -> None:
    asset = await a_crashed_move(world, object_moved=False)
    assert (await world.library.reconcile()).dropped == 1
    assert await world.library.get(SERVER, asset.id) == asset
    assert await world.is_whole()


async def test_a_move_that_crashed_between_copy_and_delete_is_finished(world: World) -> None:
    asset = await a_crashed_move(world, object_moved=False)
    (world.folder / "b").mkdir()
    (world.folder / "b" / "x").write_bytes(b"bytes")
    assert (await world.library.reconcile()).moved == 1
    assert world.objects == {"b/x": b"bytes"}
    assert await world.content(await world.library.get(SERVER, asset.id)) == b"bytes"
    assert await world.is_whole()


async def test_an_object_of_somebody_else_in_the_way_of_a_crashed_move_stays(
    world: World,
) -> None:
    asset = await a_crashed_move(world, object_moved=False)
    (world.folder / "b").mkdir()
    (world.folder / "b" / "x").write_bytes(b"other")
    assert (await world.library.reconcile()).dropped == 1
    assert world.objects == {"a/x": b"bytes", "b/x": b"other"}
    assert await world.library.get(SERVER, asset.id) == asset


async def test_an_equal_object_of_another_asset_in_the_way_of_a_crashed_move_stays_theirs(
    world: World,
) -> None:
    first = (await world.upload("x", b"bytes", folder="b")).asset
    asset = await a_crashed_move(world, object_moved=False, duplicates="store", before=first)
    assert (await world.library.reconcile()).dropped == 1
    assert await world.library.get(SERVER, asset.id) == asset
    assert set(world.objects) == {"a/x", "b/x"}
    assert await world.is_whole()


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30, 100])
async def test_a_cancelled_move_ends_whole(world: World, turns: int) -> None:
    asset = (await world.upload("x.jpg", b"bytes")).asset
    task = asyncio.create_task(world.library.move(SERVER, asset.id, folder="b"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    await world.library.close()
    assert await world.content(await world.library.get(SERVER, asset.id)) == b"bytes"
    assert await world.is_whole()
