"""Following what happens in a channel whose provider tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fanlight.channels import Channels
from fanlight.errors import JobCancelled, StorageUnavailable
from fanlight.model import SERVER, Channel, Kind, PlacementState, Visibility
from fanlight.storage.store import Store
from tests.library.world import Clock, World, make_library
from tests.storage.doubles import Fault, Following, as_provider

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.library import IndexReport
    from fanlight.model import Asset
    from fanlight.storage.base import Entry

pytestmark = pytest.mark.anyio

PAGE = 50


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data


@dataclass
class Cloud(World):
    """A world whose channel is somebody's cloud: objects have handles, changes are told."""

    cloud: Following

    async def put(self, path: str, data: bytes = b"bytes") -> Entry:
        """Somebody puts an object there, or edits it."""
        return await self.cloud.inner.put(path, once(data), ticket="t", overwrite=True)

    async def move(self, before: str, after: str) -> None:
        await self.cloud.inner.move(before, after)

    async def delete(self, path: str) -> None:
        await self.cloud.inner.delete(path)

    async def catch_up(self) -> IndexReport:
        self.clock.advance(1)
        return await self.library.catch_up(SERVER, self.channel.id)

    async def index(self) -> IndexReport:
        self.clock.advance(1)
        return await self.library.index(SERVER, self.channel.id)

    async def state(self, asset: Asset) -> PlacementState:
        (place,) = await self.library.placements(SERVER, asset.id)
        return place.state


async def make_cloud(catalogue: Catalogue, folder: Path) -> Cloud:
    clock, provider = Clock(), Following(page=PAGE)
    channels = Channels(catalogue, clock=clock)
    channel: Channel = await channels.add(SERVER, provider="memory", name="Cloud", options={})
    store = Store(as_provider(provider), name="Cloud")

    async def get(channel_id: str) -> Store:
        return store

    channels.stores.get = get
    library = make_library(catalogue, channels, clock)
    return Cloud(catalogue, clock, channels, library, channel, folder, provider)


@pytest.fixture
async def cloud(sqlite_catalogue: Catalogue, originals: Path) -> AsyncGenerator[Cloud]:
    made = await make_cloud(sqlite_catalogue, originals)
    yield made
    await made.library.close()


@pytest.fixture
async def each_cloud(catalogue: Catalogue, originals: Path) -> AsyncGenerator[Cloud]:
    made = await make_cloud(catalogue, originals)
    yield made
    await made.library.close()


async def test_objects_become_assets_without_a_byte_being_read(each_cloud: Cloud) -> None:
    cloud = each_cloud
    for number in range(PAGE * 2 + 10):
        await cloud.put(f"2026/{number:03d}.jpg", b"%d" % number)
    await cloud.put("2026/clip.mp4")
    await cloud.put(".hidden/secret.jpg")

    report = await cloud.index()

    assert (report.added, report.seen) == (PAGE * 2 + 11, PAGE * 2 + 12)
    assert "open" not in cloud.cloud.calls
    found = await cloud.everything()
    asset = found["2026/007.jpg"]
    assert (asset.kind, asset.media_type, asset.size) == (Kind.PICTURE, "image/jpeg", 1)
    assert (asset.sha256, asset.name, asset.folder) == ("", "007.jpg", "2026")
    assert found["2026/clip.mp4"].kind is Kind.VIDEO
    assert await cloud.content(asset) == b"7"


async def test_a_second_run_changes_nothing(each_cloud: Cloud) -> None:
    cloud = each_cloud
    await cloud.put("a/1.jpg")
    await cloud.upload("b/2.txt", b"2")
    await cloud.index()
    before = await cloud.everything()
    for report in (await cloud.catch_up(), await cloud.index(), await cloud.catch_up()):
        assert (report.added, report.changed, report.moved, report.missing) == (0, 0, 0, 0)
    assert await cloud.everything() == before
    assert set(before) == {"a/1.jpg", "b/2.txt"}


async def test_an_object_that_was_moved_and_renamed_keeps_its_asset(each_cloud: Cloud) -> None:
    cloud = each_cloud
    await cloud.put("a/Photo.jpg", b"photo")
    await cloud.index()
    before = (await cloud.everything())["a/Photo.jpg"]
    await cloud.move("a/Photo.jpg", "b/c/Best.jpg")

    report = await cloud.catch_up()

    assert (report.moved, report.added, report.missing, report.changed) == (1, 0, 0, 0)
    after = (await cloud.everything())["b/c/Best.jpg"]
    assert (after.id, after.version) == (before.id, before.version)
    assert (after.name, after.folder) == ("Best.jpg", "b/c")
    assert await cloud.content(after) == b"photo"
    old = await cloud.catalogue.read(lambda records: records.links.by_alias("a/Photo.jpg"))
    assert old is not None
    assert (old.asset.id, old.current) == (before.id, False)


