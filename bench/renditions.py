"""Pictures in other sizes: against sharp alone, and against ipx and thumbor over HTTP.

Photographs have 24 megapixels and the grain of a sensor (`photos`). Each peer runs right before
Fanlight in each round, over the same photographs, cold: nothing made before is used again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from bench import peers
from bench.photos import copies, painted
from bench.processes import memory, seconds
from bench.report import Row, middle, table
from bench.wrk import Load, Request, missing
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Order, Output
from fanlight.renditions.recipes import Format, Recipe
from tests.support.server import make_owner, run_cli, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from tests.support.server import Server

CONNECTIONS = 8
LOOK = 0.2
"""Seconds between two looks at the memory: each takes the system some milliseconds."""
ACCEPT = {"Accept": "image/webp,*/*"}
SIZES = "400x400"
THUMBS_PER_SECOND = 8.0
"""The limit for thumbs out of a local folder; a peer's own figure on like hardware is 5.6."""


# --- one process each ---------------------------------------------------------------------------


def sharp(folder: Path) -> Callable[[Path, Sequence[int]], str]:
    """A line for sharp: the source and what to make of it."""

    def line(source: Path, edges: Sequence[int]) -> str:
        outputs = [(edge, str(folder / f"sharp-{edge}.webp")) for edge in edges]
        return json.dumps({"source": str(source), "outputs": outputs})

    return line


def ours(folder: Path) -> Callable[[Path, Sequence[int]], str]:
    """The same as an order for our worker."""

    def line(source: Path, edges: Sequence[int]) -> str:
        outputs = tuple(
            Output(Recipe(edge, edge), Format.WEBP, str(folder / f"ours-{edge}.webp"))
            for edge in edges
        )
        return Order(str(source), "image/jpeg", outputs, facts=False).to_json()

    return line


@dataclass
class Maker:
    """A process that makes what a line asks for, and says a line when it has."""

    process: subprocess.Popen[str]
    line: Callable[[Path, Sequence[int]], str]

    def cost(self, photos: Sequence[Path], edges: Sequence[int]) -> float:
        """Processor seconds for each photograph."""
        before = seconds(self.process.pid)
        for photo in photos:
            self.make(photo, edges)
        return (seconds(self.process.pid) - before) / len(photos)

    def make(self, photo: Path, edges: Sequence[int]) -> None:
        """One photograph."""
        to, back = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)
        to.write(self.line(photo, edges) + "\n")
        to.flush()
        if not (said := back.readline()) or '"done":null' in said:
            raise AssertionError(f"{self.process.args!r} made nothing")


@contextmanager
def making(
    command: Sequence[str], cwd: Path, line: Callable[[Path, Sequence[int]], str]
) -> Generator[Maker]:
    """A maker until the block ends."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd
    )
    try:
        yield Maker(process, line)
    finally:
        cast("IO[str]", process.stdin).close()
        process.wait(timeout=20)


def alone(folder: Path, rounds: int) -> Iterator[Row]:
    """Our worker and sharp, a photograph at a time, by processor time."""
    photos, node = painted(), peers.node()
    worker = [sys.executable, "-m", "fanlight.renditions.worker", Limits().to_json()]
    with (
        making(["node", "sharp.js"], node, sharp(folder)) as theirs,
        making(worker, Path.cwd(), ours(folder)) as our,
    ):
        for edges, target in (((400,), 1.25), ((400, 1600), 1.0)):
            for maker in (theirs, our):
                maker.make(photos[0], edges)
            costs = [(our.cost(photos, edges), theirs.cost(photos, edges)) for _ in range(rounds)]
            yield Row(
                f"24 MP to {' and '.join(map(str, edges))} px WebP, processor time",
                f"{middle([mine for mine, _ in costs]) * 1000:.0f} ms",
                f"sharp {middle([other for _, other in costs]) * 1000:.0f} ms",
                middle([mine / other for mine, other in costs]),
                target,
                at_most=True,
            )


# --- over HTTP ----------------------------------------------------------------------------------


def burst(port: int, paths: Sequence[str], headers: Mapping[str, str] = ACCEPT) -> float:
    """Ask for every picture once, at eight connections; answers a second."""
    waiting = iter(paths)
    lock = threading.Lock()

    def one_connection() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            with lock:
                path = next(waiting, None)
            if path is None:
                return connection.close()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or not answer.headers["Content-Type"].startswith("image/"):
                raise AssertionError(f"{path}: {answer.status} {body[:200]!r}")

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done in [pool.submit(one_connection) for _ in range(CONNECTIONS)]:
            done.result()
    return len(paths) / (time.perf_counter() - began)


class Peak:
    """The most memory that a process and its children have had while it watched."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.bytes = 0

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK):
            try:
                self.bytes = max(self.bytes, memory(self._pid))
            except OSError:
                continue  # a child that has just ended


