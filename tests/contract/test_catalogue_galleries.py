"""Contract of the catalogue: galleries, their folders and sections, share links, viewers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import Conflict, NotFound
from fanlight.gallery_model import (
    CoverStyle,
    GalleryRules,
    GallerySort,
    GalleryState,
    Look,
    Proofing,
    Reach,
    Right,
    Theme,
)
from tests.support.gallery_records import a_gallery, a_section, a_share_link, a_source, a_viewer
from tests.support.records import NOW, SECOND, put_channel

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records

RULES = GalleryRules(
    sort=GallerySort.HAND,
    backwards=True,
    ignored=("*_draft.*",),
    reach=Reach.LINKS,
    rights=frozenset(Right),
    embedding=("https://blog.example",),
    proofing=Proofing(stars=True, most=30),
)
LOOK = Look(cover=CoverStyle.SPLIT, theme=Theme.DARK, accent="#aa5500", language="de")

KEPT: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "galleries",
        a_gallery(2, look=LOOK, rules=RULES, opens_at=NOW, password_hash="h", pin="0042"),
        {"state": GalleryState.ARCHIVED, "look": Look(), "rules": GalleryRules(), "held_on": None},
    ),
    ("sources", a_source(), {"path": "", "sections": False}),
    ("sections", a_section(folder="é"), {"title": "New", "hidden": True, "downloads": False}),
    (
        "share_links",
        a_share_link(expires_at=NOW, most=3),
        {"rights": frozenset[Right](), "token": "other", "revoked_at": NOW},
    ),
    ("viewers", a_viewer(), {"name": "é", "email": "e@example.com", "seen_at": NOW + SECOND}),
]


@pytest.fixture
def shown(catalogue: Catalogue) -> Catalogue:
    """With a channel and a gallery."""

    def add(records: Records) -> None:
        put_channel(records)
        records.galleries.add(a_gallery())

    catalogue.write_now(add)
    return catalogue


@pytest.mark.parametrize(("noun", "record", "changes"), KEPT, ids=[each[0] for each in KEPT])
def test_they_are_added_changed_and_removed(
    shown: Catalogue, noun: str, record: Any, changes: dict[str, Any]
) -> None:
    def unit(records: Records) -> None:
        keep = getattr(records, noun)
        assert keep.add(record) == record
        assert keep.get(record.id) == record
        with pytest.raises(Conflict):
            keep.add(record)
        changed = replace(record, **changes)
        assert keep.update(record.id, **changes) == changed
        assert keep.get(record.id) == changed
        keep.remove(record.id)
        with pytest.raises(NotFound):
            keep.get(record.id)

    shown.write_now(unit)


def test_what_belongs_to_a_gallery_goes_with_it(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.sources.add(a_source())
        records.sections.add(a_section(source_id="s-1"))
        records.share_links.add(a_share_link())
        records.viewers.add(a_viewer(link_id="l-1"))
        records.galleries.remove("g-1")
        for keep in (records.sources, records.sections, records.share_links, records.viewers):
            assert keep.of("g-1") == ()

    shown.write_now(unit)


def test_galleries_are_found_by_slug_and_links_by_hash(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        found = records.galleries.by_slug("gallery-1")
        assert found is not None
        assert found.id == "g-1"
        assert records.galleries.by_slug("gallery-\0") is None
        link = records.share_links.add(a_share_link())
        assert records.share_links.by_hash("hash-1") == link
        assert records.share_links.by_hash("hash-2") is None

    shown.write_now(unit)


def test_sections_come_in_the_order_they_were_given(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        for number, position in ((1, 9), (2, 5), (3, 7)):
            records.sections.add(a_section(number, position=position))
        assert [each.id for each in records.sections.of("g-1")] == ["sec-2", "sec-3", "sec-1"]

    shown.write_now(unit)


def test_a_share_link_lets_in_no_more_than_it_may(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.share_links.add(a_share_link(1, most=2))
        assert [records.share_links.opened("l-1", NOW) for _ in range(3)] == [True, True, False]
        assert records.share_links.get("l-1").opened == 2
        assert records.share_links.get("l-1").used_at == NOW

    shown.write_now(unit)


def test_a_change_that_viewers_see_is_counted(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.galleries.changed("g-1", NOW + SECOND)
        records.galleries.changed("g-none", NOW)
        changed = records.galleries.get("g-1")
        assert (changed.version, changed.updated_at) == (2, NOW + SECOND)

    shown.write_now(unit)


def test_tokens_are_not_readable_in_the_table(shown: Catalogue) -> None:
    def unit(records: Records) -> None:
        records.share_links.add(a_share_link(token="open-sesame"))
        ((kept,),) = records.session.fetch("SELECT token FROM share_link")
        assert b"open-sesame" not in bytes(kept)
        records.connections.rotate()
        assert records.share_links.get("l-1").token == "open-sesame"

    shown.write_now(unit)
