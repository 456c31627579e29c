"""What the server and a worker say to each other comes over unchanged, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fanlight.errors import PictureError, PictureTooLarge, UnreadablePicture
from fanlight.model import Facts, Spot
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Answer, Done, Failed, Made, Order, Output
from fanlight.renditions.recipes import Fit, Format, Recipe

ORDER = Order(
    "/in/ü.jpg",
    "image/jpeg",
    (
        Output(Recipe(320, 320), None, "/out/a", webp=False),
        Output(Recipe(None, 480, Fit.INSIDE), Format.AVIF, "/out/b"),
    ),
    facts=True,
)
FACTS = Facts(
    width=10,
    height=20,
    taken_at=datetime(2026, 6, 14, 3, 52, tzinfo=UTC),
    taken_offset=-90,
    exposure=1 / 250,
    keywords=("lake", "“night”"),
    spot=Spot(47.0, 11.5, None),
    placeholder=bytes(range(25)),
)


def test_an_order_comes_over_unchanged() -> None:
    assert Order.from_json(ORDER.to_json()) == ORDER


def test_an_order_is_one_line() -> None:
    assert "\n" not in Order("a\nb", "image/jpeg").to_json()


def test_what_was_done_comes_over_unchanged() -> None:
    done = Done(FACTS, (Made(Recipe(1, 2, Fit.COVER), Format.WEBP, 1, 2, 99, "/out/a"),))
    assert Answer.from_json(done.to_json()) == done


def test_a_failure_becomes_the_same_error_again() -> None:
    failed = Answer.from_json(Failed.of(UnreadablePicture(remedy="Install it.")).to_json())
    assert isinstance(failed, Failed)
    error = failed.error()
    assert type(error) is UnreadablePicture
    assert error.public_remedy == "Install it."


def test_a_failure_keeps_what_the_library_said_apart_from_what_people_read() -> None:
    error = PictureTooLarge()
    error.__cause__ = ValueError("vips: out of memory")
    failed = Failed.of(error)
    assert failed.detail == "vips: out of memory"
    assert failed.message == PictureTooLarge.message


def test_a_failure_of_an_unknown_code_is_still_about_a_picture() -> None:
    assert type(Failed("later-version", "m", "r").error()) is PictureError


def test_limits_come_over_unchanged() -> None:
    limits = Limits(pixels=1, frames=2, seconds=3.5, memory=4)
    assert Limits.from_json(limits.to_json()) == limits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"done":null,"failed":null}',
        '{"done":{"facts":null,"made":[]},"failed":null,"more":1}',
        '{"done":{"facts":null,"made":[7]},"failed":null}',
        '{"done":{"facts":null,"made":{}},"failed":null}',
        "[" * 100_000,
    ],
)
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (json's own, or ours)
        Answer.from_json(text)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('"facts":true', '"facts":1'),
        ('"facts":true', '"facts":null'),
        ('"width":320', '"width":"320"'),
        ('"width":320', '"width":true'),
        ('"width":320', '"width":320.0'),
        ('"fit":"inside"', '"fit":"outside"'),
        ('"format":"avif"', '"format":"bmp"'),
        ('"source":', '"from":'),
    ],
)
def test_an_order_with_a_wrong_value_is_refused(was: str, becomes: str) -> None:
    assert was in ORDER.to_json()
    with pytest.raises(ValueError):  # noqa: PT011  (an enum's own, or ours)
        Order.from_json(ORDER.to_json().replace(was, becomes))
