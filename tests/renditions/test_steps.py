"""Single steps, where a whole order would not show the case."""

from __future__ import annotations

import pytest
import pyvips

from fanlight.errors import PictureTooSlow
from fanlight.renditions.deadline import Deadline
from fanlight.renditions.steps import hold, shrink, strip


class Passed(Deadline):
    """One whose time is over as soon as the work has begun."""

    def __init__(self) -> None:
        super().__init__(0.0)


def picture(edge: int = 2000) -> pyvips.Image:
    return pyvips.Image.gaussnoise(edge, edge).cast("uchar").copy(interpretation="b-w")


def test_a_decode_is_given_up_in_the_middle_when_the_time_is_over() -> None:
    with pytest.raises(PictureTooSlow):
        hold.until(Passed())(picture())


def test_what_is_held_is_not_computed_again() -> None:
    held = hold.until(Deadline(60))(picture(64))
    assert bytes(held.write_to_memory()) == bytes(held.write_to_memory())
    assert len({picture(64).avg() for _ in range(3)}) > 1, "it would not have shown"


def test_colours_behind_what_cannot_be_seen_do_not_bleed() -> None:
    white = pyvips.Image.black(10, 10, bands=3).linear([1.0] * 3, [255.0] * 3)
    shown = white.bandjoin(255).cast("uchar").copy(interpretation="srgb")
    hidden = pyvips.Image.black(10, 10, bands=4).cast("uchar").copy(interpretation="srgb")
    small = shrink.to_size(7, 7)(shown.join(hidden, "horizontal"))
    data = bytes(small.write_to_memory())
    seen = [data[at : at + 4] for at in range(0, len(data), 4)]
    assert all(min(pixel[:3]) >= 250 for pixel in seen if pixel[3] > 8)


def test_nothing_is_left_of_what_a_picture_says() -> None:
    said = picture(8).copy()
    said.set_type(pyvips.GValue.gstr_type, "png-comment-0-Author", "somebody")
    said.set_type(pyvips.GValue.gint_type, "orientation", 6)
    left = set(strip.bare(said).get_fields())
    assert left == set(pyvips.Image.black(1, 1).get_fields()) - {"filename"} | left & {"filename"}
