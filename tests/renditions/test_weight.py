"""What originals weigh: those that are decoded whole as much as that takes, others nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import pyvips

from fanlight.renditions.keys import Key
from fanlight.renditions.recipes import PRESETS
from fanlight.renditions.weight import ENOUGH, weigh
from tests.renditions.rig import Original, opened, photo
from tests.support.originals import good, hostile

PIXELS = 600 * 400


def saved(kind: str, **how: Any) -> bytes:
    picture = pyvips.Image.black(600, 400, bands=3).copy(interpretation="srgb")
    return bytes(picture.write_to_buffer(f".{kind}", **how))


@pytest.mark.parametrize(
    ("head", "bytes_a_pixel"),
    [
        (saved("jpg"), 0),
        (saved("jpg", interlace=True), 3),
        (saved("jpg", interlace=True, subsample_mode="off"), 6),
        (saved("png"), 0),
        (saved("png", interlace=True), 4),
        (saved("webp"), 4),
        (saved("tif"), 0),
        (saved("gif"), 0),
    ],
)
def test_what_is_decoded_whole_weighs_what_that_takes(head: bytes, bytes_a_pixel: int) -> None:
    assert weigh(head) == PIXELS * bytes_a_pixel


def test_cmyk_has_four_components() -> None:
    inks = pyvips.Image.black(600, 400, bands=4).copy(interpretation="cmyk")
    assert weigh(bytes(inks.jpegsave_buffer(interlace=True))) == PIXELS * 8


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"no picture", b"\xff\xd8\xff\xc2\0\4\0\0"])
def test_what_cannot_be_told_weighs_nothing(data: bytes) -> None:
    assert weigh(data) == 0


def test_no_beginning_of_a_picture_is_too_short_to_be_weighed() -> None:
    whole = saved("jpg", interlace=True)
    assert {weigh(whole[:size]) for size in range(700)} <= set(range(PIXELS * 8 + 1))


@pytest.mark.parametrize("name", hostile.MAKES)
def test_what_is_made_to_harm_is_weighed_without_harm(name: str) -> None:
    assert weigh(hostile.MAKES[name]()[:ENOUGH]) >= 0


@pytest.mark.parametrize("name", hostile.DAMAGED)
def test_what_is_damaged_is_weighed_without_harm(name: str) -> None:
    whole = good.made(name)
    for data in (*hostile.truncated(whole), *hostile.flipped(whole, name)):
        assert weigh(data[:ENOUGH]) >= 0


@pytest.mark.anyio
@pytest.mark.parametrize(("interlace", "workers"), [(True, 1), (False, 2)])
async def test_heavy_originals_are_decoded_one_after_another(
    tmp_path: Path, *, interlace: bool, workers: int
) -> None:
    source = tmp_path / "source.jpg"
    plain = pyvips.Image.new_from_file(str(photo(tmp_path / "plain.jpg")))
    plain.jpegsave(str(source), interlace=interlace)
    async with opened(tmp_path / "cache", room=PIXELS) as renditions:
        work = [
            renditions.make(Key(name, PRESETS["thumb"]), Original(source, name)) for name in "abcd"
        ]
        assert {made.width for made in await asyncio.gather(*work)} == {320}
        assert renditions.figures.workers == workers
