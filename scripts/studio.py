"""A studio of its own on loopback, with sample photographs: for the demo and the pictures."""

from __future__ import annotations

import json
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.server import Server, run_cli, serving

OWNER = "ada"
PASSWORD = "a window that lets the sky in"
SCOPES = ("--scope", "upload", "--scope", "read", "--scope", "list")


@dataclass
class Studio:
    """A running server that has an owner, a channel and a token."""

    server: Server
    originals: Path
    token: str

    @property
    def url(self) -> str:
        """Where it is."""
        return self.server.url

    def upload(self, *paths: Path, folder: str = "") -> list[str]:
        """Send originals as a person would; the links that come back, in the same order."""
        sent = [str(path) for path in paths]
        where = ["--folder", folder] if folder else []
        to = ["--to", self.url, "--token", self.token, "--json"]
        said = run_cli(self.server.data, "upload", *sent, *to, *where).stdout
        return [str(one["url"]) for one in json.loads(said)]


def free_port(wanted: int) -> int:
    """The wanted port if nobody has it, or one that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("no port is free")


@contextmanager
def studio(folder: Path, port: int = 0, **settings: Any) -> Generator[Studio]:
    """Serve a new studio until the block ends; what it keeps lies in `folder`."""
    data, originals = folder / "data", folder / "originals"
    originals.mkdir(parents=True)
    run_cli(data, "user", "add", OWNER, "--owner", "--password-stdin", stdin=f"{PASSWORD}\n")
    run_cli(data, "channel", "add", "local", str(originals), "--name", "This server")
    token = run_cli(data, "token", "add", "PicGo on the laptop", *SCOPES).stdout.split()[-1]
    with serving(data, port=free_port(port), log_level="warning", **settings) as server:
        yield Studio(server, originals, token)
