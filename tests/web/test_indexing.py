"""A channel at a real service is read for the first time, and what may come between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import JobCancelled
from fanlight.model import SERVER, PlacementState, Scope
from tests.web.test_connect import near
from tests.web.test_following import connected
from tests.web.test_studio import send, signed_in, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from fanlight.library import IndexReport
    from fanlight.model import Asset, Job, Reading
    from tests.web.conftest import House

__all__ = ["near"]
pytestmark = pytest.mark.anyio

PAGE, MORE = 2000, 150
"""Entries that the service gives at once, and some that take a second call."""
LIST, ON = "files/list_folder", "files/list_folder/continue"


@dataclass
class Cloud:
    """A connected channel whose root is `/fanlight`."""

    house: House
    emulator: EmulatorHandle
    channel: str

    async def index(self, then: Callable[[], object] | None = None) -> IndexReport:
        """Read all of it; `then` is done after the first page."""

        async def progress(done: int, total: int | None, message: str) -> None:
            del total, message
            if then is not None and done <= PAGE:
                then()

        return await self.house.fanlight.library.index(SERVER, self.channel, progress)

    async def everything(self) -> dict[str, Asset]:
        """By path."""
        found: dict[str, Asset] = {}
        after: str | None = None
        while True:
            page = await self.house.fanlight.library.page(SERVER, limit=500, after=after)
            found |= {asset.alias: asset for asset in page.items}
            after = page.next
            if after is None:
                return found

    async def missing(self) -> set[str]:
        """Paths of assets whose object is not there."""
        library, found = self.house.fanlight.library, set[str]()
        for alias, asset in (await self.everything()).items():
            (place,) = await library.placements(SERVER, asset.id)
            if place.state is PlacementState.MISSING:
                found.add(alias)
        return found

    async def reading(self) -> Reading | None:
        return await self.house.fanlight.library.reading(self.channel)

    def asked(self, route: str) -> int:
        return int(self.emulator.control.log(route)["count"])

    def passes(self) -> int:
        """How often reading was begun from the beginning."""
        calls = self.emulator.control.log(LIST)["requests"]
        return sum(bool(one["arg"].get("recursive")) for one in calls)

    async def jobs(self) -> list[Job]:
        jobs = (await self.house.fanlight.jobs.list()).items
        return [job for job in jobs if job.task == "index_channel"]


@pytest.fixture
async def cloud(near: House, dropbox_emulator: EmulatorHandle) -> Cloud:
    _, channel, _ = await connected(near, dropbox_emulator)
    return Cloud(near, dropbox_emulator, channel)


def many(cloud: Cloud, folder: str, count: int) -> None:
    cloud.emulator.control.send("files/many", path=f"/fanlight/{folder}", count=count)


# --- how it begins ------------------------------------------------------------------------------


async def test_a_channel_with_a_folder_of_its_own_is_read_once_it_is_connected(
    cloud: Cloud,
) -> None:
    (job,) = await cloud.jobs()
    assert job.arguments == {"channel_id": cloud.channel}
    owner = await signed_in(cloud.house)
    home = f"/studio/channels/{cloud.channel}"
    assert "Being read now" in words(await owner.get(home))
    await cloud.house.fanlight.jobs.cancel(job.id)
    assert "It was not read yet" in words(await owner.get(home))
    await cloud.index()
    said = words(await owner.get(home))
    assert "1 object when it was last read from end to end" in said
    assert "Changes appear by themselves" in said


async def test_of_a_channel_that_only_galleries_show_its_page_says_so(cloud: Cloud) -> None:
    jobs, owner = cloud.house.fanlight.jobs, await signed_in(cloud.house)
    for job in await cloud.jobs():
        await jobs.cancel(job.id)
    cloud.emulator.control.put("/fanlight/w/1.jpg", "as good as a photo")
    client = await cloud.house.bearer(Scope.MANAGE)
    wish = {"title": "Anna", "sources": [{"channel_id": cloud.channel, "path": "w"}]}
    made = await client.post("/api/v1/galleries", json=wish)
    assert made.status_code == 201, made.text
    await cloud.house.fanlight.galleries.fill(SERVER, made.json()["id"])
    said = words(await owner.get(f"/studio/channels/{cloud.channel}"))
    assert "Only the folders that galleries show are read" in said
    assert "What is new in them appears by itself" in said
    assert "Read all of it" in said
    assert "dogs/rex.txt" not in await cloud.everything()


async def test_a_channel_that_was_read_is_not_read_anew_when_it_is_connected_again(
    cloud: Cloud, dropbox_emulator: EmulatorHandle
) -> None:
    await cloud.house.fanlight.jobs.cancel((await cloud.jobs())[0].id)
    await cloud.index()
    token = str(dropbox_emulator.control.grant()["refresh_token"])
    await cloud.house.fanlight.channels.connecting.paste(SERVER, cloud.channel, token)
    assert len(await cloud.jobs()) == 1


async def test_a_whole_account_is_read_when_its_owner_says_so(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    control = dropbox_emulator.control
    app, token = control.add_app("Photos"), str(control.grant()["refresh_token"])
    options = {"app_key": app["app_key"], "app_secret": app["app_secret"]}
    channels = near.fanlight.channels
    whole = await channels.add(
        SERVER, provider="dropbox", name="All", options=options, root="", uploads=False
    )
    await channels.connecting.paste(SERVER, whole.id, token)
    cloud = Cloud(near, dropbox_emulator, whole.id)
    assert not await cloud.jobs()
    owner = await signed_in(near)
    home = f"/studio/channels/{whole.id}"
    said = words(await owner.get(home))
    assert "Names, sizes and dates are read, no photos" in said
    assert "yours alone until you publish it" in said
    await send(owner, home, f"{home}/index")
    assert len(await cloud.jobs()) == 1


async def test_a_folder_that_is_made_with_the_first_upload_is_followed_before_it_is_there(
    cloud: Cloud,
) -> None:
    cloud.emulator.control.delete("/fanlight")
    report = await cloud.index()
    assert (report.added, report.seen) == (0, 0)
    assert cloud.channel in await cloud.house.fanlight.library.followed()
    cloud.emulator.control.put("/fanlight/dogs/new.txt", "a dog")
    assert (await cloud.house.fanlight.library.catch_up(SERVER, cloud.channel)).added == 1
    reading = await cloud.reading()
    assert reading is not None
    assert reading.cursor


# --- what may come between ------------------------------------------------------------------------


async def test_what_was_interrupted_goes_on_where_it_was(cloud: Cloud) -> None:
    many(cloud, "many", PAGE + MORE)

    def cancel() -> None:
        raise JobCancelled

    with pytest.raises(JobCancelled):
        await cloud.index(cancel)
    half = len(await cloud.everything())
    assert 0 < half <= PAGE
    report = await cloud.index()
    assert report.added == PAGE + MORE + 1 - half, "nothing is done twice"
    assert len(await cloud.everything()) == PAGE + MORE + 1
    assert (cloud.passes(), await cloud.missing()) == (1, set())


async def test_a_folder_that_is_deleted_in_the_middle_is_not_there_in_the_end(
    cloud: Cloud,
) -> None:
    many(cloud, "many", PAGE)
    many(cloud, "other", MORE)
    await cloud.index(lambda: cloud.emulator.control.delete("/fanlight/many"))
    assert cloud.asked(ON) >= 1, "there was a middle"
    # what the pages missed comes after them: so a watcher begins
    await cloud.house.fanlight.library.catch_up(SERVER, cloud.channel)
    there = {alias for alias in await cloud.everything() if alias.startswith("other/")}
    assert len(there) == MORE
    left = set(await cloud.everything()) - await cloud.missing()
    assert left == {*there, "dogs/rex.txt"}
    again = await cloud.index()
    assert (again.added, again.missing, again.changed) == (0, 0, 0)


async def test_a_lost_cursor_has_everything_compared_and_nothing_lost(cloud: Cloud) -> None:
    many(cloud, "many", MORE)
    await cloud.index()
    before = await cloud.everything()
    control = cloud.emulator.control
    control.delete("/fanlight/many/file 000007.txt")
    control.move("/fanlight/many/file 000008.txt", "/fanlight/moved.txt")
    control.put("/fanlight/new.txt", "new")
    control.reset_cursors()

    report = await cloud.house.fanlight.library.catch_up(SERVER, cloud.channel)

    assert (report.added, report.missing, report.moved, report.changed) == (1, 1, 1, 0)
    after = await cloud.everything()
    assert after["moved.txt"].id == before["many/file 000008.txt"].id
    assert await cloud.missing() == {"many/file 000007.txt"}
    same = before.keys() & after.keys()
    assert len(same) == MORE
    assert {after[alias].id for alias in same} == {before[alias].id for alias in same}
