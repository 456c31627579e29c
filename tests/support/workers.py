"""A worker process for tests: orders go in, answers come out; what kills it ends no test run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import TYPE_CHECKING

from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Answer, Done, Failed, Order, Output

if TYPE_CHECKING:
    from types import TracebackType

LIMITS = Limits(pixels=60_000_000, frames=200, seconds=60.0, memory=700 << 20)
PATIENCE = 120
"""Seconds."""


@dataclass(frozen=True)
class Died:
    """The process ended instead of answering."""

    status: int


@dataclass
class Worker:
    """Start it with `with`; it is started anew after it died."""

    limits: Limits = LIMITS
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """The process that answers now."""
        return self._running().pid

    def run(self, order: Order) -> Done | Failed | Died:
        """Hand it an order and wait for the answer."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order.to_json().encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select([process.stdout], [], [], PATIENCE)
        assert ready, f"no answer to {order}"
        line = process.stdout.readline()
        if not line:
            self._process = None
            process.communicate(timeout=PATIENCE)
            return Died(process.returncode)
        return Answer.from_json(line)

    def make(
        self, folder: Path, data: bytes, *outputs: Output, facts: bool = True
    ) -> Done | Failed | Died:
        """Order the outputs of an original that is these bytes."""
        source = folder / "source"
        source.write_bytes(data)
        return self.run(Order(str(source), "", outputs, facts=facts))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-m", "fanlight.renditions.worker", self.limits.to_json()]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            assert self._process.stdout is not None
            assert self._process.stdout.readline() == b"\n", "it did not say that it is ready"
        return self._process

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
