"""The peers that make pictures: sharp and ipx from npm, thumbor from PyPI, each in a folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from bench.photos import OUT
from tests.support.server import free_port

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

NODE = {"sharp": "0.35.5", "ipx": "3.1.1"}
THUMBOR = "thumbor==7.8.0"

SHARP = """
import { createInterface } from "node:readline";
import sharp from "sharp";

sharp.cache(false);
sharp.concurrency(1);
for await (const line of createInterface({ input: process.stdin })) {
  const { source, outputs } = JSON.parse(line);
  for (const [edge, target] of outputs) {
    const resized = sharp(source).rotate().resize(edge, edge, { fit: "inside" });
    await resized.webp({ quality: 80, effort: 2 }).toFile(target);
  }
  console.log("done");
}
"""


def node() -> Path:
    """The folder with sharp and ipx in it, fetched the first time."""
    folder = OUT / "node"
    wanted = json.dumps({"private": True, "type": "module", "dependencies": NODE})
    described = folder / "package.json"
    if not described.exists() or described.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        (folder / "sharp.js").write_text(SHARP)
        described.write_text(wanted)
        try:
            subprocess.run(["npm", "install", *quiet], cwd=folder, check=True)
        except BaseException:
            described.unlink()
            raise
    (folder / "sharp.js").write_text(SHARP)
    return folder


def thumbor() -> Path:
    """The program, in an environment of its own."""
    folder = OUT / THUMBOR.replace("==", "-")
    program = folder / "bin" / "thumbor"
    if not program.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", str(folder)], check=True)
        python = ["--python", str(folder / "bin" / "python")]
        subprocess.run([*uv, "pip", "install", "--quiet", *python, THUMBOR], check=True)
    return program


@contextmanager
def serving_ipx(photos: Path) -> Generator[tuple[int, int]]:
    """ipx over a folder: its port and process id."""
    port = free_port()
    folder = node()
    command = ["node", str(folder / "node_modules" / ".bin" / "ipx"), "serve"]
    given = ["--dir", str(photos), "--host", "127.0.0.1", "--port", str(port)]
    with _running([*command, *given], port, folder) as pid:
        yield port, pid


@contextmanager
def serving_thumbor(photos: Path, folder: Path, processes: int) -> Generator[tuple[int, int]]:
    """thumbor over a folder, one process for each core, keeping nothing."""
    folder.mkdir()
    port = free_port()
    settings = {
        "LOADER": "thumbor.loaders.file_loader",
        "FILE_LOADER_ROOT_PATH": str(photos),
        "STORAGE": "thumbor.storages.no_storage",
        "ALLOW_UNSAFE_URL": True,
        "MAX_AGE": 0,
    }
    written = folder / "thumbor.conf"
    written.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    command = [str(thumbor()), "--ip", "127.0.0.1", "--port", str(port), "--conf", str(written)]
    with _running([*command, "--processes", str(processes)], port, folder) as pid:
        yield port, pid


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Generator[int]:
    """A server until the block ends; what it says goes to a file of its folder."""
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=os.environ | {"NODE_ENV": "production"},
            start_new_session=True,
        )
    try:
        _wait(port, process)
        yield process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # thumbor leaves its own processes behind
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise AssertionError(f"{process.args!r} ended with {process.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{process.args!r} did not start")
