"""What a server costs that nobody uses: start, memory, processor, and the command's own start."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.processes import memory, seconds
from bench.report import Row, middle, table
from tests.support.server import Server, clean_environment, free_port, make_owner

if TYPE_CHECKING:
    from collections.abc import Iterator

IDLE_SECONDS = 20


def help_seconds() -> float:
    """Seconds of `fanlight --help`, median of seven."""
    command, environment = Path(sys.executable).with_name("fanlight"), clean_environment()

    def once() -> float:
        began = time.perf_counter()
        subprocess.run([command, "--help"], check=True, stdout=subprocess.DEVNULL, env=environment)
        return time.perf_counter() - began

    once()
    return middle([once() for _ in range(7)])


def ready_seconds(data: Path) -> tuple[float, Server]:
    """Seconds from start to ready, and the running server."""
    server = Server(data, free_port())
    began = time.perf_counter()
    server.start()
    return time.perf_counter() - began, server


def measure(data: Path) -> Iterator[Row]:
    """Each figure against its limit."""
    took = help_seconds()
    yield Row("fanlight --help", f"{took:.2f} s", "0.3 s", took / 0.3, 1, at_most=True)
    data.mkdir()
    make_owner(data)
    starts = [ready_seconds(data) for _ in range(1)]
    for _, server in starts:
        server.stop()
    took, server = ready_seconds(data)
    try:
        yield Row("start to ready", f"{took:.2f} s", "2 s", took / 2, 1, at_most=True)
        assert server.process is not None
        pid = server.process.pid
        time.sleep(3)
        before = seconds(pid)
        time.sleep(IDLE_SECONDS)
        share = (seconds(pid) - before) / IDLE_SECONDS * 100
        held = memory(pid)
        yield Row("memory at rest", f"{held / 1e6:.0f} MB", "110 MB", held / 110e6, 1, at_most=True)
        yield Row("processor at rest", f"{share:.2f} %", "0.5 %", share / 0.5, 1, at_most=True)
    finally:
        server.stop()


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        print(table("At rest", list(measure(Path(folder) / "data"))))


if __name__ == "__main__":
    main()