@dataclass
class Burst:
    """What one burst came to."""

    per_second: float
    seconds: float
    """Of a processor, for each picture: what the chance of a run and other work leave alone."""
    peak: int


def ask(port: int, pid: int, paths: Sequence[str]) -> Burst:
    """A burst, watched."""
    before = seconds(pid)
    with Peak(pid) as peak:
        rate = burst(port, paths)
    return Burst(rate, (seconds(pid) - before) / len(paths), peak.bytes)


def of_ipx(photos: Path, names: Sequence[str]) -> Burst:
    """ipx, cold."""
    with peers.serving_ipx(photos) as (port, pid):
        return ask(port, pid, [f"/w_400,h_400,fit_inside,f_webp,q_80/{name}" for name in names])


def of_thumbor(photos: Path, folder: Path, names: Sequence[str]) -> Burst:
    """thumbor, cold, with a process for each core."""
    shutil.rmtree(folder, ignore_errors=True)
    wish = "/unsafe/fit-in/400x400/filters:format(webp):quality(80)"
    with peers.serving_thumbor(photos, folder, os.cpu_count() or 1) as (port, pid):
        return ask(port, pid, [f"{wish}/{name}" for name in names])


def of_ours(server: Server, paths: Sequence[str]) -> Burst:
    """Fanlight, cold."""
    begin_cold(server)
    assert server.process is not None
    return ask(server.port, server.process.pid, paths)


def begin_cold(server: Server) -> None:
    """Start the server anew, without anything that was made before."""
    server.stop()
    shutil.rmtree(server.data / "pictures", ignore_errors=True)
    server.start()


@contextmanager
def library(folder: Path, photos: Path) -> Generator[tuple[Server, list[str]]]:
    """A server whose channel holds the photographs, and the ids of their assets, by name."""
    data = folder / "data"
    data.mkdir()
    token = make_owner(data)
    run_cli(data, "channel", "add", "local", str(photos), "--name", "Photographs")
    run_cli(data, "index", "Photographs")
    with serving(data, picture_sizes=SIZES) as server:
        yield server, assets(server, token, len(list(photos.glob("*.jpg"))))


def assets(server: Server, token: str, count: int) -> list[str]:
    """Wait until everything is known of all photographs; their ids."""
    for _ in range(3000):
        found: list[dict[str, object]] = []
        after = ""
        while True:
            page = fetch(server, token, f"/api/v1/assets?limit=200&sort=name{after}")
            found += cast("list[dict[str, object]]", page["items"])
            if not page["next"]:
                break
            after = f"&after={page['next']}"
        if len(found) == count and all(one["width"] for one in found):
            return [str(one["id"]) for one in found]
        time.sleep(0.2)
    raise AssertionError("the photographs were not prepared in time")


def fetch(server: Server, token: str, path: str) -> dict[str, object]:
    """A page of the API."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    body: dict[str, object] = json.loads(connection.getresponse().read())
    connection.close()
    return body


def against_servers(folder: Path, rounds: int, count: int) -> Iterator[Row]:
    """A cold burst, and what it costs whoever asks for what is there already."""
    photos = folder / "photos"
    names = [path.name for path in copies(photos, count)]
    with library(folder, photos) as (server, ids):
        paths = [f"/a/{asset}?width=400&height=400" for asset in ids]
        runs = [
            (of_ipx(photos, names), of_thumbor(photos, folder / "t", names), of_ours(server, paths))
            for _ in range(rounds)
        ]
        for place, name, target in ((0, "ipx", 1.0), (1, "thumbor", 1.5)):
            yield compared(f"{count} cold, 8 connections, against {name}", runs, place, target)
            yield costs(f"processor time of it, against {name}", runs, place, 1 / target)
        for place, name in ((0, "ipx"), (1, "thumbor")):
            yield peaks(f"peak memory of it, against {name}", runs, place)
        yield while_busy(folder, server, paths)


def compared(
    what: str, runs: Sequence[tuple[Burst, Burst, Burst]], place: int, target: float
) -> Row:
    """Our rate against one peer's."""
    return Row(
        what,
        f"{middle([run[2].per_second for run in runs]):.1f}/s",
        f"{middle([run[place].per_second for run in runs]):.1f}/s",
        middle([run[2].per_second / run[place].per_second for run in runs]),
        target,
    )


