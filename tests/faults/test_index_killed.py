"""kill -9 of a server that is reading a channel: the next one goes on where it was."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.support.dropbox_server import House, house_at_dropbox
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.anyio

ENTRIES, PAGE = 6000, 2000
"""Objects in the account, and how many the service tells of at once."""


def found(house: House, what: str) -> int:
    """A number that the catalogue gives, read past the server."""
    with closing(sqlite3.connect(house.data / "fanlight.db", timeout=30)) as database:
        return int(database.execute(f"SELECT {what}").fetchone()[0])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(180):
        while not condition():
            await asyncio.sleep(0.02)


async def begin(house: House, url: str) -> None:
    """Have the channel read."""
    async with aiohttp.ClientSession(headers=house.headers) as session:
        async with session.get(f"{url}/api/v1/channels") as answer:
            (channel,) = (await answer.json())["items"]
        async with session.post(f"{url}/api/v1/channels/{channel['id']}/index") as answer:
            assert answer.status == 202, await answer.text()


async def test_what_was_read_is_neither_read_again_nor_lost(tmp_path: Path) -> None:
    async with house_at_dropbox(tmp_path / "data") as house:
        house.control.send("files/many", path="/many", count=ENTRIES)
        with serving(house.data, **house.settings) as server:
            await begin(house, server.url)
            await until(lambda: found(house, "count(*) FROM asset") > PAGE + 200)
            server.kill()
        with serving(house.data, **house.settings):
            await until(lambda: found(house, "count(*) FROM reading WHERE whole") == 1)
        assert found(house, "count(*) FROM asset") == ENTRIES
        assert found(house, "count(DISTINCT path) FROM placement") == ENTRIES
        assert found(house, "count(*) FROM placement WHERE state <> 'stored'") == 0
        begun = [one for one in house.calls("files/list_folder") if one["arg"].get("recursive")]
        assert len(begun) == 1, "it goes on from the cursor that was kept"
