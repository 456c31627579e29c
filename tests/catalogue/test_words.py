"""Folding and splitting text for search, and taking queries apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanlight.catalogue.words import GRAM, Query, can_be_asked, fold, parse, searched, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("IMG_1234.JPG", "img_1234.jpg"),
        ("Été", "ete"),
        ("E\u0301te\u0301", "ete"),
        ("Straße", "strasse"),
        ("ﬁne ①", "fine 1"),
        ("ёлка Й", "елка и"),
        ("ΜΈΛΙ", "μελι"),
        ("한국어", "한국어"),
        ("が", "が"),
        ("a\0b\nc\x7f", "a b c "),
        ("half \ud83d x", "half   x"),
        ("e\ud83d", "e "),
        ("İ", "i"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("img_1234 (2).jpg", ["img", "1234", "2", "jpg"]),
        ("海滩2024日落", ["海", "滩", "2024", "日", "落"]),
        ("カメラ", ["カ", "メ", "ラ"]),
        ("don't", ["don", "t"]),
        ("_%'\"", []),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_splitting(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_what_is_kept_of_an_asset() -> None:
    assert searched("Sun SUN.jpg", "sea\nsun") == ("sun sun.jpg sea sun", "sun jpg sea")


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query((), (), "")),
        (" \t ", Query((), (), "")),
        ("Sunset", Query(("sunset",), (), "")),
        ("su", Query((), (), "su")),
        ("to be", Query((), ("to",), "be")),
        ("to sunset", Query(("sunset",), ("to",), "")),
        ("sunset to", Query(("sunset",), (), "to")),
        ("海滩", Query(("海滩",), ("海",), "滩")),
        ("a_", Query(("a_",), (), "a")),
        ("_", Query(("_",), (), "")),
        ("be be be", Query((), ("be",), "be")),
    ],
)
def test_queries(typed: str, query: Query) -> None:
    assert parse(typed) == query


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_kept_and_asked(text: str) -> None:
    body, kept = searched(text, text)
    query = parse(text)
    for each in (body, kept, *query.parts, *query.words, query.prefix):
        assert can_be_asked(each)
    assert all(part in fold(text) for part in query.parts)
    # words are put into a text search query between quotes
    assert not set("'\\:*&|!()<> ") & set("".join((*query.words, query.prefix)))
    assert all(len(part) >= GRAM or words(part) != [part] for part in query.parts)
    assert not query.empty or not fold(text)[:200].split()


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_every_text_is_found_by_itself(text: str) -> None:
    body, kept = searched(text, "")
    query = parse(text)
    held = kept.split()
    assert all(part in body for part in query.parts)
    assert set(query.words) <= set(held)
    assert any(word.startswith(query.prefix) for word in [*held, ""])
