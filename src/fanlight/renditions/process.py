"""One worker process, seen from the server: an order in, an answer out, and how it died."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

from fanlight.renditions.deaths import WorkerDied
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Answer, Done, Failed, Order

COMMAND = (sys.executable, "-m", "fanlight.renditions.worker")
START = 30.0
"""Seconds a worker may take until it is ready; it takes a fraction of one."""
MARGIN = 1.0
"""Seconds beyond the time allowed after which a worker is killed; a little later it kills itself,
for a server that cannot do it."""
STARVED = 0.1
"""Share of the time allowed: a worker that had less of a core was not slow, but had no chance."""
STOP = 0.5
"""Seconds a worker has to end by itself once there are no more orders."""
LONGEST_ANSWER = 1 << 22
TAIL = 2000
"""Bytes of what a worker complains of that are remembered."""

MEMORY = ":".join(
    (
        "glibc.malloc.arena_max=2",  # more would keep memory that no picture uses
        "glibc.malloc.mmap_threshold=1048576",  # a fixed one: what is large goes when it is freed
        "glibc.malloc.hugetlb=1",  # large pages for it, where the system has them on request
    )
)
"""How a worker's C library shall hold memory (glibc 2.35; others do not know the name)."""

_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def environment(folder: Path) -> Mapping[str, str]:
    """What a worker sees of the world: none of our settings and secrets, and its own folder."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    python = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    return {**kept, **python, "TMPDIR": str(folder), "GLIBC_TUNABLES": MEMORY}


class Worker:
    """A process that carries out orders, one after another."""

    def __init__(self, process: Popen[bytes], disk: Executor) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("a worker is spoken to by pipes")
        self._process = process
        self._orders = process.stdin
        self._disk = disk
        self._answers = asyncio.StreamReader(LONGEST_ANSWER)
        self._errors = asyncio.StreamReader()
        self._pipes: list[asyncio.ReadTransport] = []
        self._listening = asyncio.create_task(self._listen())
        self._complaint = b""
        self._began = 0.0
        self.orders = 0
        """How many it was given."""

    @classmethod
    async def start(
        cls, command: tuple[str, ...], limits: Limits, folder: Path, disk: Executor
    ) -> Worker:
        """Start one; `ready` says when it can work. Raises OSError if the system starts none.

        In a thread of `disk`, which must live as long as the worker: asyncio's own way would hold
        the loop for as long as it takes to copy the page tables of a large process.
        """
        start = partial(_start, (*command, limits.to_json()), environment(folder))
        process = await asyncio.get_running_loop().run_in_executor(disk, start)
        worker = cls(process, disk)
        await worker._connect()
        return worker

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        streams = ((self._answers, self._process.stdout), (self._errors, self._process.stderr))
        for reader, pipe in streams:
            protocol = asyncio.StreamReaderProtocol(reader)
            transport, _ = await loop.connect_read_pipe(partial(_same, protocol), pipe)
            self._pipes.append(transport)

    async def ready(self) -> None:
        """Wait until it has loaded what it needs. Raises WorkerDied; cancelled, it is killed."""
        await self._hear(START)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it could take an order, as far as is known."""
        return self._process.poll() is None

    @property
    def memory(self) -> int:
        """Bytes that it holds; 0 where the system does not say."""
        with suppress(OSError, ValueError, IndexError):
            return int(self._told("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return 0

    def starved(self, seconds: float) -> bool:
        """Whether the order it has had next to nothing of `seconds` of a core so far."""
        return 0 <= self._cpu - self._began < seconds * STARVED

    @property
    def _cpu(self) -> float:
        """Seconds of a core that it has used; very many where the system does not say."""
        with suppress(OSError, ValueError, IndexError):
            told = self._told("stat").rpartition(")")[2].split()
            return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
        return float("inf")

    def _told(self, about: str) -> str:
        return Path(f"/proc/{self.pid}/{about}").read_text(encoding="utf-8", errors="replace")

    async def ask(self, order: Order, seconds: float) -> Done | Failed:
        """Have it carry out an order. Raises WorkerDied; cancelled, the worker is killed."""
        self.orders += 1
        self._complaint = b""
        self._began = self._cpu
        with suppress(OSError):  # then it is no more, as will be heard
            self._orders.write(order.to_json().encode() + b"\n")
        line = await self._hear(seconds + MARGIN)
        try:
            return Answer.from_json(line)
        except ValueError:
            raise await self._dead() from None

    async def end(self) -> None:
        """Tell it that there are no more orders; it is gone when this returns."""
        self._orders.close()
        await self._dead()

    def kill(self) -> None:
        """Make an end of it."""
        self._process.kill()

    async def _hear(self, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                line = await self._answers.readline()
        except TimeoutError:
            raise await self._dead(slow=True, starved=self.starved(seconds)) from None
        except ValueError:  # a line without end
            raise await self._dead() from None
        except BaseException:
            self.kill()
            raise
        if not line.endswith(b"\n"):
            raise await self._dead()
        return line

    async def _dead(self, *, slow: bool = False, starved: bool = False) -> WorkerDied:
        if not slow:  # its pipes close a moment before it ends by itself
            await asyncio.wait({self._listening}, timeout=STOP)
        killed = not self._listening.done()
        if killed:
            self.kill()
        loop = asyncio.get_running_loop()
        status = await loop.run_in_executor(self._disk, self._process.wait)
        await asyncio.wait({self._listening}, timeout=STOP)
        self._let_go()
        return WorkerDied(0 if killed else status, self.complaint, slow=slow, starved=starved)

    def _let_go(self) -> None:
        self._listening.cancel()
        self._orders.close()
        for pipe in self._pipes:
            pipe.close()

    @property
    def complaint(self) -> str:
        """The end of what it wrote to its standard error."""
        return self._complaint.decode(errors="replace").strip()

    async def _listen(self) -> None:
        while said := await self._errors.read(TAIL):
            self._complaint = (self._complaint + said)[-TAIL:]


def _start(command: tuple[str, ...], environment: Mapping[str, str]) -> Popen[bytes]:
    return Popen(  # noqa: S603 -- our own program
        command,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        bufsize=0,
        env=environment,
        start_new_session=True,  # what a terminal sends is for the server alone
    )


def _same(protocol: asyncio.StreamReaderProtocol) -> asyncio.StreamReaderProtocol:
    return protocol
