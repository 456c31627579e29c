"""Contract of the catalogue: what an address leads to, and who hears that it changed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.catalogue import counts
from fanlight.errors import Conflict, Expired
from fanlight.model import Link, PlacementState, Visibility
from tests.support.records import NOW, Unit, a_placement, an_asset, fill, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.catalogue import Catalogue, Records


def link(catalogue: Catalogue, *, asset: str | None = None, path: str = "") -> Link | None:
    if asset is not None:
        return catalogue.read_now(lambda records: records.links.by_asset(asset))
    return catalogue.read_now(lambda records: records.links.by_alias(path))


def test_an_asset_is_reached_by_id_and_by_path(catalogue: Catalogue) -> None:
    (asset,) = fill(catalogue, an_asset(folder="x", tags=("t",)))
    expected = Link(asset, (a_placement(asset),), current=True)
    assert link(catalogue, asset="a1") == expected
    assert link(catalogue, path="x/1.jpg") == expected


def test_an_old_alias_says_that_it_is_old(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    catalogue.write_now(lambda records: records.aliases.set_current("a1", "new.jpg"))
    old, new = link(catalogue, path="1.jpg"), link(catalogue, path="new.jpg")
    assert old is not None
    assert new is not None
    assert (old.current, new.current) == (False, True)
    assert old.asset == new.asset
    assert old.asset.alias == "new.jpg"


@pytest.mark.parametrize("key", ["", "no", "a1\0", "\ud800", "%", "1.jp_", "x" * 10_000])
def test_nothing_is_there(shared_catalogue: Catalogue, key: str) -> None:
    if shared_catalogue.read_now(lambda records: records.assets.find("a1")) is None:
        fill(shared_catalogue, an_asset())
    assert link(shared_catalogue, asset=key) is None
    assert link(shared_catalogue, path=key) is None


def test_the_trash_leads_nowhere(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    catalogue.write_now(lambda records: records.assets.trash("a1", NOW))
    assert link(catalogue, asset="a1") is None
    assert link(catalogue, path="1.jpg") is None
    catalogue.write_now(lambda records: records.assets.restore("a1"))
    assert link(catalogue, asset="a1") is not None


@pytest.mark.parametrize("visibility", Visibility)
def test_visibility_is_for_the_asker_to_judge(catalogue: Catalogue, visibility: Visibility) -> None:
    fill(catalogue, an_asset(visibility=visibility, expires_at=NOW))
    found = link(catalogue, asset="a1")
    assert found is not None
    assert found.asset.visibility is visibility


def test_the_best_placement_comes_first(catalogue: Catalogue) -> None:
    (asset,) = fill(catalogue, an_asset())
    copy = a_placement(asset, id="copy", primary=False, locator="b")
    gone = a_placement(asset, id="gone", primary=False, locator="c", state=PlacementState.DELETING)

    def add(records: Records) -> None:
        records.placements.add(gone)
        records.placements.add(copy)

    catalogue.write_now(add)

    def order() -> list[str]:
        found = link(catalogue, asset="a1")
        return [placement.id for placement in found.placements] if found else []

    assert order() == ["p-a1", "copy", "gone"]
    catalogue.write_now(
        lambda records: records.placements.update("p-a1", state=PlacementState.MISSING)
    )
    assert order() == ["copy", "p-a1", "gone"]


def test_an_asset_without_placements_still_is_a_link(catalogue: Catalogue) -> None:
    (asset,) = fill(catalogue, an_asset())
    catalogue.write_now(lambda records: records.placements.remove("p-a1"))
    assert link(catalogue, asset="a1") == Link(asset, ())


# --- changes --------------------------------------------------------------------------------------

CHANGING: dict[str, tuple[Unit, set[str]]] = {
    "update": (lambda records: records.assets.update("a1", name="x"), {"a1"}),
    "tags": (lambda records: records.tags.set("a1", ["t"]), {"a1"}),
    "trash": (lambda records: records.assets.trash("a1", NOW), {"a1"}),
    "restore": (
        lambda records: (records.assets.trash("a1", NOW), records.assets.restore("a1")),
        {"a1"},
    ),
    "purge": (lambda records: records.assets.purge("a1"), {"a1"}),
    "placement added": (
        lambda records: records.placements.add(a_placement(an_asset(1), id="c")),
        {"a1"},
    ),
    "placement changed": (lambda records: records.placements.update("p-a1", version="2"), {"a1"}),
    "placement removed": (lambda records: records.placements.remove("p-a1"), {"a1"}),
    "alias": (lambda records: records.aliases.set_current("a1", "x"), {"a1"}),
    "alias taken over": (
        lambda records: (
            records.aliases.set_current("a1", "x"),
            records.aliases.set_current("a2", "1.jpg"),
        ),
        {"a1", "a2"},
    ),
    "nothing": (lambda records: records.assets.get("a1"), set()),
    "another asset": (lambda records: put(records, an_asset(3)), set()),
}


@pytest.mark.parametrize("what", CHANGING)
def test_changes_are_numbered_and_told(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue], what: str
) -> None:
    unit, expected = CHANGING[what]
    fill(catalogue, an_asset(1), an_asset(2))
    before = catalogue.read_now(lambda records: records.changes.latest())
    heard: list[str] = []
    catalogue.on_change(heard.extend)
    catalogue.write_now(unit)
    elsewhere = open_catalogue()
    latest, changed = elsewhere.read_now(lambda records: records.changes.since(before))
    assert set(changed) == set(heard) == expected
    assert latest == elsewhere.read_now(lambda records: records.changes.latest())
    assert (latest > before) == bool(expected)


def test_adding_onto_an_old_alias_tells_whose_it_was(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1))
    catalogue.write_now(lambda records: records.aliases.set_current("a1", "new.jpg"))
    heard: list[str] = []
    catalogue.on_change(heard.extend)
    catalogue.write_now(lambda records: put(records, an_asset(2), "1.jpg"))
    assert heard == ["a1"]


def test_what_is_rolled_back_is_not_told(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1))
    heard: list[str] = []
    catalogue.on_change(heard.extend)

    def fail(records: Records) -> None:
        records.assets.update("a1", name="x")
        raise Conflict

    with pytest.raises(Conflict):
        catalogue.write_now(fail)
    catalogue.write_now(lambda records: records.settings.set("x", 1))
    assert heard == []
    assert catalogue.read_now(lambda records: records.changes.since(0)) == (0, ())


def test_a_listener_hears_after_the_commit_and_before_the_answer(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1))
    heard: list[str] = []

    def listen(changed: Any) -> None:
        time.sleep(0.05)
        heard.extend(changed)

    def fail(_: Any) -> None:
        raise RuntimeError("a listener of no good")

    catalogue.on_change(fail)
    catalogue.on_change(listen)
    catalogue.write_now(lambda records: records.assets.update("a1", name="x"))
    assert heard == ["a1"]


def test_numbers_come_in_the_order_of_commits(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    """Who reads up to a number has missed nothing before it, whoever was writing."""
    fill(catalogue, *(an_asset(n) for n in range(4)))
    sources = [catalogue, open_catalogue()]

    def write(number: int) -> None:
        source, asset = sources[number % 2], f"a{number % 4}"
        source.write_now(lambda records: records.assets.update(asset, version=number))

    seen: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, number) for number in range(60)]
        at = 0
        while not all(each.done() for each in writing):
            at, changed = catalogue.read_now(lambda records, at=at: records.changes.since(at))
            seen += changed
        at, changed = catalogue.read_now(lambda records, at=at: records.changes.since(at))
    assert at == 60
    assert [each.result() for each in writing] == [None] * 60
    assert set(seen) | set(changed) == {"a0", "a1", "a2", "a3"}


def test_who_was_away_too_long_is_told_so(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1))
    many = {f"x{n}": None for n in range(counts.KEPT_CHANGES)}
    catalogue.write_now(lambda records: records.assets.update("a1", name="x"))
    catalogue.write_now(lambda records: records.session.changed.update(many))
    catalogue.write_now(
        lambda records: records.session.changed.update(dict.fromkeys(list(many)[:1000]))
    )
    latest = catalogue.read_now(lambda records: records.changes.latest())
    for seq in (0, 1, latest - counts.KEPT_CHANGES - 1, latest + 1):
        with pytest.raises(Expired):
            catalogue.read_now(lambda records, seq=seq: records.changes.since(seq))
    assert catalogue.read_now(lambda records: records.changes.since(latest)) == (latest, ())
    _, changed = catalogue.read_now(lambda records: records.changes.since(latest - 1000))
    assert len(changed) == 1000


def test_an_asset_that_changed_often_is_named_once(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1))
    for name in "xyz":
        catalogue.write_now(lambda records, name=name: records.assets.update("a1", name=name))
    assert catalogue.read_now(lambda records: records.changes.since(0)) == (3, ("a1",))
