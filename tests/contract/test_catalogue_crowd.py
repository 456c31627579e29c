"""Contract of the catalogue: few are gathered and many walked along, and nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import Kind, Sort
from tests.support.records import NOW, SECOND, a_placement, an_asset, ids, put_channel

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records
    from fanlight.model import Asset

MANY = [
    an_asset(
        n,
        name=f"{'sun' if n % 3 else 'moon'} {n * 7919 % 450}.x",
        folder=("", "a", "a/b", "a/b/c", "a-b")[min(n % 11, 4)],
        kind=Kind.VIDEO if n % 40 == 0 else Kind.PICTURE,
        tags=("rare",) * (n % 50 == 0) + ("common",) * (n % 2),
        created_at=NOW + (n * 7919 % 97) * SECOND,
    )
    for n in range(450)
]


@pytest.fixture(scope="module")
def crowd(shared_catalogue: Catalogue) -> Catalogue:
    """All of them; not to be changed."""

    def add(records: Records) -> None:
        put_channel(records)
        records.assets.add_many((asset, a_placement(asset), asset.id) for asset in MANY)

    shared_catalogue.write_now(add)
    return shared_catalogue


def let_through(asset: Asset, wanted: dict[str, Any]) -> bool:
    """The filters once more, in plain Python."""
    folder, tag, kind = wanted["folder"], wanted["tag"], wanted["kind"]
    lies_there = folder is None or asset.folder == folder
    lies_below = wanted["deep"] and asset.folder.startswith(f"{folder}/")
    tagged = tag is None or tag in asset.tags
    return (lies_there or lies_below) and tagged and kind in (None, asset.kind)


def walk(catalogue: Catalogue, sort: Sort, wanted: dict[str, Any]) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        page = catalogue.read_now(
            lambda records, after=after: records.assets.page(
                after=after, limit=120, sort=sort, **wanted
            )
        )
        found += ids(page.items)
        if (after := page.next) is None:
            return found


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("kind", [None, Kind.VIDEO, Kind.PICTURE])
@pytest.mark.parametrize("tag", [None, "rare", "common"])
def test_few_and_many_are_found_alike(
    crowd: Catalogue, sort: Sort, kind: Kind | None, tag: str | None
) -> None:
    for folder, deep in ((None, False), ("a", False), ("a", True), ("a/b", True), ("", False)):
        wanted: dict[str, Any] = {"folder": folder, "deep": deep, "kind": kind, "tag": tag}
        expected = [asset.id for asset in _sorted(sort) if let_through(asset, wanted)]
        found = walk(crowd, sort, wanted)
        assert found == expected, (folder, deep)
        query: dict[str, Any] = {**wanted, "query": "moon"}
        searched = crowd.read_now(lambda records, query=query: records.assets.search(**query))
        moons = [asset for asset in MANY[::3] if let_through(asset, wanted)]
        assert ids(searched.items) == [asset.id for asset in moons[::-1]][:100]


def _sorted(sort: Sort) -> list[Asset]:
    if sort is Sort.NAME:
        return sorted(MANY, key=lambda asset: asset.name)
    order = sorted(MANY, key=lambda asset: (asset.created_at, int(asset.id[1:])))
    return order[::-1] if sort is Sort.NEWEST else order
