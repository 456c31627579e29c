"""Reading one folder of a channel, before or beside the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Forbidden, NotFound
from fanlight.model import SERVER, PlacementState, Scope
from tests.library.test_follow import Cloud, cloud, each_cloud
from tests.library.world import an_actor

if TYPE_CHECKING:
    from tests.library.world import World

pytestmark = pytest.mark.anyio

__all__ = ["cloud", "each_cloud"]


def put(world: World, *paths: str) -> None:
    for path in paths:
        place = world.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\xff\xd8\xff" + path.encode())


async def test_a_folder_is_known_with_all_below_it_and_nothing_else(world: World) -> None:
    put(world, "w/1.jpg", "w/a/2.jpg", "w/.hidden/3.jpg", "other/4.jpg", "5.jpg")
    report = await world.library.index_folder(SERVER, world.channel.id, "/w/")
    assert report.added == 2
    assert sorted(await world.everything()) == ["w/1.jpg", "w/a/2.jpg"]
    again = await world.library.index_folder(SERVER, world.channel.id, "w")
    assert (again.seen, again.added) == (3, 0)
    await world.library.index_folder(SERVER, world.channel.id, "")
    assert len(await world.everything()) == 4


async def test_no_byte_is_read_and_the_rest_not_known_where_changes_are_told(
    each_cloud: Cloud,
) -> None:
    cloud = each_cloud
    for path in ("w/1.jpg", "w/a/2.jpg", "other/3.jpg"):
        await cloud.put(path)
    report = await cloud.library.index_folder(SERVER, cloud.channel.id, "w")
    assert report.added == 2
    assert "open" not in cloud.cloud.calls
    reading = await cloud.library.reading(cloud.channel.id)
    assert reading is not None
    assert (reading.in_part, reading.whole) == (True, False)
    known = await cloud.everything()
    assert (await cloud.index()).added == 1
    assert {known[path].id for path in known} <= {
        one.id for one in (await cloud.everything()).values()
    }


async def test_what_was_missing_is_believed_in_again(cloud: Cloud) -> None:
    await cloud.put("w/1.jpg")
    await cloud.index()
    (asset,) = (await cloud.everything()).values()
    (place,) = await cloud.library.placements(SERVER, asset.id)
    await cloud.catalogue.write(
        lambda records: records.placements.update(place.id, state=PlacementState.MISSING)
    )
    report = await cloud.library.index_folder(SERVER, cloud.channel.id, "w")
    assert (report.added, report.back) == (0, 1)
    assert await cloud.state(asset) is PlacementState.STORED


async def test_a_folder_that_is_not_there_is_said_to_be_missing(world: World, cloud: Cloud) -> None:
    for place in (world, cloud):
        with pytest.raises(NotFound) as caught:
            await place.library.index_folder(SERVER, place.channel.id, "no/such")
        assert caught.value.public_code == "not-found.folder"


async def test_reading_a_folder_needs_the_right_to_manage_it(world: World) -> None:
    put(world, "w/1.jpg")
    bound = an_actor(Scope.MANAGE, folder="elsewhere")
    with pytest.raises(Forbidden):
        await world.library.index_folder(bound, world.channel.id, "w")


async def test_what_has_gone_from_a_folder_is_missing(world: World, cloud: Cloud) -> None:
    put(world, "w/1.jpg", "w/2.jpg", "other/3.jpg")
    for path in ("w/1.jpg", "w/2.jpg", "w/4.jpg", "other/3.jpg"):
        await cloud.put(path)
    for place in (world, cloud):
        await place.library.index_folder(SERVER, place.channel.id, "")
    (world.folder / "w/1.jpg").unlink()
    (world.folder / "other/3.jpg").unlink()
    await cloud.delete("w/1.jpg")
    await cloud.move("w/4.jpg", "other/4.jpg")
    for place in (world, cloud):
        known = await place.everything()
        report = await place.library.index_folder(SERVER, place.channel.id, "w")
        assert (report.seen, report.missing, report.added) == (1, 1, 0)
        states = {
            path: (await place.library.placements(SERVER, asset.id))[0].state
            for path, asset in known.items()
        }
        assert states["w/1.jpg"] is PlacementState.MISSING
        assert states["w/2.jpg"] is PlacementState.STORED
        assert states["other/3.jpg"] is PlacementState.STORED, "nobody looked there"
    assert "other/4.jpg" in await cloud.everything()
