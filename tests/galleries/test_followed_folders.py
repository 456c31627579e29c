"""Folders of an account that nobody has read as a whole: galleries follow them all the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.galleries import Galleries
from fanlight.model import SERVER, Visibility
from tests.galleries.stage import Stage
from tests.library.test_follow import Cloud, make_cloud

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.gallery_model import Gallery

pytestmark = pytest.mark.anyio
PHOTOS = ("w/1.jpg", "w/a/2.jpg", "tax/return.pdf", "other/3.jpg")


class Account(Stage):
    """A stage whose photos lie in somebody's cloud."""

    @property
    def cloud(self) -> Cloud:
        assert isinstance(self.world, Cloud)
        return self.world

    async def caught_up(self) -> None:
        """What has changed there is known, and shown."""
        await self.cloud.catch_up()
        await self.galleries.sync_channel(SERVER, self.channel_id)

    async def names(self, gallery: Gallery) -> set[str]:
        """The names a viewer sees, whatever their sections."""
        return set(await self.seen(gallery))

    async def known(self) -> list[str]:
        return sorted(await self.world.everything())


@pytest.fixture
async def account(sqlite_catalogue: Catalogue, tmp_path: Path) -> AsyncGenerator[Account]:
    cloud = await make_cloud(sqlite_catalogue, tmp_path)
    for path in PHOTOS:
        await cloud.put(path)
    galleries = Galleries(cloud.catalogue, cloud.channels, cloud.library, clock=cloud.clock)
    yield Account(cloud, galleries)
    await galleries.close()
    await cloud.library.close()


async def test_what_comes_into_the_folder_of_a_gallery_appears_and_nothing_else(
    account: Account,
) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")
    await account.galleries.fill(SERVER, gallery.id)
    assert await account.names(gallery) == {"1.jpg", "2.jpg"}
    await cloud.put("w/b/4.jpg")
    await cloud.put("tax/letter.pdf")
    await cloud.put("wide/5.jpg")
    await account.caught_up()
    assert await account.names(gallery) == {"1.jpg", "2.jpg", "4.jpg"}
    assert await account.known() == ["w/1.jpg", "w/a/2.jpg", "w/b/4.jpg"]
    assert (await cloud.everything())["w/b/4.jpg"].visibility is Visibility.PRIVATE


async def test_what_is_moved_edited_or_deleted_there_is_followed(account: Account) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")
    await account.galleries.fill(SERVER, gallery.id)
    before = await cloud.everything()
    await cloud.move("other/3.jpg", "w/3.jpg")
    await cloud.move("w/1.jpg", "w/a/1.jpg")
    await cloud.delete("w/a/2.jpg")
    await account.caught_up()
    assert await account.names(gallery) == {"1.jpg", "3.jpg"}
    after = await cloud.everything()
    assert after["w/a/1.jpg"].id == before["w/1.jpg"].id
    await cloud.put("w/3.jpg", b"edited")
    await account.caught_up()
    assert (await cloud.everything())["w/3.jpg"].id == after["w/3.jpg"].id
    assert await cloud.content((await cloud.everything())["w/3.jpg"]) == b"edited"


async def test_what_comes_while_the_folder_is_read_is_not_lost(account: Account) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")

    async def meanwhile(done: int, of: int | None, path: str) -> None:
        await cloud.put("w/late.jpg")

    await account.galleries.fill(SERVER, gallery.id, meanwhile)
    await account.caught_up()
    assert "late.jpg" in await account.seen(gallery)


async def test_a_lost_cursor_has_the_folders_read_again(account: Account) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")
    gone = await account.gallery("other")
    for one in (gallery, gone):
        await account.galleries.fill(SERVER, one.id)
    await cloud.put("w/4.jpg")
    await cloud.delete("w/1.jpg")
    await cloud.delete("other/3.jpg")
    cloud.cloud.inner.space.journal.forget()
    await account.caught_up()
    assert await account.names(gallery) == {"2.jpg", "4.jpg"}
    assert await account.seen(gone) == []
    assert "tax/return.pdf" not in await account.known()
    await cloud.put("w/5.jpg")
    await account.caught_up()
    assert await account.names(gallery) == {"2.jpg", "4.jpg", "5.jpg"}


async def test_the_watchers_follow_it_and_its_owner_may_have_it_read_as_a_whole(
    account: Account,
) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")
    assert await cloud.library.followed_in_part() == ()
    await account.galleries.fill(SERVER, gallery.id)
    assert await cloud.library.followed_in_part() == (account.channel_id,)
    assert await cloud.library.followed() == ()

    async def looked(done: int, of: int | None, message: str) -> None:
        assert message == "Following 1 channel."

    following = asyncio.create_task(cloud.library.follow(looked))
    try:
        await cloud.put("w/6.jpg")
        async with asyncio.timeout(60):
            while "w/6.jpg" not in await account.known():
                await asyncio.sleep(0.01)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    await cloud.index()
    assert await cloud.library.followed() == (account.channel_id,)
    assert set(PHOTOS) <= set(await account.known())


async def test_the_slow_recheck_finds_what_nobody_told(account: Account) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")
    await account.galleries.fill(SERVER, gallery.id)
    await cloud.put("w/7.jpg")
    await cloud.library.recheck_folders(SERVER)
    assert "w/7.jpg" in await account.known()
    assert "tax/return.pdf" not in await account.known()


async def test_looking_for_new_photos_reads_what_has_changed(account: Account) -> None:
    cloud, gallery = account.cloud, await account.gallery("w")
    await cloud.index()
    await account.galleries.fill(SERVER, gallery.id)
    await cloud.put("w/8.jpg")
    await account.galleries.fill(SERVER, gallery.id, anew=True)
    assert "8.jpg" in await account.seen(gallery)
