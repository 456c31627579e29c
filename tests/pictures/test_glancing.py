"""Pictures of objects that are no assets: of previews, or of originals on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.errors import BrokenPicture, ObjectMissing, PictureError, RateLimited
from fanlight.pictures.forms import Form, Taken
from fanlight.renditions.recipes import PRESETS
from tests.pictures.test_making import once
from tests.pictures.test_previews import RED, TEAL, Service, service
from tests.support.workshop import Workshop, a_picture, seen

if TYPE_CHECKING:
    from fanlight.pictures import Pictures
    from fanlight.storage.base import Entry
    from tests.delivery.stage import Stage

__all__ = ["service"]
pytestmark = pytest.mark.anyio

THUMB = Form(PRESETS["thumb"], taken=Taken(webp=True))


async def lies(stage: Stage, channel: str, name: str = "w/1.jpg", body: bytes = b"") -> Entry:
    """An object that no catalogue knows."""
    body = body or a_picture(1000, 750, "teal", "jpeg")
    stored = await stage.stores.by_channel[channel].put(name, once(body), ticket="t")
    return stored.entry


async def test_it_is_made_of_a_preview_once_and_no_original_is_read(
    stage: Stage, pictures: Pictures, service: Service
) -> None:
    entry = await lies(stage, "cloud")
    for _ in range(2):
        picture = await pictures.glance("cloud", entry, "image/x-canon-cr3", THUMB)
        assert seen(picture.data) == ("WEBP", (320, 240), RED)
        assert picture.media_type == "image/webp"
    assert (service.asked, service.read) == ([(1, 960)], 0)


@pytest.mark.parametrize("trouble", ["failure", "small", "changed", "large"])
async def test_without_a_good_preview_there_is_none(
    stage: Stage, pictures: Pictures, service: Service, trouble: str
) -> None:
    entry, form = await lies(stage, "cloud"), THUMB
    if trouble == "failure":
        service.failure = RateLimited()
    elif trouble == "small":
        service.largest = 100
    elif trouble == "large":
        form = Form(PRESETS["medium"])
    else:
        store, body = stage.stores.by_channel["cloud"], a_picture(900, 600, "gold", "jpeg")
        await store.put(entry.locator, once(body), ticket="again", overwrite=True)
    with pytest.raises(PictureError):
        await pictures.glance("cloud", entry, "image/jpeg", form)
    assert service.read == 0


async def test_what_lies_here_is_read_where_it_is(stage: Stage, pictures: Pictures) -> None:
    entry = await lies(stage, "disk")
    picture = await pictures.glance("disk", entry, "image/jpeg", THUMB)
    assert seen(picture.data) == ("WEBP", (320, 240), TEAL)
    path = stage.stores.by_channel["disk"].local_path(entry.locator)
    assert path is not None
    path.write_bytes(a_picture(900, 600, "red", "jpeg"))
    assert seen((await pictures.glance("disk", entry, "image/jpeg", THUMB)).data)[2] == RED
    path.unlink()
    with pytest.raises(ObjectMissing):
        await pictures.glance("disk", entry, "image/jpeg", THUMB)


async def test_what_cannot_be_read_is_tried_once(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    workshop.refusal = BrokenPicture()
    entry = await lies(stage, "disk", body=b"\xff\xd8 no picture")
    for _ in range(2):
        with pytest.raises(PictureError):
            await pictures.glance("disk", entry, "image/jpeg", THUMB)
    assert len(workshop.decoded) == 1


async def test_it_is_made_again_where_the_cache_was_emptied(
    stage: Stage, pictures: Pictures, workshop: Workshop
) -> None:
    entry = await lies(stage, "disk")
    before = await pictures.glance("disk", entry, "image/jpeg", THUMB)
    for made in workshop.folder.iterdir():
        made.unlink()
    assert await pictures.glance("disk", entry, "image/jpeg", THUMB) == before
