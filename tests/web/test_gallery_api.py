"""The API of galleries: what it takes, gives and refuses."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.gallery_model import GalleryRules, Look
from fanlight.model import SERVER, Scope
from tests.web.test_api import problem

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

GALLERIES = "/api/v1/galleries"


def put(house: House, *paths: str) -> None:
    for path in paths:
        place = house.originals / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\xff\xd8\xff\xe0" + path.encode())


async def made(house: House, client: httpx2.AsyncClient, **given: Any) -> dict[str, Any]:
    assert house.channel is not None
    await house.fanlight.library.index(SERVER, house.channel.id)
    source = {"channel_id": house.channel.id, "path": "w"}
    wish = {"title": "Anna & Ben", "sources": [source], **given}
    answer = await client.post(GALLERIES, json=wish)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def names(client: httpx2.AsyncClient, gallery: dict[str, Any]) -> list[str]:
    page = await client.get(f"{GALLERIES}/{gallery['id']}/items")
    assert page.status_code == 200, page.text
    return [one["asset"]["name"] for one in page.json()["items"]]


async def test_a_gallery_is_made_read_listed_and_removed(house: House) -> None:
    put(house, "w/1.jpg", "w/a/2.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client, held_on="2026-05-30", rules={"rights": ["view"]})
    assert (gallery["slug"], gallery["state"]) == ("anna-ben", "draft")
    assert gallery["url"] == "http://test/g/anna-ben"
    assert gallery["rules"]["rights"] == ["view"]
    assert await names(client, gallery) == ["1.jpg", "2.jpg"]
    by_slug = await client.get(f"{GALLERIES}/anna-ben")
    assert by_slug.json()["id"] == gallery["id"]
    listed = (await client.get(GALLERIES)).json()["items"]
    assert listed[0]["count"] == {"photos": 2, "videos": 0, "size": listed[0]["count"]["size"]}
    assert (await client.delete(f"{GALLERIES}/{gallery['id']}")).status_code == 204
    problem(await client.get(f"{GALLERIES}/{gallery['id']}"), 404, "not-found.gallery")


async def test_what_is_given_is_changed_and_the_rest_stays(house: House) -> None:
    put(house, "w/1.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client, text="Hello")
    at = f"{GALLERIES}/{gallery['id']}"
    change = {"state": "published", "password": "a good password", "look": {"theme": "dark"}}
    changed = (await client.patch(at, json=change)).json()
    assert (changed["state"], changed["has_password"], changed["text"]) == (
        "published",
        True,
        "Hello",
    )
    assert changed["look"]["theme"] == "dark"
    assert "password" not in changed
    assert changed["version"] > gallery["version"]
    stale = await client.patch(at, json={"title": "New", "if_version": gallery["version"]})
    problem(stale, 409, "conflict.version")
    cleared = await client.patch(at, json={"password": "", "held_on": None})
    assert not cleared.json()["has_password"]
    problem(await client.patch(at, json={"cover_id": "none"}), 404, "not-found.item")
    problem(await client.patch(at, json={"pin": "12"}), 422, "invalid.request")


async def test_rules_go_and_come_back_whole(house: House) -> None:
    put(house, "w/1.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client)
    at = f"{GALLERIES}/{gallery['id']}"
    assert set(gallery["rules"]) == {one.name for one in fields(GalleryRules)}
    assert set(gallery["look"]) == {one.name for one in fields(Look)}
    rules = gallery["rules"] | {"cover_outside": True, "rights": ["web", "view"], "downloads": 3}
    changed = (await client.patch(at, json={"rules": rules})).json()
    assert changed["rules"] == rules | {"rights": ["view", "web"]}
    again = (await client.patch(at, json={"rules": changed["rules"]})).json()
    assert again["rules"] == changed["rules"]


async def test_what_is_left_out_of_look_and_rules_stays(house: House) -> None:
    client = await house.bearer()
    rules = {"rights": ["view"], "downloads": 3, "proofing": {"stars": True, "most": 30}}
    gallery = await made(house, client, rules=rules, look={"theme": "dark", "layout": "square"})
    some = {"look": {"layout": "rows"}, "rules": {"reach": "links", "proofing": {"most": 12}}}
    changed = (await client.patch(f"{GALLERIES}/{gallery['id']}", json=some)).json()
    assert changed["look"] == gallery["look"] | {"layout": "rows"}
    proofing = gallery["rules"]["proofing"] | {"most": 12}
    assert changed["rules"] == gallery["rules"] | {"reach": "links", "proofing": proofing}


async def test_a_gallery_is_made_with_all_its_folders_or_not_at_all(house: House) -> None:
    put(house, "w/1.jpg")
    client = await house.bearer(Scope.MANAGE)
    assert house.channel is not None
    known, unknown = {"channel_id": house.channel.id, "path": "w"}, {"channel_id": "none"}
    wish = {"title": "Half", "sources": [known, unknown]}
    problem(await client.post(GALLERIES, json=wish), 404, "not-found.channel")
    twice = {"title": "Twice", "sources": [known, known]}
    problem(await client.post(GALLERIES, json=twice), 409, "conflict.source")
    assert (await client.get(GALLERIES)).json()["items"] == []


async def test_its_address_is_drawn_as_a_qr_code(house: House) -> None:
    put(house, "w/1.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client)
    drawn = await client.get(f"{GALLERIES}/{gallery['id']}/qr")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    problem(await client.get(f"{GALLERIES}/none/qr"), 404, "not-found.gallery")


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
async def test_a_time_that_no_calendar_counts_on_from_is_refused(house: House, time: str) -> None:
    put(house, "w/1.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client)
    at = f"{GALLERIES}/{gallery['id']}"
    problem(await client.patch(at, json={"closes_at": time}), 400, "invalid.time")
    assert (await client.get(at)).json()["closes_at"] is None


async def test_folders_sections_and_photos_are_managed(house: House) -> None:
    put(house, "w/a/1.jpg", "w/b/2.jpg", "x/3.jpg")
    client = await house.bearer(Scope.MANAGE)
    assert house.channel is not None
    gallery = await made(house, client)
    at = f"{GALLERIES}/{gallery['id']}"
    a, b = (await client.get(f"{at}/sections")).json()["items"]
    await client.patch(f"{at}/sections/{b['id']}", json={"position": 1, "title": "Best"})
    sections = (await client.get(f"{at}/sections")).json()["items"]
    assert [one["title"] for one in sections] == ["Best", "a"]
    problem(await client.delete(f"{at}/sections/{a['id']}"), 409, "conflict.section")
    own = (await client.post(f"{at}/sections", json={"title": "Own"})).json()
    assert (await client.delete(f"{at}/sections/{own['id']}")).status_code == 204
    source = await client.post(
        f"{at}/sources", json={"channel_id": house.channel.id, "path": "x", "sections": False}
    )
    assert source.status_code == 201
    assert sorted(await names(client, gallery)) == ["1.jpg", "2.jpg", "3.jpg"]
    one = f"{at}/sources/{source.json()['id']}"
    assert (await client.patch(one, json={"sections": True})).json()["sections"] is True
    problem(await client.patch(one, json={}), 422, "invalid.request")
    problem(
        await client.patch(f"{at}/sources/none", json={"sections": True}), 404, "not-found.source"
    )
    assert (await client.delete(one)).status_code == 204
    assert len((await client.get(f"{at}/sources")).json()["items"]) == 1


async def test_photos_are_chosen_hidden_ordered_and_taken_out(house: House) -> None:
    put(house, "w/1.jpg", "w/2.jpg", "x/3.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client)
    at = f"{GALLERIES}/{gallery['id']}/items"
    page = await house.fanlight.library.page(SERVER)
    known = {one.name: one.id for one in page.items}
    assert (await client.post(at, json={"ids": [known["3.jpg"]]})).json() == {"added": 1}
    order = {"ids": [known["3.jpg"]], "before": known["1.jpg"]}
    assert (await client.post(f"{at}/order", json=order)).status_code == 204
    assert await names(client, gallery) == ["3.jpg", "1.jpg", "2.jpg"]
    await client.post(f"{at}/hide", json={"ids": [known["1.jpg"]]})
    hidden = [one["hidden"] for one in (await client.get(at)).json()["items"]]
    assert hidden == [False, True, False]
    assert (await client.post(f"{at}/remove", json={"ids": [known["3.jpg"]]})).status_code == 204
    refused = await client.post(f"{at}/remove", json={"ids": [known["2.jpg"]]})
    problem(refused, 409, "conflict.item")


async def test_a_new_photo_comes_in_when_it_is_synced(house: House) -> None:
    put(house, "w/1.jpg")
    client = await house.bearer(Scope.MANAGE)
    gallery = await made(house, client)
    put(house, "w/2.jpg")
    assert house.channel is not None
    await house.fanlight.library.index(SERVER, house.channel.id)
    synced = await client.post(f"{GALLERIES}/{gallery['id']}/sync")
    assert synced.json() == {"added": 1, "away": 0, "back": 0}
    filled = await client.post(f"{GALLERIES}/{gallery['id']}/fill")
    assert (filled.status_code, filled.json()["task"]) == (202, "fill_gallery")
    copy = await client.post(f"{GALLERIES}/{gallery['id']}/duplicate")
    assert await names(client, copy.json()) == ["1.jpg", "2.jpg"]


async def test_folders_of_a_channel_are_walked(house: House) -> None:
    put(house, "w/1.jpg", "w/a/2.jpg")
    client = await house.bearer(Scope.MANAGE)
    assert house.channel is not None
    at = f"/api/v1/channels/{house.channel.id}/folders"
    view = (await client.get(at, params={"path": "w"})).json()
    assert (view["here"]["count"]["photos"], view["folders"][0]["name"]) == (1, "a")
    problem(await client.get(at, params={"path": "no"}), 404, "not-found.folder")


async def test_galleries_need_the_right_to_manage_everywhere(house: House) -> None:
    assert house.channel is not None
    for bounds in ({"channel_id": house.channel.id}, {"folder": "w"}):
        client = await house.bearer(Scope.MANAGE, **bounds)
        problem(await client.get(GALLERIES), 403, "forbidden.manage")
    reader = await house.bearer(Scope.READ)
    problem(await reader.get(GALLERIES), 403, "forbidden.manage")
