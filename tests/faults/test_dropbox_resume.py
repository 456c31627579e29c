"""A large upload to Dropbox through our door, broken in the middle: it goes on where it was."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import pytest

from fanlight.storage.dropbox.content_hash import content_hash
from tests.support.dropbox_server import house_at_dropbox
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support.dropbox_server import House
    from tests.support.server import Server

pytestmark = pytest.mark.anyio

PIECE, CHUNK = 8 << 20, 1 << 18
FILM = os.urandom(6 * PIECE + 9)


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]


async def halting() -> AsyncIterator[bytes]:
    """The film up to its sixth piece, and then nothing more."""
    async for chunk in chunks(FILM[: 5 * PIECE]):
        yield chunk
    await asyncio.Event().wait()


async def post(house: House, url: str, body: AsyncIterator[bytes]) -> dict[str, object]:
    headers = {**house.headers, "Content-Length": str(len(FILM)), "Content-Type": "video/mp4"}
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        address = f"{url}/api/v1/assets?name=film.mp4&naming=origin"
        async with session.post(address, data=body) as answer:
            assert answer.status == 201, await answer.text()
            return await answer.json()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


def offsets(house: House) -> list[int]:
    """The pieces that were sent, by number."""
    calls = house.calls("files/upload_session/append_v2")
    return sorted(one["arg"]["cursor"]["offset"] // PIECE for one in calls if one["bytes_in"])


async def broken_in_the_middle(
    house: House, server: Server, break_off: Callable[[asyncio.Task[object]], object]
) -> None:
    sending: asyncio.Task[object] = asyncio.create_task(post(house, server.url, halting()))
    await until(lambda: house.noted() == 4)
    assert offsets(house) == [0, 1, 2, 3]
    house.control.clear_log()
    break_off(sending)
    sending.cancel()
    with suppress(aiohttp.ClientError, ConnectionError, asyncio.CancelledError):
        await sending


async def sent_again(house: House, server: Server) -> object:
    made = await post(house, server.url, chunks(FILM))
    assert offsets(house) == [4, 5, 6]
    assert house.calls("files/upload_session/start") == []
    (stored,) = house.objects().values()
    assert stored["content_hash"] == content_hash(FILM)
    async with (
        aiohttp.ClientSession(headers=house.headers) as session,
        session.get(f"{server.url}/api/v1/assets?limit=10") as answer,
    ):
        (asset,) = (await answer.json())["items"]
    assert asset["id"] == made["id"]
    return asset["alias"]


async def test_after_a_kill_of_the_server(tmp_path: Path) -> None:
    async with house_at_dropbox(tmp_path / "data") as house:
        with serving(house.data, **house.settings) as server:
            await broken_in_the_middle(house, server, lambda _: server.kill())
            server.start()
            assert await sent_again(house, server) == "film.mp4"


async def test_after_a_kill_between_the_commit_and_its_reply(tmp_path: Path) -> None:
    async with house_at_dropbox(tmp_path / "data") as house:
        finish = "files/upload_session/finish*"
        house.control.fault("slow_first_byte", finish, seconds=600)
        with serving(house.data, **house.settings) as server:
            sending = asyncio.create_task(post(house, server.url, chunks(FILM)))
            await until(lambda: bool(house.objects()))
            server.kill()
            with suppress(aiohttp.ClientError, ConnectionError):
                await sending
            house.control.clear_faults()
            house.control.clear_log()
            server.start()
            made = await post(house, server.url, chunks(FILM))
            assert made["alias"] == "film.mp4"
            assert offsets(house) == [], "what is there is not sent again"
            (stored,) = house.objects().values()
            assert stored["content_hash"] == content_hash(FILM)


async def test_after_the_line_to_the_client_was_cut(tmp_path: Path) -> None:
    async with house_at_dropbox(tmp_path / "data") as house:
        with serving(house.data, **house.settings) as server:
            await broken_in_the_middle(house, server, lambda sending: sending.cancel())
            await sent_again(house, server)
