"""An emulated account at Dropbox, for us and for rclone, beside a part of the measurements.

The emulator runs in a process of its own with its latency profile (planning figures), over TLS for
everybody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dropbox_emulator.client import Control
from fanlight.outgoing import Http
from fanlight.storage.dropbox import Dropbox
from fanlight.storage.store import Store
from fanlight.storage.surroundings import Surroundings

BESIDE = "BENCH_EMULATOR"
"""Where the second run finds the emulator's addresses."""
RCLONE = Path(sys.executable).with_name("rclone")


class OwnDoor(Dropbox):
    """Closes its door for outgoing HTTP with itself."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._http = around.http

    async def close(self) -> None:
        await self._http.close()


@dataclass
class Cloud:
    """An emulated account and app, and where they are."""

    addresses: dict[str, Any]
    control: Control
    folder: Path
    token: str = ""
    refresh_token: str = ""
    app: dict[str, Any] = field(default_factory=dict[str, Any])

    def store(self) -> Store:
        around = Surroundings(Http(), self, str(self.addresses["https"]))
        return Store(OwnDoor(around), name="bench")

    async def get(self) -> str:
        return self.token

    async def renew(self, stale: str) -> str:
        return stale

    def rclone(self, *arguments: str) -> float:
        """Seconds that it takes."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "HTTPS_PROXY": str(self.addresses["proxy"]),
        }
        command = [str(RCLONE), "--config", str(self.folder / "rclone.conf")]
        command += ["--ca-cert", str(self.addresses["ca_file"]), *arguments]
        began = time.perf_counter()
        done = subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        took = time.perf_counter() - began
        if done.returncode:
            sys.exit(done.stderr.decode(errors="replace"))
        return took


def connected(addresses: dict[str, Any], folder: Path) -> Cloud:
    """An account and app at the emulator, for us and for rclone."""
    made = Cloud(addresses, Control(addresses["control"]), folder)
    made.control.add_account("ann@example.org")
    app = made.app = made.control.add_app("bench")
    grant = made.control.grant()
    made.token, made.refresh_token = grant["access_token"], grant["refresh_token"]
    token = {**grant, "expiry": "2099-01-01T00:00:00Z", "token_type": "bearer"}
    (folder / "rclone.conf").write_text(
        f"[cloud]\ntype = dropbox\nclient_id = {app['app_key']}\n"
        f"client_secret = {app['app_secret']}\ntoken = {json.dumps(token)}\n"
    )
    return made


def with_emulator(part: str) -> int:
    """Run a part again beside an emulator whose certificates are trusted from the start."""
    command = [sys.executable, "-m", "dropbox_emulator"]
    command += ["--proxy-port", "0", "--latency", "typical"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            trusted = json.loads(line)["ca_file"]
            beside = {BESIDE: line, "SSL_CERT_FILE": trusted}
            again = [sys.executable, "-m", f"bench.{part}", *sys.argv[1:]]
            return subprocess.call(again, env={**os.environ, **beside})
        finally:
            process.terminate()


def beside() -> dict[str, Any] | None:
    """The emulator's addresses, in the second run."""
    said = os.environ.get(BESIDE)
    return None if said is None else json.loads(said)
