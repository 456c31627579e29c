"""Originals as one ZIP: 2 GB over loopback, the memory that takes, and pieces of it again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen
from zipfile import ZipFile

from bench.processes import memory, seconds
from bench.report import Row, middle, table
from tests.support.server import Server, make_owner, run_cli, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT, SIZE = 200, 10_000_000
ROUNDS = 3
PIECES = 25
SPEED, MEMORY = 150e6, 64e6


def fill(data: Path) -> None:
    """2 GB of originals in the local channel, found there by an index run."""
    common = os.urandom(SIZE - 8)
    for number in range(COUNT):
        (data / "originals" / f"photo {number:03}.jpg").write_bytes(
            number.to_bytes(8, "big") + common
        )
    run_cli(data, "index")


def ask(server: Server, token: str, path: str, body: object = None) -> Any:
    """JSON of the API."""
    sent = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urlopen(Request(f"{server.url}/api/v1{path}", sent, headers), timeout=60) as answer:
        return json.load(answer)


def archive_of(server: Server, token: str) -> str:
    """The address of an archive of everything."""
    items = ask(server, token, f"/assets?limit={COUNT}")["items"]
    assert len(items) == COUNT
    return str(ask(server, token, "/archives", {"asset_ids": [one["id"] for one in items]})["url"])


def get(url: str, target: Path | str, *more: str) -> float:
    """Seconds that curl takes for it."""
    began = time.perf_counter()
    subprocess.run(["curl", "-sf", "-o", str(target), *more, url], check=True)
    return time.perf_counter() - began


class Peak(threading.Thread):
    """Looks again and again how much memory a server has."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.bytes = 0

    def run(self) -> None:
        while not self._over.wait(0.05):
            with suppress(OSError):  # a process of the family may just have ended
                self.bytes = max(self.bytes, memory(self._pid))

    def end(self) -> int:
        """The most that was seen."""
        self._over.set()
        self.join()
        return self.bytes


def measure(data: Path) -> Iterator[Row]:
    """Speed and memory of whole downloads, then pieces."""
    token = make_owner(data)
    fill(data)
    with serving(data, pictures=False) as server:
        assert server.process is not None
        pid = server.process.pid
        url = archive_of(server, token)
        time.sleep(1)
        before = memory(pid)
        peak = Peak(pid)
        peak.start()
        began = seconds(pid)
        first = get(url, "/dev/null")
        spent = seconds(pid) - began
        again = middle([get(url, "/dev/null") for _ in range(ROUNDS)])
        grown = peak.end() - before
        total = COUNT * SIZE
        for what, took in (("the first time", first), ("again", again)):
            speed = total / took
            yield Row(
                f"2 GB as one ZIP, {what}", f"{speed / 1e6:.0f} MB/s", "150 MB/s", speed / SPEED, 1
            )
        yield Row(
            "processor for it", f"{spent:.1f} s", "13.3 s", spent / (total / SPEED), 1, at_most=True
        )
        yield Row(
            "memory it takes", f"{grown / 1e6:.0f} MB", "64 MB", grown / MEMORY, 1, at_most=True
        )
        yield pieces(url, data)


def pieces(url: str, data: Path) -> Row:
    """Whether going on at some byte gives what the whole has there."""
    whole, part = data / "whole.zip", data / "part"
    get(url, whole)
    with ZipFile(whole) as found:
        assert len(found.namelist()) == COUNT + 1
    size, chance, same = whole.stat().st_size, Random(5), 0
    with whole.open("rb") as all_of_it:
        for at in [0, 1, size - 1, *(chance.randrange(size) for _ in range(PIECES - 3))]:
            stop = min(size, at + 30_000_000)
            get(url, part, "-r", f"{at}-{stop - 1}")
            all_of_it.seek(at)
            wanted = hashlib.sha256(all_of_it.read(stop - at)).digest()
            same += hashlib.sha256(part.read_bytes()).digest() == wanted
    os.truncate(whole, size // 2)
    get(url, whole, "-C", "-")
    with ZipFile(whole) as found:
        assert found.testzip() is None
    return Row("pieces that are the same", f"{same}", f"{PIECES}", same / PIECES, 1)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        print(table("Archives", list(measure(data))))


if __name__ == "__main__":
    main()
