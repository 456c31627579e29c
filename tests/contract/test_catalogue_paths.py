"""Contract of the catalogue: aliases, placements, and the intents that reserve paths."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import BadCursor, BadName, Conflict, NotFound
from fanlight.model import IntentKind, PlacementState
from tests.support.records import (
    CHANNEL,
    NOW,
    SECOND,
    Unit,
    a_channel,
    a_placement,
    an_asset,
    an_intent,
    fill,
    paths,
    put,
    put_channel,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.catalogue import Catalogue, Records
    from fanlight.model import Intent

STORE, MOVE, DELETE = IntentKind.STORE, IntentKind.MOVE, IntentKind.DELETE


@pytest.fixture
def two(catalogue: Catalogue) -> Catalogue:
    """With assets `a1` at `1.jpg` and `a2` at `2.jpg`."""
    fill(catalogue, an_asset(1), an_asset(2))
    return catalogue


def refused(catalogue: Catalogue, unit: Callable[[Records], Any]) -> str:
    """The code of the conflict that a unit meets."""
    with pytest.raises(Conflict) as caught:
        catalogue.write_now(unit)
    return caught.value.public_code


# --- aliases --------------------------------------------------------------------------------------


def test_old_aliases_stay_and_redirect(two: Catalogue) -> None:
    two.write_now(lambda records: records.aliases.set_current("a1", "x/new.jpg", at=NOW))
    later = NOW + 99 * SECOND
    alias = two.write_now(lambda records: records.aliases.set_current("a1", "y.jpg", at=later))
    assert (alias.path, alias.asset_id, alias.current, alias.created_at) == (
        "y.jpg",
        "a1",
        True,
        later,
    )
    of, asset = two.read_now(lambda records: (records.aliases.of("a1"), records.assets.get("a1")))
    assert paths(of) == [("y.jpg", True), ("1.jpg", False), ("x/new.jpg", False)]
    assert asset.alias == "y.jpg"


def test_an_asset_can_move_back(two: Catalogue) -> None:
    for path in ("x.jpg", "1.jpg", "1.jpg"):
        two.write_now(lambda records, path=path: records.aliases.set_current("a1", path))
    assert paths(two.read_now(lambda records: records.aliases.of("a1"))) == [
        ("1.jpg", True),
        ("x.jpg", False),
    ]


def test_the_current_alias_of_another_is_refused(two: Catalogue) -> None:
    assert refused(two, lambda records: records.aliases.set_current("a1", "2.jpg")) == (
        "conflict.alias"
    )
    assert two.read_now(lambda records: records.assets.get("a1")).alias == "1.jpg"


def test_an_old_alias_of_another_is_taken_over(two: Catalogue) -> None:
    two.write_now(lambda records: records.aliases.set_current("a2", "new.jpg"))
    two.write_now(lambda records: records.aliases.set_current("a1", "2.jpg"))
    alias, of = two.read_now(
        lambda records: (records.aliases.find("2.jpg"), records.aliases.of("a2"))
    )
    assert alias is not None
    assert (alias.asset_id, alias.current) == ("a1", True)
    assert paths(of) == [("new.jpg", True)]


def test_an_alias_of_an_unknown_asset_is_not_found(two: Catalogue) -> None:
    with pytest.raises(NotFound):
        two.write_now(lambda records: records.aliases.set_current("no", "x.jpg"))


@pytest.mark.parametrize("path", ["nul\0.jpg", "\ud800"])
def test_a_path_that_cannot_be_kept(two: Catalogue, path: str) -> None:
    assert two.read_now(lambda records: records.aliases.find(path)) is None
    assert not two.read_now(lambda records: records.aliases.taken(path))
    units: list[Unit] = [
        lambda records: records.aliases.set_current("a1", path),
        lambda records: put(records, an_asset(3), path),
        lambda records: records.intents.add(an_intent(path=path)),
    ]
    for unit in units:
        with pytest.raises(BadName):
            two.write_now(unit)


def test_paths_are_told_apart_byte_by_byte(catalogue: Catalogue) -> None:
    names = ["a.jpg", "A.jpg", "\xe9.jpg", "e\u0301.jpg", "a.jpg ", "%.jpg", "_.jpg"]
    fill(catalogue, *(an_asset(n, name=name) for n, name in enumerate(names)))
    for number, name in enumerate(names):
        alias = catalogue.read_now(lambda records, name=name: records.aliases.find(name))
        assert alias is not None
        assert alias.asset_id == f"a{number}"


def test_an_index_is_never_given_twice(
    catalogue: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    other = open_catalogue()

    def draw(source: Catalogue) -> int:
        return source.write_now(lambda records: records.aliases.next_index("f"))

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(draw, [catalogue, other] * 20))
    assert sorted(drawn) == list(range(1, 41))
    assert catalogue.write_now(lambda records: records.aliases.next_index("g")) == 1


# --- placements -----------------------------------------------------------------------------------


def test_placements_of_an_asset(two: Catalogue) -> None:
    copy = replace(a_placement(an_asset(1)), id="copy", primary=False, locator="elsewhere")
    two.write_now(lambda records: records.placements.add(copy))
    of = two.read_now(lambda records: records.placements.of("a1"))
    assert [placement.id for placement in of] == ["p-a1", "copy"]
    changed = two.write_now(
        lambda records: records.placements.update(
            "copy", state=PlacementState.MISSING, checked_at=NOW + SECOND, version="v2"
        )
    )
    assert changed == replace(
        copy, state=PlacementState.MISSING, checked_at=NOW + SECOND, version="v2"
    )
    two.write_now(lambda records: records.placements.remove("copy"))
    with pytest.raises(NotFound) as caught:
        two.read_now(lambda records: records.placements.get("copy"))
    assert caught.value.public_code == "not-found.placement"


def test_a_placement_needs_its_asset_and_channel(two: Catalogue) -> None:
    lost = a_placement(an_asset(9), id="lost")
    assert refused(two, lambda records: records.placements.add(lost)) == "conflict.reference"
    nowhere = a_placement(an_asset(1), id="lost", channel_id="nowhere")
    assert refused(two, lambda records: records.placements.add(nowhere)) == "conflict.reference"


def test_sharing_counts_who_points_at_an_object(two: Catalogue) -> None:
    twin = a_placement(an_asset(2), id="twin", locator="/a1")
    two.write_now(lambda records: records.placements.add(twin))

    def count(records: Records) -> list[int]:
        asked = [(CHANNEL, "/a1"), (CHANNEL, "/a2"), (CHANNEL, "none"), ("other", "/a1")]
        return [records.placements.sharing(*each) for each in asked]

    assert two.read_now(count) == two.write_now(count) == [2, 1, 0, 0]
    found = two.read_now(lambda records: records.placements.by_locator(CHANNEL, "/a1"))
    assert sorted(placement.id for placement in found) == ["p-a1", "twin"]


def test_a_channel_is_walked_by_locator(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n, folder="zaé"[n % 3]) for n in range(7)))
    found: list[str] = []
    after = None
    while True:
        page = catalogue.read_now(
            lambda records, after=after: records.placements.in_channel(CHANNEL, after, 2)
        )
        found += [placement.locator for placement in page.items]
        if (after := page.next) is None:
            break
    assert found == ["a/a1", "a/a4", "z/a0", "z/a3", "z/a6", "é/a2", "é/a5"]
    with pytest.raises(BadCursor):
        catalogue.read_now(lambda records: records.placements.in_channel(CHANNEL, "x"))


# --- intents --------------------------------------------------------------------------------------


@pytest.fixture
def channelled(catalogue: Catalogue) -> Catalogue:
    catalogue.write_now(put_channel)
    return catalogue


def test_an_intent_comes_back_and_is_finished_once(channelled: Catalogue) -> None:
    intent = an_intent(plan={"é": [1, None, "\0"]})
    channelled.write_now(lambda records: records.intents.add(intent))
    assert channelled.read_now(lambda records: records.intents.get("i1")) == intent
    channelled.write_now(lambda records: records.intents.finish("i1"))
    assert refused(channelled, lambda records: records.intents.finish("i1")) == "conflict.intent"


def test_a_path_is_reserved_by_one_intent(channelled: Catalogue) -> None:
    channelled.write_now(lambda records: records.intents.add(an_intent(1)))
    assert channelled.read_now(lambda records: records.aliases.taken("1.jpg"))
    for kind in IntentKind:
        again = an_intent(2, path="1.jpg", kind=kind)
        add: Unit = lambda records, again=again: records.intents.add(again)  # noqa: E731
        assert refused(channelled, add) == "conflict.alias"
    other = an_asset(2)
    assert refused(channelled, lambda records: put(records, other, "1.jpg")) == "conflict.alias"
    channelled.write_now(lambda records: put(records, an_asset(1), "1.jpg"))
    channelled.write_now(lambda records: records.intents.finish("i1"))
    assert channelled.read_now(lambda records: records.aliases.taken("1.jpg"))


def test_which_aliases_an_intent_respects(two: Catalogue) -> None:
    def add(kind: IntentKind, path: str, asset_id: str) -> Callable[[Records], Intent]:
        intent = an_intent(1, kind=kind, path=path, asset_id=asset_id)
        return lambda records: records.intents.add(intent)

    def kept(unit: Callable[[Records], Any]) -> None:
        two.write_now(lambda records: (unit(records), records.intents.finish("i1")))

    two.write_now(lambda records: records.aliases.set_current("a2", "new.jpg"))
    # `1.jpg` is a1's current alias, `2.jpg` an old one of a2, which is now at `new.jpg`.
    for path in ("1.jpg", "2.jpg", "new.jpg"):
        assert refused(two, add(STORE, path, "a3")) == "conflict.alias"
        kept(add(DELETE, path, "a3"))
    assert refused(two, add(MOVE, "1.jpg", "a2")) == "conflict.alias"
    kept(add(MOVE, "1.jpg", "a1"))
    kept(add(MOVE, "2.jpg", "a1"))
    kept(add(MOVE, "2.jpg", "a2"))


def test_only_what_ran_out_is_claimed_and_only_once(
    channelled: Catalogue, open_catalogue: Callable[[], Catalogue]
) -> None:
    def add(records: Records) -> None:
        for number in range(6):
            records.intents.add(an_intent(number, lease_until=NOW + number * SECOND))

    channelled.write_now(add)
    until = NOW + 60 * SECOND

    def claim(holder: str, source: Catalogue, limit: int = 100) -> list[Intent]:
        return list(
            source.write_now(
                lambda records: records.intents.claim_stale(NOW + 4 * SECOND, holder, until, limit)
            )
        )

    first = claim("you", channelled, 1)
    assert [(intent.id, intent.holder, intent.lease_until) for intent in first] == [
        ("i0", "you", until)
    ]
    other = open_catalogue()
    with ThreadPoolExecutor(2) as pool:
        claims = list(pool.map(claim, ("x", "y"), (channelled, other)))
    assert sorted(intent.id for each in claims for intent in each) == ["i1", "i2", "i3"]
    assert claim("z", channelled) == []
    held = channelled.read_now(lambda records: records.intents.held_by("me"))
    assert [intent.id for intent in held] == ["i4", "i5"]


def test_who_lost_an_intent_cannot_finish_it(channelled: Catalogue) -> None:
    channelled.write_now(lambda records: records.intents.add(an_intent()))
    channelled.write_now(
        lambda records: records.intents.claim_stale(NOW + 9 * SECOND, "you", NOW + 99 * SECOND)
    )

    def finish(records: Records) -> None:
        put(records, an_asset(1), "1.jpg")
        records.intents.finish("i1", "me")

    assert refused(channelled, finish) == "conflict.intent"
    assert channelled.read_now(lambda records: records.assets.find("a1")) is None
    channelled.write_now(lambda records: records.intents.finish("i1", "you"))


def test_leases_are_renewed_together(channelled: Catalogue) -> None:
    def add(records: Records) -> None:
        records.intents.add(an_intent(1))
        records.intents.add(an_intent(2))
        records.intents.add(an_intent(3, holder="you"))

    channelled.write_now(add)
    until = NOW + 30 * SECOND
    assert channelled.write_now(lambda records: records.intents.renew("me", until)) == 2
    stale = channelled.write_now(
        lambda records: records.intents.claim_stale(NOW + 9 * SECOND, "z", until)
    )
    assert [intent.id for intent in stale] == ["i3"]


def test_a_channel_with_intents_or_placements_stays(two: Catalogue) -> None:
    def add(records: Records) -> None:
        records.channels.add(a_channel(2))
        records.intents.add(an_intent(channel_id="ch-2", path="x.jpg"))

    two.write_now(add)
    for channel in ("ch-1", "ch-2"):
        unit: Unit = lambda records, id_=channel: records.channels.remove(id_)  # noqa: E731
        assert refused(two, unit) == "conflict.reference"
