"""Dropbox against its emulator, beside rclone and a bare aiohttp loop on the same work.

This is the provider with its store; `dropbox_served` measures through a server. `--quick` moves a
quarter of the bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from bench.cloud import Cloud, beside, connected, with_emulator
from bench.report import Row, middle, table

ROUNDS = 3
SMALL, SMALL_COUNT = 200_000, 500
AT_ONCE = 128
ONE_BY_ONE = 12
TILE, TILE_COUNT, VIEWERS = 300_000, 200, 16
LARGE = 1_000_000_000
CHUNK = 1 << 16
names = count(1)


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
    parser.add_argument("--only", default="", choices=("", "many", "large", "reads"))
    given = parser.parse_args()
    if (addresses := beside()) is None:
        sys.exit(with_emulator("dropbox"))
    with tempfile.TemporaryDirectory() as name:
        made = connected(addresses, Path(name))
        parts = {
            "many": lambda: many(made),
            "large": lambda: large(made, LARGE // 4 if given.quick else LARGE),
            "reads": lambda: small_reads(made),
        }
        rows = [row for part in parts if given.only in ("", part) for row in parts[part]()]
    print(table("Dropbox, beside rclone", rows))


if __name__ == "__main__":
    main()
