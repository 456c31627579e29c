"""Contract of the catalogue: facts of pictures, and which assets lack them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import BadCursor, BrokenPicture, PictureTooLarge
from fanlight.gallery_model import GalleryState, Item
from fanlight.model import Facts, FactSheet, Kind, Spot
from tests.support.gallery_records import a_gallery
from tests.support.records import NOW, SECOND, an_asset, fill, ids

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records
    from fanlight.model import Asset

TAKEN = datetime(2026, 7, 5, 4, 3, 2, 500000, tzinfo=UTC)
FULL = Facts(
    width=6000,
    height=4000,
    orientation=6,
    frames=3,
    duration=1.25,
    alpha=True,
    taken_at=TAKEN,
    taken_offset=-330,
    camera="Canon EOS \u2603",
    lens="50mm\0",
    exposure=1 / 3,
    aperture=2.8,
    iso=12800,
    focal_length=49.5,
    caption="two\nlines",
    creator="Ann",
    copyright="© Ann",
    keywords=("sea", "sky"),
    rating=-1,
    spot=Spot(48.858222, -2.2945, 35.5),
    colour="#aabbcc",
    placeholder=bytes(range(25)),
)


def keep(catalogue: Catalogue, facts: Facts, version: int = 1, id_: str = "a1") -> bool:
    return catalogue.write_now(lambda records: records.facts.keep(id_, version, facts))


def refuse(catalogue: Catalogue, id_: str = "a1", version: int = 1) -> bool:
    error = BrokenPicture("Half of it is missing.", remedy="Send it again.")
    return catalogue.write_now(lambda records: records.facts.keep_problem(id_, version, error))


def sheet(catalogue: Catalogue, id_: str = "a1") -> FactSheet | None:
    return catalogue.read_now(lambda records: records.facts.find(id_))


def asset(catalogue: Catalogue, id_: str = "a1") -> Asset:
    return catalogue.read_now(lambda records: records.assets.get(id_, trashed=True))


def unprepared(catalogue: Catalogue, **asked: Any) -> list[str]:
    return ids(catalogue.read_now(lambda records: records.facts.unprepared(**asked)).items)


def change(catalogue: Catalogue, **fields: Any) -> None:
    catalogue.write_now(lambda records: records.assets.update("a1", **fields))


def test_clocks_are_told_of_those_whose_cameras_said_how_they_stood(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n) for n in (1, 2, 3)))
    keep(catalogue, FULL)
    keep(catalogue, Facts(taken_at=TAKEN), id_="a2")
    told = catalogue.read_now(lambda records: records.facts.offsets(["a1", "a2", "a3", "gone"]))
    assert told == {"a1": -330}
    assert not catalogue.read_now(lambda records: records.facts.offsets([]))


@pytest.mark.parametrize("facts", [FULL, Facts(), Facts(spot=Spot(0.0, 0.0))])
def test_facts_come_back_exactly_as_they_were_kept(catalogue: Catalogue, facts: Facts) -> None:
    fill(catalogue, an_asset())
    assert sheet(catalogue) is None
    assert keep(catalogue, facts)
    assert sheet(catalogue) == FactSheet(1, facts)


@pytest.mark.parametrize("id_", ["nobody", "", "a\0", "\ud800"])
def test_an_unknown_asset_has_no_facts(catalogue: Catalogue, id_: str) -> None:
    assert sheet(catalogue, id_) is None
    assert not keep(catalogue, FULL, id_=id_)
    assert not refuse(catalogue, id_)


def test_an_asset_shows_its_facts(catalogue: Catalogue) -> None:
    (before,) = fill(catalogue, an_asset())
    keep(catalogue, FULL)
    assert asset(catalogue) == replace(
        before, width=6000, height=4000, taken_at=TAKEN, placeholder=FULL.placeholder
    )


def test_a_time_set_by_a_person_stays(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(taken_at=NOW))
    keep(catalogue, FULL)
    assert asset(catalogue).taken_at == NOW


def test_a_time_that_came_with_the_bytes_goes_with_them(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    keep(catalogue, FULL)
    change(catalogue, version=2)
    keep(catalogue, Facts(), version=2)
    assert asset(catalogue).taken_at is None


def test_facts_of_an_earlier_version_are_not_written(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset(version=2))
    assert not keep(catalogue, FULL)
    assert not refuse(catalogue)
    assert sheet(catalogue) is None
    assert asset(catalogue).width is None


def test_facts_of_an_earlier_version_are_not_shown(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    keep(catalogue, FULL)
    change(catalogue, version=2)
    assert sheet(catalogue) is None
    keep(catalogue, Facts(camera="other"), version=2)
    assert sheet(catalogue) == FactSheet(2, Facts(camera="other"))


def test_a_problem_is_kept_in_its_words_until_the_bytes_change(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    assert refuse(catalogue)
    code = "picture-broken"
    assert sheet(catalogue) == FactSheet(
        1, Facts(), code, "Half of it is missing.", "Send it again."
    )
    assert asset(catalogue).problem == code
    change(catalogue, version=2)
    assert asset(catalogue).problem == ""
    assert sheet(catalogue) is None


def test_a_problem_leaves_the_facts_and_facts_end_the_problem(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    keep(catalogue, FULL)
    refuse(catalogue)
    known = sheet(catalogue)
    assert known is not None
    assert (known.facts, known.problem) == (FULL, "picture-broken")
    keep(catalogue, FULL)
    assert sheet(catalogue) == FactSheet(1, FULL)
    assert asset(catalogue).problem == ""


def test_what_is_kept_of_an_asset_is_told(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    told: list[str] = []
    catalogue.on_change(told.extend)
    keep(catalogue, FULL)
    refuse(catalogue)
    assert told == ["a1", "a1"]
    assert not keep(catalogue, FULL, version=99)
    assert told == ["a1", "a1"]


def test_problems_are_forgotten_on_demand(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n) for n in range(4)))
    for id_ in ("a0", "a1", "a2"):
        refuse(catalogue, id_)
    keep(catalogue, FULL, id_="a3")
    told: list[str] = []
    catalogue.on_change(told.extend)
    assert catalogue.read_now(lambda records: records.facts.count_problems()) == 3
    assert catalogue.write_now(lambda records: records.facts.forget_problems(limit=2)) == 2
    assert catalogue.write_now(lambda records: records.facts.forget_problems()) == 1
    assert catalogue.write_now(lambda records: records.facts.forget_problems()) == 0
    assert sorted(told) == ["a0", "a1", "a2"]
    assert unprepared(catalogue) == ["a2", "a1", "a0"]
    assert (sheet(catalogue), asset(catalogue).problem) == (None, "")


def test_pictures_and_videos_in_use_are_unprepared_until_something_is_known(
    catalogue: Catalogue,
) -> None:
    kinds = [*Kind, Kind.PICTURE, Kind.PICTURE, Kind.PICTURE]
    fill(catalogue, *(an_asset(n, kind=kind) for n, kind in enumerate(kinds)))
    catalogue.write_now(lambda records: records.assets.trash("a7", NOW))
    assert unprepared(catalogue) == ["a6", "a5", "a1", "a0"]
    keep(catalogue, Facts(), id_="a6")
    refuse(catalogue, "a0")
    assert unprepared(catalogue) == ["a5", "a1"]
    assert catalogue.read_now(lambda records: records.facts.count_unprepared()) == 2
    change(catalogue, version=2)
    keep(catalogue, Facts(), id_="a1", version=2)
    change(catalogue, version=3)
    catalogue.write_now(lambda records: records.assets.restore("a7"))
    assert unprepared(catalogue) == ["a7", "a5", "a1"]


def test_the_unprepared_are_paged(catalogue: Catalogue) -> None:
    fill(catalogue, *(an_asset(n) for n in range(5)))
    first = catalogue.read_now(lambda records: records.facts.unprepared(2))
    assert ids(first.items) == ["a4", "a3"]
    keep(catalogue, FULL, id_="a4")
    second = catalogue.read_now(lambda records: records.facts.unprepared(2, first.next))
    assert ids(second.items) == ["a2", "a1"]
    last = catalogue.read_now(lambda records: records.facts.unprepared(2, second.next))
    assert (ids(last.items), last.next) == (["a0"], None)
    with pytest.raises(BadCursor):
        catalogue.read_now(lambda records: records.facts.unprepared(2, "nonsense"))


def test_the_unprepared_that_came_after_a_mark_are_told_apart(catalogue: Catalogue) -> None:
    empty = catalogue.read_now(lambda records: records.facts.mark())
    fill(catalogue, *(an_asset(n) for n in range(3)))
    mark = catalogue.read_now(lambda records: records.facts.mark())
    assert unprepared(catalogue, until=mark) == []
    fill(catalogue, an_asset(3), an_asset(4))
    assert unprepared(catalogue, until=mark) == ["a4", "a3"]
    assert unprepared(catalogue, until=empty) == ["a4", "a3", "a2", "a1", "a0"]
    first = catalogue.read_now(lambda records: records.facts.unprepared(1, until=mark))
    assert unprepared(catalogue, after=first.next, until=mark) == ["a3"]


def test_the_unprepared_that_galleries_show_are_told_in_the_order_of_viewers(
    catalogue: Catalogue,
) -> None:
    fill(catalogue, *(an_asset(n) for n in range(9)))
    old, new = a_gallery(1), a_gallery(2, created_at=NOW + SECOND)
    draft = a_gallery(3, state=GalleryState.DRAFT, created_at=NOW + 2 * SECOND)
    closed = a_gallery(4, state=GalleryState.ARCHIVED)

    def hang(records: Records) -> None:
        for gallery, numbers in ((old, (3, 1)), (new, (5, 4, 3)), (draft, (6,)), (closed, (7,))):
            records.galleries.add(gallery)
            records.items.put(
                Item(gallery.id, f"a{number}", None, at) for at, number in enumerate(numbers)
            )
        records.items.put(
            [Item(new.id, "a0", None, 9, hidden=True), Item(new.id, "a2", None, 9, away=True)]
        )

    def shown(limit: int = 9) -> tuple[str, ...]:
        return catalogue.read_now(lambda records: records.facts.unprepared_in_galleries(limit))

    assert shown() == ()
    before = catalogue.read_now(lambda records: records.galleries.mark())
    catalogue.write_now(hang)
    assert catalogue.read_now(lambda records: records.galleries.mark()) != before
    assert shown() == ("a5", "a4", "a3", "a1", "a6")
    assert shown(2) == ("a5", "a4")
    keep(catalogue, FULL, id_="a4")
    assert shown() == ("a5", "a3", "a1", "a6")


def test_facts_go_with_their_asset(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    keep(catalogue, FULL)
    refuse(catalogue)
    catalogue.write_now(lambda records: records.assets.purge("a1"))
    left = catalogue.read_now(
        lambda records: records.session.fetch("SELECT count(*) FROM asset_facts")
    )
    assert left[0][0] == 0


def test_the_next_unprepared_is_found_by_an_index(catalogue: Catalogue) -> None:
    """At a million assets, of which nearly all are prepared, as at ten."""
    fill(catalogue, *(an_asset(n) for n in range(10)))
    told: list[str] = []

    def unit(records: Any) -> None:
        session = records.session
        if session.on_postgresql:
            session.do("SET enable_seqscan = off")
        fetch = session.fetch

        class Asking:
            on_postgresql = session.on_postgresql
            writing = False

            def fetch(self, statement: str, **asked: object) -> list[Any]:
                word = "EXPLAIN" if self.on_postgresql else "EXPLAIN QUERY PLAN"
                told.extend(str(row) for row in fetch(f"{word} {statement}", **asked))
                return []

        type(records.facts)(Asking()).unprepared()  # pyright: ignore[reportArgumentType]

    catalogue.read_now(unit)
    assert "asset_unprepared" in " ".join(told)
    assert "TEMP B-TREE" not in " ".join(told)
    assert "Sort" not in " ".join(told)


def test_a_problem_has_the_code_of_its_kind(catalogue: Catalogue) -> None:
    fill(catalogue, an_asset())
    error = PictureTooLarge("x", code="refined")
    catalogue.write_now(lambda records: records.facts.keep_problem("a1", 1, error))
    assert asset(catalogue).problem == PictureTooLarge.code
