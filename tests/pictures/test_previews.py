"""Previews that a service made: taken for small renditions, in few calls, and never for others."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from fanlight.errors import RateLimited
from fanlight.pictures.forms import Form, Taken
from fanlight.pictures.prepare import Prepared
from fanlight.renditions.recipes import PRESETS, Fit, Recipe
from fanlight.storage.base import Preview, Span
from fanlight.storage.memory import Memory, MemoryBody
from tests.pictures.test_making import link_of, once, sheet_of
from tests.support.workshop import Workshop, a_picture, seen

if TYPE_CHECKING:
    from fanlight.model import Asset
    from fanlight.pictures import Pictures
    from tests.delivery.stage import Stage

pytestmark = pytest.mark.anyio

THUMB = Form(PRESETS["thumb"], taken=Taken(webp=True))
TEAL, RED = (0, 2, 2), (4, 0, 0)


class Service(Memory):
    """Shows everything in red, so that it can be told from the original."""

    def __init__(self) -> None:
        super().__init__()
        self.traits = replace(self.traits, previews=25)
        self.asked: list[tuple[int, int]] = []
        """How many previews each call was asked for, and how large."""
        self.read = 0
        """Bytes of originals that were opened."""
        self.largest = 10_000
        self.failure: Exception | None = None

    async def previews(self, locators: Sequence[str], edge: int) -> Sequence[Preview | None]:
        self.asked.append((len(locators), edge))
        if self.failure is not None:
            raise self.failure
        found: list[Preview | None] = []
        for locator in locators:
            entry = await self.stat(locator)
            body = await super().open(locator)
            with Image.open(io.BytesIO(b"".join([piece async for piece in body]))) as original:
                size = original.size
            small = min(1, min(edge, self.largest) / max(size))
            data = a_picture(int(size[0] * small), int(size[1] * small), "red", "jpeg")
            found.append(Preview("image/jpeg", data, entry.version))
        return found

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> MemoryBody:
        body = await super().open(locator, span, version)
        self.read += body.stop - body.start
        return body


@pytest.fixture
def service(stage: Stage) -> Service:
    made = Service()
    stage.mount("cloud", made)
    return made


async def photo(stage: Stage, number: int = 0, **fields: Any) -> Asset:
    body = a_picture(1000 + number, 750, "teal", "jpeg")
    fields = {"alias": f"a/{number}.jpg", "channel": "cloud"} | fields
    return await stage.publish(body, **fields)


async def shown(stage: Stage, pictures: Pictures, asset: Asset, form: Form) -> Any:
    picture = await pictures.rendition(await link_of(stage, asset), form)
    return seen(picture.rendition.path.read_bytes())


async def test_a_small_rendition_is_made_of_a_preview(
    stage: Stage, pictures: Pictures, service: Service
) -> None:
    asset = await photo(stage)
    for _ in range(2):
        assert await shown(stage, pictures, asset, THUMB) == ("WEBP", (320, 240), RED)
    assert (service.asked, service.read) == ([(1, 480)], 0)


@pytest.mark.parametrize(
    "form", [Form(PRESETS["medium"]), Form(Recipe(200, 200, Fit.COVER))], ids=["large", "cut"]
)
async def test_any_other_is_made_of_the_original(
    stage: Stage, pictures: Pictures, service: Service, form: Form
) -> None:
    asset = await photo(stage)
    assert (await shown(stage, pictures, asset, form))[2] == TEAL
    assert service.asked == []


async def test_a_screen_of_tiles_is_one_call(
    stage: Stage, pictures: Pictures, service: Service
) -> None:
    assets = [await photo(stage, number) for number in range(20)]
    links = [await link_of(stage, asset) for asset in assets]
    await asyncio.gather(*(pictures.rendition(link, THUMB) for link in links * 10))
    assert sum(number for number, _ in service.asked) == 20
    assert len(service.asked) < 5
    assert service.read == 0


@pytest.mark.parametrize("trouble", ["failure", "small", "changed", "kind"])
async def test_the_original_is_read_where_no_preview_is_good_enough(
    stage: Stage, pictures: Pictures, service: Service, trouble: str
) -> None:
    asset = await photo(stage, media_type="image/png" if trouble == "kind" else "image/jpeg")
    if trouble == "failure":
        service.failure = RateLimited()
    elif trouble == "small":
        service.largest = 100
    elif trouble == "changed":
        link = await link_of(stage, asset)
        store, body = stage.stores.by_channel["cloud"], a_picture(900, 600, "gold", "jpeg")
        locator = link.placements[0].locator
        await store.put(locator, once(body), ticket="again", overwrite=True)
    picture = await shown(stage, pictures, asset, THUMB)
    assert picture[2] == ((4, 3, 0) if trouble == "changed" else TEAL)


async def test_preparing_reads_the_first_bytes_and_a_preview_alone(
    stage: Stage, pictures: Pictures, service: Service, workshop: Workshop
) -> None:
    assets = [await photo(stage, number) for number in range(3)]
    assert await pictures.prepare() == Prepared(taken=3)
    sheet = await sheet_of(stage, assets[1])
    assert sheet is not None
    assert (sheet.facts.width, sheet.facts.height) == (1001, 750)
    assert sheet.facts.placeholder == b"placeholder"
    assert sheet.facts.camera == ""  # of the first bytes, not of the preview
    assert service.read <= sum(asset.size for asset in assets)
    decoded = len(workshop.decoded)
    assert await shown(stage, pictures, assets[1], THUMB) == ("WEBP", (320, 240), RED)
    assert len(workshop.decoded) == decoded


async def test_preparing_reads_the_original_where_its_head_says_nothing(
    stage: Stage, pictures: Pictures, service: Service
) -> None:
    hidden = b"\xff\xd8" + (b"\xff\xfe\xff\xff" + b" " * 65533) * 5
    body = hidden + a_picture(1200, 800, "teal", "jpeg")[2:]
    asset = await stage.publish(body, channel="cloud", alias="a/long.jpg")
    assert await pictures.prepare() == Prepared(taken=1)
    sheet = await sheet_of(stage, asset)
    assert sheet is not None
    assert sheet.facts.width == 1200
    assert service.read > len(body)
