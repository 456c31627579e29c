"""A worker holds itself to its limits, and ends with whom it works for."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PosixPath

import pytest

from fanlight.errors import PictureTooLarge, PictureTooSlow, UnreadablePicture
from fanlight.renditions.order import Answer, Done, Failed, Order, Output
from fanlight.renditions.recipes import Recipe
from fanlight.renditions.standing import GROUP_NICE, stand_behind
from tests.support.originals import good, hostile
from tests.support.workers import LIMITS, PATIENCE, Died, Worker

THUMB = Recipe(100, 100)


def test_a_picture_over_the_limit_of_pixels_is_too_large(tmp_path: Path) -> None:
    with Worker(replace(LIMITS, pixels=480 * 320 - 1)) as worker:
        answer = worker.make(tmp_path, good.made("baseline.jpg"))
    assert isinstance(answer, Failed)
    assert type(answer.error()) is PictureTooLarge


def test_a_picture_at_the_limit_of_pixels_is_made(tmp_path: Path) -> None:
    with Worker(replace(LIMITS, pixels=480 * 320)) as worker:
        answer = worker.make(tmp_path, good.made("baseline.jpg"))
    assert isinstance(answer, Done)


def test_a_picture_that_needs_more_memory_than_allowed_is_too_large(tmp_path: Path) -> None:
    """Interlaced: all of it must be held, and does not fit."""
    with Worker(replace(LIMITS, memory=150 << 20)) as worker:
        answer = worker.make(tmp_path, hostile.interlaced_png(10_000, 6_000))
        assert isinstance(answer, Failed)
        assert type(answer.error()) is PictureTooLarge
        assert isinstance(worker.make(tmp_path, good.made("baseline.jpg")), Done)


def test_an_order_without_time_is_too_slow(tmp_path: Path) -> None:
    with Worker(replace(LIMITS, seconds=0.0)) as worker:
        answer = worker.make(tmp_path, good.made("baseline.jpg"))
    assert isinstance(answer, Failed)
    assert type(answer.error()) is PictureTooSlow


def test_a_worker_that_hangs_in_a_library_ends_itself(tmp_path: Path) -> None:
    with Worker(replace(LIMITS, seconds=3.0)) as worker:
        large = Output(Recipe(4000, 4000), None, str(tmp_path / "made"))
        answer = worker.make(tmp_path, hostile.MAKES["filters.svg"](), large)
    assert answer == Died(-signal.SIGALRM)


def test_a_worker_stands_behind_everything_else(worker: Worker) -> None:
    stat = Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii")
    assert stat.rpartition(")")[2].split()[16] == "19"


@pytest.mark.parametrize(
    "name", ["told.jpg", "rgb.png", "moving.gif", "phone.heic", "preview.dng", "clip.mp4"]
)
def test_an_original_is_let_go_when_its_order_is_done(
    worker: Worker, tmp_path: Path, name: str
) -> None:
    """What holds it still would hold all that came before it, too."""
    target = Output(THUMB, None, str(tmp_path / "made"))
    assert isinstance(worker.make(tmp_path, good.made(name), target), Done)
    assert str(tmp_path) not in Path(f"/proc/{worker.pid}/maps").read_text(encoding="utf-8")
    held = [link.readlink() for link in Path(f"/proc/{worker.pid}/fd").iterdir()]
    assert not [path for path in held if tmp_path in path.parents]


def test_a_worker_ends_with_its_input() -> None:
    command = [sys.executable, "-m", "fanlight.renditions.worker", LIMITS.to_json()]
    ended = subprocess.run(command, input=b"", capture_output=True, timeout=PATIENCE, check=False)
    assert (ended.returncode, ended.stdout) == (0, b"\n")


def run_without(library: str, order: Order) -> Done | Failed:
    """One order in a worker whose Python lacks a library."""
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from fanlight.renditions.worker import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, LIMITS.to_json()],
        input=order.to_json().encode() + b"\n",
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return Answer.from_json(ended.stdout.strip())


def test_without_the_extra_its_name_is_told(tmp_path: Path) -> None:
    for library, name in (
        ("pillow_heif", "phone.heic"),
        ("rawpy", "preview.dng"),
        ("av", "clip.mp4"),
    ):
        source = tmp_path / name
        source.write_bytes(good.made(name))
        target = Output(THUMB, None, str(tmp_path / "made"))
        answer = run_without(library, Order(str(source), "", (target,)))
        assert isinstance(answer, Failed)
        assert type(answer.error()) is UnreadablePicture
        assert "fanlight[formats]" in answer.remedy


def test_the_libraries_for_rare_forms_are_not_loaded_before_they_are_needed() -> None:
    code = (
        "import sys, fanlight.renditions.worker\n"
        "print(sorted({'numpy', 'PIL', 'rawpy', 'av', 'pillow_heif'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert said.stdout == b"[]\n"


def test_a_worker_lets_other_sessions_go_first(tmp_path: Path) -> None:
    group = tmp_path / "autogroup"
    assert stand_behind(group)
    assert group.read_text() == GROUP_NICE
    assert stand_behind(tmp_path / "not here" / "autogroup"), "nothing to say on such a system"


def test_a_worker_asks_again_where_the_system_takes_one_such_wish_at_a_time(tmp_path: Path) -> None:
    class Busy(PosixPath):
        def write_text(self, *_: object, **__: object) -> int:
            raise BlockingIOError

    assert not stand_behind(Busy(tmp_path))
