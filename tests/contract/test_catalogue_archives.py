"""Plans of archives and checksums: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Conflict, NotFound
from fanlight.model import ArchiveItem, ArchivePlan
from tests.support.records import NOW

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue

ITEMS = (
    ArchiveItem("a1", "Church/1.jpg", 0, "c1", 5_000_000_000, 1_700_000_000),
    ArchiveItem("a2", "Party/😀 'x\".jpg", 2048),
    ArchiveItem("a3", "3.jpg", 2048),
)
PLAN = ArchivePlan(
    id="plan",
    subject="here",
    name="Wedding.zip",
    items=ITEMS,
    left_out=("gone.jpg",),
    created_at=NOW,
    expires_at=NOW + timedelta(days=1),
)


@pytest.fixture
def planned(catalogue: Catalogue) -> Catalogue:
    catalogue.write_now(lambda records: records.archives.add(PLAN))
    return catalogue


def test_a_plan_is_as_it_was_written_down(planned: Catalogue) -> None:
    assert planned.read_now(lambda records: records.archives.get("plan")) == PLAN
    assert not PLAN.ready
    assert PLAN.missing == 2
    for unknown in ("other", "\0"):
        with pytest.raises(NotFound):
            planned.read_now(lambda records, key=unknown: records.archives.get(key))


def test_the_last_plan_for_a_subject_is_found(planned: Catalogue) -> None:
    later = replace(PLAN, id="later", created_at=NOW + timedelta(seconds=1))
    other = replace(PLAN, id="other", subject="there", created_at=NOW + timedelta(seconds=2))
    for plan in (later, other):
        planned.write_now(lambda records, plan=plan: records.archives.add(plan))
    assert planned.read_now(lambda records: records.archives.last("here")) == later
    assert planned.read_now(lambda records: records.archives.last("elsewhere")) is None


def test_what_is_missing_is_filled_in_or_left_out_and_stays(planned: Catalogue) -> None:
    made = replace(ITEMS[1], content="c2", size=9)
    again = replace(ITEMS[1], content="c3", size=10)
    first = planned.write_now(lambda records: records.archives.complete("plan", {made.name: made}))
    assert first.items == (ITEMS[0], made, ITEMS[2])
    last = planned.write_now(
        lambda records: records.archives.complete("plan", {made.name: again, "3.jpg": None})
    )
    assert last.items == (ITEMS[0], made)
    assert last.left_out == ("gone.jpg", "3.jpg")
    assert last.ready
    assert planned.read_now(lambda records: records.archives.get("plan")) == last


def test_what_was_lost_is_remembered_once(planned: Catalogue) -> None:
    assert planned.read_now(lambda records: records.archives.lost("plan")) == set()
    for entry in (3, 70_000, 3):
        planned.write_now(lambda records, entry=entry: records.archives.lose("plan", entry))
    assert planned.read_now(lambda records: records.archives.lost("plan")) == {3, 70_000}
    with pytest.raises(Conflict):
        planned.write_now(lambda records: records.archives.lose("other", 1))


def test_plans_go_when_their_time_is_over(planned: Catalogue) -> None:
    planned.write_now(lambda records: records.archives.lose("plan", 1))
    planned.write_now(lambda records: records.archives.prune(NOW))
    assert planned.read_now(lambda records: records.archives.get("plan")) == PLAN
    planned.write_now(lambda records: records.archives.prune(PLAN.expires_at))
    with pytest.raises(NotFound):
        planned.read_now(lambda records: records.archives.get("plan"))
    assert planned.read_now(lambda records: records.archives.lost("plan")) == set()


def test_checksums_are_found_by_what_they_are_of(catalogue: Catalogue) -> None:
    sums = {f"content {number}": 2**32 - 1 - number for number in range(1200)}
    catalogue.write_now(lambda records: records.sums.put(sums))
    catalogue.write_now(lambda records: records.sums.put({"content 7": 7}))
    asked = [*sums, "other"]
    found = catalogue.read_now(lambda records: records.sums.find(asked))
    assert found == sums | {"content 7": 7}
    assert catalogue.read_now(lambda records: records.sums.find([])) == {}
