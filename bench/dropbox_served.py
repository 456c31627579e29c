"""What viewers see of originals at Dropbox, through a real server, and how soon a change is seen.

The server has one worker; the emulator and the viewers are processes of their own. Nothing is asked
for twice, so nothing comes from the cache, unless that is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import aiohttp

from bench.cloud import Cloud, beside, connected, with_emulator
from bench.report import Row, middle, table
from dropbox_emulator.pictures.photos import make_photo
from fanlight import config
from fanlight.app import build
from fanlight.cli.operator import operator
from fanlight.model import SERVER, Role, Scope, Visibility
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

ROUNDS = 3
SIZE, OBJECTS, VIEWERS = 300_000, 200, 16
FILM, CROWD = 20_000_000, 100
LARGE = 250_000_000
PHOTOS, TILES, BATCH = 2000, 50, 25
CHANGES, SOON = 5, 2.0
PARTS = ("originals", "film", "down", "up", "tiles", "changes")
numbers = count(1)


@dataclass
class House:
    """A server over the account, and who asks it."""

    cloud: Cloud
    url: str
    client: aiohttp.ClientSession

    async def read(self, path: str) -> int:
        async with self.client.get(f"{self.url}/file/{path}") as answer:
            assert answer.status == 200, (path, answer.status)
            return len(await answer.read())

    async def take(self, path: str) -> None:
        """Read it and keep nothing, with as little work as a viewer can have with it."""

        def read() -> None:
            room, size = bytearray(1 << 20), 0
            with urlopen(f"{self.url}/file/{path}") as answer:
                while read := answer.readinto(room):
                    size += read
                assert size == int(answer.headers["Content-Length"])

        await asyncio.to_thread(read)

    async def give(self, source: Path, name: str) -> None:
        """Upload a file."""
        query = {"name": name, "naming": "origin", "duplicates": "store"}
        with source.open("rb") as body:
            url = f"{self.url}/api/v1/assets"
            async with self.client.post(url, params=query, data=body) as answer:
                assert answer.status == 201, await answer.text()

    async def ids(self, folder: str, number: int) -> list[str]:
        found: list[str] = []
        after: str | None = ""
        while after is not None and len(found) < number:
            query = {"folder": folder, "limit": "500", "sort": "name"} | (
                {"after": after} if after else {}
            )
            async with self.client.get(f"{self.url}/api/v1/assets", params=query) as answer:
                page = await answer.json()
            found += [asset["id"] for asset in page["items"]]
            after = page["next"]
        return found[:number]

    def calls(self, route: str) -> int:
        return self.cloud.control.log(route, limit=1)["count"]


async def furnish(cloud: Cloud, data: Path, settings: dict[str, Any]) -> str:
    """A channel over all of the account, read once; a token for all."""
    fanlight = build(config.Settings(data=data, **settings))
    try:
        await fanlight.accounts.add_user(SERVER, "ada", "correct horse battery", role=Role.OWNER)
        options = {name: str(cloud.app[name]) for name in ("app_key", "app_secret")}
        channel = await fanlight.channels.add(
            SERVER,
            provider="dropbox",
            name="Cloud",
            options=options,
            root="",
            found=Visibility.PUBLIC,
        )
        await fanlight.channels.connecting.paste(SERVER, channel.id, cloud.refresh_token)
        await fanlight.library.catch_up(SERVER, channel.id)
        owner = await operator(fanlight)
        return (await fanlight.accounts.make_token(owner, "bench", [Scope.MANAGE]))[1]
    finally:
        await fanlight.stop()


@asynccontextmanager
async def opened(cloud: Cloud) -> AsyncGenerator[House]:
    """A server over what the account has now."""
    data = cloud.folder / f"data{next(numbers)}"
    data.mkdir()
    settings: dict[str, Any] = {"services": f"dropbox={cloud.addresses['https']}"}
    cloud.control.behave(latency="none")
    token = await furnish(cloud, data, settings)
    cloud.control.behave(latency="typical")
    headers = {"Authorization": f"Bearer {token}"}
    with serving(data, **settings) as server:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as client:
            yield House(cloud, server.url, client)


async def at_once(viewers: int, work: list[Callable[[], Awaitable[object]]]) -> float:
    """Seconds that it takes so many viewers to do all of it."""
    left = iter(work)

    async def viewer() -> None:
        for one in left:
            await one()

    began = time.perf_counter()
    await asyncio.gather(*(viewer() for _ in range(viewers)))
    return time.perf_counter() - began


# --- 200 originals at 16 viewers ------------------------------------------------------------------


async def originals(cloud: Cloud) -> list[Row]:
    rows: list[Row] = []
    latencies = ("typical", "none")
    for latency in latencies:
        for round_ in range(ROUNDS + 1):
            for number in range(OBJECTS):
                cloud.control.put_pattern(f"/{latency}{round_}/{number}.bin", SIZE)
    async with opened(cloud) as house:
        for latency in latencies:
            cloud.control.behave(latency=latency)
            rounds = [await one_round(house, f"{latency}{n}") for n in range(ROUNDS + 1)][1:]
            ours = middle([one for one, _ in rounds])
            bare = middle([one for _, one in rounds])
            what = f"{OBJECTS} originals of {SIZE // 1000} kB, {VIEWERS} viewers, latency {latency}"
            rows.append(Row(what, f"{ours:.0f}/s", f"{bare:.0f}/s", ours / bare, 0.7))
    return rows


async def one_round(house: House, folder: str) -> tuple[float, float]:
    """Originals a second, through the server and by a bare loop that goes to the service."""
    cloud = house.cloud
    url = f"{cloud.addresses['https']}/2/files/download"
    connector = aiohttp.TCPConnector(limit=VIEWERS)
    async with aiohttp.ClientSession(connector=connector, read_bufsize=1 << 18) as session:

        async def bare(path: str) -> None:
            headers = {
                "Authorization": f"Bearer {cloud.token}",
                "Dropbox-API-Arg": json.dumps({"path": f"/{path}"}),
            }
            async with session.post(url, headers=headers) as answer:
                assert len(await answer.read()) == SIZE

        paths = [f"{folder}/{number}.bin" for number in range(OBJECTS)]
        ours = await at_once(VIEWERS, [lambda path=path: house.read(path) for path in paths])
        theirs = await at_once(VIEWERS, [lambda path=path: bare(path) for path in paths])
    return OBJECTS / ours, OBJECTS / theirs


# --- one film for a hundred -----------------------------------------------------------------------


async def one_film(cloud: Cloud) -> Row:
    cloud.control.put_pattern("/film.bin", FILM)
    async with opened(cloud) as house:
        cloud.control.clear_log()
        await at_once(CROWD, [lambda: house.read("film.bin") for _ in range(CROWD)])
        sent = house.cloud.control.counters()["bytes_sent"].get("files/download", 0)
    what = f"{CROWD} viewers open one original of {FILM // 10**6} MB, bytes from Dropbox"
    return Row(what, f"{sent / 1e6:.1f} MB", f"{FILM / 1e6:.1f} MB", sent / FILM, 1.0, at_most=True)


# --- a large one, down to one viewer and up from one sender ---------------------------------------


async def one_viewer(cloud: Cloud, size: int) -> Row:
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(ROUNDS):
        cloud.control.put_pattern(f"/down{number}.bin", size)
    async with opened(cloud) as house:
        for number in range(ROUNDS):
            name = f"down{number}.bin"
            ours.append(await at_once(1, [lambda name=name: house.take(name)]))
            theirs.append(await asyncio.to_thread(cloud.rclone, "cat", f"cloud:{name}"))
    return large_row("down to one viewer, rclone", size, ours, theirs, 0.9)


async def one_sender(cloud: Cloud, size: int) -> Row:
    ours: list[float] = []
    theirs: list[float] = []
    source = cloud.folder / "large"
    block = Random(7).randbytes(10_000_000)
    with source.open("wb") as out:
        for start in range(0, size, len(block)):
            out.write(block[: size - start])
    async with opened(cloud) as house:
        for number in range(ROUNDS):
            send = partial(house.give, source, f"ours{number}.bin")
            ours.append(await at_once(1, [send]))
            cloud.control.delete(f"/ours{number}.bin")  # the account has room for one
            copy = ("copyto", str(source), f"cloud:theirs{number}.bin", "--dropbox-chunk-size")
            theirs.append(await asyncio.to_thread(cloud.rclone, *copy, "48M"))
            cloud.control.delete(f"/theirs{number}.bin")
    source.unlink()
    return large_row("up, rclone in pieces of 48 M", size, ours, theirs, 1.0)


def large_row(way: str, size: int, ours: list[float], theirs: list[float], target: float) -> Row:
    took, peer = middle(ours), middle(theirs)
    ours_a, peer_a = (f"{size / one / 1e6:.0f} MB/s" for one in (took, peer))
    return Row(f"{size // 10**6} MB {way}", ours_a, peer_a, peer / took, target)


# --- the first tiles of a folder ------------------------------------------------------------------


def many_photos(cloud: Cloud) -> None:
    """A folder of photographs, each with bytes of its own."""
    source = cloud.folder / "photos"
    source.mkdir()
    made = [make_photo(number, long_edge=800).data for number in range(10)]
    for number in range(PHOTOS):
        tail = number.to_bytes(4, "big")
        (source / f"{number:04}.jpg").write_bytes(made[number % len(made)] + tail)
    cloud.control.copy_folder(str(source), "/Photos")


async def first_tiles(cloud: Cloud) -> Row:
    many_photos(cloud)
    async with opened(cloud) as house:
        ids = await house.ids("Photos", TILES)
        assert len(ids) == TILES, len(ids)
        cloud.control.clear_log()

        async def tile(asset_id: str) -> None:
            async with house.client.get(f"{house.url}/a/{asset_id}/thumb") as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()

        took = await at_once(TILES, [lambda one=one: tile(one) for one in ids])
        calls = house.calls("files/get_thumbnail_batch")
    trip = middle([await batch_trip(cloud, number) for number in range(10)])
    what = f"first {TILES} tiles of a folder of {PHOTOS}, in batch round trips ({calls} calls)"
    return Row(what, f"{took:.2f} s", f"{trip:.2f} s each", took / trip, 3.0, at_most=True)


async def batch_trip(cloud: Cloud, number: int) -> float:
    """Seconds for one batch of previews that nobody has asked for, by a bare loop."""
    first = 1000 + number * BATCH
    entries = [
        {"path": f"/Photos/{one:04}.jpg", "size": "w480h320", "mode": "bestfit"}
        for one in range(first, first + BATCH)
    ]
    url = f"{cloud.addresses['https']}/2/files/get_thumbnail_batch"
    headers = {"Authorization": f"Bearer {cloud.token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        began = time.perf_counter()
        async with session.post(url, json={"entries": entries}) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()
        return time.perf_counter() - began


# --- a change -------------------------------------------------------------------------------------


async def changes(cloud: Cloud) -> Row:
    cloud.control.put("/seen/before.txt", "before")
    async with opened(cloud) as house:
        waits = [await one_change(house, number) for number in range(CHANGES)]
    took = middle(waits)
    what = "a change at Dropbox is in the catalogue, after the reply to the long poll"
    return Row(what, f"{took:.2f} s", f"{SOON:.0f} s", took / SOON, 1.0, at_most=True)


async def one_change(house: House, number: int) -> float:
    control, route = house.cloud.control, "files/list_folder/longpoll"

    async def is_polled() -> bool:
        return any(one["seconds"] is None for one in control.log(route)["requests"])

    async def is_there() -> bool:
        async with house.client.head(f"{house.url}/file/seen/{number}.txt") as answer:
            return answer.status == 200

    await until(is_polled)
    control.put(f"/seen/{number}.txt", f"change {number}")
    await until(is_there)
    seen = time.time()
    last = [one for one in control.log(route)["requests"] if one["seconds"] is not None][-1]
    return max(0.0, seen - (last["at"] + last["seconds"]))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(3000):
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def measure(folder: Path, addresses: dict[str, Any], only: str, large: int) -> list[Row]:
    cloud = connected(addresses, folder)
    rows: list[Row] = []
    if only in ("", "originals"):
        rows += await originals(cloud)
    for name, part in (
        ("film", one_film),
        ("down", partial(one_viewer, size=large)),
        ("up", partial(one_sender, size=large)),
        ("tiles", first_tiles),
        ("changes", changes),
    ):
        if only in ("", name):
            rows.append(await part(cloud))
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", choices=PARTS)
    parser.add_argument("--large", type=int, default=LARGE, help="bytes of a large one")
    given = parser.parse_args()
    if (addresses := beside()) is None:
        sys.exit(with_emulator("dropbox_served"))
    with tempfile.TemporaryDirectory() as name:
        rows = asyncio.run(measure(Path(name), addresses, given.only, given.large))
    print(table("Dropbox, through a server", rows))


if __name__ == "__main__":
    main()
