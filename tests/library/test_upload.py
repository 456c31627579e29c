"""Uploads: what is stored, how it is named, what is refused, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import (
    BadName,
    Conflict,
    FanlightError,
    Forbidden,
    Incomplete,
    Invalid,
    NotFound,
    ReadOnly,
    TooLarge,
    Unauthenticated,
)
from fanlight.library import UploadRequest
from fanlight.model import NOBODY, SERVER, Kind, Scope, Visibility
from tests.library.world import an_actor, body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.library.world import World

pytestmark = pytest.mark.anyio


async def test_an_upload_is_stored_verified_and_visible(world: World) -> None:
    done = await world.upload("a photo.jpg", b"\xff\xd8\xff" + bytes(99), folder="a/b")

    asset = done.asset
    assert asset.alias == "a/b/a_photo.jpg"
    assert (asset.name, asset.folder) == ("a photo.jpg", "a/b")
    assert (asset.kind, asset.media_type) == (Kind.PICTURE, "image/jpeg")
    assert asset.sha256 == hashlib.sha256(b"\xff\xd8\xff" + bytes(99)).hexdigest()
    assert (asset.size, asset.version, done.linked) == (102, 1, False)
    assert done.channel == world.channel
    assert world.objects == {"a/b/a_photo.jpg": b"\xff\xd8\xff" + bytes(99)}
    assert world.actions == ["channel.added", "asset.uploaded"]
    assert await world.is_whole()


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 5_000_000])
async def test_every_size_comes_back_identical(world: World, size: int) -> None:
    content = os.urandom(size)
    done = await world.upload("x.bin", content, size=size)
    assert await world.content(done.asset) == content
    assert await world.is_whole()


async def test_what_was_asked_for_is_kept_with_the_asset(world: World) -> None:
    taken = datetime(2020, 5, 1, 12, tzinfo=UTC)
    until = world.clock() + timedelta(days=1)
    done = await world.upload(
        "x.txt",
        visibility=Visibility.PRIVATE,
        modified_at=taken,
        expires_at=until,
        tags=("Sea ", "sea  side", "Sea"),
    )
    asset = await world.library.get(SERVER, done.asset.id)
    assert asset == done.asset
    assert asset.visibility is Visibility.PRIVATE
    assert asset.expires_at == until
    assert asset.tags == ("Sea", "sea side")
    store = await world.channels.stores.get(world.channel.id)
    kept = (await store.stat(asset.alias)).modified_at
    assert abs(kept - taken) < timedelta(milliseconds=1)


async def test_names_follow_the_mode_asked_for_or_the_setting(world: World) -> None:
    names = [
        (await world.upload("p q.jpg", bytes([n]), folder="f", naming=mode)).asset.alias
        for n, mode in enumerate((None, "default", "index", "index", "short", "origin"))
    ]
    assert names[0].startswith("f/1")
    assert names[0].endswith("_p_q.jpg")
    assert names[1] != names[0]
    assert names[2:4] == ["f/1.jpg", "f/2.jpg"]
    assert len(names[4]) == len("f/12345678.jpg")
    assert names[5] == "f/p_q.jpg"
    assert set(world.objects) == set(names)


async def test_sixteen_uploads_of_one_name_at_once_get_sixteen_aliases(each_world: World) -> None:
    world = each_world
    done = await asyncio.gather(*(world.upload("same name.txt", b"%d" % n) for n in range(16)))
    wanted = {"same_name.txt"} | {f"same_name ({n}).txt" for n in range(1, 16)}
    assert {one.asset.alias for one in done} == wanted
    assert await world.is_whole()


async def test_nfd_and_nfc_twins_collide(world: World) -> None:
    first = await world.upload("e\u0301.jpg", b"1")
    second = await world.upload("\u00e9.jpg", b"2")
    assert first.asset.alias == "\u00e9.jpg"
    assert second.asset.alias == "\u00e9 (1).jpg"


@pytest.mark.parametrize(
    "name",
    ["nul\0.jpg", "half\ud800.jpg", "bell\x07.jpg"],
)
async def test_names_that_cannot_be_cleaned_store_nothing(world: World, name: str) -> None:
    with pytest.raises(BadName):
        await world.upload(name)
    assert not world.objects
    assert not world.intents


@pytest.mark.parametrize(
    "name",
    ["x" * 4000 + ".jpg", "🏔️.jpg", "שלום.jpg", "CON", "a,b.jpg", "a%2Fb.jpg", "..", "", "../x/y"],
)
async def test_odd_names_are_stored_and_found_under_their_alias(world: World, name: str) -> None:
    done = await world.upload(name, b"odd")
    link = await world.catalogue.read(lambda records: records.links.by_alias(done.asset.alias))
    assert link is not None
    assert link.asset == done.asset
    assert world.objects == {done.asset.alias: b"odd"}
    assert "," not in done.asset.alias
    assert ".." not in done.asset.alias


# --- equal content --------------------------------------------------------------------------------


async def test_equal_content_is_linked_and_stored_once(world: World) -> None:
    first = await world.upload("a.txt", b"same")
    second = await world.upload("b.txt", b"same")
    await world.library.close()

    assert (first.linked, second.linked) == (False, True)
    assert second.asset.alias == "b.txt"
    assert world.objects == {"a.txt": b"same"}
    assert await world.content(second.asset) == b"same"
    assert await world.is_whole()


async def test_equal_content_is_stored_again_when_asked(world: World) -> None:
    await world.upload("a.txt", b"same")
    second = await world.upload("b.txt", b"same", duplicates="store")
    assert not second.linked
    assert set(world.objects) == {"a.txt", "b.txt"}


async def test_nothing_is_linked_to_an_object_that_has_vanished(world: World) -> None:
    await world.upload("a.txt", b"same")
    (world.folder / "a.txt").unlink()
    second = await world.upload("b.txt", b"same")
    assert not second.linked
    assert await world.content(second.asset) == b"same"


async def test_nothing_is_linked_to_an_object_changed_behind_our_back(world: World) -> None:
    await world.upload("a.txt", b"same")
    (world.folder / "a.txt").write_bytes(b"evil")
    second = await world.upload("b.txt", b"same")
    assert not second.linked
    assert await world.content(second.asset) == b"same"


async def test_equal_uploads_at_once_leave_no_dangling_placement(each_world: World) -> None:
    world = each_world
    done = await asyncio.gather(*(world.upload(f"{n}.txt", b"same") for n in range(8)))
    await world.library.close()
    for one in done:
        assert await world.content(one.asset) == b"same"
    assert await world.is_whole()


async def test_links_racing_purges_leave_no_dangling_placement(each_world: World) -> None:
    world = each_world
    for round_ in range(6):
        first = await world.upload(f"first {round_}.txt", b"same")
        _, second = await asyncio.gather(
            world.library.purge(SERVER, first.asset.id),
            world.upload(f"second {round_}.txt", b"same"),
        )
        await world.library.close()
        assert await world.content(second.asset) == b"same"
        assert await world.is_whole()
        await world.library.purge(SERVER, second.asset.id)
    assert world.objects == {}


# --- refusals -------------------------------------------------------------------------------------


async def test_more_bytes_than_allowed_are_refused(world: World) -> None:
    library = world.process("small", max_upload=1000)
    with pytest.raises(TooLarge):
        await library.upload(SERVER, UploadRequest("x", size=1001), body(b"x"))
    with pytest.raises(TooLarge):
        await library.upload(SERVER, UploadRequest("x"), body(bytes(1001)))
    assert not world.objects
    assert await world.is_whole()


@pytest.mark.parametrize("announced", [5, 3_000_000])
@pytest.mark.parametrize("sent", [4, 6, 2_999_999, 3_000_001])
async def test_a_lying_length_stores_nothing(world: World, announced: int, sent: int) -> None:
    with pytest.raises(Incomplete):
        await world.upload("x", bytes(sent), size=announced)
    assert await world.is_whole()


class ClientWentAway(Exception):
    """What a door may raise from the body."""


@pytest.mark.parametrize("after", [0, 1, 6])
async def test_a_body_that_breaks_stores_nothing(world: World, after: int) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        for _ in range(after):
            yield bytes(500_000)
        raise ClientWentAway

    with pytest.raises(ClientWentAway):
        await world.library.upload(SERVER, UploadRequest("x"), breaking())
    assert await world.is_whole()
    assert not world.objects


async def test_an_unknown_naming_mode_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        await world.upload("x", naming="fancy")


async def test_rights_are_needed_and_bound(world: World) -> None:
    with pytest.raises(Unauthenticated):
        await world.upload("x", actor=NOBODY)
    with pytest.raises(Forbidden):
        await world.upload("x", actor=an_actor(Scope.READ, Scope.LIST))
    bound = an_actor(Scope.UPLOAD, folder="a/b")
    for outside in ("", "a", "a/bc", "../a/b", "c/a/b"):
        with pytest.raises(Forbidden):
            await world.upload(f"{outside}/x" if outside else "c/x", actor=bound)
    inside = await world.upload("x", folder="a/b/c", actor=bound)
    assert inside.asset.folder == "a/b/c"
    assert not [path for path in world.objects if not path.startswith("a/b/")]


async def test_an_upload_without_a_folder_goes_to_the_folder_a_token_is_bound_to(
    world: World,
) -> None:
    done = await world.upload("x.txt", actor=an_actor(Scope.UPLOAD, folder="a/b"))
    assert done.asset.alias == "a/b/x.txt"


async def test_the_channel_asked_for_takes_the_upload(world: World) -> None:
    world.clock.advance(1)
    other = await world.channels.add(SERVER, provider="memory", name="Memory", options={})
    assert (await world.upload("1", b"1", channel="Memory")).channel == other
    assert (await world.upload("2", b"2", channel=other.id)).channel == other
    assert (await world.upload("3", b"3")).channel == world.channel
    bound = an_actor(Scope.UPLOAD, channel_id=other.id)
    assert (await world.upload("4", b"4", actor=bound)).channel == other
    with pytest.raises(Forbidden):
        await world.upload("5", actor=bound, channel="Disk")


async def test_a_channel_that_cannot_take_it_says_why_and_what_to_do(world: World) -> None:
    async def refusal(channel: str | None = None) -> FanlightError:
        with pytest.raises(FanlightError) as refused:
            await world.upload("x", channel=channel)
        assert refused.value.public_remedy
        return refused.value

    assert isinstance(await refusal("nowhere"), NotFound)
    await world.channels.update(SERVER, world.channel.id, uploads=False)
    assert isinstance(await refusal("Disk"), ReadOnly)
    assert (await refusal()).public_code == "not-found.channel"
    await world.channels.update(SERVER, world.channel.id, uploads=True, enabled=False)
    assert isinstance(await refusal("Disk"), Conflict)
    assert await world.is_whole()


async def test_a_folder_that_has_gone_is_a_named_error_and_nothing_is_left(world: World) -> None:
    world.folder.rmdir()
    with pytest.raises(FanlightError) as refused:
        await world.upload("x")
    assert refused.value.public_code == "storage-unavailable"
    world.folder.mkdir()
    world.clock.advance(60)
    await world.library.reconcile()
    assert await world.is_whole()


# --- objects we know nothing of -------------------------------------------------------------------


@pytest.mark.parametrize("size", [10, 3_000_000])
async def test_an_object_of_somebody_else_is_neither_touched_nor_adopted(
    world: World, size: int
) -> None:
    (world.folder / "x.bin").write_bytes(b"theirs")
    (world.folder / "x (1).bin").write_bytes(b"theirs too")
    done = await world.upload("x.bin", bytes(size))
    assert done.asset.alias == "x (2).bin"
    assert world.objects["x.bin"] == b"theirs"
    assert world.objects["x (1).bin"] == b"theirs too"
    assert await world.content(done.asset) == bytes(size)
    assert not world.intents
