"""What the judges share: things fetched once, and an environment that leads to the emulator."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dropbox_emulator.pytest_plugin import EmulatorHandle

CACHE = Path(__file__).parents[2] / ".cache"

# Where programs look for a proxy to use or to avoid, and for certificates to believe.
_LEADING = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
_TRUSTING = {
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
}


def led_to(handle: EmulatorHandle, *trust: str, **more: str) -> dict[str, str]:
    """The environment of a client that takes the emulator for the real service.

    ``trust`` names the variables through which the client learns of our certificate authority.
    """
    addresses = handle.addresses
    assert addresses.proxy
    assert addresses.ca_file
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in _LEADING and name not in _TRUSTING and not name.startswith("PYTEST")
    }
    trusted = dict.fromkeys(trust, addresses.ca_file)
    return {**kept, "HTTPS_PROXY": addresses.proxy, **trusted, **more}


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 150,
    fails: bool = False,
) -> str:
    """Run a program to its end and answer its output; ``fails`` allows it to."""
    done = subprocess.run(
        [str(each) for each in command],
        env=env,
        cwd=cwd,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    assert fails or done.returncode == 0, f"{command}\n{out[-6000:]}\n{err[-6000:]}"
    return out


@contextmanager
def _alone(name: str) -> Generator[None]:
    """One process at a time: test runs share the cache."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepared(name: str, stamp: str, build: Callable[[Path], None]) -> Path:
    """A folder in the cache, built anew when ``stamp`` differs from what it was built for."""
    folder = CACHE / name
    ready = folder / ".ready"
    with _alone(name):
        if not ready.is_file() or ready.read_text("utf-8") != stamp:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            ready.write_text(stamp, "utf-8")
    return folder