async def test_an_alias_that_was_chosen_in_the_catalogue_stays(cloud: Cloud) -> None:
    await cloud.put("a/photo.jpg")
    await cloud.index()
    asset = (await cloud.everything())["a/photo.jpg"]
    chosen = "clients/anna.jpg"
    await cloud.catalogue.write(lambda records: records.aliases.set_current(asset.id, chosen))
    await cloud.move("a/photo.jpg", "b/photo.jpg")
    assert (await cloud.catch_up()).moved == 1
    assert set(await cloud.everything()) == {chosen}


async def test_names_that_were_swapped_keep_their_assets(cloud: Cloud) -> None:
    await cloud.put("1.jpg", b"first")
    await cloud.put("2.jpg", b"second")
    await cloud.index()
    before = await cloud.everything()
    for old, new in (("1.jpg", "x.jpg"), ("2.jpg", "1.jpg"), ("x.jpg", "2.jpg")):
        await cloud.move(old, new)
    await cloud.catch_up()
    for name, content in (("1.jpg", b"first"), ("2.jpg", b"second")):
        asset = await cloud.library.get(SERVER, before[name].id)
        assert await cloud.content(asset) == content
        assert asset.version == 1


async def test_an_edited_object_gets_a_new_version(each_cloud: Cloud) -> None:
    cloud = each_cloud
    await cloud.put("x.jpg", b"old")
    await cloud.index()
    before = (await cloud.everything())["x.jpg"]
    await cloud.put("x.jpg", b"newer")
    assert (await cloud.catch_up()).changed == 1
    after = (await cloud.everything())["x.jpg"]
    assert (after.id, after.version, after.size) == (before.id, 2, 5)
    assert await cloud.content(after) == b"newer"


async def test_an_object_that_was_written_again_as_it_was_stays_the_same(cloud: Cloud) -> None:
    await cloud.put("x.jpg", b"same")
    await cloud.index()
    await cloud.put("x.jpg", b"same")
    assert (await cloud.catch_up()).changed == 0
    asset = (await cloud.everything())["x.jpg"]
    assert asset.version == 1
    assert await cloud.content(asset) == b"same"


async def test_an_uploaded_asset_keeps_its_checksum_when_its_object_is_moved(cloud: Cloud) -> None:
    before = (await cloud.upload("a/x.txt", b"text")).asset
    await cloud.index()
    await cloud.move("a/x.txt", "b/y.txt")
    await cloud.catch_up()
    after = await cloud.library.get(SERVER, before.id)
    assert (after.alias, after.sha256, after.version) == ("b/y.txt", before.sha256, 1)


async def test_a_deleted_object_is_missing_until_it_is_restored(each_cloud: Cloud) -> None:
    cloud = each_cloud
    await cloud.put("x.jpg", b"x")
    await cloud.index()
    asset = (await cloud.everything())["x.jpg"]
    await cloud.delete("x.jpg")
    assert (await cloud.catch_up()).missing == 1
    assert await cloud.state(asset) is PlacementState.MISSING
    await cloud.put("x.jpg", b"x")
    assert (await cloud.catch_up()).back == 1
    assert await cloud.state(asset) is PlacementState.STORED
    assert (await cloud.library.get(SERVER, asset.id)).version == 1
    assert await cloud.content(asset) == b"x"


async def test_an_object_that_was_replaced_by_another_keeps_its_link(cloud: Cloud) -> None:
    await cloud.put("x.jpg", b"before")
    await cloud.index()
    asset = (await cloud.everything())["x.jpg"]
    await cloud.delete("x.jpg")
    await cloud.put("x.jpg", b"after")
    report = await cloud.catch_up()
    assert (report.added, report.changed) == (0, 1)
    assert await cloud.content(await cloud.library.get(SERVER, asset.id)) == b"after"
    assert set(await cloud.everything()) == {"x.jpg"}


async def test_a_deleted_folder_takes_its_children(each_cloud: Cloud) -> None:
    cloud = each_cloud
    for path in ("a/1.jpg", "a/b/2.jpg", "a/b/3.jpg", "a b/4.jpg", "c/5.jpg"):
        await cloud.put(path)
    await cloud.index()
    for path in ("a/1.jpg", "a/b/2.jpg", "a/b/3.jpg"):
        await cloud.delete(path)
    cloud.cloud.inner.space.journal.note("a")
    assert (await cloud.catch_up()).missing == 3
    states = {path: await cloud.state(one) for path, one in (await cloud.everything()).items()}
    there = [path for path, state in states.items() if state is PlacementState.STORED]
    assert sorted(there) == ["a b/4.jpg", "c/5.jpg"]


