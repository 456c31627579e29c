"""The four fits, the forms of the bytes, and what moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fanlight.renditions.formats import choose
from fanlight.renditions.geometry import LONGEST_FREE_EDGE, Layout, layout, scale_for
from fanlight.renditions.recipes import Fit, Format, Recipe
from tests.renditions.conftest import Maker
from tests.support.originals import good, painting
from tests.support.ssim import ssim

RED, LIME, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    right, low = picture.width - 4, picture.height - 4
    rgb = picture.convert("RGB")
    places = ((3, 3), (right, 3), (3, low), (right, low))
    return [tuple(rgb.crop((x, y, x + 1, y + 1)).tobytes()) for x, y in places]


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 60 for a, b in zip(one, other, strict=True))


def marked(picture: Image.Image) -> bool:
    """Whether all four marks of the painting are in their corners."""
    wanted = (RED, LIME, BLUE, YELLOW)
    return all(near(*pair) for pair in zip(corners(picture), wanted, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(maker: Maker, orientation: int) -> None:
    shown, _ = maker.make(f"turned-{orientation}.jpg")
    assert shown.size == (240, 160)
    assert marked(shown)


@pytest.mark.parametrize(
    ("recipe", "size"),
    [
        (Recipe(240, 240), (240, 160)),
        (Recipe(300, 60), (90, 60)),
        (Recipe(120, None), (120, 80)),
        (Recipe(None, 64), (96, 64)),
        (Recipe(4000, 4000), (480, 320)),
        (Recipe(120, 120, Fit.SQUEEZE), (120, 120)),
        (Recipe(600, 600, Fit.SQUEEZE), (600, 600)),
    ],
)
def test_the_whole_picture_is_in_its_box(
    maker: Maker, recipe: Recipe, size: tuple[int, int]
) -> None:
    shown, made = maker.make("baseline.jpg", recipe)
    assert (made.width, made.height) == shown.size == size
    assert marked(shown)


@pytest.mark.parametrize("box", [(120, 120), (300, 60), (600, 600)])
def test_cover_fills_the_box_with_the_middle(maker: Maker, box: tuple[int, int]) -> None:
    shown, made = maker.make("baseline.jpg", Recipe(*box, Fit.COVER))
    assert (made.width, made.height) == shown.size == box
    scale = max(box[0] / painting.WIDTH, box[1] / painting.HEIGHT)
    width, height = box[0] / scale, box[1] / scale
    left, top = (painting.WIDTH - width) / 2, (painting.HEIGHT - height) / 2
    part = painting.picture().resize(
        box, Image.Resampling.BICUBIC, (left, top, left + width, top + height)
    )
    assert ssim(shown, part) > 0.9


@pytest.mark.parametrize("box", [(240, 240), (400, 100), (960, 900)])
def test_contain_lays_the_whole_picture_on_something_clear(
    maker: Maker, box: tuple[int, int]
) -> None:
    shown, _ = maker.make("baseline.jpg", Recipe(*box, Fit.CONTAIN))
    assert shown.size == box
    clear = shown.convert("RGBA").getchannel("A")
    scale = min(box[0] / painting.WIDTH, box[1] / painting.HEIGHT)
    width, height = round(painting.WIDTH * scale), round(painting.HEIGHT * scale)
    left, top = (box[0] - width) // 2, (box[1] - height) // 2
    assert clear.getbbox() == (left, top, left + width, top + height)
    assert marked(shown.crop((left, top, left + width, top + height)))


def test_contain_as_jpeg_lies_on_white(maker: Maker) -> None:
    shown, _ = maker.make("baseline.jpg", Recipe(240, 240, Fit.CONTAIN), webp=False)
    assert shown.format == "JPEG"
    assert near(corners(shown)[0], (255, 255, 255))


def test_a_cut_out_as_jpeg_lies_on_white(maker: Maker) -> None:
    shown, _ = maker.make("alpha.png", form=Format.JPEG)
    assert near(corners(shown)[3], (255, 255, 255))


# --- forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", Format)
def test_a_form_that_is_named_is_made(maker: Maker, form: Format) -> None:
    shown, made = maker.make("baseline.jpg", form=form)
    assert made.format is form
    assert shown.format == form.value.upper()
    assert marked(shown)


@pytest.mark.parametrize(
    ("name", "webp", "form"),
    [
        ("baseline.jpg", True, Format.WEBP),
        ("alpha.png", True, Format.WEBP),
        ("moving.gif", True, Format.WEBP),
        ("baseline.jpg", False, Format.JPEG),
        ("alpha.png", False, Format.PNG),
        ("opaque-alpha.png", False, Format.JPEG),
        ("moving.gif", False, Format.GIF),
        ("moving.webp", False, Format.GIF),
    ],
)
def test_the_form_is_chosen_by_what_is_seen(
    maker: Maker, name: str, webp: bool, form: Format
) -> None:
    assert maker.make(name, webp=webp)[1].format is form


def test_jpeg_comes_in_passes(maker: Maker) -> None:
    shown, _ = maker.make("baseline.jpg", form=Format.JPEG)
    assert shown.info.get("progressive")


def test_a_wish_for_a_form_is_followed_whatever_it_costs() -> None:
    assert choose(Format.JPEG, webp=True, alpha=True, moving=True) is Format.JPEG


# --- movement -----------------------------------------------------------------------------------


def frames_of(path: str) -> tuple[list[Image.Image], list[int]]:
    with Image.open(path) as moving:
        found: list[Image.Image] = []
        delays: list[int] = []
        for number in range(getattr(moving, "n_frames", 1)):
            moving.seek(number)
            found.append(moving.convert("RGBA"))
            delays.append(int(moving.info.get("duration", 0)))
    return found, delays


@pytest.mark.parametrize("name", ["moving.gif", "moving.webp"])
@pytest.mark.parametrize("webp", [True, False])
def test_what_moves_keeps_moving(maker: Maker, name: str, webp: bool) -> None:
    (made,) = maker.order(good.made(name), (Recipe(120, 120), None, webp)).made
    found, delays = frames_of(made.target)
    assert [frame.size for frame in found] == [(120, 80)] * 5
    assert delays == [80] * 5
    for shown, drawn in zip(found, good.moving_frames(), strict=True):
        assert ssim(shown, drawn.resize((120, 80), Image.Resampling.LANCZOS)) > 0.85


@pytest.mark.parametrize("webp", [True, False])
def test_what_moves_over_nothing_stays_clear(maker: Maker, webp: bool) -> None:
    data = good.made("moving-alpha.gif")
    (made,) = maker.order(data, (Recipe(120, 120), None, webp)).made
    found, _ = frames_of(made.target)
    assert len(found) == 5
    assert all(frame.getchannel("A").getextrema() == (0, 255) for frame in found)


@pytest.mark.parametrize("form", [Format.JPEG, Format.PNG, Format.AVIF])
def test_a_form_that_cannot_move_shows_the_first_frame(maker: Maker, form: Format) -> None:
    shown, _ = maker.make("moving.gif", Recipe(120, 120), form)
    first = good.moving_frames()[0].resize((120, 80), Image.Resampling.LANCZOS)
    assert getattr(shown, "n_frames", 1) == 1
    assert ssim(shown, first) > 0.85


# --- arithmetic ---------------------------------------------------------------------------------

edges = st.integers(1, 60_000)
boxes = st.builds(
    Recipe, st.none() | st.integers(1, 4096), st.none() | st.integers(1, 4096), st.sampled_from(Fit)
)


@given(boxes, edges, edges)
def test_no_layout_is_empty_or_larger_than_asked(recipe: Recipe, width: int, height: int) -> None:
    box = layout(recipe, width, height)
    assert min(box.width, box.height, box.frame_width, box.frame_height) >= 1
    assert box.frame_width <= (recipe.width or LONGEST_FREE_EDGE)
    assert box.frame_height <= (recipe.height or LONGEST_FREE_EDGE)


@given(st.integers(1, 4096), st.integers(1, 4096), edges, edges)
def test_cover_leaves_no_gap_and_contain_cuts_nothing(
    across: int, down: int, width: int, height: int
) -> None:
    cover = layout(Recipe(across, down, Fit.COVER), width, height)
    assert cover.width >= cover.frame_width
    assert cover.height >= cover.frame_height
    contain = layout(Recipe(across, down, Fit.CONTAIN), width, height)
    assert contain.width <= contain.frame_width
    assert contain.height <= contain.frame_height


def test_a_box_that_lacks_an_edge_does_not_enlarge() -> None:
    assert layout(Recipe(900, None, Fit.COVER), 300, 200) == Layout(300, 200, 300, 200)


def test_the_decode_is_as_large_as_the_largest_needs_it() -> None:
    small, large = (layout(Recipe(edge, edge), 6000, 4000) for edge in (600, 1500))
    assert scale_for([small, large], 6000, 4000) == 0.25
    assert scale_for([layout(Recipe(9000, 9000, Fit.COVER), 600, 400)], 600, 400) == 1.0
    assert scale_for([], 600, 400) == 0.0
