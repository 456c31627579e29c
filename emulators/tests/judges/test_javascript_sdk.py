"""Judge: the official JavaScript SDK."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from dropbox_emulator.pytest_plugin import EmulatorHandle

from ..strictness import StrictReader
from ..support import Dropbox
from .tools import led_to, prepared, run

HERE = Path(__file__).parent / "javascript"
LOCKED = ("package.json", "package-lock.json", ".npmrc")


def build(into: Path) -> None:
    """The SDK as the lock file has it."""
    for name in LOCKED:
        shutil.copy(HERE / name, into)
    run(["npm", "ci", "--loglevel=error"], cwd=into, timeout=300)


def test_the_javascript_sdk(emulator: EmulatorHandle, dbx: Dropbox, strict: StrictReader) -> None:
    stamp = "".join((HERE / name).read_text("utf-8") for name in LOCKED)
    place = prepared("javascript-sdk", stamp, build)
    shutil.copy(HERE / "judge.js", place)
    env = led_to(
        emulator,
        ADDRESS=dbx.address,
        REFRESH_TOKEN=dbx.grant["refresh_token"],
        CLIENT_ID=dbx.app["app_key"],
        CLIENT_SECRET=dbx.app["app_secret"],
    )
    answer = json.loads(run(["node", "judge.js"], cwd=place, env=env))
    assert answer["calls"] >= 13
    assert strict.read["files/upload_session/finish", 200] == 1
    assert [row["path"] for row in emulator.control.tree()] == ["/pieces.txt"]
