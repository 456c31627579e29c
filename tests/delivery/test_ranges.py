"""Every form of the Range header."""

from __future__ import annotations

import pytest

from fanlight.delivery.ranges import MOST, Piece, pieces


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", [(0, 1)]),
        ("bytes=0-9", [(0, 10)]),
        ("bytes=90-99", [(90, 100)]),
        ("bytes=90-1000", [(90, 100)]),
        ("bytes=90-", [(90, 100)]),
        ("bytes=0-", [(0, 100)]),
        ("bytes=-1", [(99, 100)]),
        ("bytes=-100", [(0, 100)]),
        ("bytes=-101", [(0, 100)]),
        ("bytes=-" + "9" * 5000, [(0, 100)]),
        ("bytes=0-" + "9" * 5000, [(0, 100)]),
        ("BYTES = 1-2", [(1, 3)]),
        ("bytes= 1-2 , 5-6 ", [(1, 3), (5, 7)]),
        ("bytes=,1-2,,5-6,", [(1, 3), (5, 7)]),
    ],
)
def test_a_well_formed_range_is_cut_to_the_object(
    header: str, expected: list[tuple[int, int]]
) -> None:
    assert pieces(header, 100) == tuple(expected)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-9,5-19", [(0, 20)]),
        ("bytes=0-9,10-19", [(0, 20)]),
        ("bytes=10-19,0-9", [(0, 20)]),
        ("bytes=0-9,11-19", [(0, 10), (11, 20)]),
        ("bytes=50-59,0-9", [(50, 60), (0, 10)]),
        ("bytes=0-9,50-59,5-55", [(0, 60)]),
        ("bytes=50-59,80-89,0-9,8-51", [(0, 60), (80, 90)]),
        ("bytes=0-9,0-9,0-9", [(0, 10)]),
        ("bytes=0-,-1", [(0, 100)]),
        ("bytes=0-9,500-600", [(0, 10)]),
    ],
)
def test_pieces_that_overlap_or_touch_become_one_in_the_order_asked(
    header: str, expected: list[tuple[int, int]]
) -> None:
    assert pieces(header, 100) == tuple(expected)


@pytest.mark.parametrize(
    "header",
    [
        "bytes=100-",
        "bytes=100-200",
        "bytes=-0",
        "bytes=100-,-0,200-300",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_ranges_beyond_the_end_leave_nothing(header: str) -> None:
    assert pieces(header, 100) == ()


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0", "bytes=5-9"])
def test_nothing_of_an_empty_object_can_be_ranged(header: str) -> None:
    assert pieces(header, 0) == ()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=1-2,x",
        "bytes=1-2,5-2",
        "bytes=1--2",
        "bytes=--1",
        "bytes=1 - 2",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=١-٢",
        "bytes=1-2;3-4",
        "items=0-9",
        "0-9",
    ],
)
def test_what_is_not_a_byte_range_is_ignored(header: str) -> None:
    assert pieces(header, 100) is None


def test_absurdly_many_ranges_are_ignored() -> None:
    few = ",".join(f"{n * 2}-{n * 2}" for n in range(MOST))
    assert len(pieces(f"bytes={few}", 1000) or ()) == MOST
    assert pieces(f"bytes={few},999-999", 1000) is None


def test_a_piece_is_half_open() -> None:
    assert pieces("bytes=2-3", 10) == (Piece(start=2, stop=4),)
