"""Contract of the catalogue: what is in galleries, in pages, and who sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.catalogue.items import Place, Sight
from fanlight.errors import BadCursor, NotFound
from fanlight.gallery_model import Count, Item
from fanlight.model import Facts, Kind, PlacementState, Spot, Visibility
from tests.support.gallery_records import a_gallery, a_section
from tests.support.records import (
    NOW,
    SECOND,
    a_channel,
    a_connection,
    a_placement,
    an_asset,
)

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records

ALL = Place("g-1")
GUEST, OWNER = Sight(NOW), Sight(NOW, hidden=True, kept=True)


def an_item(number: int, **fields: Any) -> Item:
    return replace(Item("g-1", f"a{number}", None, number), **fields)


def put_asset(records: Records, number: int, **fields: Any) -> None:
    path = f"w/{number}.jpg"
    asset = an_asset(number, **fields)
    placement = a_placement(asset, path=path, locator=path)
    records.assets.add(asset, placement=placement, alias_path=path)


@pytest.fixture
def shown(catalogue: Catalogue) -> Catalogue:
    """Five photos in the channel, four of them in a gallery with one section."""

    def add(records: Records) -> None:
        records.connections.add(a_connection())
        records.channels.add(a_channel())
        records.galleries.add(a_gallery())
        records.sections.add(a_section(1))
        for number in range(1, 6):
            kind = Kind.VIDEO if number == 4 else Kind.PICTURE
            put_asset(records, number, kind=kind)
        records.items.put([an_item(one) for one in (1, 2, 3)])
        records.items.put([an_item(4, section_id="sec-1")])

    catalogue.write_now(add)
    return catalogue


def ids(records: Records, place: Place = ALL, sight: Sight = GUEST) -> list[str]:
    found = [one.asset.id for one in records.items.page(place, sight).items]
    assert found == [one.asset.id for one in records.items.all(place, sight)]
    assert found == [one for one, _ in records.items.names(place, sight)]
    assert found == [one.asset_id for one in records.items.shapes(place, sight)]
    assert found == [one.asset.id for one in records.items.some(place, sight, reversed(found))]
    return found


def test_items_come_in_pages_in_their_order(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.items.put([an_item(1, position=9), an_item(3, position=2)])
        first = records.items.page(ALL, GUEST, limit=3)
        assert [one.asset.id for one in first.items] == ["a2", "a3", "a4"]
        assert first.next == records.items.cursor("g-1", "a4")
        last = records.items.page(ALL, GUEST, after=first.next, limit=3)
        assert [one.asset.id for one in last.items] == ["a1"]
        assert last.next is None
        assert last.items[0].item == records.items.get("g-1", "a1")
        with pytest.raises(BadCursor):
            records.items.page(ALL, GUEST, after="nonsense")

    shown.write_now(unit)


def test_an_item_is_written_over_and_removed(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        hidden = an_item(1, hidden=True, companion_id="a5", section_id="sec-1")
        records.items.put([hidden])
        assert records.items.get("g-1", "a1") == hidden
        records.items.remove("g-1", ["a1", "a-none"])
        assert [one.asset_id for one in records.items.of("g-1")] == ["a2", "a3", "a4"]
        for asked in (("g-1", "a1"), ("g-2", "a2"), ("g-1", "\0")):
            with pytest.raises(NotFound):
                records.items.get(*asked)
        assert records.items.with_asset("a2") == ("g-1",)

    shown.write_now(unit)


@pytest.mark.parametrize(
    ("fields", "guest", "client", "owner"),
    [
        ({"hidden": True}, False, False, True),
        ({"section_id": "sec-2"}, False, False, True),
        ({"kept_from_guests": True}, False, True, True),
        ({"away": True}, False, False, False),
    ],
    ids=["hidden", "in a hidden section", "kept from guests", "away"],
)
def test_who_sees_an_item(
    shown: Catalogue, fields: dict[str, Any], *, guest: bool, client: bool, owner: bool
) -> None:
    def unit(records: Records) -> None:
        records.sections.add(a_section(2, hidden=True))
        records.items.put([an_item(2, **fields)])
        for sight, sees in (
            (GUEST, guest),
            (Sight(NOW, kept=True), client),
            (OWNER, owner),
        ):
            assert ("a2" in ids(records, sight=sight)) is sees
            counted = sum(one.items for one in records.items.counts("g-1", sight).values())
            assert counted == 3 + sees

    shown.write_now(unit)


def test_what_is_trashed_blocked_or_expired_is_seen_by_nobody(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.assets.trash("a1", NOW)
        records.assets.update("a2", visibility=Visibility.BLOCKED)
        records.assets.update("a3", expires_at=NOW)
        assert ids(records, sight=OWNER) == ["a4"]
        records.assets.update("a3", expires_at=NOW + SECOND, visibility=Visibility.PRIVATE)
        assert ids(records, sight=OWNER) == ["a3", "a4"]

    shown.write_now(unit)


def test_a_section_is_a_gallery_of_its_own(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        assert ids(records, Place("g-1", "sec-1")) == ["a4"]
        assert ids(records, Place("g-1", "sec-\0")) == []
        counts = records.items.counts("g-1", GUEST)
        assert counts == {
            None: Count(photos=3, size=1001 + 1002 + 1003),
            "sec-1": Count(videos=1, size=1004),
        }
        assert records.items.counts_of_all(GUEST) == {"g-1": Count(3, 1, 4010)}

    shown.write_now(unit)


def test_the_cover_is_the_chosen_photo_or_the_first_that_is_seen(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        def cover() -> list[str]:
            found = records.items.covers(["g-1", "g-none"], GUEST)
            return [f"{gallery} {one.asset.id}" for gallery, one in found.items()]

        assert cover() == ["g-1 a1"]
        records.galleries.update("g-1", cover_id="a3")
        assert cover() == ["g-1 a3"]
        records.items.put([an_item(3, hidden=True), an_item(1, away=True)])
        assert cover() == ["g-1 a2"]

    shown.write_now(unit)


def test_facts_come_along_without_where_it_was(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        facts = Facts(width=30, height=20, duration=2.5, spot=Spot(1.0, 2.0), placeholder=b"hash")
        records.facts.keep("a4", 1, facts)
        found = {one.asset.id: one for one in records.items.page(ALL, GUEST).items}
        assert found["a4"].facts == replace(facts, spot=None)
        assert found["a4"].asset.width == 30
        assert found["a1"].facts == Facts()

    shown.write_now(unit)


def test_copies_are_candidates_of_their_own_folder_alone(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        for number, path in enumerate(["w/1.jpg", "w - picks/1.jpg", "w - picks/Anna/2.jpg"], 1):
            records.placements.update(f"p-a{number}", path=path)
        for _ in range(2):
            records.candidates.copies_in("ch-1", "w - picks")

        def below(path: str) -> set[str]:
            found = records.candidates.below("ch-1", path, NOW)
            return {one.asset_id for one in found} & {"a1", "a2", "a3"}

        assert below("") == below("w") == {"a1"}
        assert below("w - picks") == {"a2", "a3"}
        assert below("w - picks/Anna") == {"a3"}

    shown.write_now(unit)


def test_candidates_are_pictures_and_videos_below_a_folder(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        put_asset(records, 6, kind=Kind.TEXT)
        put_asset(records, 7, kind=Kind.PICTURE)
        records.placements.update("p-a7", path="w2/7.jpg")
        records.assets.trash("a1", NOW)
        records.placements.update("p-a2", state=PlacementState.MISSING)
        found = records.candidates.below("ch-1", "w", NOW)
        assert [(one.asset_id, one.stored) for one in found] == [
            ("a2", False),
            ("a3", True),
            ("a4", True),
            ("a5", True),
        ]
        assert [one.asset_id for one in records.candidates.below("ch-1", "", NOW)][-1] == "a7"
        assert records.candidates.below("ch-2", "", NOW) == ()
        assert {one.asset_id for one in records.candidates.chosen("g-1", NOW)} == {
            "a2",
            "a3",
            "a4",
        }

    shown.write_now(unit)
