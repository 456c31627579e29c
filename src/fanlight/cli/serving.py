"""The server process and its workers: `python -m fanlight.cli.serving HOST PORT WORKERS`.

`starting` has checked the settings. The parent stays small: it holds the socket, and forks the
workers, which alone load the application.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import sys
from contextlib import suppress
from typing import Any

from fanlight.cli import exits, output
from fanlight.errors import FanlightError

STOP_SECONDS = 5
"""How long a worker may finish what it is doing: stalled clients would keep it for ever."""


YOUNG = 10_000
"""New objects between two looks for rubbish; a request makes some hundreds."""


def main() -> None:
    """Serve, and exit with the status that it ends with."""
    host, port, workers = sys.argv[1:4]
    sys.exit(listen_and_serve(host, int(port), int(workers)))


def listen_and_serve(host: str, port: int, workers: int) -> int:
    """Serve until a signal ends it; returns the exit status."""
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "fanlight.web.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        loop=Loops.uvloop,
        websockets=False,
        backlog=2048,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.critical,
    )
    failure = multiprocessing.Value("i", 0)
    first = multiprocessing.Semaphore(1)

    def load(_target: str) -> Any:
        return load_in_worker(failure, first)

    try:
        server.serve(target_loader=load)
    except SystemExit as end:
        if not failure.value:
            output.note("fanlight: a server process ended by itself; the log above may say why.")
        return failure.value or (end.code if isinstance(end.code, int) else exits.UNEXPECTED)
    return int(failure.value)


def load_in_worker(failure: Any, first: Any) -> Any:
    """In the worker: make the application, or say in one sentence why it cannot start."""
    # structlog would load rich for a console that no server has: 8 MB, and a tenth of a second
    sys.modules.setdefault("rich", None)  # pyright: ignore[reportArgumentType]
    from fanlight.cli.folder import unusable
    from fanlight.web import greeting
    from fanlight.web.asgi import application

    greeting.take_turn = lambda: first.acquire(block=False)
    try:
        try:
            app = application()
        except OSError as error:
            raise unusable(error) from None
    except FanlightError as error:
        failure.value = exits.status_of(error)
        output.complain(error)
        sys.exit(failure.value)
    # what is there now stays: looking through it for rubbish again and again costs every request
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    _give_back_memory()
    return app


def _give_back_memory() -> None:
    """What loading needed and serving does not: about a megabyte."""
    with suppress(OSError, AttributeError):  # the GNU C library alone has it
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    main()
