"""Dropbox against its emulator, beside rclone and a bare aiohttp loop on the same work.

The emulator runs in a process of its own with its latency profile (planning figures), over TLS for
everybody. `--quick` moves a quarter of the bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from bench.report import Row, middle, table
from dropbox_emulator.client import Control
from fanlight.outgoing import Http
from fanlight.storage.dropbox import Dropbox
from fanlight.storage.store import Store
from fanlight.storage.surroundings import Surroundings

ROUNDS = 3
SMALL, SMALL_COUNT = 200_000, 500
AT_ONCE = 128
ONE_BY_ONE = 12
TILE, TILE_COUNT, VIEWERS = 300_000, 200, 16
LARGE = 1_000_000_000
CHUNK = 1 << 16
BESIDE = "BENCH_EMULATOR"
"""Where the second run finds the emulator's addresses."""
RCLONE = Path(sys.executable).with_name("rclone")
names = count(1)


class OwnDoor(Dropbox):
    """Closes its door for outgoing HTTP with itself."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._http = around.http

    async def close(self) -> None:
        await self._http.close()


@dataclass
class Cloud:
    """An emulated account and app, and where they are."""

    addresses: dict[str, Any]
    control: Control
    folder: Path
    token: str = ""

    def store(self) -> Store:
        around = Surroundings(Http(), self, str(self.addresses["https"]))
        return Store(OwnDoor(around), name="bench")

    async def get(self) -> str:
        return self.token

    async def renew(self, stale: str) -> str:
        return stale

    def rclone(self, *arguments: str) -> float:
        """Seconds that it takes."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "HTTPS_PROXY": str(self.addresses["proxy"]),
        }
        command = [str(RCLONE), "--config", str(self.folder / "rclone.conf")]
        command += ["--ca-cert", str(self.addresses["ca_file"]), *arguments]
        began = time.perf_counter()
        done = subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        took = time.perf_counter() - began
        if done.returncode:
            sys.exit(done.stderr.decode(errors="replace"))
        return took


def connected(addresses: dict[str, Any], folder: Path) -> Cloud:
    """An account and app at the emulator, for us and for rclone."""
    made = Cloud(addresses, Control(addresses["control"]), folder)
    made.control.add_account("ann@example.org")
    app = made.control.add_app("bench")
    grant = made.control.grant()
    made.token = grant["access_token"]
    token = {**grant, "expiry": "2099-01-01T00:00:00Z", "token_type": "bearer"}
    (folder / "rclone.conf").write_text(
        f"[cloud]\ntype = dropbox\nclient_id = {app['app_key']}\n"
        f"client_secret = {app['app_secret']}\ntoken = {json.dumps(token)}\n"
    )
    return made


