"""Comments of viewers and of the owner; and the owner's view of it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fanlight.errors import Forbidden, Invalid, NotFound, Throttled, Unauthenticated
from fanlight.gallery_model import Act, Right
from fanlight.model import NOBODY, SERVER
from fanlight.proofing.picking import Mark
from tests.proofing.conftest import PHOTOS, Stage

pytestmark = pytest.mark.anyio


async def test_viewers_and_the_owner_talk_about_a_photo(stage: Stage) -> None:
    asked = await stage.say(stage.enter(1), PHOTOS[0], " Could it be brighter? ")
    said = await stage.proofing.answer(SERVER, "g-1", PHOTOS[0], "It could.", parent_id=asked.id)
    assert (asked.text, asked.author) == ("Could it be brighter?", "Viewer 1")
    assert (said.viewer_id, said.author) == (None, "server")
    assert await stage.proofing.comments(stage.enter(2), PHOTOS[0]) == (asked, said)
    assert await stage.proofing.counts(stage.enter(2)) == {PHOTOS[0]: 2}
    assert stage.heard == [(Act.COMMENTED, PHOTOS[0], 1)]
    # the journal knows who was answered, so that they can be told; but not what the owner says
    await stage.proofing.answer(SERVER, "g-1", PHOTOS[0], "To all.", parent_id=None)
    await stage.proofing.answer(SERVER, "g-1", PHOTOS[0], "And I.", parent_id=said.id)
    entries = await stage.catalogue.read(lambda records: records.activities.beyond(0))
    assert [(one.act, one.viewer_id, one.asset_id) for one in entries] == [
        (Act.ANSWERED, asked.viewer_id, PHOTOS[0])
    ]


async def test_comments_need_the_right(stage: Stage) -> None:
    looking = stage.enter(rights=frozenset({Right.VIEW}))
    with pytest.raises(Forbidden):
        await stage.say(looking, PHOTOS[0], "Hi")
    with pytest.raises(Forbidden):
        await stage.proofing.comments(looking, PHOTOS[0])
    assert await stage.proofing.counts(looking) == {}
    with pytest.raises(Unauthenticated):
        await stage.proofing.answer(NOBODY, "g-1", PHOTOS[0], "Hi", parent_id=None)


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "a\0b"])
async def test_a_comment_says_something(stage: Stage, text: str) -> None:
    with pytest.raises(Invalid):
        await stage.say(stage.enter(), PHOTOS[0], text)


async def test_who_floods_must_wait_and_others_need_not(stage: Stage) -> None:
    stage.clock.step = timedelta(0)
    for number in range(20):
        await stage.say(stage.enter(1), PHOTOS[0], f"Comment {number}")
    with pytest.raises(Throttled, match="comments") as flooding:
        await stage.say(stage.enter(1), PHOTOS[0], "One more")
    with pytest.raises(Throttled):  # as somebody new from there, too
        await stage.say(stage.enter(2), PHOTOS[0], "And I")
    await stage.proofing.comment(stage.enter(2), PHOTOS[0], "Not I", address="192.0.2.2")
    stage.clock.now += timedelta(seconds=flooding.value.retry_after or 0)
    await stage.say(stage.enter(1), PHOTOS[0], "Now I may")
    assert await stage.proofing.counts(stage.enter(1)) == {PHOTOS[0]: 22}


async def test_what_cannot_be_said_does_not_count(stage: Stage) -> None:
    for _ in range(100):
        with pytest.raises(Invalid):
            await stage.say(stage.enter(), PHOTOS[0], "")
    await stage.say(stage.enter(), PHOTOS[0], "Hi")


async def test_a_name_is_put_to_what_was_said_before_it_was_told(stage: Stage) -> None:
    await stage.catalogue.write(lambda records: records.viewers.update("v-1", name=""))
    nameless = stage.enter(1)
    assert nameless.viewer is not None
    nameless = replace(nameless, viewer=replace(nameless.viewer, name=""))
    assert (await stage.say(nameless, PHOTOS[0], "Hi")).author == "Guest"
    other = await stage.say(stage.enter(2), PHOTOS[0], "Hello")
    chosen, _ = await stage.proofing.pick(nameless, None, PHOTOS[0], Mark(heart=True))
    await stage.proofing.submit(nameless, chosen.id, version=chosen.version, name="Anna")
    said = await stage.proofing.comments(nameless, PHOTOS[0])
    assert [one.author for one in said] == ["Anna", other.author]


async def test_what_is_not_shown_is_not_talked_about(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await stage.say(stage.enter(), PHOTOS[3], "Hi")
    with pytest.raises(NotFound):
        await stage.proofing.comments(stage.enter(), PHOTOS[3])


async def test_an_answer_belongs_to_the_same_photo(stage: Stage) -> None:
    asked = await stage.say(stage.enter(), PHOTOS[0], "Hi")
    for parent in (asked.id, "none"):
        with pytest.raises(NotFound):
            await stage.say(stage.enter(), PHOTOS[1], "Yes", parent_id=parent)


async def test_one_takes_back_ones_own_and_the_owner_anything(stage: Stage) -> None:
    asked = await stage.say(stage.enter(1), PHOTOS[0], "Hi")
    with pytest.raises(Forbidden):
        await stage.proofing.take_back(stage.enter(2), asked.id)
    await stage.proofing.take_back(stage.enter(1), asked.id)
    assert await stage.proofing.counts(stage.enter(1)) == {}
    other = await stage.say(stage.enter(1), PHOTOS[0], "Hi")
    await stage.proofing.remove_comment(SERVER, other.id)
    with pytest.raises(NotFound):
        await stage.proofing.remove_comment(SERVER, other.id)


async def test_the_owner_sees_who_wants_what(stage: Stage) -> None:
    for viewer, photos in ((1, PHOTOS[:2]), (2, PHOTOS[1:3])):
        for photo in photos:
            await stage.proofing.pick(stage.enter(viewer), None, photo, Mark(heart=True))
    seen = await stage.proofing.overview(SERVER, "g-1")
    assert [given.by for given in seen.lists] == ["Viewer 1", "Viewer 2"]
    assert [(one.asset.id, one.hearts) for one in seen.wanted] == [
        (PHOTOS[1], 2),
        (PHOTOS[0], 1),
        (PHOTOS[2], 1),
    ]
    with pytest.raises(Unauthenticated):
        await stage.proofing.overview(NOBODY, "g-1")


async def test_what_is_taken_away_is_what_is_picked(stage: Stage) -> None:
    here = stage.enter(stars=True)
    first, _ = await stage.proofing.pick(here, None, PHOTOS[1], Mark(heart=True))
    await stage.proofing.pick(here, first.id, PHOTOS[0], Mark(heart=True))
    await stage.proofing.pick(here, first.id, PHOTOS[2], Mark(stars=1))
    taken = await stage.proofing.taken(SERVER, first.id)
    assert [asset.id for asset, _ in taken.photos] == PHOTOS[:2]
    everything = await stage.proofing.taken(SERVER, first.id, hearts_only=False)
    assert len(everything.photos) == 3
    with pytest.raises(Unauthenticated):
        await stage.proofing.taken(NOBODY, first.id)
