"""A real `fanlight serve` process on loopback, for tests that need sockets, signals or crashes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Generator

FANLIGHT = (sys.executable, "-m", "fanlight")
READY_WITHIN = 60


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**settings: Any) -> dict[str, str]:
    """This process's environment without Fanlight's settings, plus the given ones.

    Python may keep what it has compiled, as what is installed has it: without, each process
    compiles a thousand modules anew.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FANLIGHT_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {f"FANLIGHT_{name.upper()}": str(value) for name, value in settings.items()}


def run_cli(
    data: Path, *arguments: str, stdin: str = "", check: bool = True, **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run one `fanlight` command on a data folder."""
    return subprocess.run(
        [*FANLIGHT, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=check,
        timeout=120,
        env=clean_environment(data=data, **settings),
    )


@dataclass
class Server:
    """One running server process group."""

    data: Path
    port: int
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address it answers on."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.data / f"server-{self.port}.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it says it is ready."""
        with (self.data / f"server-{self.port}.log").open("ab") as output:
            self.process = subprocess.Popen(
                [*FANLIGHT, "serve", "--port", str(self.port)],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clean_environment(data=self.data, **self.settings),
                start_new_session=True,
            )
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait for `/readyz`; fail with the log if it never comes."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(
                    f"the server ended with {self.process.returncode}:\n{self.log}"
                )
            try:
                with urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"the server was not ready in time:\n{self.log}")

    def kill(self) -> None:
        """`kill -9` the whole process group, as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, as `systemctl stop` would; returns the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout=20)
        finally:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=20)

    def setup_link(self) -> str:
        """The one-time setup address it printed."""
        found = re.search(r"http://\S+/setup\?code=\S+", self.log)
        assert found, self.log
        return found.group(0)


@contextmanager
def serving(data: Path, *, port: int | None = None, **settings: Any) -> Generator[Server]:
    """A server that is stopped, by its process id, when the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    server = Server(data, port or free_port(), settings)
    try:
        server.start()
        yield server
    finally:
        if server.process is not None:
            server.stop()


def make_owner(data: Path, name: str = "ada", **settings: Any) -> str:
    """Make an owner, a local channel and a token; returns the token."""
    run_cli(
        data,
        "user",
        "add",
        name,
        "--owner",
        "--password-stdin",
        stdin="correct horse battery\n",
        **settings,
    )
    (data / "originals").mkdir(exist_ok=True)
    run_cli(data, "channel", "add", "local", str(data / "originals"), "--name", "Test", **settings)
    done = run_cli(data, "token", "add", "tests", "--scope", "manage", **settings)
    return done.stdout.strip().splitlines()[-1]