def with_emulator() -> int:
    """Run this again beside an emulator whose certificates are trusted from the start."""
    command = [sys.executable, "-m", "dropbox_emulator"]
    command += ["--proxy-port", "0", "--latency", "typical"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            trusted = json.loads(line)["ca_file"]
            beside = {BESIDE: line, "SSL_CERT_FILE": trusted}
            again = [sys.executable, "-m", "bench.dropbox", *sys.argv[1:]]
            return subprocess.call(again, env={**os.environ, **beside})
        finally:
            process.terminate()


async def chunks(data: bytes, times: int = 1) -> AsyncIterator[bytes]:
    for _ in range(times):
        for start in range(0, len(data), CHUNK):
            yield data[start : start + CHUNK]


async def puts(cloud: Cloud, number: int, at_once: int) -> float:
    """Seconds for so many small objects."""
    store, folder = cloud.store(), f"ours{next(names)}"
    await store.quota()
    numbers = iter(range(number))

    async def worker() -> None:
        for one in numbers:
            data = Random(one).randbytes(SMALL)
            await store.put(f"{folder}/{one}", chunks(data), ticket=f"t{one}", size=SMALL)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    took = time.perf_counter() - began
    await store.close()
    return took


def many(cloud: Cloud) -> list[Row]:
    source = cloud.folder / "small"
    source.mkdir()
    for number in range(SMALL_COUNT):
        (source / f"{number}").write_bytes(Random(number).randbytes(SMALL))
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        ours.append(asyncio.run(puts(cloud, SMALL_COUNT, AT_ONCE)))
        theirs.append(
            cloud.rclone(
                "copy",
                str(source),
                f"cloud:theirs{next(names)}",
                "--transfers",
                str(AT_ONCE),
                "--dropbox-batch-mode",
                "async",
            )
        )
    single = asyncio.run(puts(cloud, ONE_BY_ONE, 1)) / ONE_BY_ONE * SMALL_COUNT
    took, peer = middle(ours), middle(theirs)
    what = f"{SMALL_COUNT} objects of {SMALL // 1000} kB up"
    return [
        Row(f"{what}, rclone's batches", f"{took:.1f} s", f"{peer:.1f} s", peer / took, 1.0),
        Row(f"{what}, one by one", f"{took:.1f} s", f"{single:.0f} s", single / took, 15),
    ]


async def put_large(cloud: Cloud, block: bytes, times: int, name: str) -> float:
    store = cloud.store()
    await store.quota()
    began = time.perf_counter()
    await store.put(name, chunks(block, times), ticket="large", size=len(block) * times)
    took = time.perf_counter() - began
    await store.close()
    return took


async def read_large(cloud: Cloud, name: str) -> float:
    store = cloud.store()
    await store.quota()
    began = time.perf_counter()
    body = await store.open(name)
    async for _ in body:
        pass
    await body.aclose()
    took = time.perf_counter() - began
    await store.close()
    return took


def large(cloud: Cloud, size: int) -> list[Row]:
    block = Random(7).randbytes(10_000_000)
    times = size // len(block)
    source = cloud.folder / "large"
    with source.open("wb") as out:
        for _ in range(times):
            out.write(block)
    up: list[float] = []
    down: list[float] = []
    up_peer: list[float] = []
    down_peer: list[float] = []
    for _ in range(ROUNDS):
        name = f"large{next(names)}"
        up.append(asyncio.run(put_large(cloud, block, times, name)))
        peer = f"cloud:large{next(names)}"
        up_peer.append(cloud.rclone("copyto", str(source), peer, "--dropbox-chunk-size", "48M"))
        down.append(asyncio.run(read_large(cloud, name)))
        down_peer.append(cloud.rclone("cat", f"cloud:{name}"))
        cloud.control.delete(f"/{name}")
    source.unlink()

    def row(what: str, ours: list[float], peers: list[float], target: float) -> Row:
        took, peer = middle(ours), middle(peers)
        return Row(
            what,
            f"{size / took / 1e6:.0f} MB/s",
            f"{size / peer / 1e6:.0f} MB/s",
            peer / took,
            target,
        )

    return [
        row(f"{size // 10**6} MB up, rclone in pieces of 48 M", up, up_peer, 1.0),
        row(f"{size // 10**6} MB down to one viewer, rclone", down, down_peer, 0.9),
    ]


async def tiles(cloud: Cloud) -> tuple[float, float]:
    """Objects a second: through a store, and by a bare loop over aiohttp."""
    store = cloud.store()
    await store.quota()

    async def ours(name: str) -> None:
        body = await store.open(name)
        async for _ in body:
            pass
        await body.aclose()

    connector = aiohttp.TCPConnector(limit=VIEWERS)
    session = aiohttp.ClientSession(connector=connector, read_bufsize=1 << 18)
    url = f"{cloud.addresses['https']}/2/files/download"

    async def bare(name: str) -> None:
        headers = {
            "Authorization": f"Bearer {cloud.token}",
            "Dropbox-API-Arg": json.dumps({"path": f"/{name}"}),
        }
        async with session.post(url, headers=headers) as answer:
            await answer.read()

    async def timed(read: Any) -> float:
        numbers = iter(range(TILE_COUNT))

        async def viewer() -> None:
            for number in numbers:
                await read(f"tiles/{number}")

        began = time.perf_counter()
        await asyncio.gather(*(viewer() for _ in range(VIEWERS)))
        return TILE_COUNT / (time.perf_counter() - began)

    for warm_up in (bare, ours):
        await timed(warm_up)
    rounds = [(await timed(ours), await timed(bare)) for _ in range(ROUNDS)]
    await session.close()
    await store.close()
    return middle([one for one, _ in rounds]), middle([one for _, one in rounds])


def small_reads(cloud: Cloud) -> list[Row]:
    for number in range(TILE_COUNT):
        cloud.control.put_pattern(f"/tiles/{number}", TILE)
    rows: list[Row] = []
    for latency in ("typical", "none"):
        cloud.control.behave(latency=latency)
        ours, bare = asyncio.run(tiles(cloud))
        what = f"{TILE_COUNT} originals of {TILE // 1000} kB, {VIEWERS} viewers, latency {latency}"
        rows.append(Row(what, f"{ours:.0f}/s", f"{bare:.0f}/s", ours / bare, 0.7))
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="move a quarter of the bytes")
    quick = parser.parse_args().quick
    if BESIDE not in os.environ:
        sys.exit(with_emulator())
    with tempfile.TemporaryDirectory() as name:
        made = connected(json.loads(os.environ[BESIDE]), Path(name))
        rows = many(made)
        rows += large(made, LARGE // 4 if quick else LARGE)
        rows += small_reads(made)
    print(table("Dropbox, beside rclone", rows))


if __name__ == "__main__":
    main()
