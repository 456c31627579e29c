"""Uploads through HTTP against a plain loop that writes, hashes and fsyncs the same bytes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.processes import memory
from bench.report import Row, middle, table
from tests.support.server import Server, make_owner, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL, SMALL_COUNT, CONNECTIONS = 100_000, 1_000, 16
LARGE = 500_000_000
PIECE = 1 << 20
ROUNDS = 3


def plain_small(folder: Path) -> float:
    """Objects a second of a loop with 16 threads that writes, hashes and fsyncs."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = Random(1).randbytes(SMALL)

    def one(number: int) -> None:
        with (folder / f"{number}.bin").open("wb", buffering=0) as target:
            target.write(data)
            hashlib.sha256(data).hexdigest()
            os.fsync(target.fileno())

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(one, range(SMALL_COUNT)))
    return SMALL_COUNT / (time.perf_counter() - began)


def plain_large(folder: Path) -> float:
    """Bytes a second of one loop that writes, hashes and fsyncs."""
    folder.mkdir(parents=True, exist_ok=True)
    piece, digest = os.urandom(PIECE), hashlib.sha256()
    began = time.perf_counter()
    with (folder / "large.bin").open("wb", buffering=0) as target:
        for _ in range(LARGE // PIECE):
            target.write(piece)
            digest.update(piece)
        os.fsync(target.fileno())
    (folder / "large.bin").unlink(missing_ok=True)
    return LARGE / (time.perf_counter() - began)


BOUNDARY = "fanlight-bench"


def head(name: str, size: int, token: str, query: str) -> tuple[bytes, bytes, bytes]:
    """The request head, the part head and the closing of one multipart upload."""
    part = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    request = (
        f"POST /upload?uploadNameType=origin&{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(part) + size + len(end)}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    ).encode()
    return request, part, end


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Read one answer with a Content-Length; fails unless it is 200."""
    top = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in top.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    body = await reader.readexactly(length)
    if not top.startswith(b"HTTP/1.1 200"):
        raise AssertionError(top + body)
    return body


async def ours_small(server: Server, token: str, round_: int) -> float:
    """Uploads a second at 16 connections, each verified and fsynced before its answer."""
    chance = Random(2 + round_)
    bodies = [chance.randbytes(SMALL) for _ in range(32)]
    numbers = iter(range(SMALL_COUNT))

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in numbers:
            name = f"{round_}-{number}.bin"
            request, part, end = head(name, SMALL, token, f"uploadFolder=s{round_}")
            # every body differs, so nothing is linked instead of stored
            body = name.encode().ljust(32) + bodies[number % 32][32:]
            writer.write(request + part + body + end)
            await writer.drain()
            await answer(reader)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    return SMALL_COUNT / (time.perf_counter() - began)


async def ours_large(server: Server, token: str, round_: int) -> tuple[float, int]:
    """Bytes a second of one large upload, and by how much the server's memory grew."""
    assert server.process is not None
    pid = server.process.pid
    before = peak = memory(pid)
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    piece = os.urandom(PIECE)
    size = LARGE // PIECE * PIECE
    request, part, end = head(f"large-{round_}.bin", size, token, "uploadFolder=large")
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request + part)
    for _ in range(LARGE // PIECE):
        writer.write(piece)
        await writer.drain()
    writer.write(end)
    await writer.drain()
    await answer(reader)
    took = time.perf_counter() - began
    writer.close()
    done.set()
    watcher.join()
    return size / took, peak - before


def measure(folder: Path) -> Iterator[Row]:
    """Interleaved rounds of ours and the plain loop; medians."""
    data = folder / "data"
    data.mkdir()
    token = make_owner(data)
    small: list[tuple[float, float]] = []
    large: list[tuple[float, float]] = []
    growth = 0
    with serving(data) as server:
        asyncio.run(ours_small(server, token, 99))
        small += [
            (asyncio.run(ours_small(server, token, round_)), plain_small(folder / "plain"))
            for round_ in range(ROUNDS)
        ]
        for round_ in range(ROUNDS):
            speed, grown = asyncio.run(ours_large(server, token, round_))
            growth = max(growth, grown)
            large.append((speed, plain_large(folder / "plain")))
    ours, plain = middle([a for a, _ in small]), middle([b for _, b in small])
    ratio = middle([a / b for a, b in small])
    yield Row(
        "1,000 uploads of 100 kB, 16 connections", f"{ours:.0f}/s", f"{plain:.0f}/s", ratio, 0.4
    )
    ours, plain = middle([a for a, _ in large]) / 1e6, middle([b for _, b in large]) / 1e6
    ratio = middle([a / b for a, b in large])
    yield Row("500 MB upload", f"{ours:.0f} MB/s", f"{plain:.0f} MB/s", ratio, 0.6)
    yield Row(
        "memory growth during it", f"{growth / 1e6:.1f} MB", "48 MB", growth / 48e6, 1, at_most=True
    )


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        print(table("Uploads", list(measure(Path(folder)))))


if __name__ == "__main__":
    main()
