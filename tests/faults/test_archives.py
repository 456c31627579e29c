"""A download of an archive that is cut: `curl -C -` goes on with it, and it is the same."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from tests.support.server import Server, make_owner, serving

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

COUNT, SIZE = 6, 4_000_000


def asked(server: Server, token: str, path: str, body: bytes, kind: str) -> Any:
    request = Request(
        f"{server.url}{path}",
        data=body,
        headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
    )
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def body_of(folder: str, number: int) -> bytes:
    return random.Random(f"{folder} {number}").randbytes(SIZE + number)


def fill(server: Server, token: str, folder: str) -> list[str]:
    """Upload some originals; their ids."""
    ids: list[str] = []
    for number in range(COUNT):
        body = body_of(folder, number)
        query = f"/api/v1/assets?name=photo%20{number}.bin&folder={folder}"
        ids.append(asked(server, token, query, body, "application/octet-stream")["id"])
    return ids


def archive_of(server: Server, token: str, ids: list[str]) -> str:
    body = json.dumps({"asset_ids": ids}).encode()
    return str(asked(server, token, "/api/v1/archives", body, "application/json")["url"])


def curl(url: str, target: Path, *more: str) -> subprocess.Popen[bytes]:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    return subprocess.Popen([program, "--fail", "--silent", "--output", target, *more, url])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Server, str]]:
    """A server that sends one archive at a time."""
    data = tmp_path_factory.mktemp("data")
    token = make_owner(data)
    with serving(data, archives_at_once=1) as server:
        yield server, token


def wait_for_bytes(target: Path, size: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not target.exists() or target.stat().st_size < size:
        assert process.poll() is None, "curl ended before it was cut"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_was_cut_by_a_crash_of_the_server_is_gone_on_with(
    running: tuple[Server, str], tmp_path: Path
) -> None:
    server, token = running
    url = archive_of(server, token, fill(server, token, "cut"))
    whole, cut = tmp_path / "whole.zip", tmp_path / "cut.zip"
    slow = curl(url, cut, "--limit-rate", "1M")
    wait_for_bytes(cut, SIZE + 9, slow)
    server.kill()
    assert slow.wait(timeout=60) != 0
    begun = cut.stat().st_size
    assert SIZE < begun < COUNT * SIZE
    server.start()
    assert curl(url, cut, "-C", "-").wait(timeout=120) == 0
    assert curl(url, whole).wait(timeout=120) == 0
    assert cut.read_bytes() == whole.read_bytes()
    with zipfile.ZipFile(cut) as found:
        assert found.testzip() is None
        assert len(found.namelist()) == COUNT + 1


def test_one_unreadable_in_the_middle_is_named_and_the_rest_is_whole(
    running: tuple[Server, str], tmp_path: Path
) -> None:
    server, token = running
    ids = fill(server, token, "bad")
    url = archive_of(server, token, ids)
    (bad,) = (server.data / "originals" / "bad").rglob("*photo*3.bin")
    bad.unlink()
    bad.mkdir()  # something is there, and it cannot be read
    target = tmp_path / "bad.zip"
    assert curl(url, target).wait(timeout=120) == 0
    with zipfile.ZipFile(target) as found:
        assert found.testzip() is None
        about = found.read("about this download.txt").decode()
        assert f"1 of {COUNT} could not be read" in about
        assert "photo 3.bin" in about
        assert found.read("photo 3.bin") == bytes(SIZE + 3)
        assert found.read("photo 4.bin") == body_of("bad", 4)


def test_whoever_leaves_makes_room_for_the_next(
    running: tuple[Server, str], tmp_path: Path
) -> None:
    server, token = running
    url = archive_of(server, token, fill(server, token, "left"))
    for number in range(3):
        target = tmp_path / f"{number}.zip"
        slow = curl(url, target, "--limit-rate", "200k", "--retry", "20")
        wait_for_bytes(target, 100_000, slow)
        slow.terminate()
        slow.wait(timeout=60)
    assert curl(url, tmp_path / "last.zip", "--retry", "20").wait(timeout=300) == 0
    assert "Traceback" not in server.log


def test_each_of_many_downloads_is_whole(running: tuple[Server, str], tmp_path: Path) -> None:
    server, token = running
    url = archive_of(server, token, fill(server, token, "many")[:2])
    with urlopen(url, timeout=120) as answer:
        whole = answer.read()

    def again(number: int) -> bool:
        target = tmp_path / f"{number}.zip"
        done = curl(url, target, "--retry", "20").wait(timeout=300) == 0
        return done and target.read_bytes() == whole

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(again, range(40))) == [True] * 40
