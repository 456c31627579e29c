"""Notes about a connection, and turns: on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Conflict
from fanlight.model import Connection
from tests.support.records import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.catalogue import Catalogue, Records

LATER = NOW + timedelta(seconds=10)
END = NOW + timedelta(seconds=20)


@pytest.fixture
def connected(catalogue: Catalogue) -> Catalogue:
    connection = Connection("co", "cloud", "Cloud", {}, {}, NOW, NOW)
    catalogue.write_now(lambda records: records.connections.add(connection))
    return catalogue


def take(holder: str, at: int = 0) -> Callable[[Records], bool]:
    now = NOW + timedelta(seconds=at)
    return lambda records: records.notes.take(
        "co", "turn", holder, now, now + timedelta(seconds=10)
    )


def test_a_note_is_there_until_its_end(connected: Catalogue) -> None:
    connected.write_now(lambda records: records.notes.put("co", "a", "one", LATER))
    connected.write_now(lambda records: records.notes.put("co", "a", "two", END))
    connected.write_now(lambda records: records.notes.put("co", "b", "", LATER))
    assert connected.read_now(lambda records: records.notes.get("co", "a", LATER)) == "two"
    assert connected.read_now(lambda records: records.notes.get("co", "b", NOW)) == ""
    assert connected.read_now(lambda records: records.notes.get("co", "a", END)) is None
    assert connected.read_now(lambda records: records.notes.get("co", "c", NOW)) is None
    assert connected.write_now(lambda records: records.notes.prune(LATER)) == 1
    connected.write_now(lambda records: records.notes.remove("co", "a"))
    assert connected.read_now(lambda records: records.notes.get("co", "a", NOW)) is None


def test_a_turn_is_one_holders_until_it_is_given_back_or_ends(connected: Catalogue) -> None:
    assert connected.write_now(take("ann"))
    assert connected.write_now(take("ann", at=5))
    assert not connected.write_now(take("bob", at=14))
    assert connected.write_now(take("bob", at=15))
    assert not connected.write_now(take("ann", at=16))
    connected.write_now(lambda records: records.notes.remove("co", "turn", "ann"))
    assert not connected.write_now(take("ann", at=16))
    connected.write_now(lambda records: records.notes.remove("co", "turn", "bob"))
    assert connected.write_now(take("ann", at=16))


def test_of_many_at_once_one_gets_the_turn(connected: Catalogue) -> None:
    def one(number: int) -> bool:
        return connected.write_now(take(str(number)))

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(one, range(24)))
    assert got.count(True) == 1


def test_notes_go_with_their_connection(connected: Catalogue) -> None:
    with pytest.raises(Conflict):
        connected.write_now(lambda records: records.notes.put("other", "a", "one", LATER))
    connected.write_now(lambda records: records.notes.put("co", "a", "one", LATER))
    connected.write_now(lambda records: records.connections.remove("co"))
    assert connected.read_now(lambda records: records.notes.get("co", "a", NOW)) is None
