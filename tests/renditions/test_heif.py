"""The small picture that a phone puts into its HEIC is used where it is large enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanlight.renditions.decoders.heif import open_path
from tests.support.originals import good


def still(folder: Path, name: str, scale: float) -> tuple[int, int]:
    path = folder / name
    path.write_bytes(good.made(name))
    picture = open_path(str(path)).still(scale, strict=True)
    return picture.width, picture.height


@pytest.mark.parametrize(
    ("scale", "size"),
    [(0.1, (120, 80)), (0.25, (120, 80)), (0.26, (240, 160)), (0.5, (240, 160)), (0.6, (480, 320))],
)
def test_the_smallest_that_is_enough_is_decoded(
    tmp_path: Path, scale: float, size: tuple[int, int]
) -> None:
    assert still(tmp_path, "embedded.heic", scale) == size


def test_one_without_is_decoded_whole(tmp_path: Path) -> None:
    assert still(tmp_path, "phone.heic", 0.1) == (480, 320)


def test_a_turned_one_is_used_only_if_it_is_turned_as_well(tmp_path: Path) -> None:
    width, height = still(tmp_path, "embedded-turned.heic", 0.5)
    assert width / height == pytest.approx(480 / 320, rel=0.02)
