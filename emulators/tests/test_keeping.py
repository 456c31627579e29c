"""Persistence, the command, in-process use, the control door."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvloop

from dropbox_emulator import Settings, running
from dropbox_emulator.client import Control, ControlError
from dropbox_emulator.pytest_plugin import EmulatorHandle, EmulatorThread

from .support import Dropbox


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    first = EmulatorThread(settings)
    handle = first.start()
    handle.control.add_account("ann@example.org", given_name="Ann")
    app = handle.control.add_app("Keeper", access="app_folder", redirect_uris=["https://a.org/"])
    grant = handle.control.grant()
    dbx = Dropbox(handle, grant["access_token"], app, grant)
    one = dbx.upload("/f/a.txt", b"one")
    dbx.upload("/f/a.txt", b"two", mode="overwrite")
    dbx.upload("/gone.txt", b"x")
    _, cursor = dbx.list("", recursive=True)
    dbx.ok("files/delete_v2", {"path": "/gone.txt"})
    url = dbx.ok("sharing/create_shared_link_with_settings", {"path": "/f/a.txt"})["url"]
    ca = Path(handle.addresses.ca_file or "").read_bytes()
    first.stop()

    second = EmulatorThread(Settings(data=tmp_path / "data"))
    handle = second.start()
    try:
        dbx = Dropbox(handle, grant["access_token"], app, grant)
        assert dbx.download("/f/a.txt") == b"two"
        assert dbx.download("rev:" + one["rev"]) == b"one"
        entries, _ = dbx.changes(cursor)
        assert [(e[".tag"], e["path_lower"]) for e in entries] == [("deleted", "/gone.txt")]
        assert dbx.ok("files/list_revisions", {"path": "/gone.txt"})["is_deleted"]
        assert dbx.ok("files/restore", {"path": "/f/a.txt", "rev": one["rev"]})["id"] == one["id"]
        assert dbx.ok("sharing/get_shared_link_metadata", {"url": url})["name"] == "a.txt"
        assert handle.control.send("apps")["apps"][0]["redirect_uris"] == ["https://a.org/"]
        assert Path(handle.addresses.ca_file or "").read_bytes() == ca
        assert dbx.upload("/new", b"x")["rev"] > one["rev"]
        fresh = handle.control.add_account("bo@example.org")
        assert fresh["account_id"] != grant["account_id"]
    finally:
        second.stop()


def test_the_command(tmp_path: Path) -> None:
    tunnels: list[socket.socket] = []
    options = ["--data", str(tmp_path / "d"), "--seed", "5", "--proxy-port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "dropbox_emulator", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        addresses = json.loads(process.stdout.readline())
        control = Control(addresses["control"])
        assert control.add_account("ann@example.org")["email"] == "ann@example.org"
        # Tunnels that clients keep open must not hold it back.
        parts = urlsplit(str(addresses["proxy"]))
        tunnels = [socket.create_connection((parts.hostname, parts.port)) for _ in range(3)]
        for tunnel in tunnels:
            tunnel.sendall(b"CONNECT api.dropboxapi.com:443 HTTP/1.1\r\n\r\n")
            assert b" 200 " in tunnel.recv(1000)
    finally:
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(10) == 0
        for tunnel in tunnels:
            tunnel.close()
        assert process.stdout
        process.stdout.close()
    assert time.monotonic() - began < 5
    assert "ann@example.org" in (tmp_path / "d" / "state.json").read_text()


def test_the_command_stays_on_loopback() -> None:
    from dropbox_emulator.cli import main

    assert main(["--host", "0.0.0.0"]) == 2


def test_in_process() -> None:
    async def use() -> None:
        async with running(Settings(tls_port=None)) as emulator:
            account = emulator.world.add_account("ann@example.org")
            assert emulator.addresses.https is None
            assert emulator.world.tree_of(account).used == 0

    asyncio.run(use())


def test_in_process_under_another_loop() -> None:
    async def use() -> None:
        async with running(Settings(tls_port=None)) as emulator:
            addresses = emulator.addresses
            handle = EmulatorHandle(addresses, Control(addresses.control), emulator)
            await asyncio.to_thread(check, handle)

    def check(handle: EmulatorHandle) -> None:
        handle.control.add_account("ann@example.org")
        app, data = handle.control.add_app("Looper"), bytes(range(256)) * 2000
        grant = handle.control.grant()
        dbx = Dropbox(handle, grant["access_token"], app, grant)
        dbx.upload("/large.bin", data)
        assert dbx.download("/large.bin") == data

    uvloop.run(use())


def test_control_door_explains_itself(emulator: EmulatorHandle) -> None:
    assert "faults/add" in emulator.control.send("")["commands"]
    for command, arg in (
        ("fly", {}),
        ("accounts/add", {}),
        ("behaviour", {"gravity": 1}),
        ("apps/add", {"name": "x", "owner": "nobody"}),
    ):
        with pytest.raises(ControlError):
            emulator.control.send(command, **arg)


def test_control_copies_a_folder(dbx: Dropbox, tmp_path: Path) -> None:
    (tmp_path / "Sub").mkdir()
    (tmp_path / "Sub" / "a.txt").write_bytes(b"hello")
    assert dbx.control.copy_folder(str(tmp_path), "/From disk") == 1
    assert dbx.download("/from disk/sub/a.txt") == b"hello"
    rows: list[dict[str, Any]] = dbx.control.tree()
    assert [row["path"] for row in rows] == [
        "/From disk",
        "/From disk/Sub",
        "/From disk/Sub/a.txt",
    ]


def test_reset_forgets_everything(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    dbx.control.reset()
    assert dbx.call("check/user", {}).status == 401
    assert dbx.control.send("accounts")["accounts"] == []
