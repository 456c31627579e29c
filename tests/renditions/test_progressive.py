"""Of a progressive JPEG an eighth and a quarter are decoded from the scans that show there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import pyvips
from PIL import Image

from fanlight.renditions.decoders import jpeg, progressive
from tests.support.originals import painting
from tests.support.ssim import apart, ssim

SAMPLINGS = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}


def jpeg_of(
    picture: Image.Image,
    *,
    sampling: str = "4:2:0",
    restarts: int = 0,
    form: str = "progressive",
    quality: int = 92,
) -> bytes:
    to = io.BytesIO()
    picture.save(
        to,
        "jpeg",
        quality=quality,
        progressive=form == "progressive",
        subsampling=SAMPLINGS[sampling],
        restart_marker_blocks=restarts,
    )
    return to.getvalue()


def sample(width: int = 1203, height: int = 797, mode: str = "RGB") -> Image.Image:
    grain = Image.effect_noise((width, height), 40).convert("RGB")
    return Image.blend(painting.picture().resize((width, height)), grain, 0.3).convert(mode)


def pixels(data: bytes) -> bytes:
    image = pyvips.Image.jpegload_buffer(data, shrink=8, fail_on="warning")
    return bytes(image.write_to_memory())


def a_sixth(data: bytes) -> Image.Image:
    """By way of a quarter, as close to that as the decoder goes."""
    image = pyvips.Image.jpegload_buffer(data, shrink=4, fail_on="warning")
    shown = Image.fromarray(image.numpy())
    return shown.resize((shown.width * 2 // 3, shown.height * 2 // 3), Image.Resampling.LANCZOS)


def as_webp(picture: Image.Image) -> Image.Image:
    to = io.BytesIO()
    picture.save(to, "webp", quality=80)
    return Image.open(to)


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("restarts", [0, 7])
def test_the_pixels_are_those_of_the_whole(sampling: str, restarts: int) -> None:
    whole = jpeg_of(sample(), sampling=sampling, restarts=restarts)
    enough = progressive.coarse(whole, 8)
    assert enough is not None
    assert len(enough) < len(whole) / 2
    assert pixels(enough) == pixels(whole)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_so_they_are_in_other_colours(mode: str) -> None:
    whole = jpeg_of(sample(mode=mode))
    enough = progressive.coarse(whole, 8)
    assert enough is not None
    assert pixels(enough) == pixels(whole)


@pytest.mark.parametrize("size", [(8, 8), (12, 9), (9, 17), (3000, 2000)])
def test_so_they_are_at_any_size(size: tuple[int, int]) -> None:
    """With as many blocks as one run can name, and with more."""
    whole = jpeg_of(sample(*size), sampling="4:4:4")
    enough = progressive.coarse(whole, 8)
    assert enough is not None
    assert pixels(enough) == pixels(whole)


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("quality", [40, 75, 92])
def test_a_quarter_lacks_less_than_its_rendition_will(sampling: str, quality: int) -> None:
    whole = jpeg_of(sample(), sampling=sampling, quality=quality)
    enough = progressive.coarse(whole, 4)
    assert enough is not None
    assert len(enough) < len(whole) * 0.6
    shown, wanted = a_sixth(enough), a_sixth(whole)
    assert ssim(shown, wanted) > ssim(as_webp(wanted), wanted) + 0.02
    assert apart(shown, wanted) < 0.5


def test_a_quarter_of_what_leaves_out_more_bits_is_decoded_whole() -> None:
    whole = jpeg_of(sample(64, 64))
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x32\x00"
    assert progressive.coarse(whole[:-2] + scan + whole[-2:], 4) is None


def test_it_is_read_that_way_where_a_picture_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg_of(sample()))
    asked: list[int] = []

    def coarse(data: bytes, shrink: int) -> bytes | None:
        assert shrink == 8
        asked.append(len(data))
        return None

    for scale in (1.0, 0.2):
        assert jpeg.open_path(str(path)).still(scale, strict=True).copy_memory()
    found = jpeg.open_path(str(path)).still(0.08, strict=True).write_to_memory()
    assert bytes(found) == pixels(path.read_bytes())
    monkeypatch.setattr(progressive, "coarse", coarse)
    assert bytes(jpeg.open_path(str(path)).still(0.08, strict=True).write_to_memory()) == found
    assert asked == [path.stat().st_size]


def test_what_is_not_progressive_is_decoded_whole() -> None:
    assert progressive.coarse(jpeg_of(sample(), form="baseline"), 8) is None


@pytest.mark.parametrize("part", [0.0, 0.001, 0.1, 0.5, 0.999])
def test_so_is_what_is_cut_short(part: float) -> None:
    whole = jpeg_of(sample())
    assert progressive.coarse(whole[: int(len(whole) * part)], 8) is None


def test_so_is_what_claims_another_number_of_components() -> None:
    whole = bytearray(jpeg_of(sample()))
    frame = whole.index(b"\xff\xc2")
    whole[frame + 9] = 4
    assert progressive.coarse(bytes(whole), 8) is None


def test_so_is_what_has_scans_without_end() -> None:
    whole = jpeg_of(sample(64, 64))
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x00"
    assert progressive.coarse(whole[:-2] + scan + whole[-2:], 8) is not None
    many = whole[:-2] + scan * progressive.MOST_SCANS + whole[-2:]
    assert progressive.coarse(many, 8) is None


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bits_give_a_picture_or_none(seed: int) -> None:
    """Whatever is in it: never another error."""
    whole = bytearray(jpeg_of(sample(160, 120)))
    place = (seed * 7919) % (len(whole) - 2) if seed % 2 else 2 + seed * 31 % 900
    whole[place] ^= 1 << seed % 8
    for shrink in progressive.SHRINKS:
        enough = progressive.coarse(bytes(whole), shrink)
        assert enough is None or enough.endswith(b"\xff\xd9")
