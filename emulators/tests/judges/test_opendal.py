"""Judge: OpenDAL, an independent client with a core in Rust."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dropbox_emulator.pytest_plugin import EmulatorHandle

from ..support import Dropbox
from .tools import led_to, run


def test_opendal(emulator: EmulatorHandle, dbx: Dropbox) -> None:
    dbx.upload("/Other/outside.txt", b"x")
    options = {
        "root": "/Kept here",
        "refresh_token": dbx.grant["refresh_token"],
        "client_id": dbx.app["app_key"],
        "client_secret": dbx.app["app_secret"],
    }
    env = led_to(emulator, "SSL_CERT_FILE", OPTIONS=json.dumps(options))
    # In a process of its own: it reads proxy and certificates from the environment, once.
    script = Path(__file__).with_name("drive_opendal.py")
    found = json.loads(run([sys.executable, script], env=env, timeout=60))
    assert found["listed"] == ["Grüße 🎉.txt", "big.bin", "deep/", "empty"]
    assert found["ranged"] == "two"
    assert found["big_part"] == bytes(range(256)).hex()
    assert found["length"] == 13
    assert found["missing"] == "NotFound"
    assert dbx.names("", recursive=True) == [
        "/Kept here",
        "/Kept here/deep",
        "/Kept here/deep/kept.txt",
        "/Other",
        "/Other/outside.txt",
    ]
    assert dbx.download("/Kept here/deep/kept.txt") == b"four"
    assert emulator.control.log("files/download", has_range=True)["count"] >= 2
