"""Bad originals give a picture or a clear error, and cost nothing that lasts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from fanlight.errors import BrokenPicture, PictureTooLarge, UnreadablePicture
from fanlight.renditions.order import Done, Failed, Order, Output
from fanlight.renditions.recipes import Recipe
from tests.support.originals import good, hostile, painting
from tests.support.workers import LIMITS, Died, Worker

A_PICTURE = Done
EXPECTED: dict[str, type[object]] = {
    "empty.jpg": BrokenPicture,
    "tiny.jpg": BrokenPicture,
    "zip-named.jpg": UnreadablePicture,
    "text-named.jpg": UnreadablePicture,
    "page-named.svg": UnreadablePicture,
    "playlist-named.mp4": UnreadablePicture,
    "huge.jpg": PictureTooLarge,
    "huge.png": PictureTooLarge,
    "huge.gif": PictureTooLarge,
    "huge.tif": PictureTooLarge,
    "huge.psd": PictureTooLarge,
    "huge.bmp": PictureTooLarge,
    "huge.jp2": PictureTooLarge,
    "huge.avif": PictureTooLarge,
    "huge.heic": PictureTooLarge,
    "huge.svg": PictureTooLarge,
    "bomb.png": PictureTooLarge,
    "50000-frames.gif": A_PICTURE,
    "laughing.svg": BrokenPicture,
    "nested.svg": PictureTooLarge,
    "deep.svg": PictureTooLarge,
    "reading.svg": BrokenPicture,
    "knotted-exif.jpg": A_PICTURE,
    "laughing-xmp.jpg": A_PICTURE,
    "bombed-text.png": A_PICTURE,
}
HANGING = {"filters.svg"}
"""What only the end of the worker ends."""


def run(worker: Worker, folder: Path, data: bytes) -> Done | Failed | Died:
    return worker.make(folder, data, Output(Recipe(160, 160), None, str(folder / "made")))


def kind_of(answer: Done | Failed | Died) -> type[object]:
    return type(answer.error()) if isinstance(answer, Failed) else type(answer)


def test_every_hostile_original_has_an_expectation() -> None:
    assert set(EXPECTED) | HANGING == set(hostile.MAKES)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_hostile_original_is_answered(worker: Worker, tmp_path: Path, name: str) -> None:
    before = worker.pid
    assert kind_of(run(worker, tmp_path, hostile.MAKES[name]())) is EXPECTED[name]
    assert worker.pid == before, "it cost the life of a worker"


def is_sound(answers: Iterable[Done | Failed | Died]) -> list[Done | Failed | Died]:
    """What is neither a picture nor an error about the picture."""
    wrong = list[Done | Failed | Died]()
    for answer in answers:
        if isinstance(answer, Done):
            for made in answer.made:
                with Image.open(made.target) as shown:
                    shown.load()
        elif isinstance(answer, Died) or answer.code == "picture":
            wrong.append(answer)
    return wrong


@pytest.mark.parametrize("name", hostile.DAMAGED)
def test_a_truncated_original_gives_a_picture_or_an_error(
    worker: Worker, tmp_path: Path, name: str
) -> None:
    cut = hostile.truncated(good.made(name))
    assert not is_sound(run(worker, tmp_path, data) for data in cut)


@pytest.mark.parametrize("name", hostile.DAMAGED)
def test_flipped_bits_give_a_picture_or_an_error(worker: Worker, tmp_path: Path, name: str) -> None:
    damaged = hostile.flipped(good.made(name), name)
    assert not is_sound(run(worker, tmp_path, data) for data in damaged)


@pytest.mark.parametrize("name", ["baseline.jpg", "rgb.png", "plain.bmp", "flat.psd"])
def test_a_picture_of_which_next_to_nothing_arrived_is_broken(
    worker: Worker, tmp_path: Path, name: str
) -> None:
    data = good.made(name)
    assert kind_of(run(worker, tmp_path, data[: len(data) // 8])) is BrokenPicture


def test_a_jpeg_that_lacks_its_end_is_shown_as_far_as_it_goes(
    worker: Worker, tmp_path: Path
) -> None:
    data = good.made("baseline.jpg")
    answer = run(worker, tmp_path, data[: len(data) * 9 // 10])
    assert isinstance(answer, Done)
    shown = Image.open(answer.made[0].target).convert("RGB")
    assert shown.getpixel((5, 5)) == pytest.approx((254, 0, 0), abs=30)


def test_a_jpeg_with_rubbish_in_its_codes_is_shown(worker: Worker, tmp_path: Path) -> None:
    data = bytearray(good.made("baseline.jpg"))
    data[len(data) * 3 // 4] ^= 0x55
    assert kind_of(run(worker, tmp_path, bytes(data))) is A_PICTURE


def test_a_picture_with_more_frames_than_allowed_stands_still(
    worker: Worker, tmp_path: Path
) -> None:
    answer = run(worker, tmp_path, hostile.gif_of(LIMITS.frames + 1))
    assert isinstance(answer, Done)
    assert answer.facts is not None
    assert answer.facts.frames == LIMITS.frames + 1
    with Image.open(answer.made[0].target) as shown:
        assert getattr(shown, "n_frames", 1) == 1


def test_a_drawing_does_not_reach_outside_itself(worker: Worker, tmp_path: Path) -> None:
    """Neither by an image, nor by an inclusion, in the folder that it lies in."""
    (tmp_path / "beside.png").write_bytes(good.made("rgb.png"))
    (tmp_path / "beside.svg").write_bytes(good.svg())
    inside = (
        '<image href="beside.png" width="480" height="320"/>'
        f'<image href="file://{tmp_path}/beside.png" width="480" height="320"/>'
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="beside.svg"/>'
    )
    made: list[bytes] = []
    for drawn in (good.svg(inside), good.svg()):
        assert kind_of(run(worker, tmp_path, drawn)) is A_PICTURE
        made.append((tmp_path / "made").read_bytes())
    assert made[0] == made[1]


def test_a_missing_original_is_not_held_against_the_picture(worker: Worker, tmp_path: Path) -> None:
    answer = worker.run(Order(str(tmp_path / "gone"), "image/jpeg"))
    assert isinstance(answer, Failed)
    assert answer.code == "picture"


def test_a_full_disk_is_not_held_against_the_picture(worker: Worker, tmp_path: Path) -> None:
    target = Output(Recipe(100, 100), None, "/dev/full")
    answer = worker.make(tmp_path, good.made("baseline.jpg"), target)
    assert isinstance(answer, Failed)
    assert answer.code == "picture"


def test_what_harms_leaves_a_worker_that_works(worker: Worker, tmp_path: Path) -> None:
    for name in ("huge.png", "bomb.png", "laughing.svg", "knotted-exif.jpg", "zip-named.jpg"):
        run(worker, tmp_path, hostile.MAKES[name]())
    answer = run(worker, tmp_path, good.made("told.jpg"))
    assert isinstance(answer, Done)
    assert answer.facts is not None
    assert answer.facts.camera == painting.CAMERA
