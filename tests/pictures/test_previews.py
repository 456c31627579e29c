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
from fanlight.pictures import Pictures
from fanlight.pictures.forms import Form, Taken
from fanlight.pictures.prepare import Prepared
from fanlight.renditions.recipes import PRESETS, Fit, Recipe
from fanlight.storage.base import Preview, Span
from fanlight.storage.memory import Memory, MemoryBody
from tests.pictures.test_making import link_of, once, sheet_of
from tests.support.workshop import Workshop, a_picture, seen

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.model import Asset
    from fanlight.pictures.making import Beside
    from tests.delivery.stage import Stage

pytestmark = pytest.mark.anyio

THUMB = Form(PRESETS["thumb"], taken=Taken(webp=True))
TEAL, RED = (0, 2, 2), (4, 0, 0)


class Service(Memory):
    """Shows everything in red, so that it can be told from the original.

    What it is asked for waits at the `gate`, if there is one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.traits = replace(self.traits, previews=25)
        self.asked: list[tuple[int, int]] = []
        """How many previews each call was asked for, and how large."""
        self.read = 0
        """Bytes of originals that were opened."""
        self.largest = 10_000
        self.failure: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.locators: list[str] = []
        """Of what it was asked for, one after another."""

    async def previews(self, locators: Sequence[str], edge: int) -> Sequence[Preview | None]:
        self.asked.append((len(locators), edge))
        self.locators += locators
        if self.gate is not None:
            await self.gate.wait()
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
    assert (service.asked, service.read) == ([(1, 960)], 0)


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


def beside(assets: list[Asset]) -> Beside:
    """They are looked at next."""

    async def ids() -> tuple[str, ...]:
        return tuple(asset.id for asset in assets)

    return ids


async def test_what_is_looked_at_next_comes_along_in_the_same_call(
    stage: Stage, pictures: Pictures, service: Service, workshop: Workshop
) -> None:
    assets = [await photo(stage, number) for number in range(30)]
    links = [await link_of(stage, asset) for asset in assets]
    await pictures.rendition(links[0], THUMB, beside=beside(assets[1:]))
    assert service.asked == [(25, 960)]
    assert len(workshop.decoded) == 1  # nothing is made of it before somebody asks
    await asyncio.gather(*(pictures.rendition(link, THUMB) for link in links[1:25]))
    assert service.asked == [(25, 960)]
    assert len(workshop.decoded) == 25
    await pictures.rendition(links[25], THUMB, beside=beside(assets[1:]))
    assert service.asked == [(25, 960), (5, 960)]  # what is there is not asked for again
    assert len(set(service.locators)) == 30


async def test_who_asks_for_what_is_on_its_way_waits_for_that(
    stage: Stage, pictures: Pictures, service: Service, workshop: Workshop
) -> None:
    assets = [await photo(stage, number) for number in range(3)]
    links = [await link_of(stage, asset) for asset in assets]
    service.gate = asyncio.Event()
    first = asyncio.create_task(pictures.rendition(links[0], THUMB, beside=beside(assets)))
    while not service.asked:
        await asyncio.sleep(0)
    forms = (THUMB, Form(PRESETS["small"]))
    others = [
        asyncio.create_task(pictures.rendition(link, form)) for link in links * 3 for form in forms
    ]
    done, _ = await asyncio.wait(others, timeout=0.1)
    assert not done
    assert workshop.expected == len(others) + 1  # who makes them gets ready meanwhile
    service.gate.set()
    await asyncio.gather(first, *others)
    assert service.asked == [(3, 960)]


async def test_what_came_ahead_of_a_change_is_not_shown_after_it(
    stage: Stage, pictures: Pictures, service: Service
) -> None:
    first, second = [await photo(stage, number) for number in range(2)]
    await pictures.rendition(await link_of(stage, first), THUMB, beside=beside([second]))
    before = await link_of(stage, second)
    body = a_picture(900, 600, "gold", "jpeg")
    store = stage.stores.by_channel["cloud"]
    stored = await store.put(before.placements[0].locator, once(body), ticket="x", overwrite=True)
    place = replace(before.placements[0], version=stored.entry.version, size=len(body))
    asset = replace(before.asset, version=2, size=len(body), sha256="f" * 64)
    after = replace(before, asset=asset, placements=(place,))
    picture = await pictures.rendition(after, THUMB)
    assert service.asked == [(2, 960), (1, 960)]
    assert seen(picture.rendition.path.read_bytes())[1] == (320, 213)


async def test_nothing_is_asked_for_when_all_have_left_before(
    stage: Stage, pictures: Pictures, service: Service
) -> None:
    assets = [await photo(stage, number) for number in range(3)]
    looked = asyncio.Event()

    async def ids() -> tuple[str, ...]:
        asking.cancel()  # the viewer leaves while the call is filled
        looked.set()
        return tuple(asset.id for asset in assets)

    link = await link_of(stage, assets[0])
    asking = asyncio.create_task(pictures.rendition(link, THUMB, beside=ids))
    await asyncio.wait({asking})
    assert looked.is_set()
    await pictures.rendition(await link_of(stage, assets[1]), THUMB)
    assert service.locators == [(await link_of(stage, assets[1])).placements[0].locator]


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


async def test_preparing_lets_those_pass_who_wait_for_the_same_call(
    stage: Stage, service: Service, workshop: Workshop, tmp_path: Path
) -> None:
    assets = [await photo(stage, number) for number in range(3)]
    pictures = Pictures(
        stage.catalogue, stage, workshop, scratch=tmp_path / "scratch", patience=3600.0
    )
    await pictures.start()
    service.gate, workshop.gate = asyncio.Event(), asyncio.Event()
    preparing = asyncio.create_task(pictures.prepare())
    while not service.asked:
        await asyncio.sleep(0)
    looking = asyncio.create_task(pictures.rendition(await link_of(stage, assets[0]), THUMB))
    while not workshop.expected:
        await asyncio.sleep(0)
    read = service.read
    service.gate.set()
    await asyncio.wait({preparing}, timeout=0.1)
    assert (workshop.asked, service.read) == (1, read)
    workshop.gate.set()
    await looking
    assert await preparing == Prepared(taken=3)
    await pictures.close()


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
