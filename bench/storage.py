"""`Store` over a local folder, without HTTP, against the plain loop of `bench.uploads`.

What is lost here cannot be won back in front of it. `python -m bench.storage profile` prints where
the time of small puts goes instead.
"""

from __future__ import annotations

import asyncio
import cProfile
import os
import pstats
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import uvloop

from bench.report import Row, middle, table
from bench.uploads import (
    CONNECTIONS,
    LARGE,
    PIECE,
    ROUNDS,
    SMALL,
    SMALL_COUNT,
    plain_large,
    plain_small,
)
from fanlight.storage import registry
from fanlight.storage.store import Store

CHUNK = 1 << 16
"""What a server hands on at a time."""


def open_store(folder: Path) -> Store:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Store(registry.create("local", {"path": str(folder)}), name="bench")


async def chunks(data: bytes, times: int = 1) -> AsyncIterator[bytes]:
    for _ in range(times):
        for start in range(0, len(data), CHUNK):
            yield data[start : start + CHUNK]


async def puts(store: Store, count: int) -> None:
    """Small puts at 16 at once."""
    data = Random(1).randbytes(SMALL)
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            path = f"folder/{number}.bin"
            await store.put(path, chunks(data), ticket=f"t{number}", size=SMALL)

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))


async def small(folder: Path) -> float:
    """Objects a second."""
    store = open_store(folder)
    began = time.perf_counter()
    await puts(store, SMALL_COUNT)
    took = time.perf_counter() - began
    await store.close()
    return SMALL_COUNT / took


async def large(folder: Path) -> tuple[float, int]:
    """Bytes a second of one stream, and by how much the process grew over its peak."""
    store = open_store(folder)
    resident()
    before = resident()
    piece, times = os.urandom(PIECE), LARGE // PIECE
    began = time.perf_counter()
    stored = await store.put("large.bin", chunks(piece, times), ticket="t")
    took = time.perf_counter() - began
    await store.close()
    return stored.size / took, resident() - before


def resident() -> int:
    """The most bytes that were resident since the last call, which it begins anew."""
    lines = Path("/proc/self/status").read_text().splitlines()
    Path("/proc/self/clear_refs").write_text("5")
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


async def read(folder: Path) -> float:
    """Bytes a second of reading one object whole."""
    store = open_store(folder)
    piece, times = os.urandom(PIECE), LARGE // PIECE
    await store.put("large.bin", chunks(piece, times), ticket="t")
    began = time.perf_counter()
    body = await store.open("large.bin")
    length = 0
    async for got in body:
        length += len(got)
    await body.aclose()
    took = time.perf_counter() - began
    await store.close()
    return length / took


def plain_read(folder: Path) -> float:
    """Bytes a second of a loop that reads."""
    folder.mkdir(exist_ok=True)
    path = folder / "large.bin"
    path.write_bytes(os.urandom(PIECE) * (LARGE // PIECE))
    began = time.perf_counter()
    length = 0
    with path.open("rb", buffering=0) as source:
        while got := source.read(PIECE):
            length += len(got)
    took = time.perf_counter() - began
    path.unlink()
    return length / took


def row(pairs: list[tuple[float, float]], what: str, unit: str, scale: float, least: float) -> Row:
    """One line of the table from (ours, plain) of each round."""
    ours, plain = [middle([pair[side] for pair in pairs]) / scale for side in (0, 1)]
    ratio = middle([a / b for a, b in pairs])
    return Row(what, f"{ours:.0f}{unit}", f"{plain:.0f}{unit}", ratio, least)


def measure(folder: Path) -> Iterator[Row]:
    """Interleaved rounds of ours and the plain loop; medians."""
    ours, plain = folder / "ours", folder / "plain"
    uvloop.run(small(ours))
    pairs = [(uvloop.run(small(ours)), plain_small(plain)) for _ in range(2 * ROUNDS)]
    yield row(pairs, "1,000 puts of 100 kB, 16 at once", "/s", 1, 0.8)
    shutil.rmtree(plain)
    streams = [(*uvloop.run(large(ours)), plain_large(plain)) for _ in range(ROUNDS)]
    pairs = [(speed, other) for speed, _, other in streams]
    yield row(pairs, "500 MB put", " MB/s", 1e6, 0.8)
    growth = max(grown for _, grown, _ in streams)
    yield Row("growth during it", f"{growth / 1e6:.1f} MB", "48 MB", growth / 48e6, 1, at_most=True)
    pairs = [(uvloop.run(read(ours)), plain_read(plain)) for _ in range(ROUNDS)]
    yield row(pairs, "500 MB read", " MB/s", 1e6, 0.5)


def profile(folder: Path) -> None:
    """Where the loop's thread spends its time during small puts."""
    store = open_store(folder / "ours")
    profiler = cProfile.Profile()
    profiler.enable()
    asyncio.run(puts(store, SMALL_COUNT))
    profiler.disable()
    asyncio.run(store.close())
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        if sys.argv[1:] == ["profile"]:
            profile(Path(folder))
        else:
            print(table("Storage", list(measure(Path(folder)))))


if __name__ == "__main__":
    main()
