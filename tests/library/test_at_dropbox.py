"""Assets whose objects lie at Dropbox: many are moved and removed there by one batch each."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.channels import Channels
from fanlight.errors import AlreadyExists, Conflict, NotFound, ObjectMissing, StorageFull
from fanlight.library import Uploaded
from fanlight.library.bringing_back import Lost
from fanlight.model import SERVER
from tests.library.world import Clock, World, make_library
from tests.support.emulated import Emulated, emulator

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from fanlight.catalogue import Catalogue

pytestmark = pytest.mark.anyio

MANY = 14


class Cloud(World):
    """A world whose channel is an account at the emulator."""

    emulated: Emulated

    @property
    def tree(self) -> dict[str, str]:
        """Path -> content hash of every object there."""
        found = self.emulated.control.tree(account=self.emulated.account["account_id"])
        return {one["path"][1:]: one["content_hash"] for one in found if "size" in one}

    def calls(self, route: str) -> int:
        account = self.emulated.account["account_id"]
        return self.emulated.control.log(route, account=account)["count"]

    def behind(self, command: str, **more: Any) -> None:
        """Something happens at Dropbox by itself."""
        self.emulated.control.send(command, account=self.emulated.account["account_id"], **more)

    async def some(self, count: int = MANY) -> list[str]:
        return [
            (await self.upload(f"{number}.jpg", b"%d" % number, folder="a")).asset.id
            for number in range(count)
        ]


@pytest.fixture
async def cloud(sqlite_catalogue: Catalogue, tmp_path: Path) -> AsyncGenerator[Cloud]:
    emulated, clock = Emulated(emulator()), Clock()
    addresses = {"dropbox": emulated.handle.addresses.http}
    channels = Channels(sqlite_catalogue, clock=clock, addresses=addresses)
    options = {name: str(emulated.app[name]) for name in ("app_key", "app_secret")}
    channel = await channels.add(
        SERVER, provider="dropbox", name="Cloud", options=options, root="Fanlight"
    )
    grant = emulated.control.grant(
        str(emulated.app["app_key"]), str(emulated.account["account_id"])
    )
    await channels.connecting.paste(SERVER, channel.id, str(grant["refresh_token"]))
    library = make_library(sqlite_catalogue, channels, clock)
    cloud = Cloud(sqlite_catalogue, clock, channels, library, channel, tmp_path)
    cloud.emulated = emulated
    yield cloud
    await library.close()
    await channels.close()
    emulated.control.clear_faults()


async def test_many_are_moved_by_one_batch_and_their_links_stay(cloud: Cloud) -> None:
    ids = await cloud.some()
    moved = await cloud.library.move_many(SERVER, ids, "b/c")
    assert [asset.alias for asset in moved.done] == [f"b/c/{n}.jpg" for n in range(MANY)]
    assert [asset.id for asset in moved.done] == ids
    assert cloud.calls("files/move_batch_v2") == 1
    assert cloud.calls("files/move_v2") == 0
    assert set(cloud.tree) == {f"Fanlight/b/c/{n}.jpg" for n in range(MANY)}
    assert await cloud.content(moved.done[3]) == b"3"
    old = cloud.catalogue.read_now(lambda records: records.aliases.find("a/3.jpg"))
    assert old is not None
    assert (old.asset_id, old.current) == (ids[3], False)
    assert not cloud.intents


async def test_what_cannot_be_moved_there_keeps_no_other_from_it(cloud: Cloud) -> None:
    ids = await cloud.some()
    cloud.behind("files/put", path="/Fanlight/b/4.jpg", text="somebody's")
    cloud.behind("files/delete", path="/Fanlight/a/5.jpg")
    moved = await cloud.library.move_many(SERVER, [*ids, "gone"], "b")
    assert {one.asset_id: type(one.error) for one in moved.refused} == {
        ids[4]: Conflict,
        "gone": NotFound,
    }
    assert len(moved.done) == MANY - 1  # of what is not there the link alone goes
    assert not cloud.intents
    assert (await cloud.library.get(SERVER, ids[4])).alias == "a/4.jpg"


async def test_a_batch_whose_end_nobody_hears_of_is_settled_later(cloud: Cloud) -> None:
    ids = await cloud.some()
    account = cloud.emulated.account["account_id"]
    cloud.emulated.control.fault("lost_reply", "files/move_batch_v2", times=1, account=account)
    cloud.emulated.control.fault(
        "server_error", "files/get_metadata", skip=MANY, times=1000, account=account
    )
    moved = await cloud.library.move_many(SERVER, ids, "b")
    assert {type(one.error).__name__ for one in moved.refused} == {"StorageUnavailable"}
    cloud.emulated.control.clear_faults()
    cloud.clock.advance(60)
    report = await cloud.library.reconcile()
    assert report.moved == len(moved.refused)
    for number, asset_id in enumerate(ids):
        assert (await cloud.library.get(SERVER, asset_id)).alias == f"b/{number}.jpg"
    assert set(cloud.tree) == {f"Fanlight/b/{n}.jpg" for n in range(MANY)}


async def test_the_trash_is_emptied_by_one_batch(cloud: Cloud) -> None:
    ids = await cloud.some()
    await cloud.library.delete_many(SERVER, ids[:-1])
    assert len(cloud.tree) == MANY
    cloud.clock.advance(1)
    _, now = await cloud.library.in_trash(SERVER)
    assert await cloud.library.empty_trash(before=now) == MANY - 1
    assert set(cloud.tree) == {f"Fanlight/a/{MANY - 1}.jpg"}
    assert cloud.calls("files/delete_batch") == 1
    assert cloud.calls("files/delete_v2") == 0
    assert not cloud.intents


async def test_many_are_removed_for_good_by_one_batch(cloud: Cloud) -> None:
    ids = await cloud.some()
    cloud.behind("files/delete", path="/Fanlight/a/5.jpg")
    purged = await cloud.library.purge_many(SERVER, [*ids, "gone"])
    assert [asset.id for asset in purged.done] == ids
    assert [one.asset_id for one in purged.refused] == ["gone"]
    assert cloud.calls("files/delete_batch") == 1
    assert cloud.tree == {}
    assert not cloud.intents


async def test_a_rename_that_only_changes_case_is_made_there_too(cloud: Cloud) -> None:
    asset = (await cloud.upload("photo.jpg", b"bytes")).asset
    renamed = await cloud.library.move(SERVER, asset.id, name="Photo.JPG")
    assert (renamed.id, renamed.alias) == (asset.id, "Photo.JPG")
    assert set(cloud.tree) == {"Fanlight/Photo.JPG"}
    assert await cloud.content(renamed) == b"bytes"


async def test_an_account_that_fills_up_in_the_middle_keeps_what_had_room(cloud: Cloud) -> None:
    account = str(cloud.emulated.account["account_id"])
    cloud.emulated.control.change_account(account, quota=10_500)
    cloud.emulated.control.behave(write_lock_hold=[0.01, 0.02])
    uploads = (cloud.upload(f"{n}.bin", b"%04d" % n * 250) for n in range(20))
    results = await asyncio.gather(*uploads, return_exceptions=True)
    cloud.emulated.control.behave(write_lock_hold=None)
    kept = {f"Fanlight/{one.asset.alias}" for one in results if isinstance(one, Uploaded)}
    assert len(kept) == 10
    assert sum(isinstance(one, StorageFull) for one in results) == 10
    assert set(cloud.tree) == kept
    assert {f"Fanlight/{alias}" for alias in await cloud.everything()} == kept
    assert not cloud.intents


async def test_a_token_may_run_out_in_the_middle_of_an_upload_and_of_a_read(cloud: Cloud) -> None:
    account = cloud.emulated.account["account_id"]
    data = os.urandom(20 << 20)
    cloud.emulated.control.fault(
        "token_expired", "files/upload_session/append_v2", times=1, skip=1, account=account
    )
    asset = (await cloud.upload("film.bin", data)).asset
    cloud.emulated.control.fault("token_expired", "files/download", times=1, account=account)
    assert await cloud.content(asset) == data
    assert len(cloud.tree) == 1


# --- deleted at the service ---------------------------------------------------------------------


async def lost(cloud: Cloud, name: str = "Photo.jpg") -> str:
    """An asset whose object was deleted at Dropbox, and that we know of it."""
    asset = (await cloud.upload(name, b"bytes", folder="Trips")).asset
    await cloud.library.catch_up(SERVER, cloud.channel.id)
    cloud.behind("files/delete", path=f"/Fanlight/Trips/{name}")
    report = await cloud.library.catch_up(SERVER, cloud.channel.id)
    assert report.missing == 1
    return asset.id


async def test_what_was_deleted_there_is_brought_back(cloud: Cloud) -> None:
    asset_id = await lost(cloud)
    assert await cloud.library.lost(SERVER, asset_id) == Lost("Cloud", restorable=True)
    asset = await cloud.library.restore(SERVER, asset_id)
    assert await cloud.library.lost(SERVER, asset_id) is None
    assert set(cloud.tree) == {"Fanlight/Trips/Photo.jpg"}
    assert await cloud.content(asset) == b"bytes"
    assert asset.alias == "Trips/Photo.jpg"
    report = await cloud.library.catch_up(SERVER, cloud.channel.id)
    assert (report.added, report.missing) == (0, 0)
    with pytest.raises(NotFound):
        await cloud.library.restore(SERVER, asset.id)


async def test_out_of_the_trash_it_comes_with_its_object(cloud: Cloud) -> None:
    asset_id = await lost(cloud)
    await cloud.library.delete(SERVER, asset_id)
    asset = await cloud.library.restore(SERVER, asset_id)
    assert asset.deleted_at is None
    assert await cloud.content(asset) == b"bytes"


async def test_nothing_is_brought_back_over_what_has_its_place(cloud: Cloud) -> None:
    asset_id = await lost(cloud)
    cloud.behind("files/put", path="/Fanlight/Trips/Photo.jpg", text="another")
    with pytest.raises(AlreadyExists):
        await cloud.library.restore(SERVER, asset_id)
    await cloud.library.delete(SERVER, asset_id)
    assert (await cloud.library.restore(SERVER, asset_id)).deleted_at is None


async def test_what_the_service_has_no_more_is_said_to_be_missing(cloud: Cloud) -> None:
    asset_id = await lost(cloud)
    places = cloud.catalogue.read_now(lambda records: records.placements.of(asset_id))
    cloud.catalogue.write_now(
        lambda records: records.placements.update(places[0].id, version="0" * 64)
    )
    with pytest.raises(ObjectMissing):
        await cloud.library.restore(SERVER, asset_id)
