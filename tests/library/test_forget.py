"""A channel goes with the assets that are nowhere else; what is stored there stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Conflict, Forbidden, Invalid, JobCancelled, NotFound
from fanlight.galleries import Galleries
from fanlight.galleries.making import Draft
from fanlight.library import forget
from fanlight.model import SERVER, Intent, IntentKind, PlacementState, Scope
from tests.library.world import an_actor

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from fanlight.catalogue import Records
    from fanlight.model import Asset, Channel
    from tests.library.world import World

pytestmark = pytest.mark.anyio


async def another(world: World, folder: Path) -> Channel:
    folder.mkdir()
    world.clock.advance(1)  # the older channel is the one that uploads go to
    return await world.channels.add(
        SERVER, provider="local", name="Copies", options={"path": str(folder)}
    )


async def copied(world: World, asset: Asset, to: Channel, **changes: object) -> None:
    """Have a copy of an asset in another channel."""

    def unit(records: Records) -> None:
        (place,) = records.placements.of(asset.id)
        copy = replace(place, id=f"copy-{asset.id}", channel_id=to.id, primary=False)
        records.placements.add(replace(copy, **changes))  # pyright: ignore[reportArgumentType]

    await world.catalogue.write(unit)


async def test_galleries_that_show_its_folders_stay_without_them(world: World) -> None:
    galleries = Galleries(world.catalogue, world.channels, world.library, clock=world.clock)
    gallery = await galleries.create(SERVER, Draft("Anna & Ben"))
    await galleries.add_source(SERVER, gallery.id, world.channel.id, "w")
    with pytest.raises(Conflict) as refused:
        await world.channels.remove(SERVER, world.channel.id)
    assert refused.value.public_code == "conflict.channel-used"
    with pytest.raises(Conflict):
        await world.channels.update(SERVER, world.channel.id, root="elsewhere")
    weight = await world.library.weigh(SERVER, world.channel.id)
    assert weight == forget.Weight(lost=0, kept=0, galleries=1)
    assert await world.library.forget_channel(SERVER, world.channel.id) == 0
    assert await galleries.sources(SERVER, gallery.id) == ()
    await galleries.close()


async def test_assets_go_with_it_and_originals_stay(each_world: World) -> None:
    world, library = each_world, each_world.library
    one = (await world.upload("1.jpg", b"1")).asset
    two = (await world.upload("2.jpg", b"2", folder="trips", tags=("lake",))).asset
    await library.delete(SERVER, one.id)
    before = world.objects
    assert await library.weigh(SERVER, world.channel.id) == forget.Weight(lost=2, kept=0)
    told: list[tuple[int, int | None, str]] = []

    async def progress(done: int, total: int | None, message: str) -> None:
        told.append((done, total, message))

    assert await library.forget_channel(SERVER, world.channel.id, progress) == 2
    assert told == [(2, None, "Disk")]
    assert world.objects == before
    assert await world.everything() == {}
    assert await library.folders(SERVER) == ()
    with pytest.raises(NotFound):
        await library.get(SERVER, one.id, trashed=True)
    assert await world.catalogue.read(lambda records: records.links.by_asset(two.id)) is None
    with pytest.raises(NotFound):
        await world.channels.get(SERVER, world.channel.id)
    assert world.actions[-3:] == ["asset.forgotten", "asset.forgotten", "channel.removed"]


async def test_what_has_a_copy_goes_on_from_there(each_world: World, tmp_path: Path) -> None:
    world, library = each_world, each_world.library
    copies = await another(world, tmp_path / "copies")
    there = (await world.upload("there.jpg", b"1")).asset
    gone = (await world.upload("gone.jpg", b"2")).asset
    await copied(world, there, copies)
    await copied(world, gone, copies, state=PlacementState.MISSING)
    assert await library.weigh(SERVER, world.channel.id) == forget.Weight(lost=1, kept=1)
    assert await library.forget_channel(SERVER, world.channel.id) == 1
    assert set(await world.everything()) == {"there.jpg"}
    (place,) = await library.placements(SERVER, there.id)
    assert (place.channel_id, place.primary) == (copies.id, True)


async def test_a_copy_alone_takes_nothing_with_it(world: World, tmp_path: Path) -> None:
    copies = await another(world, tmp_path / "copies")
    asset = (await world.upload("x.jpg")).asset
    await copied(world, asset, copies)
    assert await world.library.forget_channel(SERVER, copies.id) == 0
    (place,) = await world.library.placements(SERVER, asset.id)
    assert place.primary
    assert await world.is_whole()


async def test_a_run_that_was_stopped_is_gone_on_with(world: World) -> None:
    for number in range(forget.BATCH + 5):
        (world.folder / f"{number}.txt").write_bytes(b"x")
    await world.library.index(SERVER, world.channel.id)

    async def stop(done: int, total: int | None, message: str) -> None:
        del done, total, message
        raise JobCancelled

    with pytest.raises(JobCancelled):
        await world.library.forget_channel(SERVER, world.channel.id, stop)
    assert len(await world.everything()) == 5
    assert not (await world.channels.get(SERVER, world.channel.id)).enabled
    assert await world.library.forget_channel(SERVER, world.channel.id) == 5
    assert len(world.objects) == forget.BATCH + 5


def intent(world: World, kind: IntentKind, until: datetime) -> Intent:
    return Intent(
        id="i1",
        kind=kind,
        channel_id=world.channel.id,
        path="new.jpg",
        asset_id="a1",
        holder="another process",
        lease_until=until,
        created_at=world.clock(),
        plan={"locator": "new.jpg", "version": "1"},
    )


async def test_what_is_being_stored_comes_first(world: World) -> None:
    lease = world.clock.now
    world.clock.advance(-10)
    storing = intent(world, IntentKind.STORE, lease)
    await world.catalogue.write(lambda records: records.intents.add(storing))
    with pytest.raises(Conflict) as refused:
        await world.library.forget_channel(SERVER, world.channel.id)
    assert refused.value.public_code == "conflict.channel-busy"
    world.clock.advance(11)
    await world.library.forget_channel(SERVER, world.channel.id)
    assert not world.intents


async def test_what_was_to_be_removed_there_stays_there(world: World) -> None:
    await world.upload("new.jpg")
    removing = intent(world, IntentKind.DELETE, world.clock.now)
    await world.catalogue.write(lambda records: records.intents.add(removing))
    await world.library.forget_channel(SERVER, world.channel.id)
    assert set(world.objects) == {"new.jpg"}


async def test_its_name_must_be_repeated(world: World) -> None:
    library = world.library
    assert (await library.may_forget(SERVER, world.channel.id, " Disk ")).id == world.channel.id
    with pytest.raises(Invalid) as refused:
        await library.may_forget(SERVER, world.channel.id, "disk")
    assert refused.value.about == "name"


async def test_it_needs_the_right_to_manage(world: World) -> None:
    actor = an_actor(Scope.UPLOAD, Scope.DELETE)
    for action in (world.library.weigh, world.library.forget_channel):
        with pytest.raises(Forbidden):
            await action(actor, world.channel.id)
    with pytest.raises(Forbidden):
        await world.library.may_forget(actor, world.channel.id, "Disk")
    with pytest.raises(NotFound):
        await world.library.weigh(SERVER, "nowhere")