def costs(what: str, runs: Sequence[tuple[Burst, Burst, Burst]], place: int, target: float) -> Row:
    """Our processor time for each picture, that of all our processes, against one peer's."""
    return Row(
        what,
        f"{middle([run[2].seconds for run in runs]) * 1000:.0f} ms",
        f"{middle([run[place].seconds for run in runs]) * 1000:.0f} ms",
        middle([run[2].seconds / run[place].seconds for run in runs]),
        round(target, 2),
        at_most=True,
    )


def peaks(what: str, runs: Sequence[tuple[Burst, Burst, Burst]], place: int) -> Row:
    """Our memory against one peer's."""
    return Row(
        what,
        f"{middle([run[2].peak for run in runs]) / 1e6:.0f} MB",
        f"{middle([run[place].peak for run in runs]) / 1e6:.0f} MB",
        middle([run[2].peak / run[place].peak for run in runs]),
        1.0,
        at_most=True,
    )


def while_busy(folder: Path, server: Server, paths: Sequence[str]) -> Row:
    """One kept rendition, asked for while a hundred others are made."""
    assert server.process is not None
    begin_cold(server)
    burst(server.port, paths[:1])
    load = Load(folder, max(os.sched_getaffinity(0)))
    kept = [Request(paths[0], ("Accept", "image/webp"))]

    def rate() -> float:
        assert server.process is not None
        pid = server.process.pid
        return load.run(server.port, pid, kept, connections=4, wanted=4).per_second

    quiet = rate()
    with ThreadPoolExecutor(1) as pool:
        making_others = pool.submit(burst, server.port, paths[1:])
        time.sleep(0.5)
        busy = rate()
        still_busy = not making_others.done()
        making_others.result()
    if not still_busy:
        raise AssertionError("the burst was over before the rate was measured")
    shown = f"{busy:,.0f}/s", f"{quiet:,.0f}/s quiet"
    return Row("a kept rendition while a cold burst runs", *shown, busy / quiet, 0.5)


def out_of_a_folder(folder: Path, count: int) -> Iterator[Row]:
    """Every thumb of a folder, each for the first time."""
    photos = folder / "many"
    for _ in copies(photos, count, quality=60):
        pass
    with library(folder, photos) as (server, ids):
        begin_cold(server)
        rate = burst(server.port, [f"/a/{asset}/thumb" for asset in ids])
    shown = f"{rate:.1f}/s", f"limit {THUMBS_PER_SECOND:g}/s"
    yield Row(f"{count} thumbs out of a local folder", *shown, rate / THUMBS_PER_SECOND, 1.0)


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    burst: int
    photos: int
    only: str


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--burst", type=int, default=100, help="photographs of a burst")
    parser.add_argument("--photos", type=int, default=500, help="photographs of the large folder")
    parser.add_argument("--only", default="alone,servers,folder")
    given = parser.parse_args(namespace=Arguments())
    if lacking := missing():
        sys.exit(lacking)
    parts: dict[str, Callable[[Path], Iterator[Row]]] = {
        "alone": partial(alone, rounds=given.rounds),
        "servers": partial(against_servers, rounds=given.rounds, count=given.burst),
        "folder": partial(out_of_a_folder, count=given.photos),
    }
    titles = {
        "alone": "Renditions, one process each",
        "servers": "Renditions over HTTP, against ipx and thumbor",
        "folder": "Renditions out of a folder",
    }
    for name in given.only.split(","):
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            print(table(titles[name], list(parts[name](Path(folder)))), flush=True)


if __name__ == "__main__":
    main()
