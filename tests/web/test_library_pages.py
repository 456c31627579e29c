"""The library as pages and as what its script asks for."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import Facts
from tests.web.test_studio import csrf_of, send, signed_in, upload, words

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

LIBRARY = "/studio/library"
IN_PANEL = {"HX-Request": "true"}


async def fill(client: httpx2.AsyncClient, count: int, folder: str = "") -> None:
    files = [("file", (f"photo {n:03}.txt", b"%d" % n, "text/plain")) for n in range(count)]
    await upload(client, files, folder=folder, naming="origin")


async def names(client: httpx2.AsyncClient, query: str = "") -> list[str]:
    page = await client.get(f"{LIBRARY}/tiles?sort=name&{query}")
    return [item["name"] for item in page.json()["items"]]


async def ids(client: httpx2.AsyncClient, query: str = "") -> list[str]:
    page = await client.get(f"{LIBRARY}/tiles?sort=name&{query}")
    return [item["id"] for item in page.json()["items"]]


async def batch(client: httpx2.AsyncClient, action: str, chosen: list[str], **more: str) -> Any:
    csrf = await csrf_of(client, LIBRARY)
    fields = {"csrf": csrf, "action": action, "ids": " ".join(chosen), **more}
    return await client.post(f"{LIBRARY}/batch", data=fields)


async def test_the_page_and_its_script_are_told_the_same(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 70)
    page = await client.get(f"{LIBRARY}?sort=name")
    first = json.loads(re.findall(r"data-first='(.+?)'", page.text)[0])
    told = (await client.get(f"{LIBRARY}/tiles?sort=name")).json()
    assert first == told
    linked = re.findall(r'class="tile[^"]*" href="/studio/assets/([\w-]+)"', page.text)
    assert linked == [item["id"] for item in told["items"]]
    following = (await client.get(f"{LIBRARY}/tiles?sort=name&after={told['next']}")).json()
    assert [item["name"] for item in following["items"]][-1] == "photo 069.txt"
    assert following["next"] is None


async def test_everything_is_shown_and_a_folder_shows_its_own(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1, "trips/2026")
    await fill(client, 2)
    assert len(await names(client)) == 3
    assert len(await names(client, "folder=trips/2026")) == 1
    assert await names(client, "folder=trips") == []
    page = await client.get(f"{LIBRARY}?folder=trips")
    assert 'href="/studio/library?folder=trips/2026"' in page.text


async def test_kinds_and_tags_narrow_and_nothing_found_says_so(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 2)
    one = (await ids(client))[0]
    assert await names(client, "kind=picture") == []
    assert len(await names(client, "kind=text")) == 2
    assert "Nothing of that kind" in words(await client.get(f"{LIBRARY}?kind=video"))
    await batch(client, "tag", [one], add="lake")
    assert await ids(client, "tag=lake") == [one]


async def test_a_folder_opens_to_the_folders_in_it(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1, "trips/2026")
    top = (await client.get(f"{LIBRARY}/tree")).text
    assert 'data-path="trips"' in top
    assert "tree-open" in top
    inner = (await client.get(f"{LIBRARY}/tree?folder=trips")).text
    assert 'data-path="trips/2026"' in inner
    assert "tree-open" not in inner, "there is nothing below"


async def test_the_view_is_remembered(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    assert 'class="grid"' in (await client.get(LIBRARY)).text
    await client.get(f"{LIBRARY}?view=list")
    assert 'class="grid list"' in (await client.get(LIBRARY)).text


async def test_many_are_changed_at_once_and_what_stays_is_said(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 3)
    chosen = await ids(client)
    moved = (await batch(client, "move", [*chosen, "gone"], folder="new")).json()
    assert {one["facts"][2] for one in moved["done"]} == {"new"}
    assert [one["id"] for one in moved["refused"]] == ["gone"]
    assert moved["refused"][0]["message"]
    hidden = (await batch(client, "show", chosen, visibility="private")).json()
    assert {one["mark"] for one in hidden["done"]} == {"Private"}
    await batch(client, "delete", chosen)
    assert await names(client) == []
    await batch(client, "restore", chosen)
    assert len(await names(client)) == 3


@pytest.mark.parametrize(
    ("action", "more", "status"),
    [("sing", {}, 400), ("show", {"visibility": "nobody"}, 400), ("move", {"folder": "a\0"}, 400)],
)
async def test_what_cannot_be_done_to_many_is_said_as_a_problem(
    house: House, action: str, more: dict[str, str], status: int
) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    answer = await batch(client, action, await ids(client), **more)
    assert answer.status_code == status
    assert answer.json()["title"]


async def test_a_batch_needs_the_proof_that_our_page_asked(house: House) -> None:
    client = await signed_in(house)
    answer = await client.post(f"{LIBRARY}/batch", data={"action": "delete", "ids": "x"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden.csrf"


async def test_the_panel_is_a_part_of_a_page_and_tells_what_it_did(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    path = f"/studio/assets/{(await ids(client))[0]}"
    part = await client.get(path, headers=IN_PANEL)
    assert "<!doctype" not in part.text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', part.text)[0]
    fields = {"name": "new.txt", "folder": "", "tags": "", "visibility": "public", "csrf": csrf}
    saved = await client.post(path, data=fields, headers=IN_PANEL)
    assert saved.status_code == 200
    assert json.loads(saved.headers["hx-trigger"])["asset-changed"]["name"] == "new.txt"
    gone = await client.post(f"{path}/delete", data={"csrf": csrf}, headers=IN_PANEL)
    assert gone.status_code == 204
    assert "asset-trashed" in gone.headers["hx-trigger"]
    back = await client.post(f"{path}/restore", data={"csrf": csrf}, headers=IN_PANEL)
    assert "asset-restored" in back.headers["hx-trigger"]


async def test_links_stop_after_the_day_that_was_chosen(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    asset_id = (await ids(client))[0]
    path = f"/studio/assets/{asset_id}"
    fields = {"name": "a.txt", "visibility": "public"}
    await send(client, path, path, **fields, expires="2031-05-06")
    kept = await house.fanlight.library.get(house.actor, asset_id)
    assert str(kept.expires_at) == "2031-05-07 00:00:00+00:00"
    assert 'value="2031-05-06"' in (await client.get(path)).text
    await send(client, path, path, **fields, expires="2031-05-06")
    assert (await house.fanlight.library.get(house.actor, asset_id)).expires_at == kept.expires_at
    bad = await send(client, path, path, **fields, expires="soon")
    assert bad.status_code == 400
    await send(client, path, path, **fields, expires="")
    assert (await house.fanlight.library.get(house.actor, asset_id)).expires_at is None


async def test_the_trash_is_emptied_once_that_was_confirmed(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 3)
    assert "Empty the trash" not in words(await client.get(LIBRARY))
    await batch(client, "delete", await ids(client))
    shown = await client.get(f"{LIBRARY}?trash=1")
    assert f'href="{LIBRARY}/trash/empty"' in shown.text
    asked = await client.get(f"{LIBRARY}/trash/empty")
    assert "3 assets go for good" in words(asked)
    assert len(await ids(client, "trash=1")) == 3, "nothing was done yet"
    csrf = await csrf_of(client, f"{LIBRARY}/trash/empty")
    sent = await client.post(f"{LIBRARY}/trash/empty", data={"csrf": csrf})
    assert sent.headers["location"] == "/studio/jobs?said=clearing"
    (job, *_) = (await house.fanlight.jobs.list()).items
    assert job.task == "clear_trash"


async def test_a_thing_is_signed_by_what_it_is_where_its_name_says_another(house: House) -> None:
    client = await signed_in(house)
    bodies = {"a.jpg": b"PK\x03\x04" + bytes(400), "b.jpg": b"words", "c.csv": b"1,2"}
    files = [("file", (name, body, "image/jpeg")) for name, body in bodies.items()]
    await upload(client, files, naming="origin")
    tiles = (await client.get(f"{LIBRARY}/tiles", params={"sort": "name"})).json()["items"]
    assert [tile["sign"] for tile in tiles] == ["ZIP", "TXT", "CSV"]


async def test_an_asset_says_when_it_was_taken_by_the_clock_of_its_camera(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    asset_id = (await ids(client))[0]
    taken = datetime(2026, 6, 14, 22, 52, tzinfo=UTC)
    for offset, said in ((120, "15 June 2026, 00:52 (+02:00)"), (None, "14 June 2026, 22:52")):
        known = Facts(taken_at=taken, taken_offset=offset)

        def keep(records: Any, known: Facts = known) -> None:
            records.facts.keep(asset_id, 1, known)

        await house.fanlight.catalogue.write(keep)
        page = await client.get(f"/studio/assets/{asset_id}")
        assert f"Taken{said}" in re.sub(r"<[^>]+>", "", page.text)
        assert said in (await client.get(f"/studio/assets/{asset_id}", headers=IN_PANEL)).text
        (tile,) = (await client.get(f"{LIBRARY}/tiles")).json()["items"]
        (changed,) = (await batch(client, "show", [asset_id], visibility="public")).json()["done"]
        assert tile["facts"][1] == changed["facts"][1] == said.partition(",")[0]


async def test_an_empty_trash_says_so(house: House) -> None:
    client = await signed_in(house)
    assert "The trash is empty" in words(await client.get(f"{LIBRARY}/trash/empty"))


async def test_the_grid_may_ask_for_many_at_once(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 70)
    assert len(await names(client)) == 60
    assert len(await names(client, "many=1")) == 70
