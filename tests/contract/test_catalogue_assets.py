"""Contract of the catalogue: assets, their counts, and the trash."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import BadName, Conflict, NotFound
from fanlight.model import Folder, Kind, PlacementState, Tag, Visibility
from tests.support.records import (
    CHANNEL,
    NOW,
    SECOND,
    Unit,
    a_placement,
    a_user,
    an_asset,
    fill,
    ids,
    put,
    put_channel,
)

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records

FULL = an_asset(
    7,
    name="ünï ☃ \U0001f600.jpg",
    folder="ä/b",
    kind=Kind.VIDEO,
    media_type="video/mp4",
    size=2**40,
    version=3,
    visibility=Visibility.BLOCKED,
    owner_id="u1",
    expires_at=NOW + timedelta(days=3650, microseconds=1),
    width=6000,
    height=4000,
    taken_at=datetime(1969, 7, 20, 20, 17, 40, 999999, tzinfo=UTC),
    placeholder=bytes(range(25)),
    tags=("sea", "Ünï", "two words"),
)


def test_an_asset_comes_back_exactly_as_it_was_added(catalogue: Catalogue) -> None:
    def add(records: Records) -> Any:
        records.users.add(a_user())
        return put(records, FULL, "ä/b/published.mp4")

    added = catalogue.write_now(add)
    assert added == replace(FULL, alias="ä/b/published.mp4")
    assert catalogue.read_now(lambda records: records.assets.get("a7")) == added


def test_adding_writes_placement_and_alias(catalogue: Catalogue) -> None:
    (asset,) = fill(catalogue, an_asset(folder="x"))
    placements, alias = catalogue.read_now(
        lambda records: (records.placements.of("a1"), records.aliases.find("x/1.jpg"))
    )
    assert placements == (a_placement(asset),)
    assert alias is not None
    assert (alias.asset_id, alias.current) == ("a1", True)


def test_an_id_is_added_once(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    with pytest.raises(Conflict) as caught:
        catalogue.write_now(lambda records: put(records, an_asset(), "other.jpg"))
    assert caught.value.public_code == "conflict.asset"


def test_a_failed_add_leaves_nothing(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    with pytest.raises(Conflict) as caught:
        fill(catalogue, an_asset(2, name="1.jpg", tags=("t",)))
    assert caught.value.public_code == "conflict.alias"
    assert catalogue.read_now(
        lambda records: (
            records.assets.find("a2"),
            records.placements.of("a2"),
            records.tags.all(),
            records.assets.count(),
        )
    ) == (None, (), (), 1)


@pytest.mark.parametrize("id_", ["nobody", "", "a\0", "\ud800"])
def test_an_unknown_asset_is_not_found(catalogue: Catalogue, id_: str) -> None:
    assert catalogue.read_now(lambda records: records.assets.find(id_)) is None
    with pytest.raises(NotFound) as caught:
        catalogue.read_now(lambda records: records.assets.get(id_))
    assert caught.value.public_code == "not-found.asset"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "nul\0", "half \ud83d"])
def test_a_tag_that_cannot_be_kept_is_a_bad_name(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(BadName):
        fill(catalogue, an_asset(tags=(name,)))
    fill(catalogue, an_asset())
    with pytest.raises(BadName):
        catalogue.write_now(lambda records: records.tags.set("a1", [name]))


@pytest.mark.parametrize("name", ["nul\0.jpg", "half \ud83d.jpg"])
def test_a_name_that_cannot_be_kept_is_a_bad_name(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(BadName):
        catalogue.write_now(lambda records: put(records, an_asset(name=name), "fine.jpg"))


def test_fields_are_changed_one_by_one(catalogue: Catalogue) -> None:
    (asset,) = fill(catalogue, an_asset())
    changes: dict[str, Any] = {
        "visibility": Visibility.HIDDEN,
        "expires_at": NOW,
        "width": 3,
        "version": 2,
        "sha256": "f" * 64,
        "size": 9,
        "updated_at": NOW + SECOND,
        "placeholder": b"\x00\xff",
    }
    changed = catalogue.write_now(lambda records: records.assets.update("a1", **changes))
    assert changed == replace(asset, **changes)
    cleared = catalogue.write_now(lambda records: records.assets.update("a1", expires_at=None))
    assert cleared.expires_at is None
    assert catalogue.read_now(lambda records: records.assets.get("a1")) == cleared


@pytest.mark.parametrize("field", ["id", "alias", "deleted_at", "created_at", "seq", "nonsense"])
def test_fields_with_verbs_of_their_own_are_refused(catalogue: Catalogue, field: str) -> None:
    fill(catalogue, an_asset())
    with pytest.raises(TypeError, match=field):
        catalogue.write_now(lambda records: records.assets.update("a1", **{field: "x"}))


def test_changing_an_unknown_asset_is_not_found(catalogue: Catalogue) -> None:
    changes: list[Unit] = [
        lambda records: records.assets.update("no", name="x"),
        lambda records: records.assets.update("no"),
        lambda records: records.assets.trash("no", NOW),
        lambda records: records.assets.restore("no"),
        lambda records: records.assets.purge("no"),
        lambda records: records.tags.set("no", ["x"]),
    ]
    for change in changes:
        with pytest.raises(NotFound):
            catalogue.write_now(change)


def folders(catalogue: Catalogue, parent: str = "") -> dict[str, int]:
    found = catalogue.read_now(lambda records: records.assets.folders(parent))
    return {folder.path: folder.count for folder in found}


def test_folders_tell_what_lies_directly_in_them(catalogue: Catalogue) -> None:
    places = ["", "a", "a/b/c", "a/b/c", "a-z", "é"]
    fill(catalogue, *(an_asset(n, folder=folder) for n, folder in enumerate(places)))
    assert catalogue.read_now(lambda records: records.assets.folders()) == (
        Folder("a", 1, 2),
        Folder("a-z", 1),
        Folder("é", 1),
    )
    assert folders(catalogue, "a") == {"a/b": 0}
    assert folders(catalogue, "a/b") == {"a/b/c": 2}
    assert folders(catalogue, "a/b/c") == folders(catalogue, "no\0") == {}


def test_folder_counts_follow_every_change(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n, folder="a/b") for n in range(4)))

    def change(records: Records) -> None:
        records.assets.update("a0", folder="c")
        records.assets.trash("a1", NOW)
        records.assets.purge("a2")
        records.assets.update("a1", folder="d")

    catalogue.write_now(change)
    assert folders(catalogue) == {"a": 0, "c": 1}
    assert folders(catalogue, "a") == {"a/b": 1}
    catalogue.write_now(lambda records: records.assets.restore("a1"))
    assert folders(catalogue) == {"a": 0, "c": 1, "d": 1}
    catalogue.write_now(lambda records: records.assets.update("a3", folder="c"))
    assert folders(catalogue) == {"c": 2, "d": 1}


def test_counts_are_right_inside_the_unit_that_changes_them(catalogue: Catalogue) -> None:
    def add(records: Records) -> tuple[object, ...]:
        put(records, an_asset(folder="x", tags=("t",)))
        return (
            records.assets.folders(),
            records.assets.count(),
            records.assets.count(folder="x"),
            records.tags.all(),
        )

    assert catalogue.write_now(add) == ((Folder("x", 1),), 1, 1, (Tag("t", 1),))


def test_counting(catalogue: Catalogue) -> None:
    fill(
        catalogue,
        an_asset(1, folder="a", tags=("t",)),
        an_asset(2, folder="a/b", tags=("t", "u"), kind=Kind.VIDEO),
        an_asset(3, tags=("t",)),
        an_asset(4, folder="a"),
    )
    catalogue.write_now(lambda records: records.assets.trash("a4", NOW))

    def count(**wanted: Any) -> int:
        return catalogue.read_now(lambda records: records.assets.count(**wanted))

    assert count() == count(folder="", deep=True) == 3
    assert count(folder="") == 1
    assert count(folder="a") == 1
    assert count(folder="a", deep=True) == 2
    assert count(folder="no") == count(tag="no") == count(tag="\0") == 0
    assert count(tag="t") == 3
    assert count(tag="t", folder="a") == 1
    assert count(tag="t", folder="a", deep=True) == 2
    assert count(kind=Kind.VIDEO) == 1
    assert count(channel_id=CHANNEL) == 3
    assert count(channel_id="other") == 0
    assert count(trashed=True) == 1


def test_the_trash_hides_and_gives_back(catalogue: Catalogue) -> None:
    (asset,) = fill(catalogue, an_asset(folder="x", tags=("t",)))
    trashed = catalogue.write_now(lambda records: records.assets.trash("a1", NOW))
    assert trashed == replace(asset, deleted_at=NOW)
    with pytest.raises(NotFound):
        catalogue.read_now(lambda records: records.assets.get("a1"))
    assert catalogue.read_now(lambda records: records.assets.get("a1", trashed=True)) == trashed
    assert catalogue.read_now(lambda records: records.tags.all()) == ()
    with pytest.raises(NotFound):
        catalogue.write_now(lambda records: records.assets.trash("a1", NOW))
    restored = catalogue.write_now(lambda records: records.assets.restore("a1"))
    assert restored == asset
    assert catalogue.read_now(lambda records: records.tags.all()) == (Tag("t", 1),)
    with pytest.raises(NotFound):
        catalogue.write_now(lambda records: records.assets.restore("a1"))


def test_the_trash_is_emptied_oldest_first(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n) for n in range(4)))

    def trash(records: Records) -> None:
        for number, later in ((2, 0), (0, 1), (1, 2)):
            records.assets.trash(f"a{number}", NOW + later * SECOND)

    catalogue.write_now(trash)

    def before(later: int, limit: int = 100) -> list[str]:
        at = NOW + later * SECOND
        return ids(catalogue.read_now(lambda records: records.assets.trashed_before(at, limit)))

    assert before(0) == []
    assert before(2) == ["a2", "a0"]
    assert before(9) == ["a2", "a0", "a1"]
    assert before(9, 1) == ["a2"]


@pytest.mark.parametrize("trashed", [False, True])
def test_purging_leaves_no_row_behind(catalogue: Catalogue, trashed: bool) -> None:
    fill(catalogue, an_asset(folder="x", tags=("t",)))

    def purge(records: Records) -> None:
        records.aliases.set_current("a1", "new.jpg")
        if trashed:
            records.assets.trash("a1", NOW)
        records.assets.purge("a1")

    catalogue.write_now(purge)
    assert catalogue.read_now(
        lambda records: (
            records.assets.find("a1"),
            records.aliases.taken("new.jpg"),
            records.aliases.taken("x/1.jpg"),
            records.placements.of("a1"),
            records.tags.all(),
            records.assets.folders(),
            records.assets.search("jpg").items,
            records.session.fetch("SELECT count(*) FROM asset_text"),
            records.session.fetch("SELECT count(*) FROM asset_tag"),
        )
    ) == (None, False, False, (), (), (), (), [(0,)], [(0,)])


def test_tags_are_set_counted_and_listed(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(1, tags=("sea",)), an_asset(2, tags=("sea", "sky")))
    kept = catalogue.write_now(lambda records: records.tags.set("a1", ["sun", "sky", "sun"]))
    assert kept == ("sun", "sky")
    assert catalogue.read_now(lambda records: records.assets.get("a1")).tags == ("sun", "sky")

    def tags(prefix: str = "", limit: int = 100) -> list[tuple[str, int]]:
        found = catalogue.read_now(lambda records: records.tags.all(prefix, limit))
        return [(tag.name, tag.count) for tag in found]

    assert tags() == [("sea", 1), ("sky", 2), ("sun", 1)]
    assert tags("s", 2) == [("sea", 1), ("sky", 2)]
    assert tags("su") == [("sun", 1)]
    assert tags("S") == tags("%") == tags("\0") == []
    catalogue.write_now(lambda records: records.assets.update("a2", tags=()))
    assert tags() == [("sky", 1), ("sun", 1)]


def test_equal_content_is_found_where_it_is_stored(catalogue: Catalogue) -> None:
    twin = {"sha256": "e" * 64, "size": 5}
    fill(catalogue, an_asset(1, **twin), an_asset(2, **twin))

    def same(size: int = 5, channel: str = CHANNEL) -> str | None:
        found = catalogue.write_now(
            lambda records: records.assets.same_content("e" * 64, size, channel)
        )
        return found.id if found else None

    assert same() == "p-a1"
    assert same(size=6) is None
    assert same(channel="other") is None
    catalogue.write_now(lambda records: records.assets.trash("a1", NOW))
    assert same() == "p-a1"
    catalogue.write_now(
        lambda records: records.placements.update("p-a1", state=PlacementState.DELETING)
    )
    assert same() == "p-a2"
    catalogue.write_now(
        lambda records: records.placements.update("p-a2", state=PlacementState.MISSING)
    )
    assert same() is None


def test_many_are_added_like_one(catalogue: Catalogue) -> None:
    assets = [
        replace(an_asset(n, folder=f"f{n % 3}", tags=("t",)), alias=f"f{n % 3}/{n}.jpg")
        for n in range(2500)
    ]

    def add(records: Records) -> int:
        put_channel(records)
        return records.assets.add_many((asset, a_placement(asset), asset.alias) for asset in assets)

    assert catalogue.write_now(add) == 2500
    fill(catalogue, an_asset(9000))
    found, page, search, link = catalogue.read_now(
        lambda records: (
            records.assets.get("a1700"),
            records.assets.page(folder="f1", limit=2),
            records.assets.search("2499"),
            records.links.by_alias("f1/100.jpg"),
        )
    )
    assert found == assets[1700]
    assert ids(page.items) == ["a2497", "a2494"]
    assert ids(search.items) == ["a2499"]
    assert link is not None
    assert link.asset == assets[100]
    assert folders(catalogue) == {"f0": 834, "f1": 833, "f2": 833}
    assert catalogue.read_now(lambda records: records.assets.count(tag="t")) == 2500


def test_many_are_added_all_or_none(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(3))
    assets = [an_asset(n) for n in range(5)]
    with pytest.raises(Conflict):
        catalogue.write_now(
            lambda records: records.assets.add_many(
                (asset, a_placement(asset), f"many/{asset.name}") for asset in assets
            )
        )
    assert catalogue.read_now(lambda records: records.assets.count()) == 1
