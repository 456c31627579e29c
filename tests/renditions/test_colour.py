"""Colours come out as they went in, whatever profile they came with."""

from __future__ import annotations

import io
from typing import Any

import pytest
import pyvips
from PIL import Image, ImageCms

from fanlight.renditions.recipes import Format, Recipe
from fanlight.renditions.steps.srgb import is_srgb
from tests.renditions.conftest import Maker
from tests.support.originals import good, painting
from tests.support.ssim import apart


def profile(name: str) -> bytes:
    said = pyvips.Operation.call("profile_load", name)
    assert isinstance(said, bytes)
    return said


def test_srgb_is_known_by_what_it_does_not_by_its_name() -> None:
    cms: Any = ImageCms
    made: bytes = cms.ImageCmsProfile(cms.createProfile("sRGB")).tobytes()
    assert is_srgb(profile("srgb"))
    assert is_srgb(made)


def test_a_wider_gamut_is_not_taken_for_srgb() -> None:
    assert not is_srgb(profile("p3"))
    assert not is_srgb(profile("cmyk"))


def test_a_profile_with_another_curve_is_not_taken_for_srgb() -> None:
    data = profile("srgb")
    curve = data.index(b"para", 128)
    linear = data[:curve] + b"curv" + bytes(8) + data[curve + 12 :]
    assert not is_srgb(linear)


def test_a_damaged_profile_is_not_taken_for_srgb() -> None:
    data = profile("srgb")
    for length in range(0, len(data), 7):
        assert not is_srgb(data[:length]) or length > len(data) - 8


def test_a_damaged_profile_does_not_cost_the_picture(maker: Maker) -> None:
    for wrong in (b"no profile", profile("p3")[:200], profile("cmyk")[:4000]):
        data = good.saved(painting.picture(), "JPEG", quality=92, icc_profile=wrong)
        (made,) = maker.order(data, (Recipe(240, 240), Format.PNG, True)).made
        with Image.open(made.target) as shown:
            assert apart(shown, painting.picture().resize((240, 160))) < 2


def test_a_profile_that_is_for_other_colours_does_not_cost_the_picture(maker: Maker) -> None:
    grey = painting.picture().convert("L")
    data = good.saved(grey, "JPEG", quality=92, icc_profile=profile("p3"))
    (made,) = maker.order(data, (Recipe(240, 240), Format.PNG, True)).made
    with Image.open(made.target) as shown:
        assert apart(shown, grey.convert("RGB").resize((240, 160))) < 4


def test_a_wide_gamut_colour_is_converted(maker: Maker) -> None:
    """The numbers of Display P3 that stand for a certain sRGB orange."""
    orange = Image.new("RGB", (64, 64), (230, 120, 40))
    pixels = pyvips.Image.new_from_memory(orange.tobytes(), 64, 64, 3, "uchar")
    stored = pixels.copy(interpretation="srgb").icc_transform("p3", input_profile="srgb")
    data = stored.pngsave_buffer()
    with Image.open(io.BytesIO(data)) as raw:
        assert apart(raw, orange) > 5, "its numbers are other ones"
    (made,) = maker.order(data, (Recipe(64, 64), Format.PNG, True)).made
    with Image.open(made.target) as shown:
        assert apart(shown, orange) < 2


@pytest.mark.parametrize("name", ["16-bit.png", "16-bit-p3.png", "16-bit.tif"])
def test_sixteen_bits_become_eight(maker: Maker, name: str) -> None:
    shown, _ = maker.make(name, form=Format.PNG)
    assert shown.mode == "RGB"
    assert apart(shown, painting.picture()) < 2
