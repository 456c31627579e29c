"""Contract of the catalogue: pages in every order, by every filter, and forged cursors."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import BadCursor
from fanlight.model import Kind, Sort
from tests.support.records import (
    CHANNEL,
    NOW,
    SECOND,
    a_channel,
    a_placement,
    an_asset,
    fill,
    ids,
    put,
    put_channel,
)

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records


def walk(catalogue: Catalogue, limit: int = 3, **wanted: Any) -> list[str]:
    """The ids of all pages one after the other."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = catalogue.read_now(
            lambda records, after=after: records.assets.page(after=after, limit=limit, **wanted)
        )
        found += ids(page.items)
        after = page.next
        if after is None:
            return found
        assert len(page.items) == limit


def test_pages_are_in_order_and_complete(catalogue: Catalogue) -> None:
    # Twins in time and in name: only the order of arrival tells them apart.
    assets = [
        an_asset(n, created_at=NOW + (n // 4) * SECOND, name=f"{'zZaä'[n % 4]}.jpg", folder=str(n))
        for n in range(10)
    ]
    fill(catalogue, *assets)
    arrival = [f"a{n}" for n in range(10)]
    assert walk(catalogue, sort=Sort.OLDEST) == arrival
    assert walk(catalogue, sort=Sort.NEWEST) == arrival[::-1]
    assert walk(catalogue, sort=Sort.NAME) == [
        *("a1", "a5", "a9"),  # Z
        *("a2", "a6"),  # a
        *("a0", "a4", "a8"),  # z
        *("a3", "a7"),  # ä: byte by byte, on both databases
    ]


@pytest.mark.parametrize("sort", Sort)
def test_a_page_that_is_just_full_is_the_last(catalogue: Catalogue, sort: Sort) -> None:
    fill(catalogue, *(an_asset(n) for n in range(6)))
    assert len(walk(catalogue, limit=3, sort=sort)) == 6
    assert catalogue.read_now(lambda records: records.assets.page(limit=6, sort=sort)).next is None


def test_an_empty_catalogue_has_one_empty_page(catalogue: Catalogue) -> None:
    assert walk(catalogue) == []


def test_what_is_added_or_removed_meanwhile_shifts_nothing(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n) for n in range(6)))
    first = catalogue.read_now(lambda records: records.assets.page(limit=3))

    def change(records: Records) -> None:
        records.assets.purge("a5")
        records.assets.trash("a3", NOW)
        put(records, an_asset(9))

    catalogue.write_now(change)
    rest = catalogue.read_now(lambda records: records.assets.page(limit=3, after=first.next))
    assert ids(rest.items) == ["a2", "a1", "a0"]


@pytest.mark.parametrize(("limit", "given"), [(-5, 1), (0, 1), (2, 2), (10_000, 500)])
def test_the_length_of_a_page_is_bounded(catalogue: Catalogue, limit: int, given: int) -> None:
    def add(records: Records) -> None:
        put_channel(records)
        assets = [an_asset(n) for n in range(501)]
        records.assets.add_many((asset, a_placement(asset), asset.name) for asset in assets)

    catalogue.write_now(add)
    page = catalogue.read_now(lambda records: records.assets.page(limit=limit))
    assert len(page.items) == given
    found = catalogue.read_now(lambda records: records.assets.search("jpg", limit=limit))
    assert len(found.items) == given


LIBRARY = [
    an_asset(1, folder="", kind=Kind.VIDEO),
    an_asset(2, folder="a", tags=("t",)),
    an_asset(3, folder="a/b", tags=("t", "u"), kind=Kind.VIDEO),
    an_asset(4, folder="a/b/c", tags=("u",)),
    an_asset(5, folder="a-b"),
    an_asset(6, folder="a0", tags=("t",)),
    an_asset(7, folder="A/b"),
]


