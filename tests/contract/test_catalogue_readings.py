"""How far channels were read, and placements by the path of their object."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.catalogue.placements import Placements
from fanlight.model import PlacementState, Reading
from tests.support.records import CHANNEL, NOW, a_placement, an_asset, put_channel

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records
    from fanlight.model import Placement

LATER = NOW + timedelta(hours=1)
READING = Reading(CHANNEL, "AAE\u2026", NOW, 7, NOW)


@pytest.fixture
def stocked(catalogue: Catalogue) -> Catalogue:
    """A catalogue with a channel."""
    catalogue.write_now(put_channel)
    return catalogue


def add(catalogue: Catalogue, number: int, path: str) -> Placement:
    asset = an_asset(number)
    place = a_placement(asset, path=path, checksum="sum:1")
    catalogue.write_now(
        lambda records: records.assets.add(asset, placement=place, alias_path=f"alias {number}")
    )
    return place


def test_a_reading_is_kept_and_moved_on(stocked: Catalogue) -> None:
    assert stocked.read_now(lambda records: records.readings.find(CHANNEL)) is None
    stocked.write_now(lambda records: records.readings.set(READING))
    further = replace(READING, cursor="B", began_at=None, seen=9, read_at=LATER)
    stocked.write_now(lambda records: records.readings.set(further))
    assert stocked.read_now(lambda records: records.readings.find(CHANNEL)) == further
    assert stocked.read_now(lambda records: records.readings.all()) == {CHANNEL: further}


def test_a_reading_goes_with_its_channel(stocked: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.readings.set(READING)
        records.channels.remove(CHANNEL)

    stocked.write_now(unit)
    assert stocked.read_now(lambda records: records.readings.all()) == {}


@pytest.mark.parametrize(
    ("path", "numbers"),
    [("a", [1, 2, 3]), ("a/b", [2, 3]), ("a/b/c.jpg", [3]), ("a.jpg", [5]), ("x", [])],
)
def test_placements_are_found_at_a_path_and_below(
    stocked: Catalogue, path: str, numbers: list[int]
) -> None:
    paths = ["a/1.jpg", "a/b/2.jpg", "a/b/c.jpg", "a b/4.jpg", "a.jpg", "a0/6.jpg"]
    made = [add(stocked, number, where) for number, where in enumerate(paths, 1)]
    found = stocked.read_now(lambda records: records.placements.at_or_below(CHANNEL, path))
    assert sorted(found, key=lambda one: one.path) == [made[number - 1] for number in numbers]


def test_what_was_not_seen_since_is_found_and_no_link_is_touched(stocked: Catalogue) -> None:
    first, second, third = (add(stocked, number, f"{number}.jpg") for number in (1, 2, 3))
    stocked.write_now(
        lambda records: records.placements.update(third.id, state=PlacementState.MISSING)
    )
    before = stocked.read_now(lambda records: records.changes.latest())
    stocked.write_now(lambda records: records.placements.seen([first.id], LATER))
    unseen = stocked.read_now(lambda records: records.placements.unseen(CHANNEL, LATER))
    assert unseen == (second,)
    assert stocked.read_now(lambda records: records.changes.latest()) == before


def test_what_is_at_a_path_is_found_by_an_index_however_large_the_channel(
    stocked: Catalogue,
) -> None:
    for number in range(10):
        add(stocked, number + 1, f"a/{number}.jpg")
    told: list[str] = []

    def unit(records: Any) -> None:
        session = records.session
        if session.on_postgresql:
            session.do("SET enable_seqscan = off")

        class Asking:
            on_postgresql = session.on_postgresql
            writing = False

            def fetch(self, statement: str, **asked: object) -> list[Any]:
                word = "EXPLAIN" if self.on_postgresql else "EXPLAIN QUERY PLAN"
                rows = session.fetch(f"{word} {statement}", **asked)
                told.append(" ".join(str(row) for row in rows))
                return []

        session_like: Any = Asking()
        asking = Placements(session_like)
        asking.at(CHANNEL, "a")
        asking.at_or_below(CHANNEL, "a")

    stocked.read_now(unit)
    for plan in told:
        assert "placement_path" in plan
        assert re.search(r"path(>|=\?| >=|\)? = )", plan), "by the path, not by the channel alone"
