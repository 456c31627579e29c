"""Covers of folders that nobody has read yet, on the page that walks through an account."""

from __future__ import annotations

import asyncio
import html
import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from fanlight.model import SERVER
from tests.support.workshop import a_picture
from tests.web.test_connect import near
from tests.web.test_following import connected
from tests.web.test_studio import signed_in

if TYPE_CHECKING:
    import httpx2

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from tests.web.conftest import House

__all__ = ["near"]
pytestmark = pytest.mark.anyio

NEW, FOLDERS = "/studio/galleries/new", 8


def covers_on(page: httpx2.Response) -> list[str]:
    """The addresses of covers, which a browser asks for when they come into view."""
    found = re.findall(r'<img src="([^"]+)" alt="" loading="lazy"', page.text)
    return [html.unescape(one) for one in found]


def put(house: House, path: str, body: bytes) -> None:
    place = house.originals / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body)


async def test_folders_of_an_unread_account_share_few_calls(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    _, channel, _ = await connected(near, dropbox_emulator)
    control = dropbox_emulator.control
    for number in range(FOLDERS):
        control.photos(1, path=f"/fanlight/weddings/{number}", long_edge=800)
    client = await signed_in(near)

    page = await client.get(f"{NEW}?channel={channel}&path=weddings")
    assert not control.log("files/get_thumbnail_batch")["count"], "the page waits for none"
    addresses = covers_on(page)
    assert len(addresses) == FOLDERS
    listed = control.log("files/list_folder")["count"]
    covers = await asyncio.gather(*(client.get(one) for one in addresses))

    for cover in covers:
        assert cover.status_code == 200, cover.text
        assert max(Image.open(io.BytesIO(cover.content)).size) == 320
        assert cover.headers["cache-control"] == "private, max-age=86400"
    calls = control.log("files/get_thumbnail_batch")["requests"]
    assert sum(len(one["arg"]["entries"]) for one in calls) == FOLDERS
    assert len(calls) <= FOLDERS // 2, "one where the machine keeps up with the asking"
    assert control.log("files/list_folder")["count"] == listed
    assert not any(control.log("files/download", status=one)["count"] for one in (200, 206))
    await asyncio.gather(*(client.get(one) for one in addresses))
    assert len(control.log("files/get_thumbnail_batch")["requests"]) == len(calls)
    assert not (await near.fanlight.library.page(SERVER, limit=1)).items


async def test_folders_here_show_their_own_first_photo(house: House) -> None:
    assert house.channel is not None
    photo = a_picture(1200, 800, "teal", "jpeg")
    put(house, "a & b/1.jpg", photo)
    put(house, "nested/day 1/1.jpg", photo)
    put(house, "texts/1.txt", b"text")
    (house.originals / "empty").mkdir()
    client = await signed_in(house)
    page = await client.get(NEW)
    direct, nested = covers_on(page)
    for address, kept in ((direct, 86_400), (nested, 60)):
        cover = await client.get(address, headers={"accept": "image/webp"})
        assert cover.headers["content-type"] == "image/webp"
        assert Image.open(io.BytesIO(cover.content)).size == (320, 213)
        assert cover.headers["cache-control"] == f"private, max-age={kept}"
    await house.fanlight.library.index(SERVER, house.channel.id)
    assert covers_on(await client.get(NEW))[0].startswith("/a/")


async def test_a_service_that_is_away_leaves_the_folders_standing(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    _, channel, _ = await connected(near, dropbox_emulator)
    dropbox_emulator.control.photos(1, path="/fanlight/wedding", long_edge=400)
    client = await signed_in(near)
    addresses = covers_on(await client.get(f"{NEW}?channel={channel}"))
    dropbox_emulator.control.fault(
        "server_error", "files/get_thumbnail_batch", status=503, times=1000
    )
    nothing = await client.get(addresses[-1])
    assert (nothing.status_code, nothing.headers["content-type"]) == (404, "image/svg+xml")


async def test_where_there_is_no_picture_the_folder_stays(house: House) -> None:
    assert house.channel is not None
    put(house, "texts/1.txt", b"text")
    put(house, "broken/1.jpg", b"\xff\xd8\xff not a picture")
    client = await signed_in(house)
    page = await client.get(NEW)
    assert "texts" in page.text
    (broken,) = covers_on(page)
    at = f"/studio/galleries/covers/{house.channel.id}?path="
    for address in (broken, f"{at}texts", f"{at}nowhere", "/studio/galleries/covers/nowhere"):
        nothing = await client.get(address)
        assert (nothing.status_code, nothing.headers["cache-control"]) == (404, "no-store")
        assert nothing.headers["content-type"] == "image/svg+xml"
    stranger = await house.client().get(broken)
    assert stranger.status_code == 303
    assert "/sign-in" in stranger.headers["location"]
