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
    client.cookies.clear()
    inside = await client.get(f"{base}/embed")
    assert inside.status_code == 200
    assert f"{base}/p/{stage.ids['one.jpg']}" in inside.text
