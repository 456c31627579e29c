"""kill -9 in the middle of uploads: what was acknowledged is there, and nothing else is visible."""

from __future__ import annotations

import asyncio
import hashlib
import random
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.support.server import free_port, make_owner, run_cli, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

ROUNDS, UPLOADS, CONNECTIONS = 20, 300, 16


def content(seed: int) -> bytes:
    """Distinct bytes of some tens of kilobytes for each upload."""
    return random.Random(seed).randbytes(20_000 + seed % 7 * 30_000)


async def upload_until_killed(url: str, token: str, seeds: list[int]) -> dict[int, str]:
    """Upload with 16 connections; returns seed -> src for every acknowledged one."""
    acknowledged: dict[int, str] = {}
    queue = iter(seeds)

    async def worker(session: aiohttp.ClientSession) -> None:
        for seed in queue:
            form = aiohttp.FormData()
            form.add_field("file", content(seed), filename=f"photo {seed}.bin")
            try:
                async with session.post(
                    f"{url}/upload?uploadNameType=origin&uploadFolder=k{seed % 5}", data=form
                ) as answer:
                    if answer.status == 200:
                        acknowledged[seed] = (await answer.json())[0]["src"]
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                return

    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        await asyncio.gather(*(worker(session) for _ in range(CONNECTIONS)))
    return acknowledged


async def listing(url: str, token: str) -> dict[str, str]:
    """alias -> sha256 of everything that is visible."""
    found: dict[str, str] = {}
    after: str | None = ""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        while after is not None:
            query = f"?limit=500&after={after}" if after else "?limit=500"
            async with session.get(f"{url}/api/v1/assets{query}") as answer:
                assert answer.status == 200, await answer.text()
                page = await answer.json()
            found |= {asset["alias"]: asset["sha256"] for asset in page["items"]}
            after = page["next"]
    return found


async def test_every_acknowledged_upload_survives_twenty_kills(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    token = make_owner(data)
    originals = data / "originals"
    port = free_port()
    chance = random.Random(20)
    acknowledged: dict[int, str] = {}

    for round_ in range(ROUNDS):
        seeds = list(range(round_ * UPLOADS, (round_ + 1) * UPLOADS))
        with serving(data, port=port, intent_lease=1) as server:
            uploads = asyncio.create_task(upload_until_killed(server.url, token, seeds))
            await asyncio.sleep(chance.uniform(0.02, 0.6))
            server.kill()
            acknowledged |= await uploads

    assert len(acknowledged) > ROUNDS, "hardly anything was uploaded: the test proves nothing"
    with serving(data, port=port, intent_lease=1) as server:
        await asyncio.sleep(1.5)
        run_cli(data, "reconcile", intent_lease=1)
        visible = await listing(server.url, token)
        await check_acknowledged(server.url, acknowledged, visible)
    stored = {
        str(path.relative_to(originals)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in originals.rglob("*")
        if path.is_file() and ".fanlight" not in path.parts
    }
    assert stored == visible, "an orphan, or something half stored, is left"
    assert not list(originals.rglob("*.part"))


async def check_acknowledged(
    url: str, acknowledged: dict[int, str], visible: dict[str, str]
) -> None:
    """Every acknowledged upload is listed with the right checksum and comes back identical."""
    for seed, src in acknowledged.items():
        assert visible[src.removeprefix("/file/")] == hashlib.sha256(content(seed)).hexdigest()
    sample = random.Random(1).sample(sorted(acknowledged), min(40, len(acknowledged)))
    async with aiohttp.ClientSession() as session:
        for seed in sample:
            async with session.get(url + acknowledged[seed].replace(" ", "%20")) as answer:
                assert await answer.read() == content(seed)
