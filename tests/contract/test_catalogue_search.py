"""Contract of the catalogue: search finds the same on both databases."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.records import NOW, an_asset, fill, ids

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue

NAMES = {
    "a1": "Sunset at the beach.jpg",
    "a2": "IMG_0042.JPG",
    "a3": "Été à Zürich.jpg",
    "a4": "海滩日落.png",
    "a5": "100% off_sale [1] (x).gif",
    "a6": "quote\"s 'and' \\back\\slashes.txt",
    "a7": "ΜΈΛΙ ёлка Straße.jpg",
    "a8": "to be or not.md",
    "a9": "nothing",
}


def search(catalogue: Catalogue, query: str, **wanted: Any) -> list[str]:
    return ids(catalogue.read_now(lambda records: records.assets.search(query, **wanted)).items)


def name_all(catalogue: Catalogue) -> Catalogue:
    assets = (an_asset(int(id_[1:]), name=name) for id_, name in NAMES.items())
    fill(catalogue, *assets)
    catalogue.write_now(lambda records: records.tags.set("a9", ["holiday in Rome", "b&w"]))
    return catalogue


@pytest.fixture
def named(catalogue: Catalogue) -> Catalogue:
    return name_all(catalogue)


@pytest.fixture(scope="module")
def library(shared_catalogue: Catalogue) -> Catalogue:
    """Named as above, and not to be changed."""
    return name_all(shared_catalogue)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # words, parts of words, their beginnings, in any order
        ("sunset", "1"),
        ("nse", "1"),
        ("beach sun", "1"),
        ("beach moon", ""),
        ("at", "1"),
        ("a", "136"),
        ("t", "168"),
        ("be", "18"),
        ("be not", "8"),
        ("not be", "8"),
        ("no be", ""),
        ("b not", "9"),
        ("jpg", "1237"),
        (".jpg", "1237"),
        ("img_0042", "2"),
        ("0042.jpg", "2"),
        ("42", ""),
        ("  sunset  ", "1"),
        # tags
        ("rome", "9"),
        ("holiday nothing", "9"),
        ("b&w", "9"),
        # case, accents, other scripts
        ("SUNSET", "1"),
        ("ete", "3"),
        ("ÉTÉ", "3"),
        ("e\u0301te\u0301", "3"),
        ("zurich", "3"),
        ("STRASSE", "7"),
        ("μελι", "7"),
        ("елка", "7"),
        ("海", "4"),
        ("海滩", "4"),
        ("滩日", "4"),
        ("日滩", ""),
        ("海滩日落", "4"),
        # every character is data
        ("100%", "5"),
        ("%", ""),
        ("_", ""),
        ("0%", ""),
        ("0_", ""),
        ("g_0", "2"),
        ("gx0", ""),
        ("s_l", ""),
        ("f_s", "5"),
        ("[1]", "5"),
        ("(x)", "5"),
        ("off*", ""),
        ("sun*", ""),
        ('"sunset"', ""),
        ('e"s', "6"),
        ("'and'", "6"),
        ("\\back", "6"),
        ("\\\\\\", ""),
        ("sunset OR beach", ""),
        ("NOT sunset", ""),
        ("body:sunset", ""),
        ("sunset:*", ""),
        ("a|b", ""),
        ("' OR 1=1 --", ""),
        ("{}", ""),
        (":*", ""),
        ("'", ""),
        ("\\", ""),
        ("\0", "123456789"),
        ("sun\0set", "1"),
        ("sunset\0", "1"),
        ("\ud800", "123456789"),
        ("sunset \udfff", "1"),
        ("", "123456789"),
        (" \t\n", "123456789"),
        ("x" * 100_000, ""),
        ("sunset " * 10_000, "1"),
        ("\U0001f600" * 300, ""),
    ],
)
def test_finding(library: Catalogue, query: str, found: str) -> None:
    assert search(library, query) == [f"a{n}" for n in reversed(found)]


def test_results_are_paged_last_added_first(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n, name=f"{'sun' if n % 2 else 'moon'} {n}.x") for n in range(10)))
    for query, expected in (
        ("sun", [9, 7, 5, 3, 1]),
        ("su", [9, 7, 5, 3, 1]),
        ("", [*range(9, -1, -1)]),
    ):
        pages: list[list[str]] = []
        after = None
        while True:
            page = catalogue.read_now(
                lambda records, query=query, after=after: records.assets.search(
                    query, after=after, limit=2
                )
            )
            pages.append(ids(page.items))
            if (after := page.next) is None:
                break
        assert list(chain.from_iterable(pages)) == [f"a{n}" for n in expected]
        assert all(len(page) == 2 for page in pages[:-1])


def test_what_is_changed_is_found_by_what_it_is_now(named: Catalogue) -> None:
    named.write_now(lambda records: records.assets.update("a1", name="Moonrise.jpg"))
    named.write_now(lambda records: records.tags.set("a9", ["Paris", "to"]))
    named.write_now(lambda records: records.assets.update("a2", folder="moved"))
    assert search(named, "sunset") == search(named, "rome") == search(named, "at") == []
    assert search(named, "moonrise") == ["a1"]
    assert search(named, "paris") == ["a9"]
    assert search(named, "to") == ["a9", "a8"]
    assert search(named, "img_0042", folder="moved") == ["a2"]


def test_the_trash_is_searched_apart(named: Catalogue) -> None:
    named.write_now(lambda records: records.assets.trash("a1", NOW))
    assert search(named, "sunset") == []
    assert search(named, "sunset", trashed=True) == ["a1"]
    named.write_now(lambda records: records.assets.restore("a1"))
    assert search(named, "sunset") == ["a1"]
    named.write_now(lambda records: records.assets.purge("a1"))
    assert search(named, "sunset") == search(named, "sunset", trashed=True) == []


def test_a_search_in_a_folder_takes_what_is_below(catalogue: Catalogue) -> None:
    places = ["", "a", "a/b", "ab"]
    assets = (an_asset(n, name=f"sun {n}", folder=place) for n, place in enumerate(places))
    fill(catalogue, *assets)
    assert search(catalogue, "sun", folder="a") == ["a2", "a1"]
    assert search(catalogue, "sun", folder="a", deep=False) == ["a1"]
    assert search(catalogue, "sun", folder="") == ["a3", "a2", "a1", "a0"]
    assert search(catalogue, "sun", folder="", deep=False) == ["a0"]
