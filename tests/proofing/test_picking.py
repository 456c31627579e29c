"""Picking: marks, limits, lists, sending them, opening them again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fanlight.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from fanlight.gallery_model import Act, Flag, Right, SelectionState
from fanlight.model import NOBODY, SERVER
from fanlight.proofing.picking import Mark
from tests.proofing.conftest import PHOTOS, Stage

pytestmark = pytest.mark.anyio

HEART = Mark(heart=True)


async def test_a_first_heart_makes_the_first_list(stage: Stage) -> None:
    selection, pick = await stage.proofing.pick(stage.enter(), None, PHOTOS[0], HEART)
    assert selection.name == "My picks"
    assert pick is not None
    assert pick.heart
    (mine,) = await stage.proofing.mine(stage.enter())
    assert mine.selection == selection
    assert mine.picks == (pick,)
    assert mine.hearts == 1
    assert stage.heard == [(Act.PICKED, PHOTOS[0], 1)]


async def test_the_same_again_changes_nothing(stage: Stage) -> None:
    first, _ = await stage.proofing.pick(stage.enter(), None, PHOTOS[0], HEART)
    again, _ = await stage.proofing.pick(stage.enter(), first.id, PHOTOS[0], HEART)
    assert again == first
    gone, nothing = await stage.proofing.pick(stage.enter(), first.id, PHOTOS[1], Mark())
    assert (gone, nothing) == (first, None)
    assert len(stage.heard) == 1


async def test_an_empty_mark_takes_the_pick_away(stage: Stage) -> None:
    first, _ = await stage.proofing.pick(stage.enter(), None, PHOTOS[0], HEART)
    later, pick = await stage.proofing.pick(stage.enter(), first.id, PHOTOS[0], Mark())
    assert pick is None
    assert later.version == first.version + 1
    (mine,) = await stage.proofing.mine(stage.enter())
    assert mine.picks == ()
    assert stage.heard[-1] == (Act.UNPICKED, PHOTOS[0], 1)


async def test_stars_and_colours_are_kept_where_the_owner_asks_for_them(stage: Stage) -> None:
    mark = Mark(heart=True, stars=3, flag=Flag.BLUE, note=" closer ")
    _, plain = await stage.proofing.pick(stage.enter(), None, PHOTOS[0], mark)
    assert plain is not None
    assert (plain.stars, plain.flag, plain.note) == (0, None, "closer")
    asked = stage.enter(stars=True, flags=True)
    _, full = await stage.proofing.pick(asked, None, PHOTOS[0], mark)
    assert full is not None
    assert (full.stars, full.flag) == (3, Flag.BLUE)


@pytest.mark.parametrize("mark", [Mark(stars=6), Mark(stars=-1), Mark(note="x" * 2001)])
async def test_a_mark_that_cannot_be_is_refused(stage: Stage, mark: Mark) -> None:
    with pytest.raises(Invalid) as refused:
        await stage.proofing.pick(stage.enter(stars=True), None, PHOTOS[0], mark)
    assert refused.value.public_code == "invalid.pick"


async def test_what_is_not_shown_cannot_be_picked(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await stage.proofing.pick(stage.enter(), None, PHOTOS[3], HEART)
    assert await stage.proofing.mine(stage.enter()) == ()


async def test_picking_needs_the_right_and_somebody(stage: Stage) -> None:
    looking = stage.enter(rights=frozenset({Right.VIEW}))
    with pytest.raises(Forbidden):
        await stage.proofing.pick(looking, None, PHOTOS[0], HEART)
    with pytest.raises(Forbidden):
        await stage.proofing.mine(looking)
    with pytest.raises(Unauthenticated):
        await stage.proofing.pick(stage.enter(viewer=None), None, PHOTOS[0], HEART)
    assert await stage.proofing.mine(stage.enter(viewer=None)) == ()


async def test_lists_of_others_are_not_there(stage: Stage) -> None:
    first, _ = await stage.proofing.pick(stage.enter(1), None, PHOTOS[0], HEART)
    other = stage.enter(2)
    for attempt in (
        stage.proofing.pick(other, first.id, PHOTOS[0], HEART),
        stage.proofing.rename_list(other, first.id, "Mine"),
        stage.proofing.remove_list(other, first.id),
        stage.proofing.submit(other, first.id, version=first.version, name="Eve"),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await stage.proofing.mine(other) == ()


async def test_one_pick_too_many_is_refused_and_leaves_nothing(stage: Stage) -> None:
    few = stage.enter(most=1)
    first, _ = await stage.proofing.pick(few, None, PHOTOS[0], HEART)
    with pytest.raises(Conflict) as refused:
        await stage.proofing.pick(few, first.id, PHOTOS[1], HEART)
    assert refused.value.public_code == "conflict.limit"
    (mine,) = await stage.proofing.mine(few)
    assert (mine.hearts, mine.selection.version) == (1, first.version)
    _, starred = await stage.proofing.pick(
        stage.enter(most=1, stars=True), first.id, PHOTOS[1], Mark(stars=5)
    )
    assert starred is not None, "stars without a heart do not count"


async def test_a_limit_for_each_section_leaves_others_alone(stage: Stage) -> None:
    few = stage.enter(most_in_section=1)
    first, _ = await stage.proofing.pick(few, None, PHOTOS[0], HEART)
    with pytest.raises(Conflict):
        await stage.proofing.pick(few, first.id, PHOTOS[1], HEART)
    await stage.proofing.pick(few, first.id, PHOTOS[2], HEART)
    (mine,) = await stage.proofing.mine(few)
    assert mine.hearts == 2


async def test_many_devices_at_once_keep_everything_and_the_limit(stage: Stage) -> None:
    first, _ = await stage.proofing.pick(stage.enter(), None, PHOTOS[0], HEART)
    few = stage.enter(most=2)
    answers = await asyncio.gather(
        *(stage.proofing.pick(few, first.id, photo, HEART) for photo in PHOTOS[1:3]),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    lists = await asyncio.gather(
        *(stage.proofing.pick(stage.enter(2), None, photo, HEART) for photo in PHOTOS[:3])
    )
    assert len({selection.id for selection, _ in lists}) == 1, "one first list, not three"
    (theirs,) = await stage.proofing.mine(stage.enter(2))
    assert theirs.hearts == 3


async def test_lists_are_made_renamed_and_removed(stage: Stage) -> None:
    here = stage.enter()
    one = await stage.proofing.make_list(here, " For the book ")
    assert one.name == "For the book"
    renamed = await stage.proofing.rename_list(here, one.id, "Book")
    assert (renamed.name, renamed.version) == ("Book", 2)
    await stage.proofing.remove_list(here, one.id)
    assert await stage.proofing.mine(here) == ()
    for name in ("", " ", "x" * 101, "a\nb"):
        with pytest.raises(Invalid):
            await stage.proofing.make_list(here, name)


async def test_where_one_list_is_wanted_there_is_one(stage: Stage) -> None:
    here = stage.enter(lists=False)
    await stage.proofing.make_list(here, "One")
    with pytest.raises(Forbidden):
        await stage.proofing.make_list(here, "Two")


async def test_a_list_is_sent_once_and_locked(stage: Stage) -> None:
    here = stage.enter()
    first, _ = await stage.proofing.pick(here, None, PHOTOS[0], HEART)
    sent = await stage.proofing.submit(
        here, first.id, version=first.version, name="Anna", email="a@example.com", message="Thanks"
    )
    assert (sent.state, sent.message) == (SelectionState.SUBMITTED, "Thanks")
    assert sent.submitted_at is not None
    again = await stage.proofing.submit(here, first.id, version=first.version, name="Anna")
    assert again == sent
    assert [act for act, *_ in stage.heard] == [Act.PICKED, Act.SUBMITTED]
    for attempt in (
        stage.proofing.pick(here, first.id, PHOTOS[1], HEART),
        stage.proofing.rename_list(here, first.id, "Other"),
        stage.proofing.remove_list(here, first.id),
    ):
        with pytest.raises(Conflict) as refused:
            await attempt
        assert refused.value.public_code == "conflict.submitted"
    viewer = await stage.catalogue.read(lambda records: records.viewers.get("v-1"))
    assert (viewer.name, viewer.email) == ("Anna", "a@example.com")
    second, _ = await stage.proofing.pick(here, None, PHOTOS[1], HEART)
    assert second.id != first.id, "the next heart goes into a new list"


async def test_what_changed_elsewhere_is_looked_at_before_it_is_sent(stage: Stage) -> None:
    here = stage.enter()
    first, _ = await stage.proofing.pick(here, None, PHOTOS[0], HEART)
    await stage.proofing.pick(here, first.id, PHOTOS[1], HEART)
    with pytest.raises(Conflict) as refused:
        await stage.proofing.submit(here, first.id, version=first.version, name="Anna")
    assert refused.value.public_code == "conflict.version"


@pytest.mark.parametrize(
    ("proofing", "hearts"), [({"least": 2}, 1), ({"most": 1}, 2), ({}, 0)], ids=str
)
async def test_too_few_or_too_many_are_not_sent(
    stage: Stage, proofing: dict[str, Any], hearts: int
) -> None:
    selection = await stage.proofing.make_list(stage.enter(), "List")
    for photo in PHOTOS[:hearts]:
        selection, _ = await stage.proofing.pick(stage.enter(), selection.id, photo, HEART)
    with pytest.raises(Conflict) as refused:
        await stage.proofing.submit(
            stage.enter(**proofing), selection.id, version=selection.version, name="Anna"
        )
    assert refused.value.public_code == "conflict.limit"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": ""}, "invalid.name"),
        ({"email": "nobody"}, "invalid.email"),
        ({"message": "x" * 4001}, "invalid.message"),
    ],
)
async def test_who_sends_says_a_name_and_nothing_that_cannot_be(
    stage: Stage, given: dict[str, str], code: str
) -> None:
    first, _ = await stage.proofing.pick(stage.enter(), None, PHOTOS[0], HEART)
    with pytest.raises(Invalid) as refused:
        await stage.proofing.submit(
            stage.enter(), first.id, version=first.version, **({"name": "Anna"} | given)
        )
    assert refused.value.public_code == code


async def test_the_owner_opens_a_list_again(stage: Stage) -> None:
    here = stage.enter()
    first, _ = await stage.proofing.pick(here, None, PHOTOS[0], HEART)
    await stage.proofing.submit(here, first.id, version=first.version, name="Anna")
    with pytest.raises(Unauthenticated):
        await stage.proofing.reopen(NOBODY, first.id)
    opened = await stage.proofing.reopen(SERVER, first.id)
    assert (opened.state, opened.submitted_at) == (SelectionState.OPEN, None)
    _, pick = await stage.proofing.pick(here, first.id, PHOTOS[1], HEART)
    assert pick is not None
