"""Originals that come from the provider itself, where the channel's owner wants it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fanlight.model import Scope
from fanlight.outgoing import Http
from tests.web.test_connect import near
from tests.web.test_following import DOG, connected
from tests.web.test_studio import send, signed_in, words

if TYPE_CHECKING:
    import httpx2

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from tests.web.conftest import House

__all__ = ["near"]
pytestmark = pytest.mark.anyio

LINKS = "files/get_temporary_link"


@dataclass
class Published:
    """A channel that redirects, with a dog in it that everybody may see."""

    house: House
    emulator: EmulatorHandle
    client: httpx2.AsyncClient
    channel: str
    asset: str
    app: dict[str, str]

    async def get(self, more: str = "", method: str = "GET", **headers: str) -> httpx2.Response:
        """What a stranger is answered."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.house.client().request(method, f"/a/{self.asset}{more}", headers=named)

    @property
    def asked(self) -> int:
        """How many addresses were asked for at the service."""
        return int(self.emulator.control.log(LINKS)["count"])


@pytest.fixture
async def published(near: House, dropbox_emulator: EmulatorHandle) -> Published:
    client, channel, app = await connected(near, dropbox_emulator)
    at = f"/api/v1/channels/{channel}"
    asset = (await client.post(f"{at}/publish", json={"path": "dogs/rex.txt"})).json()["id"]
    changed = await client.patch(at, json={"delivery": "redirect"})
    assert changed.json()["delivery"] == "redirect"
    return Published(near, dropbox_emulator, client, channel, asset, app)


async def at(sent: httpx2.Response) -> str:
    """What is to be had where the viewer was sent to."""
    assert sent.status_code == 302
    http = Http()
    async with await http.send("GET", sent.headers["location"]) as answer:
        text = (await answer.read()).decode()
    await http.close()
    return text


async def test_a_viewer_is_sent_to_the_service_and_gets_the_bytes_there(
    published: Published,
) -> None:
    first = await published.get()
    assert (first.status_code, first.content) == (302, b"")
    assert first.headers["cache-control"] == "no-store"
    assert await at(first) == DOG
    again = await published.get(range="bytes=0-")
    assert again.headers["location"] == first.headers["location"]
    assert published.asked == 1


async def test_what_is_not_the_whole_or_not_for_elsewhere_comes_through_us(
    published: Published,
) -> None:
    head = await published.get(method="HEAD")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(DOG)))
    part = await published.get(range="bytes=2-8")
    assert (part.status_code, part.text) == (206, DOG[2:9])
    assert (await published.get(if_none_match=head.headers["etag"])).status_code == 304
    for page in ({"sec_fetch_site": "same-origin"}, {"sec_fetch_mode": "cors"}):
        shown = await published.get(**page)
        assert (shown.status_code, shown.text) == (200, DOG)
    link = f"/api/v1/assets/{published.asset}"
    await published.client.patch(link, json={"visibility": "private"})
    assert (await published.get()).status_code == 403
    own = await published.client.get(f"/a/{published.asset}")
    assert (own.status_code, own.text) == (200, DOG)
    assert published.asked == 0


async def test_where_the_service_gives_no_address_the_bytes_come_through_us(
    published: Published,
) -> None:
    published.emulator.control.change_account(published.app["account"], links_banned=True)
    for _ in range(2):
        answer = await published.get()
        assert (answer.status_code, answer.text) == (200, DOG)
    assert published.asked == 1


async def test_what_was_edited_and_not_read_yet_is_not_sent_for_what_it_was(
    published: Published,
) -> None:
    published.emulator.control.put("/fanlight/dogs/rex.txt", "another dog")
    assert await at(await published.get()) == "another dog"


async def test_a_picture_never_comes_from_the_service(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    (path,) = dropbox_emulator.control.photos(1, path="/fanlight/dogs")
    at = f"/api/v1/channels/{channel}"
    found = await client.post(f"{at}/publish", json={"path": path.removeprefix("/fanlight/")})
    await client.patch(at, json={"delivery": "redirect"})
    link = f"/a/{found.json()['id']}"
    assert (await near.client().get(f"{link}/thumb")).status_code == 200
    assert (await near.client().get(f"{link}?width=320")).status_code == 200
    assert (await near.client().get(link)).status_code == 302


async def test_the_owner_chooses_it_where_the_service_has_such_addresses(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    _, channel, _ = await connected(near, dropbox_emulator)
    assert near.channel is not None
    owner = await signed_in(near)
    home = f"/studio/channels/{channel}"
    form = await owner.get(f"{home}/edit")
    assert "limits how much may flow through its addresses" in words(form)
    given = {"name": "Cloud", "root": "fanlight", "uploads": "yes", "delivery": "redirect"}
    await send(owner, f"{home}/edit", home, **given)
    assert "Public originals From Dropbox itself" in words(await owner.get(home))
    here = f"/studio/channels/{near.channel.id}"
    assert "limits how much" not in words(await owner.get(f"{here}/edit"))
    client = await near.bearer(Scope.MANAGE)
    refused = await client.patch(
        f"/api/v1/channels/{near.channel.id}", json={"delivery": "redirect"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "not-supported")
