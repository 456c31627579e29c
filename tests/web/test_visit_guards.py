"""What guards a gallery beside its door: hidden photos, cookies, caches, logs, other sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.gallery_model import Look, Party, Reach, Right
from fanlight.model import SERVER
from fanlight.sharing.keys import Key
from fanlight.web.hiding import told
from tests.web.visit_stage import PASSWORD, VisitStage, staged

if TYPE_CHECKING:
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stage(house: House) -> VisitStage:
    return await staged(house)


async def test_a_hidden_photo_is_not_there_by_any_address(stage: VisitStage) -> None:
    client, photo = stage.client(), stage.ids["two.jpg"]
    address = f"{stage.base}/p/{photo}"
    assert (await client.get(f"{address}/thumb")).status_code == 200
    await stage.house.fanlight.galleries.hide(SERVER, stage.gallery.id, [photo])
    for path in ("", "/thumb", "/large@2x.webp", "/original?download=1", "/web", "/raw"):
        assert (await client.get(address + path)).status_code == 404
    assert (await client.get(f"/a/{photo}/thumb")).status_code == 403


async def test_what_a_client_keeps_from_guests_is_there_for_clients_alone(
    stage: VisitStage,
) -> None:
    client, photo, use = stage.client(), stage.ids["one.jpg"], stage.house.fanlight
    link = await stage.link(party=Party.CLIENT)
    pass_ = await use.sharing.enter(Key(token=link.token))
    await use.galleries.keep_from_guests(pass_, photo)
    assert (await client.get(f"{stage.base}/p/{photo}/thumb")).status_code == 404
    assert (await client.get(f"/s/{link.token}/p/{photo}/thumb")).status_code == 200


async def test_a_password_is_remembered_for_this_gallery_until_it_is_forgotten(
    stage: VisitStage,
) -> None:
    await stage.change(password=PASSWORD)
    client = stage.client()
    await client.get(stage.base)
    answer = await client.post(f"{stage.base}/password", data={"password": PASSWORD})
    (cookie,) = (
        one for one in answer.headers.get_list("set-cookie") if one.startswith("fanlight_password")
    )
    words = {word.strip().lower() for word in cookie.split(";")}
    assert {"httponly", "samesite=lax", f"path={stage.base}"} <= words
    assert (await client.get(stage.base)).status_code == 200
    elsewhere = await client.post(f"{stage.base}/forget", headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    await client.post(f"{stage.base}/forget")
    assert (await client.get(stage.base)).status_code == 401


async def test_without_cookies_the_address_remembers_the_password(stage: VisitStage) -> None:
    await stage.change(password=PASSWORD)
    client = stage.client()
    answer = await client.post(f"{stage.base}/password", data={"password": PASSWORD})
    client.cookies.clear()
    page = await client.get(answer.headers["location"])
    assert page.status_code == 200
    assert f"{answer.headers['location']}/p/{stage.ids['one.jpg']}" in page.text


async def test_pages_and_pictures_are_kept_by_nobody_else(stage: VisitStage) -> None:
    client = stage.client()
    page = await client.get(stage.base)
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers["referrer-policy"] == "same-origin"
    address = f"{stage.base}/p/{stage.ids['one.jpg']}/thumb"
    picture = await client.get(address)
    assert picture.headers["cache-control"].startswith("private, max-age=")
    assert picture.headers["cross-origin-resource-policy"] == "same-origin"
    again = await client.get(address, headers={"if-none-match": picture.headers["etag"]})
    assert again.status_code == 304


async def test_pictures_may_be_found_where_their_gallery_may(stage: VisitStage) -> None:
    client, link = stage.client(), await stage.link()
    photo = f"/p/{stage.ids['one.jpg']}/thumb"
    paths = (stage.base, f"{stage.base}{photo}", f"{stage.base}/cover/small")
    by_link = (f"/s/{link.token}", f"/s/{link.token}{photo}")

    async def marked(path: str) -> bool:
        return (await client.get(path)).headers.get("x-robots-tag") == "noindex"

    assert [await marked(path) for path in (*paths, *by_link)] == [True] * 5
    await stage.rule(reach=Reach.LISTED)
    for _ in range(2):  # decided, and remembered
        assert [await marked(path) for path in paths] == [False] * 3
        assert [await marked(path) for path in by_link] == [True] * 2
    assert await marked(f"{stage.base}/p/{stage.ids['one.jpg']}/original?download=1")
    picture = await client.get(paths[1])
    assert picture.headers["cache-control"].startswith("private, max-age=")


async def test_while_the_storage_is_away_what_is_kept_is_shown_and_the_rest_is_said(
    stage: VisitStage,
) -> None:
    await stage.change(look=Look(language="de"))
    client, photo = stage.client(), f"{stage.base}/p/{stage.ids['one.jpg']}"
    first = await client.get(f"{photo}/thumb")
    stage.house.originals.rename(stage.house.originals.with_name("away"))
    page = await client.get(stage.base)
    assert (page.status_code, photo in page.text) == (200, True)
    assert (await client.get(f"{photo}/thumb")).content == first.content
    download = f"{photo}/original?download=1"
    said = await client.get(download, headers={"accept": "text/html,*/*;q=0.8"})
    assert said.status_code in (502, 503)
    assert "Das ist gerade nicht zu erreichen" in said.text
    assert f'href="{stage.base}"' in said.text, "the photos that are kept are still there"
    line = await client.get(download, headers={"accept": "*/*"})
    assert line.status_code == said.status_code
    assert line.headers["content-type"].startswith("text/plain")


async def test_who_floods_a_photo_with_comments_is_told_how_long_to_wait(
    stage: VisitStage,
) -> None:
    client = stage.client(accept="application/json")
    address = f"{stage.base}/comments/{stage.ids['one.jpg']}"
    answers = [await client.post(address, json={"text": "Lovely"}) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {201, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["code"] == "throttled"
    assert "comments" in refused.json()["title"]


async def test_a_video_is_played_in_pieces_by_who_may_not_save_it(stage: VisitStage) -> None:
    await stage.rule(rights=frozenset({Right.VIEW}))
    client, address = stage.client(), f"{stage.base}/p/{stage.ids['film.mp4']}/original"
    piece = await client.get(address, headers={"range": "bytes=2-5"})
    assert (piece.status_code, len(piece.content)) == (206, 4)
    assert piece.headers["content-disposition"].startswith("inline")
    assert (await client.get(f"{address}?download=1")).status_code == 403


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/s/abcdefghijklmnop/p/x", "/s/***/p/x"),
        ("/g/anna~pAAAA~vBBB/items", "/g/anna~***/items"),
        ("/g/anna/v/secret", "/g/anna/v/***"),
        ("/g/anna/p/x/thumb", "/g/anna/p/x/thumb"),
    ],
)
def test_logs_tell_no_token(address: str, shown: str) -> None:
    assert told(address) == shown


async def test_an_outline_has_the_shapes_of_what_a_visitor_sees(stage: VisitStage) -> None:
    client, use = stage.client(), stage.house.fanlight
    await use.galleries.hide(SERVER, stage.gallery.id, [stage.ids["film.mp4"]])
    for name in ("one.jpg", "two.jpg"):
        assert (await client.get(f"{stage.base}/p/{stage.ids[name]}/thumb")).status_code == 200
    told_ = (await client.get(f"{stage.base}/outline")).json()
    assert told_ == {"pages": [[None, [["", [1500, 667]]]]]}
    found = (await client.get(f"{stage.base}/outline?search=two")).json()
    assert found == {"pages": [[None, [["", [667]]]]]}
    assert (await client.get(f"{stage.base}/outline?only=mine")).json() == {"pages": []}
