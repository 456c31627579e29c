"""Archives before the programs that people unpack them with."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from fanlight.archives.entry import Entry
from fanlight.archives.layout import Kind, Layout
from fanlight.archives.names import Names
from fanlight.archives.zeros import crc_of_zeros
from tests.archives.shelf import MADE, Shelf, taken

ODD = ["a/b.jpg", 'O\'Hara "x".jpg', "😀 Feier.jpg", "Überblick.jpg", "-rf.jpg", "a/b.jpg", "$(x)"]
TESTS = {
    "unzip": ["unzip", "-tqq"],
    "7zz": ["7zz", "t", "-bb1"],
    "bsdtar": ["bsdtar", "-xOf"],
}
LISTS = {"unzip": ["unzip", "-Z1"], "7zz": ["7zz", "l", "-ba", "-slt"], "bsdtar": ["bsdtar", "-tf"]}


def run(command: list[str], path: Path) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*command, str(path)], capture_output=True, env=environment, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert b"warning" not in (done.stdout + done.stderr).lower()
    return done.stdout.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An archive of odd names and sizes."""
    chance = Random(3)
    shelf = Shelf([chance.randbytes(size) for size in (0, 1, 999, 70_000, 5, 300_000, 6)])
    names = Names()
    given = [names.name("Fe/st" if at % 2 else "", name) for at, name in enumerate(ODD)]
    path = tmp_path_factory.mktemp("odd") / "odd.zip"
    path.write_bytes(asyncio.run(taken(shelf.archive(given), shelf)))
    return path, given


@pytest.mark.parametrize("judge", TESTS)
def test_every_program_finds_it_whole(judge: str, odd: tuple[Path, list[str]]) -> None:
    run(TESTS[judge], odd[0])


@pytest.mark.parametrize("judge", LISTS)
def test_every_program_reads_the_names(judge: str, odd: tuple[Path, list[str]]) -> None:
    path, names = odd
    listed = run(LISTS[judge], path)
    assert all(name in listed for name in names)


def test_it_can_be_unpacked_as_it_arrives(odd: tuple[Path, list[str]]) -> None:
    path, names = odd
    if shutil.which("bsdtar") is None:
        pytest.skip("bsdtar is not installed")
    with path.open("rb") as data:
        done = subprocess.run(
            ["bsdtar", "-tf", "-"],
            stdin=data,
            capture_output=True,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            timeout=60,
            check=True,
        )
    assert done.stdout.decode().splitlines()[: len(names)] == names


@pytest.fixture(scope="module")
def vast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 9 GiB of zeros in 70,000 entries that takes nearly no room on the disk."""
    sizes = {5: 4 << 30, 6: (4 << 30) + 1, 7: (1 << 30) - 1}
    layout = Layout([Entry(f"{at:05}.jpg", sizes.get(at, 1), MADE) for at in range(70_000)])
    path = tmp_path_factory.mktemp("vast") / "vast.zip"
    with path.open("wb") as out:
        for part in layout.parts():
            if part.kind is Kind.DATA:
                out.seek(part.stop - part.start, os.SEEK_CUR)
            elif part.kind is Kind.END:
                out.write(layout.record(part))
            else:
                out.write(layout.record(part, crc_of_zeros(layout.entries[part.index].size)))
    return path


@pytest.mark.parametrize("judge", LISTS)
def test_every_program_lists_one_of_gigabytes_and_very_many_entries(judge: str, vast: Path) -> None:
    listed = run(LISTS[judge], vast)
    assert listed.count(".jpg") - listed.count("vast.zip") >= 70_000
    assert "69999.jpg" in listed


@pytest.mark.parametrize("judge", ["unzip", "7zz"])
def test_what_lies_behind_the_gigabytes_is_found(judge: str, vast: Path) -> None:
    commands = {"unzip": ["unzip", "-tqq"], "7zz": ["7zz", "t"]}
    command = commands[judge]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        [*command, str(vast), "00004.jpg", "69999.jpg"],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
