"""The server process and its workers.

The parent stays small: it reads the settings in a short-lived child, holds the socket, and forks
the workers, which alone load the application.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fanlight.cli import exits, output
from fanlight.cli.opening import unusable
from fanlight.errors import FanlightError, SettingsError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

STOP_SECONDS = 5
"""How long a worker may finish what it is doing: stalled clients would keep it for ever."""


YOUNG = 10_000
"""New objects between two looks for rubbish; a request makes some hundreds."""


def serve(given: dict[str, Any]) -> int:
    """Serve with what the command line gave until a signal ends it; returns the exit status."""
    fork = multiprocessing.get_context("fork")
    reader, writer = fork.Pipe(duplex=False)
    child = fork.Process(target=tell_settings, args=(given, writer))
    child.start()
    writer.close()
    # the server's own import goes on while the child reads
    import granian.server  # pyright: ignore[reportUnusedImport]  # noqa: F401

    try:
        answer = reader.recv()
    except EOFError:
        return exits.UNEXPECTED  # it has said why
    child.join()
    if isinstance(answer, FanlightError):
        raise answer
    environment, listen = answer
    os.environ.update(environment)
    return listen_and_serve(**listen)


def tell_settings(given: dict[str, Any], writer: Connection) -> None:
    """In the child: check every setting; what was given goes to the workers by environment."""
    from fanlight.config import PREFIX, load

    try:
        settings = load(**given)
    except FanlightError as error:
        writer.send(error)
        return
    named = {
        PREFIX + name.upper(): str(value) for name, value in given.items() if value is not None
    }
    listen = {"host": settings.host, "port": settings.port, "workers": settings.workers}
    writer.send((named, listen))


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
    check_free(host, port)
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


def check_free(host: str, port: int) -> None:
    """Raise SettingsError if nobody can listen there, or somebody does.

    The server shares its port between workers, so it would also share it with a stranger.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Nothing can listen on {host}:{port}: {error.strerror or error}.",
                remedy="Choose another port with --port, or stop what uses it.",
            ) from None


def load_in_worker(failure: Any, first: Any) -> Any:
    """In the worker: make the application, or say in one sentence why it cannot start."""
    # structlog would load rich for a console that no server has: 8 MB, and a tenth of a second
    sys.modules.setdefault("rich", None)  # pyright: ignore[reportArgumentType]
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
