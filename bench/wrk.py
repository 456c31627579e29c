"""wrk against one server process: both pinned to a core of their own, and what it cost."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.processes import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NEEDED = {"nginx": "nginx-light", "wrk": "wrk", "taskset": "util-linux"}

SCRIPT = """
local requests = {}
local next_one = 0
init = function()
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    local path = line:match("^[^\\t]*")
    local headers = {}
    for name, value in line:gmatch("\\t([^\\t]+)\\t([^\\t]*)") do headers[name] = value end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end
request = function()
  next_one = next_one % #requests + 1
  return requests[next_one]
end
done = function(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout + summary.errors.status
  io.write(string.format(
    '\\n{"requests": %d, "seconds": %f, "bytes": %d, "failed": %d, "p99": %f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes, failed,
    latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Request:
    """One address, and the headers that it is asked with."""

    path: str
    header: tuple[str, str] | None = None
    other: tuple[str, str] | None = None

    @property
    def line(self) -> str:
        """As the script reads it."""
        headers = [one for one in (self.header, self.other) if one is not None]
        return "\t".join([self.path, *(text for header in headers for text in header)])


@dataclass(frozen=True)
class Run:
    """What one run came to."""

    per_second: float
    per_cpu_second: float
    p99: float
    """Milliseconds."""
    bytes_each: float


def missing() -> str:
    """What must be installed first, as a sentence; empty if everything is there."""
    absent = [package for name, package in NEEDED.items() if find(name) is None]
    if not absent:
        return ""
    return (
        f"Not measured. Install first: apt-get install --no-install-recommends {' '.join(absent)}"
    )


def find(name: str) -> str | None:
    """Where a program is; Debian keeps nginx where only root looks."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")


class Load:
    """Runs wrk on the core beside the servers'."""

    def __init__(self, folder: Path, core: int) -> None:
        self._folder = folder
        self._core = core
        (folder / "load.lua").write_text(SCRIPT)

    def run(
        self, port: int, pid: int, requests: Sequence[Request], *, connections: int, wanted: int
    ) -> Run:
        """`wanted` seconds of requests in turn. `pid`: whose processor time it costs."""
        listed = self._folder / "requests"
        listed.write_text("".join(f"{one.line}\n" for one in requests))
        before = seconds(pid)
        done = subprocess.run(
            [
                *("taskset", "-c", str(self._core), find("wrk") or "wrk"),
                *("-t1", f"-c{connections}", f"-d{wanted}s", "--timeout", "20s"),
                *("-s", str(self._folder / "load.lua"), f"http://127.0.0.1:{port}"),
            ],
            env={"BENCH_REQUESTS": str(listed), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        spent = seconds(pid) - before
        said = json.loads(done.stdout.rstrip().rpartition("\n")[2])
        if said["failed"] or not said["requests"]:
            raise AssertionError(f"wrong answers, or none: {done.stdout}")
        return Run(
            said["requests"] / said["seconds"],
            said["requests"] / spent,
            said["p99"],
            said["bytes"] / said["requests"],
        )