@pytest.fixture(scope="module")
def library(shared_catalogue: Catalogue) -> Catalogue:
    """The assets above, a trashed one, and one in another channel; not to be changed."""

    def add(records: Records) -> None:
        for asset in LIBRARY:
            put(records, asset)
        put(records, an_asset(8, tags=("t",), folder="a"))
        records.assets.trash("a8", NOW)
        records.channels.add(a_channel(2))
        records.placements.update("p-a7", channel_id="ch-2")

    shared_catalogue.write_now(add)
    return shared_catalogue


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "1234567"),
        ({"folder": ""}, "1"),
        ({"folder": "", "deep": True}, "1234567"),
        ({"folder": "a"}, "2"),
        ({"folder": "a", "deep": True}, "234"),
        ({"folder": "a/b", "deep": True}, "34"),
        ({"folder": "%", "deep": True}, ""),
        ({"folder": "nul\0"}, ""),
        ({"tag": "t"}, "236"),
        ({"tag": "\ud800"}, ""),
        ({"tag": "t", "folder": "a", "deep": True}, "23"),
        ({"tag": "t", "folder": "a"}, "2"),
        ({"tag": "u", "kind": Kind.VIDEO}, "3"),
        ({"kind": Kind.VIDEO}, "13"),
        ({"kind": Kind.VIDEO, "folder": "a", "deep": True}, "3"),
        ({"channel_id": CHANNEL}, "123456"),
        ({"channel_id": "ch-2"}, "7"),
        ({"channel_id": "ch-2", "folder": "a", "deep": True}, ""),
        ({"trashed": True}, "8"),
        ({"trashed": True, "tag": "t"}, "8"),
        ({"trashed": True, "folder": "b"}, ""),
    ],
)
def test_filters_narrow(
    library: Catalogue, sort: Sort, wanted: dict[str, Any], expected: str
) -> None:
    order = reversed(expected) if sort is Sort.NEWEST else expected
    assert walk(library, limit=2, sort=sort, **wanted) == [f"a{n}" for n in order]
    assert library.read_now(lambda records: records.assets.count(**wanted)) == len(expected)
    filters: dict[str, Any] = {"deep": False, **wanted}
    searched = library.read_now(lambda records: records.assets.search("jpg", **filters))
    assert sorted(ids(searched.items)) == [f"a{n}" for n in expected]


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "\0",
        "é",
        "%%%",
        "A" * 5000,
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        cursor(),
        cursor("newest"),
        cursor("newest", 1),
        cursor("newest", 1, 1, 1),
        cursor("newest", 1, "1"),
        cursor("newest", 1, 1.5),
        cursor("newest", True, 1),
        cursor("newest", None, 1),
        cursor("newest", 2**63, 1),
        cursor("newest", 1, -(2**63) - 1),
        cursor("name", "x", 1),
        cursor("oldest", 1, 1),
        json.dumps({"newest": 1}),
    ],
)
def test_forged_cursors_are_refused(library: Catalogue, forged: str) -> None:
    with pytest.raises(BadCursor):
        library.read_now(lambda records: records.assets.page(after=forged))
    with pytest.raises(BadCursor):
        library.read_now(lambda records: records.assets.search("x", after=forged))
    with pytest.raises(BadCursor):
        library.read_now(lambda records: records.events.page(after=forged))
    with pytest.raises(BadCursor):
        library.read_now(lambda records: records.placements.in_channel(CHANNEL, after=forged))


@pytest.mark.parametrize("name", ["nul\0", "half \ud800"])
def test_forged_names_in_cursors_are_refused(library: Catalogue, name: str) -> None:
    forged = cursor("name", name, 1)
    with pytest.raises(BadCursor):
        library.read_now(lambda records: records.assets.page(after=forged, sort=Sort.NAME))


def test_cursors_carry_any_name(catalogue: Catalogue) -> None:
    names = ["\u202eevil", "a'b\"c\\", "x" * 255, "\U0001f600", " ", "\x01"]
    fill(catalogue, *(an_asset(n, name=name, folder=str(n)) for n, name in enumerate(names)))
    assert len(walk(catalogue, limit=1, sort=Sort.NAME)) == len(names)
