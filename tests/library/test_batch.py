"""The same for many assets: each for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.errors import BadName, Conflict, Forbidden, Invalid, NotFound
from fanlight.library import many
from fanlight.model import SERVER, Scope, Visibility
from tests.library.world import an_actor

if TYPE_CHECKING:
    from tests.library.world import World

pytestmark = pytest.mark.anyio


async def some(world: World, count: int, folder: str = "") -> list[str]:
    return [
        (await world.upload(f"{n}.jpg", b"%d" % n, folder=folder)).asset.id for n in range(count)
    ]


async def test_what_cannot_be_moved_keeps_no_other_from_it(world: World) -> None:
    ids = await some(world, 3)
    await world.upload("1.jpg", b"taken", folder="there")
    moved = await world.library.move_many(SERVER, [ids[0], ids[1], "gone", ids[2]], "there")
    assert [asset.alias for asset in moved.done] == ["there/0.jpg", "there/2.jpg"]
    assert [(one.asset_id, type(one.error)) for one in moved.refused] == [
        (ids[1], Conflict),
        ("gone", NotFound),
    ]
    assert (await world.library.get(SERVER, ids[1])).alias == "1.jpg"
    assert set(world.objects) == {"there/0.jpg", "there/1.jpg", "there/2.jpg", "1.jpg"}


async def test_a_folder_that_cannot_be_moves_nothing(world: World) -> None:
    ids = await some(world, 1)
    with pytest.raises(BadName):
        await world.library.move_many(SERVER, ids, "a\0b")
    assert (await world.library.get(SERVER, ids[0])).folder == ""


async def test_tags_are_added_and_taken_away_and_others_stay(world: World) -> None:
    ids = await some(world, 2)
    await world.library.update(SERVER, ids[0], tags=("lake", "old"))
    tagged = await world.library.tag_many(SERVER, ids, add=("dawn", "lake"), remove=("old",))
    assert [asset.tags for asset in tagged.done] == [("lake", "dawn"), ("dawn", "lake")]
    noted = len(world.actions)
    await world.library.tag_many(SERVER, ids, add=("dawn",))
    assert len(world.actions) == noted, "nothing was changed, so nothing is noted"


async def test_all_are_hidden_at_once(world: World) -> None:
    ids = await some(world, 2)
    hidden = await world.library.show_many(SERVER, ids, Visibility.PRIVATE)
    assert {asset.visibility for asset in hidden.done} == {Visibility.PRIVATE}


async def test_what_was_deleted_together_comes_back_together(world: World) -> None:
    ids = await some(world, 3)
    before = [await world.library.get(SERVER, one) for one in ids]
    deleted = await world.library.delete_many(SERVER, [*ids, ids[0]])
    assert len(deleted.done) == 3, "one that is named twice is deleted once"
    assert not deleted.refused
    restored = await world.library.restore_many(SERVER, ids)
    assert list(restored.done) == before
    again = await world.library.restore_many(SERVER, ids)
    assert [type(one.error) for one in again.refused] == [NotFound] * 3


async def test_what_is_purged_together_is_gone(world: World) -> None:
    ids = await some(world, 2)
    purged = await world.library.purge_many(SERVER, ids)
    assert [asset.id for asset in purged.done] == ids
    assert world.objects == {}


async def test_each_needs_the_right_to_it(world: World) -> None:
    inside, outside = await some(world, 1, "mine"), await some(world, 1, "theirs")
    actor = an_actor(Scope.MANAGE, Scope.DELETE, folder="mine")
    deleted = await world.library.delete_many(actor, [*outside, *inside])
    assert [asset.id for asset in deleted.done] == inside
    assert [type(one.error) for one in deleted.refused] == [Forbidden]


async def test_a_batch_has_a_limit(world: World) -> None:
    with pytest.raises(Invalid):
        await world.library.delete_many(SERVER, ["x"] * (many.MOST + 1))


async def test_a_count_is_of_what_pages_have(world: World) -> None:
    await some(world, 3, "a/b")
    await world.upload("top.jpg", b"top")
    assert await world.library.count(SERVER) == 4
    assert await world.library.count(SERVER, folder="a") == 0
    assert await world.library.count(SERVER, folder="a", deep=True) == 3
    assert await world.library.count(an_actor(Scope.LIST, folder="a/b")) == 3
