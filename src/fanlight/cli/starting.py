"""From the command line to the server: check what was set, then become the server's program.

To understand a command line takes libraries that weigh as much again as the process that holds the
socket. So that one begins anew, in the same process, without them.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, NoReturn

from fanlight.config import load
from fanlight.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

# -P: what lies in the folder that it is started in is no part of it
PROGRAM = (sys.executable, "-P", "-m", "fanlight.cli.serving")


def start(**given: str | int | Path | None) -> NoReturn:
    """Become the server, with what the command line gave. Raises SettingsError."""
    settings = load(**given)  # what was given is in the environment from here on
    check_free(settings.host, settings.port)
    sys.stdout.flush()
    sys.stderr.flush()
    listen = (settings.host, str(settings.port), str(settings.workers))
    os.execv(PROGRAM[0], [*PROGRAM, *listen])  # noqa: S606 -- our own program


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
