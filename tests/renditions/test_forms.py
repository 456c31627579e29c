"""Originals in every form that is read give the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from PIL import Image

from fanlight.renditions.recipes import Recipe
from tests.renditions.conftest import Maker
from tests.support.originals import good, painting
from tests.support.ssim import apart, ssim


@dataclass(frozen=True)
class Likeness:
    """How alike a rendition must be to the golden picture, and how near in its mean colour."""

    ssim: float = 0.95
    apart: float = 2.0


EXACT = Likeness()
PRINTED = Likeness(0.93, 7.0)  # the inks of a press do not reach every colour of a screen
LOOSE = {
    "cmyk.jpg": PRINTED,
    "cmyk.tif": PRINTED,
    "cmyk-bare.jpg": Likeness(0.9, 25.0),  # it does not say which inks are meant
    "developed.dng": Likeness(0.93, 12.0),  # LibRaw brightens it as it sees fit
    "16-bit.jp2": Likeness(0.9, 20.0),
    "turned-developed.dng": Likeness(0.93, 12.0),
    "grey.jpg": Likeness(0.9, 20.0),
    "embedded.heic": Likeness(0.9),  # the small one in it has lost more
    "embedded-turned.heic": Likeness(0.9),
    "moving.png": Likeness(0.93),
    "moving.webp": Likeness(0.93),
    "moving.gif": Likeness(0.93),
    "clip.webm": Likeness(0.93),
}
OTHERS = {"drawing.svg", "alpha.png", "alpha.webp", "alpha.avif", "moving-alpha.gif"}


def golden(width: int = 240, height: int = 160) -> Image.Image:
    return painting.picture().resize((width, height), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("name", [name for name in good.MAKES if name not in OTHERS])
def test_a_rendition_shows_the_picture(maker: Maker, name: str) -> None:
    shown, made = maker.make(name)
    wanted = LOOSE.get(name, EXACT)
    assert (made.width, made.height) == shown.size == (240, 160)
    assert ssim(shown, golden()) >= wanted.ssim
    assert apart(shown, golden()) <= wanted.apart


@pytest.mark.parametrize("name", ["alpha.png", "alpha.webp", "alpha.avif"])
def test_what_can_be_seen_through_stays_so(maker: Maker, name: str) -> None:
    shown, _ = maker.make(name)
    wanted = painting.cut_out().resize((240, 160), Image.Resampling.LANCZOS)
    assert shown.convert("RGBA").getchannel("A").getpixel((0, 0)) == 0
    assert ssim(on_grey(shown), on_grey(wanted)) >= 0.9


def on_grey(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, "#808080")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def test_a_drawing_is_drawn_in_the_size_that_is_wanted(maker: Maker) -> None:
    shown, _ = maker.make("drawing.svg", Recipe(1200, 1200))
    assert shown.size == (1200, 800)
    row = list(shown.convert("L").crop((340, 400, 360, 401)).tobytes())
    assert max(abs(after - before) for before, after in pairwise(row)) > 40, "it was enlarged"


def test_the_picture_in_a_reduced_jpeg_keeps_its_fine_lines(maker: Maker) -> None:
    """Shrinking while decoding must not be seen: an eighth is decoded, and a tenth is wanted."""
    large = painting.picture().resize((2400, 1600), Image.Resampling.BICUBIC)
    data = good.saved(large, "JPEG", quality=95)
    (made,) = maker.order(data, (Recipe(240, 240), None, True)).made
    assert ssim(Image.open(made.target), golden()) >= 0.94


@pytest.mark.parametrize(
    "name", ["preview.dng", "developed.dng", "turned-preview.dng", "turned-developed.dng"]
)
def test_a_raw_is_as_large_as_its_sensor(maker: Maker, name: str) -> None:
    facts = maker.facts(name)
    assert (facts.width, facts.height) == (painting.WIDTH, painting.HEIGHT)


def test_one_decode_makes_all_that_is_wanted(maker: Maker) -> None:
    sizes = (60, 240, 480, 120)
    done = maker.order(good.made("told.jpg"), *((Recipe(edge, edge), None, True) for edge in sizes))
    assert tuple(made.width for made in done.made) == sizes
    for made in done.made:
        shown = Image.open(made.target)
        assert shown.size == (made.width, made.height)
        assert ssim(shown, golden(*shown.size)) >= 0.9
