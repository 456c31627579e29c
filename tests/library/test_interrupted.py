"""Uploads that are cancelled, crash, or lose their lease: nothing, or something whole."""

from __future__ import annotations

import asyncio
import hashlib
import os
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.catalogue import Catalogue, Seal
from fanlight.channels import Channels
from fanlight.errors import AlreadyExists, CatalogueUnavailable, Incomplete, StorageUnavailable
from fanlight.library import Library, Uploaded, UploadRequest
from fanlight.library.arriving import REPLAYED
from fanlight.library.wish import understand
from fanlight.model import SERVER, Intent, IntentKind
from tests.library.hooked import hooked
from tests.library.world import LEASE, World, body
from tests.support.catalogues import KEY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fanlight.storage.store import Store

pytestmark = pytest.mark.anyio

TIMES = [0, 1, 2, 3, 5, 8, 13, 20, 40, 80, 200]


@pytest.mark.parametrize("size", [1000, 2_500_000])
@pytest.mark.parametrize("turns", TIMES)
async def test_cancelling_at_any_moment_leaves_nothing_torn(
    world: World, turns: int, size: int
) -> None:
    content = os.urandom(size)
    await world.upload("twin.bin", content)
    task = asyncio.create_task(world.upload("x.bin", content))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await world.library.close()
    await asyncio.sleep(0.05)  # a thread of the channel's may just be putting it in place
    world.clock.advance(2 * LEASE)
    await world.library.reconcile()

    assert set(await world.everything()) in ({"twin.bin"}, {"twin.bin", "x.bin"})
    assert await world.is_whole()


