"""`fanlight pictures`, with real workers: read, make ahead, look, try again, delete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.workshop import a_picture

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell


@pytest.fixture
def gallery(shell: Shell) -> Shell:
    """Two pictures in a folder, one of them cut short, and one beside it."""
    shell.set_up()
    (shell.originals / "trips").mkdir()
    (shell.originals / "trips" / "lake.png").write_bytes(a_picture(800, 600))
    (shell.originals / "trips" / "half.png").write_bytes(a_picture(800, 600, "red")[:60])
    (shell.originals / "home.png").write_bytes(a_picture(400, 300, "gold"))
    shell.good("index")
    return shell


def made(shell: Shell) -> list[Path]:
    return [*(shell.data / "pictures" / "renditions").rglob("*.webp")]


def status(shell: Shell) -> dict[str, object]:
    return json.loads(shell.good("pictures", "status", "--json"))


def test_what_is_new_is_read(gallery: Shell) -> None:
    assert status(gallery) == {"on": True, "unprepared": 3, "problems": 0}
    assert "2 read, 1 refused, 0 left" in gallery.good("pictures", "prepare")
    assert "0 still to be read, 1 of which no picture" in gallery.good("pictures", "status")
    assert len(made(gallery)) == 4
    assert json.loads(gallery.good("pictures", "retry", "--json")) == {"forgotten": 1}
    assert status(gallery) == {"on": True, "unprepared": 1, "problems": 0}


def test_a_folder_or_everything_is_made_ahead_and_deleted(gallery: Shell) -> None:
    assert "1 made, 1 refused" in gallery.good("pictures", "warm", "trips")
    assert len(made(gallery)) == 4
    report = json.loads(gallery.good("pictures", "warm", "--json"))
    assert report == {"done": 2, "refused": 1, "later": 0}
    assert len(made(gallery)) == 8
    assert "deleted" in gallery.good("pictures", "clear")
    assert made(gallery) == []
    assert gallery.run("pictures", "clear").returncode == 0


def test_pictures_can_be_switched_off(gallery: Shell) -> None:
    assert "switched off" in gallery.good("pictures", "status", pictures=False)
    gallery.bad(6, "pictures", "warm", pictures=False)
    assert "0 read" in gallery.good("pictures", "prepare", pictures=False)


def test_a_list_of_sizes_that_cannot_be_read_is_named(gallery: Shell) -> None:
    told = gallery.bad(10, "pictures", "status", picture_sizes="320xauto, huge")
    assert "huge" in told
    assert "FANLIGHT_PICTURE_SIZES" in told
