"""The public door over a stage, asked in process. Also a server's target, for real sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx2

from fanlight.delivery import Rules
from fanlight.web.public import PublicLinks
from tests.delivery.stage import Stage, staged
from tests.support.server import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from datetime import datetime

    from fanlight.delivery import Delivery
    from fanlight.pictures import Pictures
    from fanlight.web.types import HttpScope, Receive, Send


async def elsewhere(scope: HttpScope, receive: Receive, send: Send) -> None:
    """The next app: a teapot."""
    del scope, receive
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"elsewhere"})


@asynccontextmanager
async def visiting(
    stage: Stage,
    rules: Rules | None = None,
    *,
    started: bool = True,
    clock: Callable[[], datetime] | None = None,
    pictures: Pictures | None = None,
    **more: Any,
) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the public door, in process."""
    delivery = stage.delivery(rules, pictures=pictures, **({"clock": clock} if clock else {}))
    if started:
        await delivery.start()
    app: Any = PublicLinks(delivery, elsewhere, **more)
    transport = httpx2.ASGITransport(app)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://our.host") as client:
            yield client
    finally:
        await delivery.stop()


# --- as a process --------------------------------------------------------------------------------


class Served:
    """The ASGI app of a server process: the public door, started and stopped by lifespan."""

    def __init__(self, delivery: Delivery, close: Callable[[], object]) -> None:
        self._delivery = delivery
        self._close = close
        self._links = PublicLinks(delivery, elsewhere)

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._links(scope, receive, send)
            return
        await receive()
        await self._delivery.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._delivery.stop()
        self._close()
        await send({"type": "lifespan.shutdown.complete"})


class Server(NamedTuple):
    """A running server process."""

    port: int
    worker: int
    """The process that answers."""


@contextmanager
def serving(folder: Path, **environment: str) -> Generator[Server]:
    """A server process over the stage in a folder, until the block ends."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1"),
        *("--loop", "uvloop", "--no-ws", "--log-level", "critical", "--port", str(port)),
        *("--workers-kill-timeout", "2", "tests.web.public_stage:application"),
    ]
    given = os.environ | {"STAGE": str(folder)} | environment
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], env=given)
    try:
        wait_for(port, process)
        yield Server(port, worker_of(process.pid))
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens."""
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def worker_of(pid: int) -> int:
    """The child that answers; the others are Python's helpers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (worker,) = (
        int(child)
        for child in children
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    return worker


def application() -> Served:
    """The server's target: the stage in the folder named by the environment."""
    stage = staged(Path(os.environ["STAGE"]))
    rules = Rules(sendfile=os.environ.get("SENDFILE", "server"))  # pyright: ignore[reportArgumentType]
    return Served(stage.__enter__().delivery(rules), lambda: stage.__exit__(None, None, None))