async def test_a_cancelled_upload_gives_its_name_back(world: World) -> None:
    waiting = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"beginning"
        waiting.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(
        world.library.upload(SERVER, UploadRequest("x.bin", naming="origin"), endless())
    )
    await waiting.wait()
    assert [intent.path for intent in world.intents] == ["x.bin"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await world.library.close()

    assert await world.is_whole()
    assert (await world.upload("x.bin")).asset.alias == "x.bin"


# --- crashes: what a process has written when it dies ---------------------------------------------


def an_intent_to_store(
    world: World, path: str, *, lease: float = 0, actor: str = SERVER.name, **request: object
) -> Intent:
    """The intent of an upload whose process is gone, with what is left of its lease."""
    now = world.clock()
    wish = understand(
        SERVER,
        UploadRequest(path, naming="origin", **request),  # pyright: ignore[reportArgumentType]
        now=now,
        otherwise="default",
        limit=0,
    )
    intent = Intent(
        id="0123456789abcdef",
        kind=IntentKind.STORE,
        channel_id=world.channel.id,
        path=path,
        asset_id=wish.asset_id,
        holder="dead",
        lease_until=now + timedelta(seconds=lease),
        created_at=now,
        plan=wish.plan() | {"size": None, "actor": actor},
    )
    return world.catalogue.write_now(lambda records: records.intents.add(intent))


async def upload_with(library: Library, name: str, content: bytes) -> Uploaded:
    request = UploadRequest(name, naming="origin", size=len(content))
    return await library.upload(SERVER, request, body(content))


async def the_store(world: World) -> Store:
    return await world.channels.stores.get(world.channel.id)


async def test_a_crash_before_the_object_is_there_frees_the_name(world: World) -> None:
    an_intent_to_store(world, "a/x.bin")
    side = world.folder / ".fanlight"
    side.mkdir()
    (side / "0123456789abcdef.part").write_bytes(b"half")
    world.clock.advance(1)

    report = await world.library.reconcile()

    assert report.dropped == 1
    assert not world.leftovers
    assert await world.is_whole()
    assert (await world.upload("x.bin", folder="a")).asset.alias == "a/x.bin"


async def test_a_crash_after_the_object_is_there_makes_it_visible(world: World) -> None:
    intent = an_intent_to_store(world, "a/x.jpg", tags=("sea",))
    await (await the_store(world)).put("a/x.jpg", body(b"\xff\xd8\xffwhole"), ticket=intent.id)
    world.clock.advance(1)

    report = await world.library.reconcile()

    assert report.finished == 1
    asset = (await world.everything())["a/x.jpg"]
    assert asset.id == intent.asset_id
    assert (asset.name, asset.folder, asset.tags) == ("x.jpg", "a", ("sea",))
    assert asset.media_type == "image/jpeg"
    assert await world.is_whole()


async def test_the_name_of_the_dead_goes_to_who_sends_the_same_again(world: World) -> None:
    intent = an_intent_to_store(world, "a/x.bin", lease=LEASE)
    side = world.folder / ".fanlight"
    side.mkdir()
    (side / f"{intent.id}.part").write_bytes(b"half")
    assert (await world.upload("a/x.bin")).asset.alias == "a/x (1).bin", "it may be alive"

    heirs = world.process("heirs", gone="dead".__eq__)
    made = await upload_with(heirs, "a/x.bin", b"whole")

    assert made.asset.alias == "a/x.bin"
    assert not world.leftovers
    assert await world.is_whole()


async def test_the_object_of_the_dead_is_not_stored_again(world: World) -> None:
    intent = an_intent_to_store(world, "x.bin")
    content = os.urandom(2_500_000)
    await (await the_store(world)).put("x.bin", body(content), ticket=intent.id)
    before = (world.folder / "x.bin").stat().st_ino
    world.clock.advance(1)

    made = await world.upload("x.bin", content, size=len(content))

    assert made.asset.alias == "x.bin"
    assert made.asset.sha256 == hashlib.sha256(content).hexdigest()
    assert (world.folder / "x.bin").stat().st_ino == before
    assert (await world.library.reconcile()).finished == 0
    assert await world.is_whole()


@pytest.mark.parametrize("size", [1000, 2_500_000])
async def test_other_bytes_in_the_place_of_the_dead_are_left_alone(world: World, size: int) -> None:
    intent = an_intent_to_store(world, "x.bin")
    theirs, ours = bytes(size), os.urandom(size)
    await (await the_store(world)).put("x.bin", body(theirs), ticket=intent.id)
    world.clock.advance(1)

    if size > REPLAYED:
        with pytest.raises(AlreadyExists):  # only when all has come is it told
            await world.upload("x.bin", ours, size=size)
    made = await world.upload("x.bin", ours, size=size)

    assert made.asset.alias == "x (1).bin"
    assert world.objects == {"x.bin": theirs, "x (1).bin": ours}
    world.clock.advance(1)
    assert (await world.library.reconcile()).finished == 1
    assert set(await world.everything()) == {"x.bin", "x (1).bin"}
    assert await world.is_whole()


async def test_an_object_of_the_dead_is_not_forgotten_where_no_size_is_said(world: World) -> None:
    intent = an_intent_to_store(world, "x.bin")
    await (await the_store(world)).put("x.bin", body(b"theirs"), ticket=intent.id)
    world.clock.advance(1)

    assert (await world.upload("x.bin", b"ours")).asset.alias == "x (1).bin"
    world.clock.advance(1)

    assert (await world.library.reconcile()).finished == 1
    assert set(await world.everything()) == {"x.bin", "x (1).bin"}
    assert await world.is_whole()


async def test_who_leaves_in_the_middle_of_sending_the_same_leaves_it_to_the_reconciliation(
    world: World,
) -> None:
    intent = an_intent_to_store(world, "x.bin")
    content = os.urandom(2_500_000)
    await (await the_store(world)).put("x.bin", body(content), ticket=intent.id)
    world.clock.advance(1)

    async def broken() -> AsyncIterator[bytes]:
        yield content[:2_000_000]
        raise Incomplete

    request = UploadRequest("x.bin", naming="origin", size=len(content))
    with pytest.raises(Incomplete):
        await world.library.upload(SERVER, request, broken())
    world.clock.advance(10 * LEASE)

    assert (await world.library.reconcile()).finished == 1
    assert set(await world.everything()) == {"x.bin"}
    assert await world.is_whole()


async def test_somebody_else_has_nothing_of_the_dead(world: World) -> None:
    an_intent_to_store(world, "x.bin", actor="ada")
    world.clock.advance(1)
    assert (await world.upload("x.bin")).asset.alias == "x (1).bin"


async def test_reconciling_twice_changes_nothing_more(world: World) -> None:
    intent = an_intent_to_store(world, "x")
    await (await the_store(world)).put("x", body(b"whole"), ticket=intent.id)
    world.clock.advance(1)
    await world.library.reconcile()
    before = await world.everything()
    report = await world.library.reconcile()
    assert report.finished + report.dropped + report.left == 0
    assert await world.everything() == before


async def test_a_lease_that_has_not_run_out_is_respected(world: World) -> None:
    intent = an_intent_to_store(world, "x")
    await world.catalogue.write(
        lambda records: records.intents.update(
            intent.id, lease_until=replace(intent).lease_until.replace(year=2999)
        )
    )
    await world.library.reconcile()
    assert [kept.id for kept in world.intents] == [intent.id]


async def test_an_older_object_at_the_path_is_somebody_elses(world: World) -> None:
    (world.folder / "x").write_bytes(b"theirs")
    os.utime(world.folder / "x", (1_000_000_000, 1_000_000_000))
    an_intent_to_store(world, "x")
    world.clock.advance(1)

    report = await world.library.reconcile()

    assert report.dropped == 1
    assert not await world.everything()
    assert world.objects == {"x": b"theirs"}


async def test_an_object_that_another_asset_has_is_not_adopted(world: World) -> None:
    first = (await world.upload("x", b"same")).asset
    second = (await world.upload("y", b"same")).asset
    await world.library.close()
    await world.library.purge(SERVER, first.id)
    an_intent_to_store(world, "x")
    world.clock.advance(1)
    assert (await world.library.reconcile()).dropped == 1
    assert await world.everything() == {"y": second}
    assert await world.is_whole()


async def test_where_objects_can_be_half_there_one_without_the_announced_size_is_left_alone(
    world: World,
) -> None:
    library, hooks = hooked(world)
    hooks.atomic = False
    intent = an_intent_to_store(world, "x")
    await (await the_store(world)).put("x", body(b"half"), ticket=intent.id)
    world.clock.advance(1)
    assert (await library.reconcile()).dropped == 1
    assert await world.everything() == {}
    assert world.objects == {"x": b"half"}


async def test_what_cannot_be_settled_now_waits(world: World) -> None:
    an_intent_to_store(world, "x")
    away = world.folder.rename(world.folder.with_name("unmounted"))
    world.clock.advance(1)
    assert (await world.library.reconcile()).left == 1
    away.rename(world.folder)
    assert (await world.library.reconcile()).dropped == 0, "it is not tried again at once"
    world.clock.advance(600)
    assert (await world.library.reconcile()).dropped == 1
    assert await world.is_whole()


async def test_a_removal_is_finished_after_a_crash(world: World) -> None:
    done = await world.upload("x", b"bytes")
    place = (await world.library.placements(SERVER, done.asset.id))[0]
    removal = Intent(
        "d" * 16,
        IntentKind.DELETE,
        world.channel.id,
        place.locator,
        done.asset.id,
        "dead",
        world.clock(),
        world.clock(),
        {"locator": place.locator, "version": place.version},
    )

    def crash(records: object) -> None:
        from fanlight.catalogue import Records

        assert isinstance(records, Records)
        records.assets.purge(done.asset.id)
        records.intents.add(removal)

    await world.catalogue.write(crash)
    world.clock.advance(1)
    assert (await world.library.reconcile()).deleted == 1
    assert world.objects == {}
    assert await world.is_whole()


async def test_a_late_removal_spares_an_object_that_was_put_there_since(world: World) -> None:
    removal = Intent(
        "d" * 16,
        IntentKind.DELETE,
        world.channel.id,
        "x",
        "gone",
        "dead",
        world.clock(),
        world.clock(),
        {"locator": "x", "version": "the version that was to go"},
    )
    await world.catalogue.write(lambda records: records.intents.add(removal))
    (world.folder / "x").write_bytes(b"another object")
    world.clock.advance(1)
    await world.library.reconcile()
    assert world.objects == {"x": b"another object"}
    assert not world.intents


# --- lost leases ----------------------------------------------------------------------------------


async def test_an_upload_that_was_given_up_says_so_and_cleans_up(world: World) -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b"beginning"
        world.clock.advance(2 * LEASE)
        await world.process("other").reconcile()
        yield b" and end"

    with pytest.raises(StorageUnavailable) as refused:
        await world.library.upload(SERVER, UploadRequest("x", naming="origin"), stalling())

    assert refused.value.temporary
    assert not await world.everything()
    assert world.objects == {}
    assert await world.is_whole()


async def test_an_upload_that_was_given_up_spares_whoever_has_the_name_now(world: World) -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b"beginning"
        world.clock.advance(2 * LEASE)
        await world.process("other").reconcile()
        assert (await world.upload("x", b"quicker")).asset.alias == "x"
        yield b" and end"

    done = await world.library.upload(SERVER, UploadRequest("x", naming="origin"), stalling())
    assert done.asset.alias == "x (1)"
    assert await world.is_whole()


async def test_an_upload_that_was_given_up_removes_its_object_from_a_name_reserved_since(
    world: World,
) -> None:
    reserved, go_on = asyncio.Event(), asyncio.Event()

    async def next_one() -> AsyncIterator[bytes]:
        yield b"next"
        reserved.set()
        await go_on.wait()

    tasks: list[asyncio.Task[Uploaded]] = []

    async def stalling() -> AsyncIterator[bytes]:
        yield b"beginning"
        world.clock.advance(2 * LEASE)
        await world.process("other").reconcile()
        request = UploadRequest("x", naming="origin")
        tasks.append(asyncio.create_task(world.library.upload(SERVER, request, next_one())))
        await reserved.wait()
        yield b" and end"

    with pytest.raises(StorageUnavailable):
        await world.library.upload(SERVER, UploadRequest("x", naming="origin"), stalling())
    go_on.set()
    assert (await tasks[0]).asset.alias == "x"
    assert world.objects == {"x": b"next"}
    assert await world.is_whole()


async def test_renewed_leases_are_not_taken_over(world: World) -> None:
    async def slow() -> AsyncIterator[bytes]:
        for _ in range(6):
            world.clock.advance(LEASE / 3)
            await world.library.renew_leases()
            await world.process("other").reconcile()
            yield b"piece"

    done = await world.library.upload(SERVER, UploadRequest("x", naming="origin"), slow())
    assert await world.content(done.asset) == b"piece" * 6
    assert await world.is_whole()


async def test_renewing_costs_nothing_while_idle(world: World) -> None:
    await world.upload("x")
    world.catalogue.close()
    world.clock.advance(LEASE)
    await world.library.renew_leases()  # would raise if it asked the catalogue


async def test_a_catalogue_that_fails_at_the_end_leaves_an_intent_to_reconcile(
    world: World, sqlite_url: str
) -> None:
    async def then_closed() -> AsyncIterator[bytes]:
        yield b"all of it"
        world.catalogue.close()

    with pytest.raises(CatalogueUnavailable):
        await world.library.upload(SERVER, UploadRequest("x", naming="origin"), then_closed())
    assert world.objects == {"x": b"all of it"}

    world.catalogue = Catalogue.open(sqlite_url, seal=Seal([KEY]))
    world.channels = Channels(world.catalogue, clock=world.clock)
    world.library = world.process("next")
    world.clock.advance(2 * LEASE)
    assert (await world.library.reconcile()).finished == 1
    assert await world.content((await world.everything())["x"]) == b"all of it"
    await world.channels.close()
    world.catalogue.close()
