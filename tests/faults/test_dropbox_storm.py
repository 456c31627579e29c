"""A storm over Dropbox, through real server processes.

What was answered as stored is there, once and whole; what is read is right; nothing is left over;
and only one commits at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from fanlight.storage.dropbox.content_hash import content_hash
from tests.support.dropbox_server import house_at_dropbox
from tests.support.server import run_cli, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.dropbox_server import House
    from tests.support.server import Server

pytestmark = pytest.mark.anyio

UPLOADS, SENDERS, READERS, KILL_AT = 1000, 24, 8, 400
STORM: dict[str, tuple[float, dict[str, int]]] = {
    "rate_limited": (0.10, {"retry_after": 0}),
    "server_error": (0.05, {"status": 503}),
    "connection_reset": (0.05, {}),
    "lost_reply": (0.02, {}),
    "truncated_body": (0.01, {"after_bytes": 50}),
}
HELD = [0.002, 0.01]
"""Seconds that a commit holds the account's lock."""
TRIES = 5


def body(name: str) -> bytes:
    chance = random.Random(name)
    return chance.randbytes(1000 + chance.randrange(3000))


@dataclass
class Crowd:
    """Clients that send, and read what was answered as stored."""

    server: Server
    session: aiohttp.ClientSession
    stored: dict[str, str] = field(default_factory=dict[str, str])
    """The link of each name that was answered."""
    ids: dict[str, str] = field(default_factory=dict[str, str])
    read: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    to_read: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue[str | None])
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        numbers = iter(range(UPLOADS))
        readers = [asyncio.create_task(self.reader()) for _ in range(READERS)]
        await asyncio.gather(*(self.sender(numbers) for _ in range(SENDERS)))
        for _ in readers:
            self.to_read.put_nowait(None)
        await asyncio.gather(*readers)

    async def sender(self, numbers: Any) -> None:
        """Each under a new name when it is tried again: nobody knows what became of the first."""
        for number in numbers:
            for attempt in range(TRIES):
                name = f"{number:04}-{attempt}.bin"
                if await self.send(name):
                    self.to_read.put_nowait(name)
                    break

    async def send(self, name: str) -> bool:
        address = f"{self.server.url}/api/v1/assets?naming=origin&name={name}"
        try:
            async with self.session.post(address, data=body(name)) as answer:
                if answer.status == 201:
                    asset = await answer.json()
                    self.stored[name], self.ids[name] = asset["alias"], asset["id"]
                    if len(self.stored) >= KILL_AT:
                        self.enough.set()
                    return True
                assert answer.status in (429, 503), await answer.text()
        except (aiohttp.ClientError, ConnectionError):
            await self.up()
        return False

    async def remove(self, name: str) -> bool:
        asset_id = self.ids.pop(name)
        address = f"{self.server.url}/api/v1/assets/{asset_id}?for_good=true"
        async with self.session.delete(address) as answer:
            return answer.status == 204

    async def up(self) -> None:
        """Wait for the server to be there again."""
        async with asyncio.timeout(90):
            while True:
                try:
                    async with self.session.get(f"{self.server.url}/readyz"):
                        return
                except (aiohttp.ClientError, ConnectionError):
                    await asyncio.sleep(0.1)

    async def reader(self) -> None:
        while (name := await self.to_read.get()) is not None:
            try:
                async with self.session.get(f"{self.server.url}/file/{self.stored[name]}") as found:
                    data = await found.read()
                    if found.status == 200:
                        self.read["right" if data == body(name) else "wrong"] += 1
                    else:
                        assert found.status in (429, 503), data
                        self.read["refused"] += 1
            except (aiohttp.ClientError, ConnectionError):
                self.read["broken"] += 1
                await self.up()


def intents(house: House) -> int:
    with closing(sqlite3.connect(house.data / "fanlight.db")) as database:
        return database.execute("SELECT count(*) FROM intent").fetchone()[0]


def due(house: House) -> None:
    """What the storm has kept from being settled is put off for minutes: have it due now."""
    with closing(sqlite3.connect(house.data / "fanlight.db", timeout=30)) as database:
        much_later = (time.time() + 10) * 1_000_000
        database.execute("UPDATE intent SET lease_until = 0 WHERE lease_until > ?", [much_later])
        database.commit()


async def settled(house: House) -> None:
    """Reconcile until nothing is left half done."""
    async with asyncio.timeout(180):
        while intents(house):
            due(house)
            await asyncio.to_thread(run_cli, house.data, "reconcile", **house.settings)


async def listing(server: Server, session: aiohttp.ClientSession) -> dict[str, str]:
    """alias -> sha256 of everything that is visible."""
    found: dict[str, str] = {}
    after = ""
    while after is not None:
        query = f"?limit=500&after={after}" if after else "?limit=500"
        async with session.get(f"{server.url}/api/v1/assets{query}") as answer:
            page = await answer.json()
        found |= {asset["alias"]: asset["sha256"] for asset in page["items"]}
        after = page["next"]
    return found


async def test_a_storm_with_a_kill_in_the_middle_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    async with house_at_dropbox(tmp_path / "data", intent_lease=2) as house:
        house.control.behave(write_lock_hold=HELD)
        for seed, (kind, (share, more)) in enumerate(STORM.items()):
            house.control.fault(kind, "files/*", share=share, seed=seed, **more)
        timeout = aiohttp.ClientTimeout(total=None)
        with serving(house.data, **house.settings) as server:
            async with aiohttp.ClientSession(headers=house.headers, timeout=timeout) as session:
                crowd = Crowd(server, session)
                going = asyncio.create_task(crowd.run())
                await asyncio.wait(
                    {going, asyncio.create_task(crowd.enough.wait())},
                    return_when=asyncio.FIRST_COMPLETED,
                )
                assert not going.done(), going.exception()
                server.kill()
                await asyncio.to_thread(server.start)
                await going
                house.control.clear_faults()
                await settled(house)
                visible = await listing(server, session)
        there = {path[1:]: one["content_hash"] for path, one in house.objects().items()}
        assert len(crowd.stored) > 0.95 * UPLOADS
        for name, alias in crowd.stored.items():
            assert alias == name
            assert visible[name] == hashlib.sha256(body(name)).hexdigest()
        assert there == {name: content_hash(body(name)) for name in visible}
        assert crowd.read["wrong"] == 0
        assert crowd.read["right"] > 0.9 * len(crowd.stored), crowd.read
        assert house.collisions() == 0


async def test_two_server_processes_commit_in_turns(tmp_path: Path) -> None:
    async with house_at_dropbox(tmp_path / "data") as house:
        house.control.behave(write_lock_hold=[0.04, 0.08])
        with (
            serving(house.data, **house.settings) as first,
            serving(house.data, **house.settings) as second,
        ):
            async with aiohttp.ClientSession(headers=house.headers) as session:
                crowds = [Crowd(server, session) for server in (first, second)]

                early = [f"early {number}.bin" for number in range(12)]
                for number, name in enumerate(early):
                    assert await crowds[number % 2].send(name)
                sent = [crowds[number % 2].send(f"{number:03}.bin") for number in range(120)]
                gone = [crowds[number % 2].remove(name) for number, name in enumerate(early)]
                assert all(await asyncio.gather(*sent, *gone))
        assert len(house.objects()) == 120
        assert house.calls("files/upload_session/finish_batch_v2")
        assert house.collisions() == 0
