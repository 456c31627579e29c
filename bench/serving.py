"""Serving originals against nginx's static files: the ratios that matter, medians of rounds.

One server process at a time, pinned to one core, wrk with one thread on another. nginx runs right
before Fanlight in each round, so that both see the same weather.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from bench.nginx import serving_static
from bench.processes import family
from bench.report import Row, middle, table
from bench.uploads import answer, head
from bench.wrk import Load, Request, Run, missing
from tests.support.server import make_owner, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SMALL, SMALL_COUNT = 60_000, 500
LARGE, LARGE_COUNT = 5_000_000, 10


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    what: str
    measure: str
    """`wall`, `cpu` or `p99`."""
    target: float
    connections: int = 32
    large: bool = False
    header: str = ""
    """`If-None-Match` (with the address's own tag) or `Range`."""

    def figure(self, run: Run) -> float:
        """What of a run is compared."""
        by_measure = {"wall": run.per_second, "cpu": run.per_cpu_second, "p99": run.p99}
        return by_measure[self.measure]

    def shown(self, figure: float) -> str:
        """With its unit."""
        if self.measure == "p99":
            return f"{figure:.1f} ms"
        return f"{figure:,.0f}{'/s' if self.measure == 'wall' else ' per CPU-s'}"


CASES = (
    Case("60 kB, 32 connections, by wall time", "wall", 0.30),
    Case("304, 32 connections, by CPU second", "cpu", 0.25, header="If-None-Match"),
    Case("10 kB range, 32 connections, by CPU second", "cpu", 0.20, header="Range"),
    Case("5 MB, 16 connections, by wall time", "wall", 0.90, connections=16, large=True),
    Case("60 kB, 200 connections, p99", "p99", 8, connections=200),
)


@dataclass(frozen=True)
class Peer:
    """A running server with its addresses of small and large objects."""

    port: int
    pid: int
    small: Sequence[str]
    large: Sequence[str]

    def requests(self, case: Case) -> list[Request]:
        """The requests of a case."""
        paths = self.large if case.large else self.small
        if case.header == "If-None-Match":
            return [Request(path, (case.header, self._tag(path))) for path in paths]
        if case.header == "Range":
            return [Request(path, (case.header, "bytes=20000-29999")) for path in paths]
        return [Request(path) for path in paths]

    def _tag(self, path: str) -> str:
        asked = HttpRequest(f"http://127.0.0.1:{self.port}{path}", method="HEAD")
        with urlopen(asked, timeout=20) as got:
            return str(got.headers["ETag"])


def make_originals(folder: Path) -> None:
    """The objects, as plain files for nginx."""
    folder.mkdir()
    chance = Random(3)
    for number in range(SMALL_COUNT):
        (folder / f"{number}.webp").write_bytes(chance.randbytes(SMALL))
    for number in range(LARGE_COUNT):
        (folder / f"large-{number}.webp").write_bytes(chance.randbytes(LARGE))


async def upload_all(port: int, token: str, originals: dict[str, bytes]) -> None:
    """Put the same objects into Fanlight under the same names."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for name, body in originals.items():
        request, part, end = head(name, len(body), token, "uploadFolder=s")
        writer.write(request + part + body + end)
        await writer.drain()
        await answer(reader)
    writer.close()


def pin(pid: int, core: int) -> None:
    """Keep a process, its children and all their threads on one core."""
    for member in family(pid):
        subprocess.run(
            ["taskset", "-a", "-p", "-c", str(core), str(member)],
            check=True,
            stdout=subprocess.DEVNULL,
        )


def compare(load: Load, case: Case, peers: tuple[Peer, Peer], args: Arguments) -> Row:
    """Interleaved rounds of one case, after a short one that does not count."""

    def run(wanted: int) -> tuple[Run, Run]:
        nginx, ours = (
            load.run(peer.port, peer.pid, requests, connections=case.connections, wanted=wanted)
            for peer, requests in asked
        )
        return nginx, ours

    asked = [(peer, peer.requests(case)) for peer in peers]
    run(1)
    runs = [run(args.seconds) for _ in range(args.rounds)]
    theirs, our = ([case.figure(run) for run in column] for column in zip(*runs, strict=True))
    return Row(
        case.what,
        case.shown(middle(our)),
        case.shown(middle(theirs)),
        middle([ours / nginx for ours, nginx in zip(our, theirs, strict=True)]),
        case.target,
        at_most=case.measure == "p99",
    )


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    seconds: int
    only: str


def measure(folder: Path, args: Arguments) -> Iterator[Row]:
    """Every case."""
    originals, data = folder / "static", folder / "data"
    make_originals(originals)
    data.mkdir()
    token = make_owner(data)
    cores = sorted(os.sched_getaffinity(0))
    names = [f"{number}.webp" for number in range(SMALL_COUNT)]
    large = [f"large-{number}.webp" for number in range(LARGE_COUNT)]
    with (
        serving_static(originals, folder / "nginx", cores[0]) as (nginx_port, nginx_pid),
        serving(data) as server,
    ):
        assert server.process is not None
        bodies = {path.name: path.read_bytes() for path in originals.iterdir()}
        asyncio.run(upload_all(server.port, token, bodies))
        pin(server.process.pid, cores[0])
        peers = (
            Peer(nginx_port, nginx_pid, [f"/{n}" for n in names], [f"/{n}" for n in large]),
            Peer(
                server.port,
                server.process.pid,
                [f"/file/s/{n}" for n in names],
                [f"/file/s/{n}" for n in large],
            ),
        )
        load = Load(folder, cores[-1])
        for case in CASES:
            if args.only in case.what:
                yield compare(load, case, peers, args)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    args = parser.parse_args(namespace=Arguments())
    if lacking := missing():
        sys.exit(lacking)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        print(table("Serving, against nginx static", list(measure(Path(folder), args))))


if __name__ == "__main__":
    main()
