"""A gallery in a frame on another site: who may frame it, and how its password is told there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.visit_stage import PASSWORD, VisitStage, staged

if TYPE_CHECKING:
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

BLOG = "https://blog.example"


@pytest.fixture
async def stage(house: House) -> VisitStage:
    made = await staged(house)
    await made.rule(embedding=(BLOG,))
    return made


async def test_the_sites_that_are_named_may_frame_it_and_no_others(stage: VisitStage) -> None:
    client = stage.client()
    framed = await client.get(f"{stage.base}/embed")
    assert f"frame-ancestors 'self' {BLOG}" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    await stage.rule(embedding=())
    closed = await client.get(f"{stage.base}/embed")
    assert "frame-ancestors 'none'" in closed.headers["content-security-policy"]


async def test_in_a_frame_the_password_leads_on_by_the_address(stage: VisitStage) -> None:
    await stage.change(password=PASSWORD)
    client = stage.client(**{"sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin"})
    question = await client.get(f"{stage.base}/embed")
    assert question.status_code == 401
    assert BLOG in question.headers["content-security-policy"]
    assert "x-frame-options" not in question.headers
    answer = await client.post(f"{stage.base}/password", data={"password": PASSWORD})
    base = answer.headers["location"]
    assert base.startswith(f"{stage.base}~p")
    assert f'data-door="{stage.base}"' in question.text, "there the frame remembers it"
    client.cookies.clear()
    inside = await client.get(f"{base}/embed")
    assert inside.status_code == 200
    assert f"{base}/p/{stage.ids['one.jpg']}" in inside.text


async def test_in_a_frame_what_is_picked_leads_on_by_the_address(stage: VisitStage) -> None:
    """What a script in a frame asks for does not say where from, so the script says it itself."""
    client, photo = stage.client(accept="application/json"), stage.ids["one.jpg"]
    put = f"{stage.base}/picks/-/{photo}"
    framed = await client.put(put, json={"heart": True}, headers={"fanlight-framed": "1"})
    base = framed.json()["base"]
    assert base.startswith(f"{stage.base}~v")
    assert not framed.headers.get_list("set-cookie")
    kept = (await stage.client(accept="application/json").get(f"{base}/picks")).json()
    assert [pick["asset"] for pick in kept["lists"][0]["picks"]] == [photo]


async def test_only_frames_remember_and_only_where_the_gallery_keeps_anything(
    stage: VisitStage,
) -> None:
    frame = {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}
    marked = f'data-door="{stage.base}"'
    assert marked not in (await stage.client().get(stage.base)).text
    assert marked in (await stage.client(**frame).get(stage.base)).text
    await stage.rule(cookie=False)
    assert marked not in (await stage.client(**frame).get(stage.base)).text
