"""A writer killed at any moment leaves whole objects, and leftovers that can be discarded."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.local_rig import Rig
from tests.storage.writer_process import whole

pytestmark = pytest.mark.anyio

ROUNDS = 6


def kill_in_the_middle(folder: Path, seed: str, after: int) -> list[str]:
    """Run a writer until it has said so many names; all the names that it said."""
    command = [sys.executable, "-m", "tests.storage.writer_process", str(folder), seed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(after)]
        writer.kill()
        said += [
            line.strip() for line in writer.stdout.read().splitlines(keepends=True) if "\n" in line
        ]
    assert all(said), "the writer ended by itself"
    return said


def objects(folder: Path) -> dict[str, bytes]:
    """What can be seen: all but what lies in the reserved folder."""
    return {
        name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not (name := str(path.relative_to(folder))).startswith(".fanlight/")
    }


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_a_killed_writer_leaves_no_half_object(tmp_path: Path, round_: int) -> None:
    seed = f"{os.environ.get('SEED', '')}-{round_}"
    said = kill_in_the_middle(tmp_path, seed, random.Random(seed).randrange(1, 60))
    there = objects(tmp_path)
    assert [name for name, data in there.items() if not whole(data)] == [], f"seed {seed}"
    assert there.keys() >= set(said), f"what was said to be stored is not there (seed {seed})"
    rig = Rig(tmp_path)
    for part in rig.parts():
        await rig.provider.discard(part.removesuffix(".part"))
    assert rig.parts() == []
    await rig.provider.close()
