"""Reading a channel into the catalogue."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Forbidden, JobCancelled, NotFound
from fanlight.library import index as indexing
from fanlight.model import SERVER, Intent, IntentKind, Kind, PlacementState, Scope
from tests.library.world import an_actor

if TYPE_CHECKING:
    from tests.library.world import World

pytestmark = pytest.mark.anyio


def put(world: World, path: str, content: bytes, *, age: float = 0) -> None:
    """Somebody else puts an object there."""
    place = world.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    if age:
        changed = place.stat().st_mtime - age
        os.utime(place, (changed, changed))


async def states(world: World, asset_id: str) -> list[PlacementState]:
    return [place.state for place in await world.library.placements(SERVER, asset_id)]


async def test_objects_become_assets_under_their_own_paths(world: World) -> None:
    put(world, "2026/My day, (best).jpg", b"\xff\xd8\xffjpeg", age=1000)
    put(world, "notes.txt", b"notes")
    put(world, ".DS_Store", b"droppings")

    report = await world.library.index(SERVER, world.channel.id)

    assert (report.seen, report.added) == (3, 2)
    found = await world.everything()
    asset = found["2026/My day, (best).jpg"]
    assert (asset.name, asset.folder) == ("My day, (best).jpg", "2026")
    assert (asset.kind, asset.media_type) == (Kind.PICTURE, "image/jpeg")
    assert asset.created_at < world.clock()
    assert await world.content(asset) == b"\xff\xd8\xffjpeg"
    assert found["notes.txt"].size == 5
    assert world.actions[-1] == "channel.indexed"


async def test_a_second_run_changes_nothing(world: World) -> None:
    put(world, "a/1.txt", b"1")
    await world.upload("b/2.txt", b"2")
    await world.library.index(SERVER, world.channel.id)
    before = await world.everything()
    report = await world.library.index(SERVER, world.channel.id)
    assert (report.added, report.changed, report.missing, report.back) == (0, 0, 0, 0)
    assert await world.everything() == before
    assert set(before) == {"a/1.txt", "b/2.txt"}


async def test_changed_bytes_make_a_new_version_of_the_same_asset(world: World) -> None:
    put(world, "x.txt", b"old", age=10)
    await world.library.index(SERVER, world.channel.id)
    before = (await world.everything())["x.txt"]
    put(world, "x.txt", b"\x89PNG\r\n\x1a\nnew")

    report = await world.library.index(SERVER, world.channel.id)

    after = (await world.everything())["x.txt"]
    assert report.changed == 1
    assert (after.id, after.version, after.media_type) == (before.id, 2, "image/png")
    assert after.sha256 != before.sha256
    assert await world.content(after) == b"\x89PNG\r\n\x1a\nnew"


async def test_touched_but_equal_bytes_stay_the_same_version(world: World) -> None:
    put(world, "x.txt", b"same", age=10)
    await world.library.index(SERVER, world.channel.id)
    put(world, "x.txt", b"same")
    report = await world.library.index(SERVER, world.channel.id)
    assert report.changed == 0
    asset = (await world.everything())["x.txt"]
    assert asset.version == 1
    assert await world.content(asset) == b"same"


async def test_every_asset_of_a_changed_shared_object_changes(world: World) -> None:
    first = (await world.upload("1.txt", b"same")).asset
    second = (await world.upload("2.txt", b"same")).asset
    await world.library.close()
    put(world, "1.txt", b"changed")
    await world.library.index(SERVER, world.channel.id)
    for asset in (first, second):
        now = await world.library.get(SERVER, asset.id)
        assert now.version == 2
        assert await world.content(now) == b"changed"


async def test_a_vanished_object_is_missing_until_it_is_back(world: World) -> None:
    put(world, "x.txt", b"x")
    await world.library.index(SERVER, world.channel.id)
    asset = (await world.everything())["x.txt"]
    away = (world.folder / "x.txt").rename(world.folder.with_name("away"))

    assert (await world.library.index(SERVER, world.channel.id)).missing == 1
    assert await states(world, asset.id) == [PlacementState.MISSING]
    assert (await world.library.index(SERVER, world.channel.id)).missing == 0

    away.rename(world.folder / "x.txt")
    assert (await world.library.index(SERVER, world.channel.id)).back == 1
    assert await states(world, asset.id) == [PlacementState.STORED]
    assert await world.library.get(SERVER, asset.id) == asset


async def test_a_path_that_is_taken_by_another_asset_is_numbered(world: World) -> None:
    other = await world.channels.add(SERVER, provider="memory", name="Memory", options={})
    await world.upload("x.txt", b"in memory", channel=other.id)
    put(world, "x.txt", b"on disk")
    await world.library.index(SERVER, world.channel.id)
    await world.library.index(SERVER, world.channel.id)
    found = await world.everything()
    assert set(found) == {"x.txt", "x (1).txt"}
    assert await world.content(found["x (1).txt"]) == b"on disk"


async def test_twins_that_differ_in_normal_form_only_are_both_found(world: World) -> None:
    put(world, "e\u0301.txt", b"nfd")
    put(world, "\u00e9.txt", b"nfc")
    await world.library.index(SERVER, world.channel.id)
    found = await world.everything()
    contents = {await world.content(asset) for asset in found.values()}
    assert set(found) == {"\u00e9.txt", "\u00e9 (1).txt"}
    assert contents == {b"nfd", b"nfc"}


async def test_odd_names_are_indexed_too(world: World) -> None:
    names = ["line\nbreak.txt", "a,b#c?.txt", "🏔️.txt", "x" * 250, "CON"]
    for name in names:
        put(world, name, name.encode())
    report = await world.library.index(SERVER, world.channel.id)
    assert report.added == len(names)
    for alias, asset in (await world.everything()).items():
        assert await world.content(asset) == alias.encode()


async def test_an_object_that_an_intent_is_about_is_left_to_it(world: World) -> None:
    now = world.clock()
    for number, kind in enumerate((IntentKind.STORE, IntentKind.DELETE, IntentKind.MOVE)):
        put(world, f"{number}.txt", b"x")
        intent = Intent(
            str(number) * 16, kind, world.channel.id, f"{number}.txt", "a", "other", now, now, {}
        )
        await world.catalogue.write(lambda records, intent=intent: records.intents.add(intent))
    report = await world.library.index(SERVER, world.channel.id)
    assert (report.seen, report.added) == (3, 0)


async def test_runs_and_uploads_at_once_give_each_object_one_asset(each_world: World) -> None:
    world = each_world
    for number in range(40):
        put(world, f"old {number}.txt", b"%d" % number)
    runs = [world.process(f"run {n}").index(SERVER, world.channel.id) for n in range(3)]
    uploads = [world.upload(f"new {n}.txt", b"new %d" % n) for n in range(30)]
    await asyncio.gather(*runs, *uploads)
    await world.library.index(SERVER, world.channel.id)
    assert len(await world.everything()) == 70
    assert await world.is_whole()


async def test_a_run_may_stop_anywhere_and_the_next_one_goes_on(world: World) -> None:
    count = indexing.BATCH + 50
    for number in range(count):
        put(world, f"{number:04d}.txt", b"%d" % number)
    told: list[tuple[int, int | None]] = []

    async def stop(done: int, total: int | None, message: str) -> None:
        told.append((done, total))
        raise JobCancelled

    with pytest.raises(JobCancelled):
        await world.library.index(SERVER, world.channel.id, stop)
    assert told == [(indexing.BATCH, None)]
    assert len(await world.everything()) == indexing.BATCH

    async def go_on(done: int, total: int | None, message: str) -> None:
        told.append((done, total))

    report = await world.library.index(SERVER, world.channel.id, go_on)
    assert report.added == count - indexing.BATCH
    assert told[-1] == (count, None)


async def test_an_object_that_cannot_be_read_does_not_hold_up_the_others(world: World) -> None:
    put(world, "good.txt", b"good")
    (world.folder / "link.txt").symlink_to(world.folder / "good.txt")
    report = await world.library.index(SERVER, world.channel.id)
    assert report.added == 1


async def test_indexing_needs_the_right_to_manage_the_channel(world: World) -> None:
    for actor in (
        an_actor(Scope.LIST, Scope.UPLOAD),
        an_actor(Scope.MANAGE, folder="a"),
    ):
        with pytest.raises(Forbidden):
            await world.library.index(actor, world.channel.id)
    with pytest.raises(NotFound):
        await world.library.index(SERVER, "nowhere")
    await world.library.index(an_actor(Scope.MANAGE, channel_id=world.channel.id), world.channel.id)
