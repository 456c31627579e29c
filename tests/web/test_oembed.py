"""oEmbed and frames: what other sites are told of a gallery, and what they may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from fanlight.gallery_model import GalleryState, Reach
from tests.support.workshop import seen
from tests.web.test_studio import signed_in, words
from tests.web.visit_stage import PASSWORD, VisitStage, staged

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stage(house: House) -> VisitStage:
    stage = await staged(house)
    await stage.rule(embedding=("https://blog.example",))
    await house.fanlight.pictures.prepare()  # sizes are known soon after a photo is
    return stage


async def ask(stage: VisitStage, url: str | None = None, **asked: Any) -> httpx2.Response:
    address = f"http://test{stage.base}" if url is None else url
    return await stage.client().get("/oembed", params={"url": address, **asked})


async def test_a_page_names_the_address_and_that_tells_of_the_page(stage: VisitStage) -> None:
    page = await stage.client().get(stage.base)
    (link,) = [line for line in page.text.splitlines() if "application/json+oembed" in line]
    discovery = urlsplit(link.split('href="')[1].split('"')[0].replace("&amp;", "&"))
    assert discovery.path == "/oembed"
    told = (await ask(stage, parse_qs(discovery.query)["url"][0])).json()
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", "Anna & Ben")
    frame = ET.fromstring(told["html"].replace(" allowfullscreen", ""))
    assert frame.tag == "iframe"
    assert frame.get("src") == f"http://test{stage.base}/embed"
    assert frame.get("title") == "Anna & Ben"
    assert "script" not in told["html"]
    shown = await stage.client().get(f"{stage.base}/embed")
    assert "frame-ancestors 'self' https://blog.example" in shown.headers["content-security-policy"]
    thumb = await stage.client().get(told["thumbnail_url"].removeprefix("http://test"))
    assert thumb.headers["content-type"].startswith("image/")


async def test_sizes_are_held_to_what_is_asked_for(stage: VisitStage) -> None:
    told = (await ask(stage, maxwidth="400", maxheight="9999")).json()
    assert (told["width"], told["height"]) == (400, 520)
    assert 'width="400"' in told["html"]
    tiny = (await ask(stage, maxwidth="90", maxheight="70")).json()
    assert (tiny["width"], tiny["height"]) == (90, 70)
    assert "thumbnail_url" not in tiny, "there is no picture that small"
    for wrong in ("wide", "0", "-1", "²", "9" * 7):
        assert (await ask(stage, maxwidth=wrong)).status_code == 400
    assert (await ask(stage, format="xml")).status_code == 501


async def test_the_picture_is_told_in_its_true_size(stage: VisitStage) -> None:
    told = (await ask(stage)).json()
    answer = await stage.client().get(told["thumbnail_url"].removeprefix("http://test"))
    assert seen(answer.content)[1] == (told["thumbnail_width"], told["thumbnail_height"])


async def test_other_sites_scripts_may_read_it(stage: VisitStage) -> None:
    assert (await ask(stage)).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "url", ["", "http://evil.example/g/anna-ben", "http://test/studio", "http://test/g/none", "%00"]
)
async def test_what_is_not_ours_is_not_there(stage: VisitStage, url: str) -> None:
    assert (await ask(stage, url)).status_code == 404


async def test_what_is_not_for_all_is_not_told(stage: VisitStage) -> None:
    await stage.change(password=PASSWORD)
    assert (await ask(stage)).status_code == 401
    await stage.change(password="")
    await stage.rule(reach=Reach.LINKS)
    assert (await ask(stage)).status_code == 404
    await stage.rule(reach=Reach.UNLISTED, embedding=())
    assert (await ask(stage)).status_code == 404
    assert "oembed" not in (await stage.client().get(stage.base)).text
    await stage.rule(embedding=("*",))
    await stage.change(state=GalleryState.DRAFT)
    assert (await ask(stage)).status_code == 404


async def test_the_owner_finds_frame_element_and_code_ready(stage: VisitStage) -> None:
    owner = await signed_in(stage.house)
    at = f"/studio/galleries/{stage.gallery.id}"
    page = await owner.get(f"{at}/links")
    assert "fanlight-gallery" in page.text
    code = await owner.get(f"{at}/qr.svg")
    assert code.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(code.text).tag.endswith("svg")
    await stage.rule(embedding=())
    assert "No site may show this gallery" in words(await owner.get(f"{at}/links"))


async def test_the_element_is_a_script_that_other_sites_can_load(stage: VisitStage) -> None:
    answer = await stage.client().get("/embed.js", follow_redirects=True)
    assert answer.status_code == 200
    assert "fanlight-gallery" in answer.text
    assert not answer.text.lstrip().startswith("import")
    assert "cross-origin-resource-policy" not in answer.headers
