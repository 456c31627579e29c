"""Originals at Dropbox on their way to viewers, through real servers: what leaves it, and when."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from fanlight.delivery.parts.source import PART
from fanlight.storage.dropbox.content_hash import ContentHash
from tests.support.dropbox_server import House, house_at_dropbox
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tests.support.server import Server

pytestmark = pytest.mark.anyio

ORIGINAL = 20 * 1000 * 1000
FILM = 150 * 1000 * 1000
SLOW = 4 << 20
"""Bytes a second of one download, so that it is under way for a while."""
LINE = 16 << 20
"""Bytes that a connection may hold, with the buffers at both of its ends."""
PATIENT = aiohttp.ClientTimeout(total=None)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[House]:
    async with house_at_dropbox(tmp_path / "data") as made:
        yield made


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=PATIENT, connector=connector) as opened:
        yield opened


def put(house: House, name: str, size: int) -> str:
    """An original behind our back; its checksum."""
    return str(house.control.put_pattern(f"/{name}", size)["content_hash"])


async def publish(house: House, session: aiohttp.ClientSession, url: str, name: str) -> str:
    """The link of an original, before any byte of it was read."""
    async with session.get(f"{url}/api/v1/channels", headers=house.headers) as answer:
        (channel,) = (await answer.json())["items"]
    at = f"{url}/api/v1/channels/{channel['id']}/publish"
    async with session.post(at, json={"path": name}, headers=house.headers) as answer:
        assert answer.status == 200, await answer.text()
        return f"/a/{(await answer.json())['id']}"


async def view(session: aiohttp.ClientSession, url: str) -> str:
    """The checksum of what a viewer gets."""
    digest = ContentHash()
    async with session.get(url) as answer:
        assert answer.status == 200, await answer.text()
        async for chunk in answer.content.iter_any():
            digest.update(chunk)
    return digest.hexdigest()


def sent(house: House) -> int:
    """Bytes of originals that have left Dropbox."""
    return sum(one["bytes_out"] for one in house.calls("files/download"))


def under_way(house: House) -> bool:
    """Whether Dropbox is sending anything."""
    return any(one["seconds"] is None for one in house.calls("files/download"))


def peak(server: Server) -> int:
    """The most memory that the server's processes have had, together, in bytes."""
    assert server.process is not None
    waiting, found = [server.process.pid], 0
    while waiting:
        pid = waiting.pop()
        status = Path(f"/proc/{pid}/status").read_text()
        found += int(status.split("VmHWM:")[1].split()[0]) * 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        waiting += [int(child) for child in children.split()]
    return found


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.05)


async def test_twenty_viewers_at_two_servers_cost_one_download(
    house: House, session: aiohttp.ClientSession
) -> None:
    checksum = put(house, "photos.zip", ORIGINAL)
    house.control.behave(bytes_per_second=SLOW)
    with (
        serving(house.data, **house.settings) as first,
        serving(house.data, **house.settings) as second,
    ):
        link = await publish(house, session, first.url, "photos.zip")
        views = [view(session, server.url + link) for server in (first, second) for _ in range(10)]
        assert set(await asyncio.gather(*views)) == {checksum}
    assert sent(house) == ORIGINAL


async def test_a_server_that_is_killed_leaves_the_download_to_the_other(
    house: House, session: aiohttp.ClientSession
) -> None:
    checksum = put(house, "photos.zip", ORIGINAL)
    house.control.behave(bytes_per_second=SLOW)
    with (
        serving(house.data, **house.settings) as first,
        serving(house.data, **house.settings) as second,
    ):
        link = await publish(house, session, first.url, "photos.zip")
        lost = asyncio.create_task(view(session, first.url + link))
        await until(lambda: sent(house) > PART // 4)
        staying = asyncio.create_task(view(session, second.url + link))
        await until(lambda: sent(house) > PART // 2)
        first.kill()
        with suppress(aiohttp.ClientError):
            await lost
        assert await staying == checksum
        assert sent(house) < 2 * ORIGINAL, "only what was under way is fetched again"


async def test_dropbox_is_told_to_stop_when_the_viewer_has_left(
    house: House, session: aiohttp.ClientSession
) -> None:
    put(house, "photos.zip", FILM)
    house.control.behave(bytes_per_second=SLOW // 4)
    with serving(house.data, **house.settings) as server:
        link = await publish(house, session, server.url, "photos.zip")
        async with session.get(server.url + link) as answer:
            await answer.content.readexactly(1 << 20)
            answer.close()
        await until(lambda: not under_way(house))
        assert sent(house) < FILM // 2
        unfinished = house.data / "cache" / "originals" / "unfinished"
        await until(lambda: not list(unfinished.iterdir()))
        house.control.behave(bytes_per_second=None)
        head = {"Range": "bytes=0-9"}
        async with session.get(server.url + link, headers=head) as answer:
            assert (answer.status, len(await answer.read())) == (206, 10)


async def test_a_viewer_who_takes_nothing_holds_up_the_download_and_costs_no_memory(
    house: House, session: aiohttp.ClientSession
) -> None:
    checksum = put(house, "photos.zip", FILM)
    with serving(house.data, **house.settings) as server:
        link = await publish(house, session, server.url, "photos.zip")
        async with session.get(server.url + link, headers={"Range": "bytes=0-9"}) as answer:
            assert len(await answer.read()) == 10
        before, digest = peak(server), ContentHash()
        async with session.get(server.url + link) as answer:
            digest.update(await answer.content.readexactly(1 << 20))
            await until(lambda: not under_way(house))
            assert sent(house) < FILM * 3 // 4, "what is fetched ahead, and no more"
            async for chunk in answer.content.iter_any():
                digest.update(chunk)
        assert digest.hexdigest() == checksum
        hung_up = len(house.calls("files/download")) * LINE
        assert FILM <= sent(house) < FILM + hung_up, (
            "what a line held, and no more, was for nothing"
        )
        assert peak(server) - before < FILM // 2
