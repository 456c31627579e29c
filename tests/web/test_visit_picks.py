"""Picks and comments over HTTP, as the gallery's script and a second device send them."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.gallery_model import Party, Proofing, Right
from fanlight.model import SERVER
from fanlight.web.qr import qr_code
from tests.web.visit_stage import VisitStage, staged

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

JSON = {"accept": "application/json"}
HEART = {"heart": True}


@pytest.fixture
async def stage(house: House) -> VisitStage:
    return await staged(house)


async def pick(
    client: httpx2.AsyncClient, stage: VisitStage, name: str, list_id: str = "-", **mark: Any
) -> httpx2.Response:
    """Say something about a photo."""
    at = f"{stage.base}/picks/{list_id}/{stage.ids[name]}"
    return await client.put(at, json=mark or HEART, headers=JSON)


async def lists(client: httpx2.AsyncClient, stage: VisitStage) -> list[dict[str, Any]]:
    answer = await client.get(f"{stage.base}/picks", headers=JSON)
    return answer.json()["lists"]


async def test_looking_keeps_nothing_and_a_heart_makes_a_viewer(stage: VisitStage) -> None:
    client = stage.client()
    page = await client.get(stage.base)
    assert "set-cookie" not in page.headers
    assert (await client.get(f"{stage.base}/picks")).json() == {"viewer": None, "lists": []}
    answer = await pick(client, stage, "one.jpg")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie.replace("Lax", "lax")
    assert f"Path={stage.base}" in cookie
    (mine,) = await lists(client, stage)
    assert [one["asset"] for one in mine["picks"]] == [stage.ids["one.jpg"]]


async def test_another_device_goes_on_by_the_personal_link(stage: VisitStage) -> None:
    first, second = stage.client(), stage.client()
    told = (await pick(first, stage, "one.jpg")).json()
    assert await lists(second, stage) == []
    link = told["viewer"]["link"].removeprefix("http://test")
    assert (await second.get(link)).status_code == 303
    (theirs,) = await lists(second, stage)
    assert theirs["id"] == told["list"]["id"]
    await pick(second, stage, "two.jpg", theirs["id"])
    again = (await pick(first, stage, "film.mp4", theirs["id"])).json()
    assert again["list"]["version"] == told["list"]["version"] + 2, "the first device notices"
    (both,) = await lists(first, stage)
    assert len(both["picks"]) == 3


async def test_a_camera_goes_on_by_the_code_of_the_personal_link(stage: VisitStage) -> None:
    client = stage.client()
    await pick(client, stage, "one.jpg")
    link = (await client.get(f"{stage.base}/picks", headers=JSON)).json()["viewer"]["link"]
    code = b64encode(qr_code(link)).decode()
    assert f"data:image/svg+xml;base64,{code}" in (await client.get(f"{stage.base}/me")).text
    assert "data:image/svg+xml" not in (await stage.client().get(f"{stage.base}/me")).text


async def test_others_do_not_see_or_touch_a_list(stage: VisitStage) -> None:
    mine, other = stage.client(), stage.client()
    list_id = (await pick(mine, stage, "one.jpg")).json()["list"]["id"]
    assert (await pick(other, stage, "one.jpg", list_id)).status_code == 404
    await pick(other, stage, "two.jpg")
    for method, path, body in (
        ("PUT", f"lists/{list_id}", {"name": "x"}),
        ("DELETE", f"lists/{list_id}", None),
        ("POST", f"lists/{list_id}/submit", {"version": 2, "name": "Eve"}),
    ):
        answer = await other.request(method, f"{stage.base}/{path}", json=body, headers=JSON)
        assert answer.status_code == 404
    (kept,) = await lists(mine, stage)
    assert kept["name"] == "My picks"


async def test_a_list_is_sent_twice_with_one_result_and_then_locked(stage: VisitStage) -> None:
    client = stage.client()
    told = (await pick(client, stage, "one.jpg")).json()["list"]
    at = f"{stage.base}/lists/{told['id']}/submit"
    early = await client.post(at, json={"version": told["version"] - 1, "name": "A"}, headers=JSON)
    assert (early.status_code, early.json()["code"]) == (409, "conflict.version")
    sent = {"version": told["version"], "name": "Anna", "email": "a@example.com"}
    first = await client.post(at, json=sent, headers=JSON)
    second = await client.post(at, json=sent, headers=JSON)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    locked = await pick(client, stage, "two.jpg", told["id"])
    assert (locked.status_code, locked.json()["code"]) == (409, "conflict.submitted")
    who = (await client.get(f"{stage.base}/picks")).json()["viewer"]
    assert (who["name"], who["email"]) == ("Anna", "a@example.com")
    await stage.house.fanlight.proofing.reopen(SERVER, told["id"])
    assert (await pick(client, stage, "two.jpg", told["id"])).status_code == 200


async def test_one_too_many_is_told_kindly(stage: VisitStage) -> None:
    await stage.rule(proofing=Proofing(most=1))
    client = stage.client()
    await pick(client, stage, "one.jpg")
    refused = await pick(client, stage, "two.jpg")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict.limit")


async def test_lists_are_made_renamed_and_removed(stage: VisitStage) -> None:
    client = stage.client()
    made = await client.post(f"{stage.base}/lists", json={"name": "Book"}, headers=JSON)
    assert made.status_code == 201
    at = f"{stage.base}/lists/{made.json()['id']}"
    renamed = await client.put(at, json={"name": "Album"}, headers=JSON)
    assert renamed.json()["name"] == "Album"
    assert (await client.delete(at, headers=JSON)).status_code == 204
    assert await lists(client, stage) == []


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"heart": 1}', b'{"stars": "5"}', b'{"stars": 6}', b'{"flag": "pink"}'],
)
async def test_what_is_no_pick_is_refused_and_makes_nobody_known(
    stage: VisitStage, body: bytes
) -> None:
    client = stage.client()
    at = f"{stage.base}/picks/-/{stage.ids['one.jpg']}"
    await stage.rule(proofing=Proofing(stars=True, flags=True))
    answer = await client.put(at, content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["code"].startswith("invalid.")
    assert await lists(client, stage) == []


async def test_comments_are_text_and_taken_back_by_who_said_them(stage: VisitStage) -> None:
    anna, ben = stage.client(), stage.client()
    at = f"{stage.base}/comments/{stage.ids['one.jpg']}"
    said = await anna.post(at, json={"text": "<b>Brighter?</b>"}, headers=JSON)
    assert said.status_code == 201
    answer = {"text": "Yes", "parent": said.json()["id"]}
    assert (await ben.post(at, json=answer, headers=JSON)).status_code == 201
    seen = (await ben.get(at, headers=JSON)).json()["comments"]
    assert [(one["text"], one["mine"]) for one in seen] == [
        ("<b>Brighter?</b>", False),
        ("Yes", True),
    ]
    one = f"{at}/{said.json()['id']}"
    assert (await ben.delete(one, headers=JSON)).status_code == 403
    assert (await anna.delete(one, headers=JSON)).status_code == 204
    assert (await ben.get(at, headers=JSON)).json()["comments"] == []


async def test_a_client_hides_a_photo_from_guests(stage: VisitStage) -> None:
    client_link = await stage.link(party=Party.CLIENT)
    guest_link = await stage.link(rights=frozenset({Right.VIEW}))
    browser = stage.client()
    photo = stage.ids["one.jpg"]
    kept = await browser.post(
        f"/s/{client_link.token}/p/{photo}/keep", json={"kept": True}, headers=JSON
    )
    assert kept.json() == {"kept": True}
    assert (await browser.get(f"/s/{guest_link.token}/p/{photo}/thumb")).status_code == 404
    assert (await browser.get(f"/s/{client_link.token}/p/{photo}/thumb")).status_code == 200
    refused = await browser.post(
        f"/s/{guest_link.token}/p/{photo}/keep", json={"kept": False}, headers=JSON
    )
    assert refused.status_code == 403


async def test_other_sites_cannot_pick_for_somebody(stage: VisitStage) -> None:
    client = stage.client()
    at = f"{stage.base}/picks/-/{stage.ids['one.jpg']}"
    headers = JSON | {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = await client.put(at, json=HEART, headers=headers)
    assert answer.status_code == 403
    assert await lists(client, stage) == []
