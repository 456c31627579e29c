"""Making pictures: from whichever place gives the bytes, once, and why not."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import (
    BrokenPicture,
    Forbidden,
    NotFound,
    ObjectMissing,
    PictureError,
    PictureTooLarge,
    StorageUnavailable,
    UnreadablePicture,
)
from fanlight.model import Kind, Link, PlacementState
from fanlight.pictures import Pictures
from fanlight.pictures.forms import Form, Taken
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import PRESETS, Format, Recipe
from tests.support.workshop import CAMERA, Workshop, a_picture, seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fanlight.model import Asset, FactSheet
    from tests.delivery.stage import Stage

pytestmark = pytest.mark.anyio

THUMB = Form(PRESETS["thumb"], taken=Taken(webp=True))
SMALL = Form(Recipe(30))


async def link_of(stage: Stage, asset: Asset) -> Link:
    link = await stage.catalogue.read(lambda records: records.links.by_asset(asset.id))
    assert link is not None
    return link


async def sheet_of(stage: Stage, asset: Asset) -> FactSheet | None:
    return await stage.catalogue.read(lambda records: records.facts.find(asset.id))


async def until_facts(stage: Stage, asset: Asset) -> FactSheet:
    while (sheet := await sheet_of(stage, asset)) is None:
        await asyncio.sleep(0.01)
    return sheet


async def until_problem(stage: Stage, asset: Asset) -> FactSheet:
    while not (sheet := await until_facts(stage, asset)).problem:
        await asyncio.sleep(0.01)
    return sheet


async def published(stage: Stage, body: bytes, **fields: Any) -> tuple[Asset, Link]:
    asset = await stage.publish(body, **fields)
    return asset, await link_of(stage, asset)


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_a_picture_is_made_once_wherever_the_original_lies(
    stage: Stage, pictures: Pictures, workshop: Workshop, tmp_path: Path, channel: str
) -> None:
    _, link = await published(stage, a_picture(), channel=channel)
    first = await pictures.rendition(link, SMALL)
    assert seen(first.rendition.path.read_bytes()) == ("JPEG", (30, 20), (0, 2, 2))
    again = await pictures.rendition(link, SMALL)
    assert again.rendition == first.rendition
    assert len(workshop.decoded) == 1
    assert list((tmp_path / "scratch").glob("*")) == []


async def test_the_facts_are_taken_in_the_same_decode(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    asset, link = await published(stage, a_picture())
    await pictures.rendition(link, SMALL)
    sheet = await until_facts(stage, asset)
    assert (sheet.facts.camera, sheet.facts.width, sheet.problem) == (CAMERA, 60, "")
    await pictures.rendition(link, THUMB)  # the link does not know yet that facts are there
    assert len(workshop.decoded) == 2


async def test_two_hundred_who_ask_at_once_cost_one_decode(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    _, link = await published(stage, a_picture())
    found = await asyncio.gather(*(pictures.rendition(link, THUMB) for _ in range(200)))
    assert len({one.rendition for one in found}) == len(workshop.decoded) == 1


async def test_a_picture_that_is_not_kept_is_given_all_the_same(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    workshop.keeps = False
    _, link = await published(stage, a_picture())
    for _ in range(2):
        assert (await pictures.rendition(link, THUMB)).rendition.path.exists()


@pytest.mark.parametrize("kind", [Kind.AUDIO, Kind.TEXT, Kind.OTHER])
async def test_no_picture_is_tried_of_what_is_none(
    stage: Stage, pictures: Pictures, workshop: Workshop, kind: Kind
) -> None:
    _, link = await published(stage, a_picture(), kind=kind)
    with pytest.raises(UnreadablePicture):
        await pictures.rendition(link, THUMB)
    assert workshop.decoded == []


async def test_a_problem_is_remembered_in_its_words(
    stage: Stage, pictures: Pictures, workshop: Workshop, tmp_path: Path
) -> None:
    workshop.refusal = BrokenPicture("Half is missing.", remedy="Send it again.")
    asset, link = await published(stage, b"no picture")
    for form in (THUMB, SMALL, THUMB):
        with pytest.raises(BrokenPicture) as caught:
            await pictures.rendition(link, form)
        assert caught.value.public_message == "Half is missing."
        assert caught.value.public_remedy == "Send it again."
    assert len(workshop.decoded) == 1
    assert (await until_problem(stage, asset)).problem == "picture-broken"
    other = Pictures(stage.catalogue, stage, workshop, scratch=tmp_path / "other")
    with pytest.raises(BrokenPicture):
        await other.rendition(link, THUMB)
    assert len(workshop.decoded) == 1


async def test_many_who_ask_for_a_broken_one_cost_one_decode(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    _, link = await published(stage, b"no picture")
    found = await asyncio.gather(
        *(pictures.rendition(link, THUMB) for _ in range(50)), return_exceptions=True
    )
    assert {type(error) for error in found} == {UnreadablePicture}
    assert len(workshop.decoded) == 1


@pytest.mark.parametrize("error", [PictureError("The server has no room.")])
async def test_trouble_of_the_server_is_not_remembered(
    stage: Stage, pictures: Pictures, workshop: Workshop, error: PictureError
) -> None:
    workshop.refusal = error
    asset, link = await published(stage, b"no picture")
    for _ in range(2):
        with pytest.raises(PictureError):
            await pictures.rendition(link, THUMB)
    assert len(workshop.decoded) == 2
    assert await sheet_of(stage, asset) is None


async def test_storage_that_is_away_is_not_remembered(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    asset, link = await published(stage, a_picture(), channel="cloud")
    stage.stores.broken = StorageUnavailable()
    with pytest.raises(StorageUnavailable):
        await pictures.rendition(link, THUMB)
    stage.stores.broken = None
    await pictures.rendition(link, THUMB)
    assert (await until_facts(stage, asset)).problem == ""


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_a_picture_that_is_kept_is_shown_while_the_storage_is_away(
    stage: Stage, pictures: Pictures, workshop: Workshop, channel: str
) -> None:
    _, link = await published(stage, a_picture(), channel=channel)
    first = await pictures.rendition(link, THUMB)
    shutil.move(stage.folder, stage.folder.with_name("away"))
    stage.stores.broken = StorageUnavailable() if channel == "cloud" else None
    assert (await pictures.rendition(link, THUMB)).rendition == first.rendition
    with pytest.raises(StorageUnavailable):
        await pictures.rendition(link, SMALL)


async def test_an_original_that_is_gone_for_good_has_no_picture(
    stage: Stage, pictures: Pictures
) -> None:
    asset, link = await published(stage, a_picture())
    await pictures.rendition(link, THUMB)
    stage.path_of(asset).unlink()
    gone = tuple(replace(one, state=PlacementState.MISSING) for one in link.placements)
    with pytest.raises(ObjectMissing):
        await pictures.rendition(Link(link.asset, gone), THUMB)


async def test_another_place_is_tried_when_the_first_fails(
    stage: Stage, pictures: Pictures
) -> None:
    asset, link = await published(stage, a_picture(), copies=("cloud",))
    stage.path_of(asset).unlink()
    assert (await pictures.rendition(link, THUMB)).rendition.width == 60


async def test_a_replaced_local_original_has_a_new_picture_at_once(
    stage: Stage, pictures: Pictures
) -> None:
    asset, link = await published(stage, a_picture(colour="teal"))
    before = await pictures.rendition(link, THUMB)
    assert (before.settled, pictures.used(before)) == (True, True)
    stage.path_of(asset).write_bytes(a_picture(colour="red"))
    assert not pictures.used(before)
    after = await pictures.rendition(link, THUMB)
    assert seen(after.rendition.path.read_bytes())[2] == (4, 0, 0)
    assert (after.settled, pictures.used(after)) == (False, True)


async def test_a_replaced_cloud_original_has_a_new_picture(
    stage: Stage, pictures: Pictures
) -> None:
    asset, link = await published(stage, a_picture(colour="teal"), channel="cloud")
    store = stage.stores.by_channel["cloud"]
    await store.put(
        link.placements[0].locator, once(a_picture(colour="red")), ticket="t", overwrite=True
    )
    picture = await pictures.rendition(link, THUMB)
    assert seen(picture.rendition.path.read_bytes())[2] == (4, 0, 0)
    assert not picture.settled
    assert await sheet_of(stage, asset) is None


async def test_a_problem_of_bytes_that_are_not_indexed_is_not_written_down(
    stage: Stage, pictures: Pictures
) -> None:
    asset, link = await published(stage, a_picture())
    stage.path_of(asset).write_bytes(b"no picture")
    with pytest.raises(UnreadablePicture):
        await pictures.rendition(link, THUMB)
    assert await sheet_of(stage, asset) is None


async def test_a_new_version_is_tried_again(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    asset, link = await published(stage, b"no picture")
    with pytest.raises(UnreadablePicture):
        await pictures.rendition(link, THUMB)

    def change(records: Any) -> None:
        records.assets.update(asset.id, version=asset.version + 1, sha256="f" * 64)

    await stage.catalogue.write(change)
    with pytest.raises(UnreadablePicture):
        await pictures.rendition(await link_of(stage, asset), THUMB)
    assert len(workshop.decoded) == 2


async def test_an_original_too_large_to_fetch_is_not_fetched(
    stage: Stage, pictures: Pictures
) -> None:
    _, link = await published(stage, a_picture(), channel="cloud")
    huge = tuple(replace(one, size=1 << 40) for one in link.placements)
    with pytest.raises(PictureTooLarge):
        await pictures.rendition(Link(link.asset, huge), THUMB)


async def test_who_leaves_drops_the_work(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    workshop.gate = asyncio.Event()
    _, link = await published(stage, a_picture())
    asking = asyncio.create_task(pictures.rendition(link, THUMB))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert workshop.dropped == 1
    workshop.gate.set()


async def test_a_preset_or_a_size_is_a_form(pictures: Pictures) -> None:
    assert pictures.form("thumb", {}, b"image/webp") == THUMB
    assert pictures.form("", {"width": "400"}, b"") == Form(Recipe(400))
    assert pictures.form("", {"v": "3"}, b"") is None
    with pytest.raises(NotFound):
        pictures.form("huge", {}, b"")
    with pytest.raises(Forbidden):
        pictures.form("thumb.avif", {}, b"")


async def test_pictures_can_be_switched_off(stage: Stage, tmp_path: Path) -> None:
    _, link = await published(stage, a_picture())
    off = Pictures(stage.catalogue, stage, None, scratch=tmp_path / "scratch")
    await off.start()
    for ask in (lambda: off.form("thumb", {}, b""), lambda: off.form("", {"width": "400"}, b"")):
        with pytest.raises(Forbidden) as caught:
            ask()
        assert caught.value.public_code == "forbidden.pictures"
    assert off.form("", {"width": "400", "fallback": "original"}, b"") is not None
    with pytest.raises(Forbidden):
        await off.rendition(link, THUMB)
    await off.close()


async def test_avif_takes_the_place_of_webp_once_it_is_made(
    stage: Stage, workshop: Workshop, tmp_path: Path
) -> None:
    pictures = Pictures(stage.catalogue, stage, workshop, scratch=tmp_path / "s", avif=True)
    _, link = await published(stage, a_picture())
    form = Form(PRESETS["thumb"], taken=Taken(webp=True, avif=True))
    first = await pictures.rendition(link, form)
    assert first.rendition.media_type == "image/webp"
    while pictures.used(first):
        await asyncio.sleep(0.01)
    second = await pictures.rendition(link, form)
    assert second.rendition.media_type == "image/avif"
    assert workshop.urgencies[-1] is Urgency.LATER
    assert (await pictures.rendition(link, THUMB)).rendition.media_type == "image/webp"
    fixed = await pictures.rendition(link, Form(PRESETS["thumb"], Format.AVIF))
    assert fixed.rendition.media_type == "image/avif"
    await pictures.close()


async def once(body: bytes) -> AsyncIterator[bytes]:
    yield body
