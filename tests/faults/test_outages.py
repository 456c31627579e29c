"""What the server stands on breaks: disk, folder, database, key. Named errors; nothing is lost."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.support.server import (
    FANLIGHT,
    Server,
    clean_environment,
    free_port,
    make_owner,
    run_cli,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Two megabytes of disk."""
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


async def upload(server: Server, token: str, content: bytes, query: str) -> tuple[int, str]:
    """Status and text of one upload."""
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(content), filename="photo.bin")
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{server.url}/upload?uploadNameType=origin&{query}", data=form) as answer,
    ):
        return answer.status, await answer.text()


async def get(server: Server, path: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as session, session.get(server.url + path) as answer:
        return answer.status, await answer.read()


async def test_a_full_disk_is_said_and_reading_goes_on(tmp_path: Path, small_disk: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    token = make_owner(data)
    run_cli(data, "channel", "add", "local", str(small_disk), "--name", "Small")
    with serving(data) as server:
        status, _ = await upload(server, token, b"a" * 500_000, "channelName=Small")
        assert status == 200
        status, text = await upload(server, token, b"b" * 5_000_000, "channelName=Small")
        assert status == 507
        assert "full" in text
        left = [path for path in small_disk.rglob("*") if path.is_file()]
        assert [path.name for path in left] == ["photo.bin"], "a part of the failed one is left"
        assert await get(server, "/file/photo.bin") == (200, b"a" * 500_000)
        status, _ = await upload(server, token, b"c" * 900_000, "channelName=Small")
        assert status == 200, "what fits is taken again"


async def test_a_read_only_folder_is_said_and_reading_goes_on(
    tmp_path: Path, small_disk: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    token = make_owner(data)
    run_cli(data, "channel", "add", "local", str(small_disk), "--name", "Small")
    with serving(data) as server:
        assert (await upload(server, token, b"kept", "channelName=Small"))[0] == 200
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        status, text = await upload(server, token, b"other", "channelName=Small")
        assert 400 <= status < 600
        assert status != 500, text
        assert "write" in text
        assert await get(server, "/file/photo.bin") == (200, b"kept")


async def test_a_catalogue_locked_by_another_process_is_busy_and_then_well(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    token = make_owner(data)
    with serving(data) as server:
        assert (await upload(server, token, b"before", ""))[0] == 200
        with sqlite3.connect(data / "fanlight.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            status, text = await upload(server, token, b"meanwhile", "")
            assert status == 503, text
            assert await get(server, "/file/photo.bin") == (200, b"before")
            other.execute("ROLLBACK")
        other.close()
        status, text = await upload(server, token, b"after", "")
        assert status == 200, text
        objects = [path for path in (data / "originals").rglob("*") if path.is_file()]
        assert {path.read_bytes() for path in objects} == {b"before", b"after"}


def start_that_fails(data: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Try to serve; it must end by itself."""
    return subprocess.run(
        [*FANLIGHT, "serve", "--port", str(free_port())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=clean_environment(data=data, **settings),
    )


@pytest.mark.parametrize("fault", ["lost", "wrong", "readable", "empty"])
async def test_a_key_that_is_not_right_stops_the_start_and_harms_nothing(
    tmp_path: Path, fault: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    token = make_owner(data)
    key = data / "key"
    right = key.read_bytes()
    if fault == "lost":
        key.unlink()
    elif fault == "wrong":
        key.write_text("A" * 43 + "=\n", encoding="ascii")
    elif fault == "readable":
        key.chmod(0o644)
    else:
        key.write_bytes(b"")

    failed = start_that_fails(data)
    assert failed.returncode not in (0, 1)
    assert "key" in failed.stderr
    assert "Traceback" not in failed.stderr + failed.stdout
    assert right.decode().strip() not in failed.stderr + failed.stdout

    key.write_bytes(right)
    key.chmod(0o600)
    with serving(data) as server:
        assert (await upload(server, token, b"as before", ""))[0] == 200


def test_a_bad_setting_stops_the_start_naming_what_was_read_and_what_is_allowed(
    tmp_path: Path,
) -> None:
    failed = start_that_fails(tmp_path, naming="prettily")
    assert failed.returncode not in (0, 1)
    assert "FANLIGHT_NAMING" in failed.stderr
    assert "prettily" in failed.stderr
    assert "origin" in failed.stderr
    assert "Traceback" not in failed.stderr


async def test_the_server_ends_soon_when_asked_though_a_client_is_stalled(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    make_owner(data)
    with serving(data) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        await writer.drain()
        assert server.process is not None
        pid = server.process.pid
        assert await asyncio.get_running_loop().run_in_executor(None, server.stop) == 0
        writer.transport.abort()
        with pytest.raises(ProcessLookupError):
            os.killpg(pid, 0)
