"""ThumbHash: the bytes mean what the published algorithm says they mean."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fanlight.renditions.thumbhash import encode
from tests.support.originals import painting
from tests.support.thumbhash import decode, mean

Colour = tuple[int, int, int, int]


def flat(colour: Colour, width: int = 8, height: int = 8) -> bytes:
    return encode(width, height, bytes(colour) * (width * height))


def header(hash_: bytes) -> tuple[int, int]:
    return int.from_bytes(hash_[:3], "little"), int.from_bytes(hash_[3:5], "little")


@pytest.mark.parametrize(
    ("colour", "lightness", "yellow", "red"),
    [
        ((0, 0, 0, 255), 0, 32, 32),  # halves are rounded upwards: 31.5
        ((255, 255, 255, 255), 63, 32, 32),
        ((255, 0, 0, 255), 21, 47, 63),
        ((0, 255, 0, 255), 21, 47, 0),
        ((0, 0, 255, 255), 21, 0, 32),
        ((255, 255, 0, 255), 42, 63, 32),
    ],
)
def test_the_mean_colour_stands_in_the_first_bits(
    colour: Colour, lightness: int, yellow: int, red: int
) -> None:
    first, _ = header(flat(colour))
    assert (first & 63, first >> 6 & 63, first >> 12 & 63) == (lightness, yellow, red)


def test_a_flat_picture_has_no_waves() -> None:
    first, second = header(flat((10, 10, 10, 255)))
    assert (first >> 18 & 31, second >> 3 & 63, second >> 9 & 63) == (0, 0, 0)


@pytest.mark.parametrize(
    ("width", "height", "fewer", "wide"),
    [(32, 32, 7, 0), (32, 16, 4, 1), (16, 32, 4, 0), (32, 1, 1, 1)],
)
def test_the_shape_stands_in_the_header(width: int, height: int, fewer: int, wide: int) -> None:
    _, second = header(flat((1, 2, 3, 255), width, height))
    assert (second & 7, second >> 15) == (fewer, wide)


def test_transparency_has_its_flag_and_costs_waves_of_lightness() -> None:
    clear, opaque = flat((9, 9, 9, 128)), flat((9, 9, 9, 255))
    assert header(clear)[0] >> 23 == 1
    assert header(opaque)[0] >> 23 == 0
    assert header(clear)[1] & 7 == 5
    assert clear[5] & 15 == 8  # half of fifteen, upwards


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_wave_of_lightness_stands_alone(number: int) -> None:
    """Light along x as one cosine: its coefficient is at full scale, all others in the middle."""
    row = b"".join(
        bytes([round(127.5 + 100 * math.cos(math.pi / 64 * number * (x + 0.5)))] * 3 + [255])
        for x in range(64)
    )
    hash_ = encode(64, 64, row * 64)
    waves = [half for byte in hash_[5:] for half in (byte & 15, byte >> 4)]
    of_lightness = waves[: 7 * 8 // 2 - 1]
    assert of_lightness[number - 1] == 15
    others = of_lightness[: number - 1] + of_lightness[number:]
    assert set(others) <= {7, 8}


def test_what_it_shows_is_like_the_picture() -> None:
    picture = painting.picture().resize((32, 21), Image.Resampling.LANCZOS)
    width, height, shown = decode(encode(32, 21, picture.convert("RGBA").tobytes()))
    likeness = Image.frombytes("RGBA", (width, height), shown).convert("RGB").resize((32, 21))
    average = picture.resize((1, 1), Image.Resampling.BOX).resize((32, 21))
    assert apart(likeness, picture) < 0.6 * apart(average, picture)


def apart(one: Image.Image, other: Image.Image) -> float:
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return math.sqrt(sum((a - b) ** 2 for a, b in pairs))


def test_a_cut_out_stays_one() -> None:
    small = painting.cut_out().resize((32, 21), Image.Resampling.LANCZOS)
    width, height, shown = decode(encode(32, 21, small.tobytes()))
    alpha = Image.frombytes("RGBA", (width, height), shown).getchannel("A")
    middle = alpha.crop((width // 2, height // 2, width // 2 + 1, height // 2 + 1)).tobytes()[0]
    corner = alpha.crop((0, 0, 1, 1)).tobytes()[0]
    assert middle > 200 > 60 > corner


pixels = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
    lambda size: st.tuples(
        st.just(size), st.binary(min_size=4 * size[0] * size[1], max_size=4 * size[0] * size[1])
    )
)


@given(pixels)
def test_every_picture_has_a_short_hash_with_its_mean(
    made: tuple[tuple[int, int], bytes],
) -> None:
    (width, height), data = made
    hash_ = encode(width, height, data)
    assert 5 <= len(hash_) <= 25
    weights = data[3::4]
    if sum(weights):
        wanted = [
            sum(value * weight for value, weight in zip(data[band::4], weights, strict=True))
            / sum(weights)
            for band in range(3)
        ]
        assert mean(hash_)[:3] == pytest.approx(wanted, abs=16)
