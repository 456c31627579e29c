"""Two `serve` processes on one catalogue, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.support.server import make_owner, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def post(session: aiohttp.ClientSession, url: str, number: int) -> str:
    form = aiohttp.FormData()
    form.add_field("file", b"content %d" % number, filename="same name.txt")
    async with session.post(f"{url}/upload?uploadNameType=origin", data=form) as answer:
        assert answer.status == 200, await answer.text()
        return (await answer.json())[0]["src"]


async def both_serve_one_catalogue(data: Path, **settings: Any) -> None:
    token = make_owner(data, **settings)
    headers = {"Authorization": f"Bearer {token}"}
    with (
        serving(data, **settings) as first,
        serving(data, **settings) as second,
        # both start at once on a catalogue that exists; the contract suite starts both on none
    ):
        async with aiohttp.ClientSession(headers=headers) as session:
            names = await asyncio.gather(
                *(post(session, (first, second)[n % 2].url, n) for n in range(40))
            )
            assert len(set(names)) == 40, "two uploads were given one name"

            for name in names[:6]:
                for server in (first, second):
                    async with session.get(server.url + name.replace(" ", "%20")) as answer:
                        assert answer.status == 200
            await deleted_on_one_stops_on_the_other(session, first.url, second.url, names[0])


async def deleted_on_one_stops_on_the_other(
    session: aiohttp.ClientSession, first: str, second: str, name: str
) -> None:
    alias = name.removeprefix("/file/")
    async with session.get(f"{first}/api/v1/assets?limit=500") as answer:
        items = (await answer.json())["items"]
    asset = next(item for item in items if item["alias"] == alias)
    async with session.delete(f"{first}/api/v1/assets/{asset['id']}") as answer:
        assert answer.status in (200, 204), await answer.text()
    deleted_at = time.monotonic()
    await asyncio.sleep(max(0.0, deleted_at + 1.0 - time.monotonic()))
    async with session.get(second + name.replace(" ", "%20")) as answer:
        assert answer.status == 404, "a deleted asset still answers after a second"


async def test_two_processes_share_one_sqlite_catalogue(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    await both_serve_one_catalogue(data)


async def test_two_processes_share_one_postgresql_catalogue(
    tmp_path: Path, postgres_url: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    await both_serve_one_catalogue(data, database=postgres_url)