async def test_a_lost_cursor_has_everything_read_again_and_compared(each_cloud: Cloud) -> None:
    cloud = each_cloud
    for number in range(PAGE + 10):
        await cloud.put(f"{number:02d}.jpg", b"%d" % number)
    await cloud.index()
    before = await cloud.everything()
    await cloud.delete("03.jpg")
    await cloud.delete("04.jpg")
    await cloud.put("04.jpg", b"another object")
    await cloud.move("05.jpg", "moved.jpg")
    await cloud.put("06.jpg", b"edited")
    await cloud.put("new.jpg")
    cloud.cloud.inner.space.journal.forget()

    report = await cloud.catch_up()

    assert (report.added, report.changed, report.moved) == (1, 2, 1)
    assert report.missing == 1
    after = await cloud.everything()
    assert after["moved.jpg"].id == before["05.jpg"].id
    assert after["04.jpg"].id == before["04.jpg"].id
    assert await cloud.state(before["03.jpg"]) is PlacementState.MISSING
    assert await cloud.state(before["00.jpg"]) is PlacementState.STORED
    assert len(after) == len(before) + 1


async def test_a_run_goes_on_where_another_was_interrupted(each_cloud: Cloud) -> None:
    cloud = each_cloud
    for number in range(PAGE * 3):
        await cloud.put(f"{number:03d}.jpg")
    told: list[int] = []

    async def stop(done: int, total: int | None, message: str) -> None:
        told.append(done)
        if len(told) == 2:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        await cloud.library.index(SERVER, cloud.channel.id, stop)
    assert told == [PAGE, PAGE * 2]
    asked = cloud.cloud.calls.count("changes")
    library = cloud.process("other")
    report = await library.index(SERVER, cloud.channel.id, stop)
    assert report.added == PAGE
    assert told[-1] == PAGE * 3
    assert cloud.cloud.calls.count("changes") - asked == 3, "a page, the end, what came since"
    assert len(await cloud.everything()) == PAGE * 3


async def test_a_failure_in_the_middle_is_made_good_by_the_next_run(cloud: Cloud) -> None:
    for number in range(PAGE * 2):
        await cloud.put(f"{number:03d}.jpg")
    down = [Fault(), *(Fault(before=StorageUnavailable()) for _ in range(4))]
    cloud.cloud.plan["changes"] = down
    with pytest.raises(StorageUnavailable):
        await cloud.index()
    await cloud.delete("000.jpg")
    await cloud.delete("099.jpg")
    report = await cloud.index()
    assert (report.added, report.missing) == (PAGE - 1, 1)


async def test_a_folder_that_is_deleted_while_it_is_read_is_missing_in_the_end(
    cloud: Cloud,
) -> None:
    folder = [f"a/{number:03d}.jpg" for number in range(PAGE * 2)]
    for path in (*folder, "z/kept.jpg"):
        await cloud.put(path)

    async def delete(done: int, of: int | None, path: str) -> None:
        while folder:
            await cloud.delete(folder.pop())

    report = await cloud.library.index(SERVER, cloud.channel.id, delete)
    assert (report.added, report.missing) == (PAGE + 1, PAGE), "the first page, and what was left"
    known = await cloud.everything()
    there = [path for path in known if await cloud.state(known[path]) is PlacementState.STORED]
    assert there == ["z/kept.jpg"]


async def test_runs_at_once_give_each_object_one_asset(each_cloud: Cloud) -> None:
    cloud = each_cloud
    for number in range(PAGE * 2):
        await cloud.put(f"{number:03d}.jpg")
    libraries = [cloud.process(f"run {number}") for number in range(3)]
    await asyncio.gather(*(one.index(SERVER, cloud.channel.id) for one in libraries))
    assert len(await cloud.everything()) == PAGE * 2
    reading = await cloud.library.reading(cloud.channel.id)
    assert reading is not None
    assert reading.began_at is None


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_found_assets_are_seen_by_whom_the_channel_says(
    cloud: Cloud, visibility: Visibility
) -> None:
    await cloud.channels.update(SERVER, cloud.channel.id, found=visibility)
    await cloud.put("x.jpg")
    await cloud.index()
    assert (await cloud.everything())["x.jpg"].visibility is visibility


async def test_a_name_that_is_taken_is_numbered_and_still_followed(cloud: Cloud) -> None:
    (cloud.folder / "x").mkdir()
    await cloud.put("x.jpg", b"cloud")
    other = (await cloud.upload("y.jpg", b"other")).asset
    await cloud.catalogue.write(lambda records: records.aliases.set_current(other.id, "x.jpg"))
    await cloud.index()
    found = await cloud.everything()
    assert set(found) == {"x.jpg", "x (1).jpg"}
    await cloud.move("x.jpg", "trips/x.jpg")
    await cloud.catch_up()
    assert (await cloud.everything())["trips/x.jpg"].id == found["x (1).jpg"].id
