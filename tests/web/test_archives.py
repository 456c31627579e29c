"""Many assets as one ZIP: asked for by the library and the API, downloaded by a signed address."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from fanlight.delivery.archives.turns import Turns
from fanlight.model import Scope
from fanlight.words import archive_words
from tests.support.workshop import a_picture, seen
from tests.web.test_library_pages import LIBRARY, fill, ids
from tests.web.test_studio import csrf_of, signed_in

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

REPORT = archive_words("en").report


async def ask(client: httpx2.AsyncClient, chosen: list[str], **more: str) -> Any:
    fields = {"csrf": await csrf_of(client, LIBRARY), "ids": " ".join(chosen), **more}
    return await client.post(f"{LIBRARY}/archive", data=fields)


def unpacked(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


async def test_a_selection_becomes_one_archive_that_anybody_with_its_address_has(
    house: House,
) -> None:
    client = await signed_in(house)
    await fill(client, 3, "trips/Lake Garda")
    told = (await ask(client, await ids(client))).json()
    assert told["ready"]
    assert (told["count"], told["bytes"], told["left_out"]) == (3, 3, [])
    assert told["name"] == "Lake_Garda.zip"
    stranger = house.client()
    answer = await stranger.get(told["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="Lake_Garda.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    found = unpacked(answer.content)
    assert found.pop(REPORT)
    assert found == {f"photo {n:03}.txt": b"%d" % n for n in range(3)}


async def test_a_piece_of_it_is_that_piece_and_conditions_are_kept(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 4)
    url = (await ask(client, await ids(client))).json()["url"]
    whole = await client.get(url)
    etag, size = whole.headers["etag"], len(whole.content)
    head = await client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(size)
    assert head.headers["accept-ranges"] == "bytes"
    part = await client.get(url, headers={"Range": "bytes=70-", "If-Range": etag})
    assert part.status_code == 206
    assert part.content == whole.content[70:]
    assert part.headers["content-range"] == f"bytes 70-{size - 1}/{size}"
    other = await client.get(url, headers={"Range": "bytes=70-", "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, whole.content)
    beyond = await client.get(url, headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{size}"
    same = await client.get(url, headers={"If-None-Match": etag})
    assert (same.status_code, same.content) == (304, b"")
    unmet = await client.get(url, headers={"If-Match": '"other"'})
    assert unmet.status_code == 412
    assert (await client.post(url)).status_code == 405


async def test_a_changed_or_missing_signature_opens_nothing(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    url = (await ask(client, await ids(client))).json()["url"]
    bare, _, _ = url.partition("?")
    assert (await client.get(bare)).status_code == 403
    assert (await client.get(url[:-1] + ("a" if url[-1] != "a" else "b"))).status_code == 403
    later = url.replace("expires=", "expires=9")
    assert (await client.get(later)).status_code == 403
    assert (await client.get(url.replace("/archives/", "/archives/x", 1))).status_code == 403


async def test_the_api_plans_archives_for_whoever_may_read(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 2, "a")
    await fill(client, 1, "b")
    reader = await house.bearer(Scope.READ, folder="a")
    body = {"asset_ids": await ids(client), "name": "für Ön 😀"}
    made = await reader.post("/api/v1/archives", json=body)
    assert made.status_code == 201
    told = made.json()
    assert told["count"] == 2
    assert (await reader.get(f"/api/v1/archives/{told['id']}")).json()["ready"]
    answer = await house.client().get(told["url"])
    assert "für Ön 😀.zip" in unquote(answer.headers["content-disposition"])
    assert len(unpacked(answer.content)) == 3
    only = {"asset_ids": await ids(client, "folder=b")}
    assert (await reader.post("/api/v1/archives", json=only)).status_code == 403
    unknown = await reader.post("/api/v1/archives", json={"asset_ids": ["unknown"]})
    assert unknown.json()["code"] == "not-found.archive-contents"
    assert (await reader.get("/api/v1/archives/unknown")).json()["code"] == "not-found.archive"
    lister = await house.bearer(Scope.LIST)
    assert (await lister.get(f"/api/v1/archives/{told['id']}")).status_code == 403


async def test_a_form_that_is_not_ours_plans_nothing(house: House) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    answer = await ask(client, await ids(client), csrf="wrong")
    assert answer.json()["code"] == "forbidden.csrf"
    large = await ask(client, [f"a{n}" for n in range(5001)])
    assert large.json()["code"] == "invalid.archive"
    odd = await ask(client, await ids(client), size="7")
    assert odd.json()["code"] == "invalid.archive"


async def test_one_too_many_is_told_to_wait_and_how_many_are_before(
    house: House,
) -> None:
    client = await signed_in(house)
    await fill(client, 1)
    told = (await ask(client, await ids(client))).json()
    turns = house.fanlight.archives.turns = Turns(1, patience=0.05)
    async with turns.turn():
        answer = await client.get(told["url"])
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert "under way 1" in answer.text
        state = (await client.get(f"{LIBRARY}/archive/{told['id']}")).json()
        assert (state["sending"], state["waiting"]) == (1, 0)
    assert (await client.get(told["url"])).status_code == 200


async def until_ready(client: httpx2.AsyncClient, told: dict[str, Any]) -> dict[str, Any]:
    while not told["ready"]:
        told = (await client.get(f"/api/v1/archives/{told['id']}")).json()
    return told


async def test_an_archive_of_smaller_pictures_is_prepared_and_then_exact(house: House) -> None:
    await house.fanlight.start(work=False)
    client = await house.bearer()
    for number, (name, body) in enumerate(
        [
            ("photo.jpg", a_picture(1500, 1000, "teal", "jpeg")),
            ("photo.png", a_picture(1500, 900, "red", "png")),
            ("broken.jpg", a_picture(90, 60, "red", "jpeg")[:200]),
            ("notes.txt", b"words"),
        ]
    ):
        query = f"uploadFolder=w{number}&uploadNameType=origin"
        await client.post(f"/upload?{query}", files={"file": (name, body)})
    items = (await client.get("/api/v1/assets?sort=oldest")).json()["items"]
    body = {"asset_ids": [item["id"] for item in items], "size": "1024"}
    first = (await client.post("/api/v1/archives", json=body)).json()
    assert not first["ready"]
    assert first["missing"] == 3
    assert (await house.client().get(first["url"])).status_code == 409
    told = await until_ready(client, first)
    assert (told["count"], told["left_out"]) == (3, ["broken.jpg"])
    answer = await house.client().get(told["url"])
    found = unpacked(answer.content)
    assert "broken.jpg" in found.pop(REPORT).decode()
    assert found.pop("notes.txt") == b"words"
    assert {name: seen(body)[:2] for name, body in found.items()} == {
        "photo.jpg": ("JPEG", (1024, 683)),
        "photo-2.jpg": ("JPEG", (1024, 614)),
    }
    # what was made may be gone from the cache meanwhile: it is made again
    shutil.rmtree(house.fanlight.settings.data / "pictures" / "renditions")
    again = await house.client().get(told["url"], headers={"Range": "bytes=500-"})
    assert again.content == answer.content[500:]
