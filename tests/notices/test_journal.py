"""The journal, visits, and what the owner reads."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest

from fanlight.errors import BadCursor, NotFound, Unauthenticated
from fanlight.gallery_model import Act
from fanlight.model import NOBODY, SERVER
from fanlight.notices import Visits
from tests.notices.conftest import PHOTO, Stage

pytestmark = pytest.mark.anyio


async def test_what_is_noted_is_written_down_and_read(stage: Stage) -> None:
    stage.journal.note(Act.VIEWED, stage.enter())
    stage.journal.note(Act.DOWNLOADED, stage.enter(), asset_id=PHOTO, size=1000)
    stage.journal.note(Act.DOWNLOADED, stage.enter(visit="visit-2"), count=5, size=5000)
    await stage.journal.flush()
    entries, more = await stage.notices.journal(SERVER, "g-1")
    assert more is None
    assert [entry.activity.act for entry in entries] == [
        Act.DOWNLOADED,
        Act.DOWNLOADED,
        Act.VIEWED,
    ]
    assert entries[1].asset is not None
    assert (entries[1].viewer is not None, entries[1].link is not None) == (True, True)
    insight = await stage.notices.insight(SERVER, "g-1")
    downloads = insight.of(Act.DOWNLOADED)
    assert (downloads.times, downloads.count, downloads.size, downloads.visits) == (2, 6, 6000, 2)
    assert insight.of(Act.SUBMITTED).times == 0


async def test_looking_again_within_half_an_hour_is_the_same_visit(stage: Stage) -> None:
    for minutes in (0, 10, 25, 40):
        stage.clock.forward(minutes=minutes)
        stage.journal.note(Act.VIEWED, stage.enter())
    await stage.journal.flush()
    assert (await stage.notices.insight(SERVER, "g-1")).of(Act.VIEWED).times == 2


async def test_the_owner_looking_in_is_not_noted(stage: Stage) -> None:
    stage.journal.note(Act.VIEWED, stage.enter(owner=True))
    await stage.journal.flush()
    assert (await stage.notices.journal(SERVER, "g-1"))[0] == ()


async def test_pages_go_back_to_the_beginning(stage: Stage) -> None:
    for number in range(5):
        stage.journal.note(Act.PICKED, stage.enter(), count=number)
    await stage.journal.flush()
    seen: list[int] = []
    cursor: str | None = None
    while True:
        entries, cursor = await stage.notices.journal(SERVER, "g-1", cursor, 2)
        seen += [entry.activity.count for entry in entries]
        if cursor is None:
            break
    assert seen == [4, 3, 2, 1, 0]
    with pytest.raises(BadCursor):
        await stage.notices.journal(SERVER, "g-1", "nonsense")


async def test_reading_is_for_the_owner_and_of_what_is_there(stage: Stage) -> None:
    with pytest.raises(Unauthenticated):
        await stage.notices.journal(NOBODY, "g-1")
    with pytest.raises(Unauthenticated):
        await stage.notices.insight(NOBODY, "g-1")
    with pytest.raises(NotFound):
        await stage.notices.journal(SERVER, "none")


async def test_what_happened_in_a_gallery_that_is_gone_is_dropped(stage: Stage) -> None:
    stage.journal.note(Act.VIEWED, stage.enter())
    await stage.catalogue.write(lambda records: records.galleries.remove("g-1"))
    await stage.journal.flush()
    assert await stage.catalogue.read(lambda records: records.activities.page(None).items) == ()


async def test_the_journal_is_written_in_the_background_and_to_its_end(stage: Stage) -> None:
    stop = asyncio.Event()
    following = asyncio.create_task(stage.journal.follow(stop))
    stage.journal.note(Act.VIEWED, stage.enter())
    stop.set()
    await following
    assert len((await stage.notices.journal(SERVER, "g-1"))[0]) == 1


async def test_the_table_holds_everything_and_no_formula(stage: Stage) -> None:
    await stage.catalogue.write(lambda records: records.viewers.update("v-1", name="=cmd()"))
    for number in range(1, 4):
        stage.journal.note(Act.DOWNLOADED, stage.enter(), asset_id=PHOTO, size=number)
    await stage.journal.flush()
    pieces = [piece async for piece in stage.notices.table(SERVER, "g-1")]
    text = b"".join(pieces).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["bytes"] for row in rows] == ["3", "2", "1"]
    assert {row["who"] for row in rows} == {"'=cmd()"}
    assert "127.0.0.1" not in text


async def test_visits_are_told_apart_for_a_day_by_all_processes_alike(stage: Stage) -> None:
    name = await stage.visits.name("192.0.2.1", "Firefox")
    other = Visits(stage.catalogue, clock=stage.clock)
    assert await other.name("192.0.2.1", "Firefox") == name
    assert await stage.visits.name("192.0.2.2", "Firefox") != name
    assert await stage.visits.name("192.0.2.1", "Chrome") != name
    stage.clock.forward(days=1)
    assert await stage.visits.name("192.0.2.1", "Firefox") != name
    assert await other.name("192.0.2.1", "Firefox") == await stage.visits.name(
        "192.0.2.1", "Firefox"
    )
