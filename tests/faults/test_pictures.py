"""Pictures on the server that ships: workers die, viewers leave, and so does the server."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from contextlib import asynccontextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import pytest
from PIL import Image

from tests.support.server import Server, make_owner, serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

PHOTOS = 12


@cache
def photo(number: int, width: int = 2400, height: int = 1600) -> bytes:
    """A JPEG that takes a while."""
    noise = Image.effect_noise((width // 4, height // 4), 60 + number).resize((width, height))
    out = BytesIO()
    Image.merge("RGB", (noise, noise, noise)).save(out, "JPEG", quality=90)
    return out.getvalue()


def family_of(parent: int) -> dict[int, str]:
    """Every process below one: its number and its command line."""
    above: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = (path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            above[int(path.name)] = int(said[1])
    family = {parent}
    for _ in range(3):
        family |= {pid for pid, over in above.items() if over in family}
    found: dict[int, str] = {}
    for pid in family:
        with suppress(OSError):
            found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def workers_of(server: Server) -> set[int]:
    assert server.process is not None
    return {
        pid
        for pid, command in family_of(server.process.pid).items()
        if "fanlight.renditions.worker" in command
    }


async def gone(pids: set[int]) -> None:
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        await asyncio.sleep(0.02)


async def publish(server: Server, token: str) -> list[str]:
    """The addresses of some photos, without a size."""
    headers = {"Authorization": f"Bearer {token}"}
    addresses: list[str] = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for number in range(PHOTOS):
            form = aiohttp.FormData()
            form.add_field("file", BytesIO(photo(number)), filename=f"{number}.jpg")
            url = f"{server.url}/upload?uploadNameType=origin"
            async with session.post(url, data=form) as answer:
                assert answer.status == 200, await answer.text()
                addresses.append(server.url + (await answer.json())[0]["src"])
    return addresses


async def prepared(server: Server, token: str) -> None:
    """Wait until nothing is made in the background any more."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        widths: list[int | None] = [None]
        while None in widths:
            await asyncio.sleep(0.1)
            async with session.get(f"{server.url}/api/v1/assets") as answer:
                widths = [asset["width"] for asset in (await answer.json())["items"]]


class Place(NamedTuple):
    """A server with photos, and the data folder it has."""

    server: Server
    photos: list[str]
    data: Path


@asynccontextmanager
async def place_in(data: Path) -> AsyncGenerator[Place]:
    token = make_owner(data)
    with serving(data, metrics=True) as server:
        photos = await publish(server, token)
        await prepared(server, token)
        yield Place(server, photos, data)


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Place]:
    async with place_in(tmp_path_factory.mktemp("served")) as place:
        yield place


@pytest.fixture
async def own_place(tmp_path: Path) -> AsyncGenerator[Place]:
    """One of its own, for what a neighbour shall not feel."""
    async with place_in(tmp_path) as place:
        yield place


async def look(session: aiohttp.ClientSession, address: str, width: int = 1600) -> int:
    async with session.get(f"{address}?width={width}") as answer:
        body = await answer.read()
        if answer.status == 200:
            Image.open(BytesIO(body)).load()
        return answer.status


async def seen(session: aiohttp.ClientSession, address: str, width: int = 1600) -> None:
    """Ask until it is there, as a server says to who comes when it has no worker."""
    while (status := await look(session, address, width)) != 200:
        assert status == 503, "it is nobody's fault, and passes"
        await asyncio.sleep(0.5)


def renditions(data: Path, width: int) -> list[Path]:
    return list((data / "pictures" / "renditions").glob(f"???/*_{width}x*"))


async def made(session: aiohttp.ClientSession, server: Server) -> float:
    """How many pictures the server says it has made."""
    async with session.get(f"{server.url}/metrics") as answer:
        figures = await answer.text()
    return next(
        float(line.split()[-1])
        for line in figures.splitlines()
        if line.startswith("fanlight_pictures_made_total ")
    )


async def test_two_hundred_requests_for_one_new_picture_make_it_once(place: Place) -> None:
    connector = aiohttp.TCPConnector(limit=200)
    async with aiohttp.ClientSession(connector=connector) as session:
        before = await made(session, place.server)
        looks = await asyncio.gather(*(look(session, place.photos[0], 960) for _ in range(200)))
        assert looks == [200] * 200
        assert await made(session, place.server) == before + 1


async def test_pictures_are_made_again_when_somebody_has_deleted_them_all(place: Place) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            assert await look(session, place.photos[0], 480) == 200
            assert await look(session, place.photos[0], 480) == 200
            shutil.rmtree(place.data / "pictures" / "renditions")
        assert await look(session, place.photos[1], 480) == 200


async def test_workers_killed_in_a_burst_cost_nobody_a_picture(own_place: Place) -> None:
    async with aiohttp.ClientSession() as session:
        burst = asyncio.gather(*(look(session, address) for address in own_place.photos))
        for _ in range(6):  # more than it takes to kill both tries of one order
            while not (workers := workers_of(own_place.server)) and not burst.done():
                await asyncio.sleep(0.01)
            for worker in workers:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            await asyncio.sleep(0.2)
        assert set(await burst) <= {200, 503}
        for address in own_place.photos:
            await seen(session, address)


async def test_viewers_who_leave_take_their_waiting_work_along(place: Place) -> None:
    async with aiohttp.ClientSession() as session:
        tasks = [asyncio.create_task(look(session, each, 1280)) for each in place.photos]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    async with aiohttp.ClientSession() as session:
        assert await look(session, place.photos[-1], 320) == 200
    assert 1 <= len(renditions(place.data, 1280)) < PHOTOS


async def test_what_is_kept_is_answered_while_workers_are_busy(place: Place) -> None:
    async with aiohttp.ClientSession() as session:
        assert await look(session, place.photos[0], 640) == 200
        await at_lowest_priority(place.server)
        burst = asyncio.gather(*(look(session, each, 800) for each in place.photos))
        kept = 0
        while not burst.done():
            assert await look(session, place.photos[0], 640) == 200
            kept += 1
            await asyncio.sleep(0.02)
        assert set(await burst) <= {200, 503}
        assert kept > 1


async def at_lowest_priority(server: Server) -> None:
    """Whoever answers comes first: so it is once a worker has started."""
    async with asyncio.timeout(60):
        while {os.getpriority(os.PRIO_PROCESS, pid) for pid in workers_of(server)} != {19}:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_server_that_ends_in_a_burst_leaves_no_worker_and_nothing_half(
    tmp_path: Path, how: str
) -> None:
    token = make_owner(tmp_path)
    with serving(tmp_path) as server:
        addresses = await publish(server, token)
        async with aiohttp.ClientSession() as session:
            tasks = [asyncio.create_task(look(session, address)) for address in addresses]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            workers = workers_of(server)
            assert workers
            loop = asyncio.get_running_loop()
            status = await loop.run_in_executor(None, getattr(server, how))
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
    await gone(workers)
    for path in renditions(tmp_path, 1600):
        Image.open(path).load()
    if how == "stop":
        assert status == 0
        assert list((tmp_path / "pictures" / "renditions" / "unfinished").iterdir()) == []
