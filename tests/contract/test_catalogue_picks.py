"""Contract of the catalogue: lists, picks, comments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Conflict, NotFound
from fanlight.gallery_model import Flag, SelectionState
from tests.support.gallery_records import (
    a_comment,
    a_gallery,
    a_pick,
    a_section,
    a_selection,
    a_viewer,
)
from tests.support.records import NOW, SECOND, an_asset, put

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records


@pytest.fixture
def proofed(catalogue: Catalogue) -> Catalogue:
    """Two photos in a gallery, the first in a section, and a viewer with a list."""

    def add(records: Records) -> None:
        for number in (1, 2):
            put(records, an_asset(number))
        records.galleries.add(a_gallery())
        records.sections.add(a_section())
        for asset, section in ((an_asset(1), "sec-1"), (an_asset(2), None)):
            records.session.do(
                "INSERT INTO gallery_item (gallery_id, asset_id, section_id, position, hidden,"
                " kept_from_guests) VALUES ('g-1', :asset, :section, 1, FALSE, FALSE)",
                asset=asset.id,
                section=section,
            )
        records.viewers.add(a_viewer())
        records.selections.add(a_selection())

    catalogue.write_now(add)
    return catalogue


ONE, TWO = an_asset(1).id, an_asset(2).id


def test_a_mark_is_put_changed_and_taken_away(proofed: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.picks.put(a_pick(ONE))
        later = a_pick(
            ONE,
            heart=False,
            stars=4,
            flag=Flag.GREEN,
            note="é",
            created_at=NOW + SECOND,
            updated_at=NOW + SECOND,
        )
        records.picks.put(later)
        assert records.picks.find("sel-1", ONE) == replace(later, created_at=NOW)
        records.picks.put(a_pick(TWO, created_at=NOW - SECOND))
        assert [pick.asset_id for pick in records.picks.of("sel-1")] == [TWO, ONE]
        assert records.picks.of_gallery("g-1") == records.picks.of("sel-1")
        records.picks.take_away("sel-1", ONE)
        records.picks.take_away("sel-1", ONE)
        assert records.picks.find("sel-1", ONE) is None

    proofed.write_now(unit)


def test_hearts_are_counted_in_a_list_and_in_a_section(proofed: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.picks.put(a_pick(ONE))
        records.picks.put(a_pick(TWO))
        assert records.picks.hearts("sel-1") == 2
        assert records.picks.hearts("sel-1", beside=ONE) == 1
        assert records.picks.hearts("sel-1", beside=TWO) == 0, "it is in no section"
        records.picks.put(a_pick(ONE, heart=False, stars=5))
        assert records.picks.hearts("sel-1") == 1
        records.session.do("DELETE FROM gallery_item WHERE asset_id = :asset", asset=TWO)
        assert records.picks.hearts("sel-1") == 0, "it has left the gallery"

    proofed.write_now(unit)


def test_a_mark_needs_a_list_and_a_photo(proofed: Catalogue) -> None:
    for pick in (a_pick(ONE, selection_id="none"), a_pick("none")):
        with pytest.raises(Conflict):
            proofed.write_now(lambda records, pick=pick: records.picks.put(pick))


def test_each_change_of_a_list_is_counted(proofed: Catalogue) -> None:
    def unit(records: Records) -> None:
        changed = records.selections.changed("sel-1", NOW + SECOND)
        assert (changed.version, changed.updated_at) == (2, NOW + SECOND)
        assert records.selections.get("sel-1") == changed
        sent = records.selections.update(
            "sel-1", state=SelectionState.SUBMITTED, submitted_at=NOW, message="done"
        )
        assert records.selections.of("g-1") == records.selections.of_viewer("v-1") == (sent,)
        with pytest.raises(NotFound):
            records.selections.changed("none", NOW)

    proofed.write_now(unit)


def test_comments_are_found_by_photo_and_by_viewer(proofed: Catalogue) -> None:
    def unit(records: Records) -> None:
        first = records.comments.add(a_comment(ONE))
        answer = records.comments.add(
            a_comment(ONE, 2, viewer_id=None, author="Owner", parent_id="c-1")
        )
        other = records.comments.add(a_comment(TWO, 3))
        assert records.comments.about("g-1", ONE) == (first, answer)
        assert records.comments.of("g-1") == (first, answer, other)
        assert records.comments.by_viewer("v-1") == (first, other)
        assert records.comments.counts("g-1") == {ONE: 2, TWO: 1}
        records.comments.remove("c-1")
        assert records.comments.about("g-1", ONE) == (), "answers go with what they answer"

    proofed.write_now(unit)


def test_who_goes_takes_what_they_gave_along(proofed: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.picks.put(a_pick(ONE))
        records.comments.add(a_comment(ONE))
        records.viewers.remove("v-1")
        assert records.selections.of("g-1") == ()
        assert records.picks.of_gallery("g-1") == ()
        assert records.comments.of("g-1") == ()

    proofed.write_now(unit)
