"""`fanlight upload`: here, and to a server elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.cli.conftest import Shell
from tests.support.server import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.server import Server


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with folders in it, and names that are not simple."""
    top = tmp_path / "photos"
    (top / "day 1").mkdir(parents=True)
    (top / ".hidden").mkdir()
    (top / "a.txt").write_bytes(b"one")
    (top / "day 1" / "ü #1.txt").write_bytes(b"two")
    (top / "day 1" / "empty.txt").write_bytes(b"")
    (top / ".hidden" / "no.txt").write_bytes(b"no")
    (top / ".DS_Store").write_bytes(b"no")
    return top


def test_folders_go_into_the_library_as_they_are(shell: Shell, photos: Path) -> None:
    shell.set_up()
    links = shell.good("upload", str(photos), "--folder", "trips").strip().splitlines()
    assert len(links) == 3
    assert all(link.startswith("http://127.0.0.1:8000/a/") for link in links)
    stored = {
        str(path.relative_to(shell.originals)): path.read_bytes()
        for path in shell.originals.rglob("*.txt")
    }
    assert stored == {
        "trips/photos/a.txt": b"one",
        "trips/photos/day_1/ü__1.txt": b"two",
        "trips/photos/day_1/empty.txt": b"",
    }


def test_what_is_not_there_is_said_and_nothing_is_sent(ready: Shell, photos: Path) -> None:
    said = ready.bad(4, "upload", str(photos / "a.txt"), str(photos / "missing.txt"))
    assert "missing.txt" in said


def test_one_that_fails_leaves_the_others_and_the_status(shell: Shell, photos: Path) -> None:
    shell.set_up()
    (photos / "large.txt").write_bytes(b"x" * 2000)
    done = shell.run("upload", str(photos), "--json", max_upload=1000)
    assert done.returncode == 3
    assert "large.txt was not uploaded" in done.stderr
    results = json.loads(done.stdout)
    assert sum("link" in one for one in results) == 3
    assert [one["error"] for one in results if "error" in one] == ["too-large"]


@pytest.fixture(scope="module")
def server(ready: Shell) -> Iterator[Server]:
    with serving(ready.data, log_level="warning") as running:
        yield running


@pytest.fixture(scope="module")
def token(ready: Shell) -> str:
    return ready.good("token", "add", "cli", "--scope", "upload").strip().splitlines()[-1]


def test_a_server_elsewhere_takes_them_by_http(
    ready: Shell, server: Server, token: str, photos: Path
) -> None:
    large = bytes(range(256)) * 20_000
    (photos / "large.bin").write_bytes(large)
    to = ("--to", server.url, "--folder", "sent")
    done = json.loads(ready.good("upload", str(photos), *to, "--token", token, "--json"))
    contents = {one["path"].rpartition("/")[2]: one for one in done}
    assert set(contents) == {"a.txt", "ü #1.txt", "empty.txt", "large.bin"}
    for name, content in (("ü #1.txt", b"two"), ("large.bin", large)):
        for address in (contents[name]["link"], contents[name]["url"]):
            with urlopen(address) as answer:
                assert answer.read() == content


def test_the_token_may_come_from_standard_input(
    ready: Shell, server: Server, token: str, photos: Path
) -> None:
    to = ("--to", server.url, "--token", "-")
    (link,) = ready.good("upload", str(photos / "a.txt"), *to, stdin=f"{token}\n").split()
    assert link.startswith(f"{server.url}/a/")


def test_a_refusal_says_why_and_what_to_do(
    ready: Shell, server: Server, token: str, photos: Path
) -> None:
    photo = str(photos / "a.txt")
    wrong = ready.run("upload", photo, "--to", server.url, "--token", "fl_wrong")
    assert wrong.returncode == 6
    assert "not known here" in wrong.stderr
    nowhere = ready.run(
        "upload", photo, "--to", server.url, "--token", token, "--channel", "nowhere"
    )
    assert nowhere.returncode == 4
    silent = ready.run("upload", photo, "--to", f"http://127.0.0.1:{free_port()}", "--token", token)
    assert silent.returncode == 11
    assert "does not answer" in silent.stderr
    assert "Traceback" not in silent.stderr
    ready.bad(6, "upload", photo, "--to", server.url)
    ready.bad(3, "upload", photo, "--to", "photos.example.com", "--token", token)
