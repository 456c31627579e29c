"""The whole server with real workers: from an upload to the picture in any size, and what fails."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import JobState, Scope
from fanlight.pictures import Pictures
from fanlight.renditions.limits import Limits
from fanlight.renditions.renditions import Renditions
from tests.delivery.stage import Stage
from tests.support.emulated import Emulated, OwnDoor, emulator
from tests.support.workshop import a_picture, seen
from tests.web.public_stage import visiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import httpx2

    from fanlight.catalogue import Catalogue
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "image/avif,image/webp,*/*;q=0.8"}
TEAL, RED = (0, 2, 2), (4, 0, 0)
PHOTO = a_picture(1200, 900, "teal", "jpeg")


# --- a house with its jobs ------------------------------------------------------------------------


async def uploaded(house: House, body: bytes, name: str = "photo.jpg") -> dict[str, Any]:
    """Uploaded as image-bed clients do; the asset as the API shows it."""
    client = await house.bearer()
    query = "uploadFolder=a/b&uploadNameType=origin"
    answer = await client.post(f"/upload?{query}", files={"file": (name, body)})
    assert answer.json() == [{"src": f"/file/a/b/{name}"}]
    (asset,) = (await client.get("/api/v1/assets?folder=a/b&limit=1")).json()["items"]
    return asset


async def test_an_upload_has_every_size_at_both_addresses(house: House) -> None:
    await house.fanlight.start(work=False)
    asset = await uploaded(house, PHOTO)
    client = house.client()
    for path, size in (
        ("/file/a/b/photo.jpg?width=400", (400, 300)),
        (f"/a/{asset['id']}/thumb", (320, 240)),
        (f"/a/{asset['id']}/thumb@2x", (640, 480)),
        (f"/a/{asset['id']}?width=320&height=320&fit=cover", (320, 320)),
        (f"/a/{asset['id']}/large", (1200, 900)),
    ):
        for _ in range(2):
            webp = await client.get(path, headers=BROWSER)
            assert (webp.status_code, seen(webp.content)) == (200, ("WEBP", size, TEAL))
            jpeg = await client.get(path)
            assert (jpeg.status_code, seen(jpeg.content)) == (200, ("JPEG", size, TEAL))
    assert asset["pictures"]["thumb"].endswith(f"/a/{asset['id']}/thumb")


async def test_an_upload_has_its_facts_soon_without_anybody_asking(house: House) -> None:
    await house.fanlight.start()
    asset = await uploaded(house, PHOTO)
    client = await house.bearer()
    address = f"/api/v1/assets/{asset['id']}"
    while (known := (await client.get(address)).json())["width"] is None:
        await asyncio.sleep(0.05)
    assert (known["width"], known["height"], known["problem"]) == (1200, 900, "")
    assert len(known["placeholder"]) > 20
    facts = (await client.get(f"{address}/facts")).json()["facts"]
    assert (facts["orientation"], facts["frames"]) == (1, 1)
    made = house.fanlight.settings.data / "pictures" / "renditions"
    assert len([*made.rglob("*.webp")]) == 2


async def test_a_broken_upload_says_so_in_the_library(house: House) -> None:
    await house.fanlight.start()
    asset = await uploaded(house, PHOTO[:700])
    client = await house.bearer()
    address = f"/api/v1/assets/{asset['id']}"
    while not (known := (await client.get(address)).json())["problem"]:
        await asyncio.sleep(0.05)
    assert known["problem"] == "picture-broken"
    sheet = (await client.get(f"{address}/facts")).json()
    assert sheet["problem"] == "picture-broken"
    assert sheet["message"]
    got = await client.get(f"/a/{asset['id']}/thumb")
    assert (got.status_code, sheet["message"] in got.text) == (422, True)
    assert (await client.get(f"/a/{asset['id']}")).content == PHOTO[:700]


async def test_a_folder_is_warmed_on_demand(house: House) -> None:
    await house.fanlight.start()
    await uploaded(house, PHOTO)
    client = await house.bearer(Scope.MANAGE)
    job = (await client.post("/api/v1/folders/warm", json={"folder": "a"})).json()
    while (await house.fanlight.jobs.get(job["id"])).state is not JobState.DONE:
        await asyncio.sleep(0.05)
    assert (await house.fanlight.jobs.get(job["id"])).done == 1
    made = house.fanlight.settings.data / "pictures" / "renditions"
    assert {path.name.split("_")[1] for path in made.rglob("*.webp")} >= {"320x240", "1200x900"}


# --- real workers behind the public door ----------------------------------------------------------


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


@asynccontextmanager
async def at_door(
    stage: Stage, **limits: Any
) -> AsyncGenerator[tuple[httpx2.AsyncClient, Renditions]]:
    folder = stage.folder.with_name("renditions")
    renditions = Renditions(folder, cache_bytes=1 << 30, workers=2, limits=Limits(**limits))
    scratch = stage.folder.with_name("scratch")
    pictures = Pictures(stage.catalogue, stage, renditions, scratch=scratch)
    await pictures.start()
    try:
        async with visiting(stage, pictures=pictures) as client:
            yield client, renditions
    finally:
        await pictures.close()


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_two_hundred_who_ask_at_once_have_one_made(stage: Stage, channel: str) -> None:
    asset = await stage.publish(PHOTO, channel=channel)
    async with at_door(stage) as (client, renditions):
        asking = [client.get(f"/a/{asset.id}/thumb", headers=BROWSER) for _ in range(200)]
        answers = await asyncio.gather(*asking)
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == renditions.figures.made == 1


async def test_an_original_that_is_replaced_has_another_picture(stage: Stage) -> None:
    asset = await stage.publish(PHOTO)
    async with at_door(stage) as (client, _):
        before = await client.get(f"/a/{asset.id}/thumb")
        stage.path_of(asset).write_bytes(a_picture(1200, 900, "red", "jpeg"))
        after = await client.get(f"/a/{asset.id}/thumb")
        assert (seen(before.content)[2], seen(after.content)[2]) == (TEAL, RED)


async def test_the_cache_is_deleted_while_serving(stage: Stage) -> None:
    asset = await stage.publish(PHOTO)
    async with at_door(stage) as (client, renditions):
        first = await client.get(f"/a/{asset.id}/thumb", headers=BROWSER)
        for _ in range(2):
            shutil.rmtree(stage.folder.with_name("renditions"))
            again = await client.get(f"/a/{asset.id}/thumb", headers=BROWSER)
            assert (again.status_code, again.content) == (200, first.content)
        assert renditions.figures.made == 3


async def test_what_is_kept_is_sent_after_a_restart(stage: Stage) -> None:
    asset = await stage.publish(PHOTO)
    async with at_door(stage) as (client, _):
        first = await client.get(f"/a/{asset.id}/thumb", headers=BROWSER)
    async with at_door(stage) as (client, renditions):
        again = await client.get(f"/a/{asset.id}/thumb", headers=BROWSER)
        assert (again.content, renditions.figures.made) == (first.content, 0)
        assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("body", "limits", "status"),
    [
        (b"", {}, 422),
        (PHOTO[:700], {}, 422),
        (b"\xff\xd8\xff" + b"\0" * 400, {}, 422),
        (b"PK\x03\x04" + b"\0" * 400, {}, 415),
        (b"nothing but words", {}, 415),
        (a_picture(3000, 3000), {"pixels": 1_000_000}, 413),
    ],
    ids=["empty", "cut", "hollow", "zip", "words", "huge"],
)
async def test_bad_input_is_told_clearly_and_tried_once(
    stage: Stage, body: bytes, limits: dict[str, int], status: int
) -> None:
    asset = await stage.publish(body)
    good = await stage.publish(PHOTO, alias="a/good.jpg")
    async with at_door(stage, **limits) as (client, renditions):
        for path in (f"/a/{asset.id}/thumb", f"/a/{asset.id}?width=400", f"/a/{asset.id}/large"):
            assert (await client.get(path)).status_code == status
        assert sum(renditions.figures.failed.values()) == 1
        if not limits:
            assert (await client.get(f"/a/{good.id}/thumb")).status_code == 200


async def test_tiles_of_what_lies_in_a_cloud_cost_one_call_and_no_original(stage: Stage) -> None:
    cloud = Emulated(emulator())
    async with aclosing_provider(cloud) as provider:
        stage.mount("cloud", provider)
        assets = [
            await stage.publish(
                a_picture(1000, 750, f"#00808{n}", "jpeg"), alias=f"a/{n}.jpg", channel="cloud"
            )
            for n in range(6)
        ]
        account = str(cloud.account["account_id"])

        def asked(route: str) -> int:
            return cloud.control.log(route, account=account)["count"]

        async with at_door(stage) as (client, _):
            tiles = [client.get(f"/a/{asset.id}/thumb", headers=BROWSER) for asset in assets]
            for tile in await asyncio.gather(*tiles):
                assert (tile.status_code, seen(tile.content)) == (200, ("WEBP", (320, 240), TEAL))
            assert asked("files/get_thumbnail_batch") < len(assets)
            before = asked("files/download")
            large = await client.get(f"/a/{assets[0].id}/large", headers=BROWSER)
            assert seen(large.content)[1] == (1000, 750)
            assert asked("files/download") == before + 1


@asynccontextmanager
async def aclosing_provider(cloud: Emulated) -> AsyncGenerator[OwnDoor]:
    provider = cloud.provider()
    try:
        yield provider
    finally:
        await provider.close()
