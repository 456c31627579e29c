"""Judge: Maestral, a full sync client, in its own environment."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from uv import find_uv_bin

from dropbox_emulator.pytest_plugin import EmulatorHandle

from ..strictness import StrictReader
from ..support import Dropbox
from ..test_oauth import Browser
from .tools import led_to, prepared, run

HERE = Path(__file__).parent
PINS = HERE / "maestral.txt"
APP_KEY = "2jmbq42w7vof78h"  # built into Maestral


def build(into: Path) -> None:
    """Maestral's environment."""
    uv, place = find_uv_bin(), into / "venv"
    run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, place])
    install = [uv, "pip", "install", "--quiet", "--python", place / "bin/python"]
    run([*install, "--requirement", PINS], timeout=300)


class Maestral:
    """A running Maestral that is told what to do."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, command: str, argument: str = "") -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([command, argument]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def up_to_date(self) -> bool:
        state = self.tell("state")
        assert state["errors"] == []
        return state["status"] == "Up to date"


@pytest.fixture
def maestral(emulator: EmulatorHandle, tmp_path: Path) -> Iterator[Maestral]:
    place = prepared("maestral", PINS.read_text("utf-8") + sys.version, build)
    home = tmp_path / "home"
    home.mkdir()
    env = led_to(emulator, "REQUESTS_CA_BUNDLE", HOME=str(home))
    env = {name: value for name, value in env.items() if not name.startswith(("XDG_", "PYTHON"))}
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(
            [place / "venv/bin/python", HERE / "drive_maestral.py"],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield Maestral(process)
        finally:
            process.terminate()
            process.communicate(timeout=20)
            log.seek(0)
            print(log.read()[-6000:])


def soon(what: Callable[[], bool], seconds: float = 40) -> None:
    """Wait for something to come true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder, but for those of the client itself."""
    return {
        "/" + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".maestral")
    }


def test_maestral(
    emulator: EmulatorHandle, maestral: Maestral, tmp_path: Path, strict: StrictReader
) -> None:
    control = emulator.control
    control.add_account("ann@example.org", given_name="Ann")
    app = control.add_app("Maestral", key=APP_KEY)
    grant = control.grant()
    dbx = Dropbox(emulator, grant["access_token"], app, grant)
    there = {
        "/Empty.txt": b"",
        "/Letters/Über 🎉.txt": b"hello",
        "/Letters/Deep/er/still.bin": bytes(range(256)) * 20_000,
    }
    for path, data in there.items():
        dbx.upload(path, data)
    control.photos(3, long_edge=200)

    # link: its own address, through the pages, with the code to copy
    asked = urlsplit(str(maestral.tell("auth_url")))
    page = Browser(emulator).post(f"{asked.path}?{asked.query}", decision="allow")
    code = re.search(r'value="([^"]+)"[^>]*readonly|data-code="([^"]+)"', page.text)
    assert code, page.text
    assert maestral.tell("link", code[1] or code[2]) == 0

    # down
    folder = tmp_path / "Dropbox"
    maestral.tell("start", str(folder))
    soon(lambda: maestral.up_to_date() and len(contents(folder)) == 6)
    here = contents(folder)
    assert {path: here[path] for path in there} == there

    # up: a new file, a change, a move that keeps the id, a deletion
    letter = dbx.ok("files/get_metadata", {"path": "/Letters/Über 🎉.txt"})
    (folder / "New folder").mkdir()
    (folder / "New folder" / "from here.txt").write_bytes(b"new")
    (folder / "Empty.txt").write_bytes(b"not empty any more")
    shutil.move(folder / "Letters" / "Über 🎉.txt", folder / "moved.txt")
    shutil.rmtree(folder / "Letters" / "Deep")
    expected = contents(folder)
    soon(lambda: {e["path"] for e in control.tree() if "size" in e} == set(expected))
    soon(lambda: maestral.up_to_date() and dbx.download("/Empty.txt") == expected["/Empty.txt"])
    assert dbx.download("/new folder/from here.txt") == b"new"
    assert dbx.ok("files/get_metadata", {"path": "/moved.txt"})["id"] == letter["id"]

    # a change by somebody else, noticed by longpoll
    soon(lambda: waiting(control.log("files/list_folder/longpoll")))
    polls = control.log("files/list_folder/longpoll")["count"]
    control.put("/Letters/news.txt", "from elsewhere")
    control.delete("/moved.txt")
    news = folder / "Letters" / "news.txt"
    soon(lambda: news.is_file() and not (folder / "moved.txt").exists())
    assert news.read_bytes() == b"from elsewhere"
    soon(lambda: control.log("files/list_folder/longpoll")["count"] > polls)
    soon(maestral.up_to_date)
    assert strict.read["files/list_folder/longpoll", 200] >= 1


def waiting(log: dict[str, Any]) -> bool:
    """Whether a call is under way."""
    return any(request["seconds"] is None for request in log["requests"])
