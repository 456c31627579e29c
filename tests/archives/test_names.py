"""Names in an archive: unpackable everywhere, each given once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanlight.archives.names import LONGEST, Names, clean_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("photo.jpg", "photo.jpg"),
        ("a/b\\c:d.jpg", "a_b_c_d.jpg"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("\x00\x1b[2J.jpg", "__[2J.jpg"),
        ('Anna & "Ben" 😀.jpg', "Anna & _Ben_ 😀.jpg"),
        ("it's.jpg", "it's.jpg"),
        ("cafe\u0301.jpg", "café.jpg"),
        ("con.jpg", "_con.jpg"),
        ("LPT1", "_LPT1"),
        ("console.jpg", "console.jpg"),
        ("name. ", "name"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        (".hidden", ".hidden"),
    ],
)
def test_a_name_is_made_such_that_every_system_takes_it(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_extension_and_its_letters_whole() -> None:
    short = clean_name("é" * 300 + ".jpeg")
    assert short.endswith("é.jpeg")
    assert len(short.encode()) <= LONGEST


def test_equal_names_are_numbered_also_where_case_is_not_told_apart() -> None:
    names = Names()
    given = ["photo.jpg", "photo.jpg", "PHOTO.JPG", "photo-2.jpg", "photo"]
    assert [names.name("", one) for one in given] == [
        "photo.jpg",
        "photo-2.jpg",
        "PHOTO-3.JPG",
        "photo-2-2.jpg",
        "photo",
    ]


def test_the_same_name_may_be_in_two_folders() -> None:
    names = Names()
    assert names.name("Church", "1.jpg") == "Church/1.jpg"
    assert names.name("Party", "1.jpg") == "Party/1.jpg"
    assert names.name("Church", "1.jpg") == "Church/1-2.jpg"


def test_folders_that_would_look_alike_stay_apart_and_apart_from_entries() -> None:
    names = Names()
    assert names.name("", "Party") == "Party"
    assert names.name("Party", "1.jpg") == "Party-2/1.jpg"
    assert names.name("par/ty", "1.jpg") == "par_ty/1.jpg"
    assert names.name("par:ty", "1.jpg") == "par_ty-2/1.jpg"


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=12))
def test_whatever_is_asked_for_is_unique_and_stays_in_its_place(
    asked: list[tuple[str, str]],
) -> None:
    names = Names()
    found = [names.name(folder, name) for folder, name in asked]
    assert len({name.casefold() for name in found}) == len(found)
    for (folder, _), name in zip(asked, found, strict=True):
        steps = name.split("/")
        assert len(steps) == (2 if folder else 1)
        assert not {"", ".", ".."} & set(steps)
        name.encode()  # can be written


def test_very_many_equal_names_are_soon_told_apart() -> None:
    names = Names()
    assert len({names.name("", "IMG_0001.jpg") for _ in range(70_000)}) == 70_000
