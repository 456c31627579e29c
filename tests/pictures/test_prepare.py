"""Preparing what is new, and making pictures ahead: all, in order, going on after failures."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import BrokenPicture, Forbidden, JobCancelled, StorageUnavailable
from fanlight.gallery_model import Item
from fanlight.model import SERVER, Actor, Kind, Scope
from fanlight.pictures import Pictures
from fanlight.pictures.forms import Form, Taken
from fanlight.pictures.prepare import BATCH, SMALL, Prepared
from fanlight.pictures.warm import ALL, Status, Warmed
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import PRESETS
from tests.pictures.test_making import link_of, sheet_of
from tests.support.gallery_records import a_gallery
from tests.support.workshop import CAMERA, Workshop, a_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fanlight.catalogue import Records
    from fanlight.model import Asset
    from tests.delivery.stage import Stage

pytestmark = pytest.mark.anyio


async def some(stage: Stage, number: int, folder: str = "a") -> list[Asset]:
    """Different pictures, the first one first."""
    return [
        await stage.publish(a_picture(60 + n), alias=f"{folder}/{n:02}.png") for n in range(number)
    ]


async def test_what_is_unprepared_has_facts_and_small_presets_after(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    assets = await some(stage, 3)
    await stage.publish(b"words", alias="a/words.txt", kind=Kind.TEXT)
    assert await pictures.anything_unprepared()
    assert await pictures.prepare() == Prepared(taken=3)
    assert not await pictures.anything_unprepared()
    assert set(workshop.urgencies) == {Urgency.LATER}
    assert len(workshop.decoded) == 3
    for asset in assets:
        sheet = await sheet_of(stage, asset)
        assert sheet is not None
        assert sheet.facts.camera == CAMERA
        for name in SMALL:
            form = Form(PRESETS[name], taken=Taken(webp=True))
            await pictures.rendition(await link_of(stage, asset), form)
    assert len(workshop.decoded) == 3
    assert await pictures.prepare() == Prepared()


async def test_the_last_added_is_prepared_first_also_when_it_comes_in_between(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    first = await some(stage, 2 * BATCH + 1)
    late: list[Asset] = []

    async def progress(done: int, total: int | None, message: str) -> None:
        if done == 1:
            late.append(await stage.publish(a_picture(colour="black"), alias="late.png"))

    assert await pictures.prepare(progress) == Prepared(taken=2 * BATCH + 2)
    contents = [asset.sha256 for asset in first]
    assert set(workshop.decoded[:BATCH]) == set(contents[-BATCH:])
    assert workshop.decoded[BATCH] == late[0].sha256
    assert workshop.decoded[-1] == contents[0]


async def test_what_galleries_show_is_prepared_first_in_their_order(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    assets = await some(stage, 3 * BATCH)
    shown, late = assets[: BATCH + 2], assets[BATCH + 2 : BATCH + 4]

    def hang(number: int, items: list[Asset]) -> Callable[[Records], None]:
        def unit(records: Records) -> None:
            gallery = a_gallery(number)
            records.galleries.add(gallery)
            records.items.put(Item(gallery.id, one.id, None, at) for at, one in enumerate(items))

        return unit

    async def progress(done: int, total: int | None, message: str) -> None:
        assert total == 3 * BATCH
        if done == BATCH + 3:  # a gallery comes while the rest is prepared
            await stage.catalogue.write(hang(2, late))

    def contents(some: Iterable[Asset]) -> set[str]:
        return {asset.sha256 for asset in some}

    await stage.catalogue.write(hang(1, shown))
    assert await pictures.prepare(progress) == Prepared(taken=3 * BATCH)
    rounds = iter(workshop.decoded)
    assert set(islice(rounds, BATCH)) == contents(shown[:BATCH])
    assert set(islice(rounds, 2)) == contents(shown[BATCH:])
    assert set(islice(rounds, BATCH)) == contents(assets[-BATCH:])
    assert set(islice(rounds, 2)) == contents(late)
    assert len(list(rounds)) == BATCH - 4


@pytest.mark.parametrize("patient", [True, False])
async def test_preparing_lets_those_pass_who_look_but_not_for_ever(
    stage: Stage, workshop: Workshop, tmp_path: Path, *, patient: bool
) -> None:
    patience = 3600.0 if patient else 0.0
    pictures = Pictures(
        stage.catalogue, stage, workshop, scratch=tmp_path / "scratch", patience=patience
    )
    await pictures.start()
    looked_at, _ = await some(stage, 2)
    workshop.gate = asyncio.Event()
    form = Form(PRESETS["thumb"], taken=Taken(webp=True))
    looking = asyncio.create_task(pictures.rendition(await link_of(stage, looked_at), form))
    while not workshop.asked:
        await asyncio.sleep(0)
    preparing = asyncio.create_task(pictures.prepare())
    if patient:
        await asyncio.wait({preparing}, timeout=0.1)
        assert workshop.asked == 1
    while not patient and workshop.asked < 2:
        await asyncio.sleep(0)
    workshop.gate.set()
    await looking
    assert (await preparing).taken
    assert not await pictures.anything_unprepared()
    await pictures.close()


async def test_preparing_goes_on_after_what_cannot_be_prepared(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    workshop.refusal = BrokenPicture()
    good = await some(stage, 2)
    broken = await stage.publish(b"no picture", alias="a/broken.png")
    away = await stage.publish(a_picture(colour="white"), alias="a/away.png", channel="cloud")
    stage.stores.by_channel.pop("cloud")
    changed = await stage.publish(a_picture(colour="blue"), alias="a/changed.png")
    stage.path_of(changed).write_bytes(a_picture(colour="green"))
    assert await pictures.prepare() == Prepared(taken=2, refused=1, later=2)
    sheets = [await sheet_of(stage, asset) for asset in (*good, broken, away, changed)]
    problems = [None if sheet is None else sheet.problem for sheet in sheets]
    assert problems == ["", "", "picture-broken", None, None]


async def test_progress_is_told_and_can_end_a_run_that_another_one_finishes(
    stage: Stage, pictures: Pictures
) -> None:
    await some(stage, BATCH + 5)
    told: list[tuple[int, int | None]] = []

    async def progress(done: int, total: int | None, message: str) -> None:
        told.append((done, total))
        assert message.endswith(".png")
        if done == 3:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        await pictures.prepare(progress)
    assert told[:3] == [(done, BATCH + 5) for done in (1, 2, 3)]
    rest = await pictures.prepare()
    assert rest.taken == rest.all >= 5
    assert not await pictures.anything_unprepared()


async def test_a_folder_is_warmed_with_what_is_below(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    inside = [*await some(stage, 2, "a"), *await some(stage, 3, "a/b")]
    await some(stage, 4, "other")
    await stage.publish(b"no picture", alias="a/broken.png")
    await stage.publish(b"words", alias="a/words.txt", kind=Kind.TEXT)
    told: list[tuple[int, int | None]] = []

    async def progress(done: int, total: int | None, message: str) -> None:
        told.append((done, total))

    warmed = await pictures.warm(SERVER, "a", progress)
    assert warmed == Warmed(done=5, refused=1)
    assert told[-1] == (6, 6)
    before = len(workshop.decoded)
    for asset in inside:
        link = await link_of(stage, asset)
        for name in ALL:
            await pictures.rendition(link, Form(PRESETS[name], taken=Taken(webp=True)))
    assert len(workshop.decoded) == before
    assert (await pictures.warm(SERVER)).done == 9


@pytest.mark.parametrize("prepared", [True, False])
async def test_warming_decodes_each_original_once(
    stage: Stage, pictures: Pictures, workshop: Workshop, *, prepared: bool
) -> None:
    await some(stage, 3)
    if prepared:
        await pictures.prepare()
    before = len(workshop.decoded)
    assert (await pictures.warm(SERVER)).done == 3
    assert len(workshop.decoded) == before + 3


async def test_warming_goes_on_where_it_was_broken_off(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    await some(stage, BATCH + 5)
    reports: list[Warmed] = []

    async def passed(report: Warmed) -> None:
        reports.append(Warmed(report.done, report.refused, report.later, report.after))
        raise JobCancelled

    with pytest.raises(JobCancelled):
        await pictures.warm(SERVER, passed=passed)
    assert (reports[0].done, reports[0].after is not None) == (BATCH, True)
    before = len(workshop.decoded)
    assert (await pictures.warm(SERVER, report=reports[0])).done == BATCH + 5
    assert len(set(workshop.decoded[before:])) == 5


async def test_warming_counts_what_is_out_of_reach(stage: Stage, pictures: Pictures) -> None:
    await stage.publish(a_picture(), channel="cloud")
    stage.stores.broken = StorageUnavailable()
    assert await pictures.warm(SERVER) == Warmed(later=1)


async def test_problems_can_be_tried_again(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    await stage.publish(b"no picture", alias="a/broken.png")
    await some(stage, 1)
    await pictures.prepare()
    assert await pictures.status(SERVER) == Status(True, 0, 1)
    assert await pictures.retry(SERVER) == 1
    assert await pictures.status(SERVER) == Status(True, 1, 0)
    assert await pictures.prepare() == Prepared(refused=1)


async def test_only_who_manages_everything_may(pictures: Pictures) -> None:
    reader = Actor("reader", scopes=frozenset({Scope.READ, Scope.LIST}))
    bound = Actor("bound", scopes=frozenset({Scope.MANAGE}), folder="a")
    for refused in (
        pictures.warm(reader),
        pictures.warm(bound),
        pictures.warm(bound, "b"),
        pictures.warm(Actor("x", scopes=frozenset({Scope.MANAGE}), channel_id="disk"), "a"),
        pictures.status(bound),
        pictures.retry(bound),
    ):
        with pytest.raises(Forbidden):
            await refused
    assert await pictures.warm(bound, "a/b") == Warmed()
