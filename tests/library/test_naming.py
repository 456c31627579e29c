"""What names become: the rules of `library/naming.py`, one by one."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanlight.errors import BadName, Invalid
from fanlight.library import naming
from fanlight.library.naming import (
    chosen,
    clean_folder,
    clean_name,
    divide,
    free_path,
    numbered,
    propose,
    shorten,
    shown_name,
    split,
)

NOW = datetime(2026, 11, 21, 10, 30, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("photo.jpg", "photo.jpg"),
        ("x y(1)#é.jpg", "x_y_1__é.jpg"),
        ("a,b.jpg", "a_b.jpg"),
        ("100%2Fday.jpg", "100_2Fday.jpg"),
        ("what?a=b&c=d.png", "what_a_b_c_d.png"),
        ("写真-1.jpg", "写真-1.jpg"),
        ("שלום.jpg", "שלום.jpg"),
        ("🏔️ top.jpg", "🏔️_top.jpg"),
        ("👩\u200d🚀.png", "👩\u200d🚀.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("two\nlines\t.txt", "two_lines_.txt"),
        ("a\u2028b.txt", "a_b.txt"),
        ("CON", "CON_"),
        ("con.txt", "con_.txt"),
        ("nul.tar.gz", "nul_.tar.gz"),
        ("console.txt", "console.txt"),
        ("COM1.jpg", "COM1_.jpg"),
        ("end.", "end_"),
        ("end...", "end_"),
        ("..", "_"),
        (".fanlight", "_fanlight"),
        (".Fanlight", "_Fanlight"),
        (".hidden.jpg", ".hidden.jpg"),
        ("  padded.jpg  ", "padded.jpg"),
        ("", "unnamed"),
        ("   ", "unnamed"),
    ],
)
def test_a_name_becomes_one_safe_component(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@pytest.mark.parametrize(
    "raw",
    ["nul\0.jpg", "bell\x07.jpg", "c1\x9b.jpg", "del\x7f", "half\ud83d.jpg", "\udcff.jpg", "é\0"],
)
def test_what_cannot_be_cleaned_is_refused(raw: str) -> None:
    with pytest.raises(BadName):
        clean_name(raw)
    with pytest.raises(BadName):
        shown_name(raw)
    with pytest.raises(BadName):
        clean_folder(f"a/{raw}")


@pytest.mark.parametrize("use", [clean_name, shown_name])
def test_nfd_and_nfc_twins_become_the_same_name(use: object) -> None:
    assert callable(use)
    nfc = unicodedata.normalize("NFC", "Café Å.jpg")
    assert use(nfc) == use(unicodedata.normalize("NFD", nfc))
    assert clean_folder(nfc) == clean_folder(unicodedata.normalize("NFD", nfc))


def test_a_composition_that_a_dropped_character_made_possible_is_made() -> None:
    assert clean_name("e\u200b\u0301.jpg") == "é.jpg"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("", ""),
        ("/", ""),
        ("a/b", "a/b"),
        ("/a/b/", "a/b"),
        ("../q//w", "_/q/w"),
        ("a/./b", "a/b"),
        ("a/ /b", "a/b"),
        ("a\\b", "a/b"),
        ("…/...", "…/_"),
        ("C:\\Users\\me", "C_/Users/me"),
        ("holiday 2026 (best)/day,1", "holiday_2026__best_/day_1"),
        (".fanlight/x", "_fanlight/x"),
        ("aux/lpt1", "aux_/lpt1_"),
    ],
)
def test_a_folder_becomes_a_safe_path(raw: str, clean: str) -> None:
    assert clean_folder(raw) == clean


def test_folders_are_bounded_in_depth_and_length() -> None:
    assert clean_folder("/".join("x" * 32)) == "/".join("x" * 32)
    with pytest.raises(BadName):
        clean_folder("/".join("x" * 33))
    with pytest.raises(BadName):
        clean_folder("é" * 101)
    with pytest.raises(BadName):
        clean_folder("/".join(["x" * 100] * 8))


@pytest.mark.parametrize(
    ("name", "folder", "divided"),
    [
        ("photo.jpg", "", ("", "photo.jpg")),
        ("a/b/photo.jpg", "", ("a/b", "photo.jpg")),
        ("a/b/photo.jpg", "c", ("c", "photo.jpg")),
        ("C:\\me\\photo.jpg", "", ("C:/me", "photo.jpg")),
        ("../../etc/passwd", "", ("../../etc", "passwd")),
    ],
)
def test_without_a_folder_the_directory_of_the_name_is_the_folder(
    name: str, folder: str, divided: tuple[str, str]
) -> None:
    assert divide(name, folder) == divided


@pytest.mark.parametrize(
    ("raw", "media_type", "shown"),
    [
        ("Holiday, day 1 (best).jpg", None, "Holiday, day 1 (best).jpg"),
        ("dir/photo.jpg", None, "photo.jpg"),
        ("", "image/jpeg", "unnamed.jpg"),
        ("..", None, "unnamed"),
        (" ", "no/such", "unnamed"),
        ("a\u202eb.txt", None, "ab.txt"),
    ],
)
def test_the_shown_name_is_the_name_as_it_came(
    raw: str, media_type: str | None, shown: str
) -> None:
    assert shown_name(raw, media_type) == shown


@pytest.mark.parametrize("letter", ["x", "é", "写", "🏔"])
def test_a_name_of_4000_characters_is_shortened_and_keeps_its_extension(letter: str) -> None:
    clean = clean_name(letter * 4000 + ".jpeg")
    assert clean.endswith(letter + ".jpeg")
    assert 200 - 4 <= len(clean.encode()) <= 200
    assert len(shown_name(letter * 4000 + ".jpeg").encode()) <= 255


def test_shortening_leaves_no_dangling_joiner_or_dot() -> None:
    assert shorten("ab\u200dcd.png", 9) == "ab.png"
    assert shorten("ab..... cdef", 6) == "ab"
    assert shorten("é" * 3, 1) == "unnamed"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.jpg", ("a", ".jpg")),
        ("a.b.jpg", ("a.b", ".jpg")),
        ("a.tar.gz", ("a", ".tar.gz")),
        (".tar.gz", (".tar", ".gz")),
        (".htaccess", (".htaccess", "")),
        ("README", ("README", "")),
        ("mr. smith goes", ("mr. smith goes", "")),
        ("a.", ("a.", "")),
    ],
)
def test_a_name_is_split_before_its_extension(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


def test_numbers_go_before_the_extension() -> None:
    assert numbered("a/b.jpg", 0) == "a/b.jpg"
    assert numbered("a/b.jpg", 1) == "a/b (1).jpg"
    assert numbered("a.b/c", 12) == "a.b/c (12)"


def test_the_next_free_number_is_found_with_few_questions() -> None:
    taken = {numbered("a.jpg", number) for number in range(10_000)}
    asked: list[str] = []

    def is_taken(path: str) -> bool:
        asked.append(path)
        return path in taken

    assert free_path("a.jpg", is_taken) == "a (10000).jpg"
    assert len(asked) < 35


@given(st.sets(st.integers(0, 40)))
def test_a_free_path_is_free_whatever_is_taken(numbers: set[int]) -> None:
    taken = {numbered("a.jpg", number) for number in numbers}
    assert free_path("a.jpg", taken.__contains__) not in taken


def test_the_modes_name_as_the_compatible_door_promises() -> None:
    def name(mode: naming.Naming, folder: str = "a/b") -> str:
        return propose(
            mode,
            folder,
            "my_photo.jpg",
            now=NOW,
            taken=set[str]().__contains__,
            next_index=lambda folder: len(folder),
        )

    assert re.fullmatch(r"a/b/1795257000250\d{4}_my_photo\.jpg", name("default"))
    assert name("index") == "a/b/3.jpg"
    assert name("origin") == "a/b/my_photo.jpg"
    assert name("origin", "") == "my_photo.jpg"
    assert re.fullmatch(r"a/b/[0-9A-Za-z]{8}\.jpg", name("short"))


@pytest.mark.parametrize("mode", ["default", "index", "origin", "short"])
def test_no_mode_proposes_what_is_taken(mode: naming.Naming) -> None:
    refused: list[str] = []
    numbers = iter(range(100))

    def first_three_are_taken(path: str) -> bool:
        refused.append(path)
        return len(refused) <= 3

    path = propose(
        mode, "f", "n.x", now=NOW, taken=first_three_are_taken, next_index=lambda _: next(numbers)
    )
    assert path == refused[-1] or mode == "origin"
    assert path not in refused[:3]


def test_only_known_modes_are_chosen() -> None:
    assert chosen(None, "short") == "short"
    assert chosen("", "index") == "index"
    assert chosen("origin", "short") == "origin"
    with pytest.raises(Invalid):
        chosen("fancy", "short")


@given(st.text(max_size=300))
def test_a_clean_name_is_safe_stable_and_short_or_refused(raw: str) -> None:
    try:
        clean = clean_name(raw)
    except BadName:
        return
    assert clean not in ("", ".", "..")
    assert not re.search(r"[\s/\\,#?%\x00-\x1f\x7f]", clean)
    assert len(clean.encode()) <= 200
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_name(clean) == clean


@given(st.text(alphabet="ab./\\ ,", max_size=80))
def test_a_clean_folder_stays_inside_and_is_stable(raw: str) -> None:
    try:
        folder = clean_folder(raw)
    except BadName:
        return
    assert not any(part in ("", ".", "..") for part in folder.split("/") if folder)
    assert clean_folder(folder) == folder
