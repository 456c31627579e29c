"""The API of lists, picks and comments: what it takes, gives and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.gallery_model import Flag
from fanlight.model import Scope
from tests.web.picks_stage import Round, a_round
from tests.web.test_api import problem

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

GALLERIES, LISTS = "/api/v1/galleries", "/api/v1/lists"


@pytest.fixture
async def begun(house: House) -> Round:
    return await a_round(house)


@pytest.fixture
async def client(begun: Round) -> httpx2.AsyncClient:
    return await begun.house.bearer(Scope.MANAGE)


async def items(client: httpx2.AsyncClient, path: str, **query: Any) -> list[dict[str, Any]]:
    """All of a list, read page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        given = query | ({"after": after} if after else {})
        answer = await client.get(path, params=given)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        after = answer.json()["next"]
        if after is None:
            return found


async def test_lists_are_shown_with_who_made_them_and_what_is_in_them(
    begun: Round, client: httpx2.AsyncClient
) -> None:
    anna = await begun.enter(1, "Anna")
    await begun.pick(anna, "c.jpg", "a.jpg", stars=4, flag=Flag.RED, note="closer")
    await begun.pick(anna, "b.jpg", heart=False)
    (listed,) = await items(client, f"{GALLERIES}/{begun.gallery.id}/lists")
    assert (listed["viewer"]["name"], listed["state"], listed["name"]) == (
        "Anna",
        "open",
        "My picks",
    )
    assert (listed["hearts"], listed["marked"]) == (2, 2)
    assert (await client.get(f"{LISTS}/{listed['id']}")).json()["viewer"]["id"] == "v-1"
    picks = await items(client, f"{LISTS}/{listed['id']}/picks", limit=1)
    assert [one["asset"]["name"] for one in picks] == ["a.jpg", "c.jpg"]
    first = picks[0]
    assert (first["heart"], first["stars"], first["flag"], first["note"]) == (
        True,
        4,
        "red",
        "closer",
    )


async def test_lists_are_compared(begun: Round, client: httpx2.AsyncClient) -> None:
    anna, ben = await begun.enter(1, "Anna"), await begun.enter(2, "Ben")
    first = await begun.pick(anna, "a.jpg", "b.jpg")
    second = await begun.pick(ben, "b.jpg", "c.jpg")
    at = f"{GALLERIES}/{begun.gallery.id}/picks"
    wanted = await items(client, at, limit=2)
    assert [(one["asset"]["name"], one["hearts"]) for one in wanted] == [
        ("b.jpg", 2),
        ("a.jpg", 1),
        ("c.jpg", 1),
    ]
    assert {one["list_id"] for one in wanted[0]["picks"]} == {first.id, second.id}
    both = await items(client, at, list=[first.id, second.id], common=True)
    assert [one["asset"]["name"] for one in both] == ["b.jpg"]
    one = await items(client, at, list=second.id)
    assert [it["asset"]["name"] for it in one] == ["b.jpg", "c.jpg"]


async def test_a_list_that_was_sent_is_opened_again(
    begun: Round, client: httpx2.AsyncClient
) -> None:
    anna = await begun.enter(1, "Anna")
    selection = await begun.submit(anna, await begun.pick(anna, "a.jpg"), "With love")
    at = f"{LISTS}/{selection.id}"
    sent = (await client.get(at)).json()
    assert (sent["state"], sent["message"]) == ("submitted", "With love")
    opened = (await client.post(f"{at}/reopen")).json()
    assert (opened["state"], opened["submitted_at"]) == ("open", None)
    assert opened["version"] > sent["version"]


@pytest.mark.parametrize(
    ("form", "media_type", "begins", "name"),
    [
        ("lightroom", "text/plain", b"a, c", "Lightroom.txt"),
        ("capture-one", "text/plain", b"a c", "Capture%20One.txt"),
        ("txt", "text/plain", b"a.jpg\nc.jpg", "picks.txt"),
        ("csv", "text/csv", b"\xef\xbb\xbfname,", "picks.csv"),
        ("json", "application/json", b"{", "picks.json"),
        ("xmp", "application/zip", b"PK", "XMP.zip"),
        ("pdf", "application/pdf", b"%PDF-", "picks.pdf"),
    ],
)
async def test_a_list_is_taken_away_in_each_form(
    begun: Round,
    client: httpx2.AsyncClient,
    form: str,
    media_type: str,
    begins: bytes,
    name: str,
) -> None:
    selection = await begun.pick(await begun.enter(1, "Anna"), "a.jpg", "c.jpg")
    answer = await client.get(f"{LISTS}/{selection.id}/as/{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].endswith(name)
    assert answer.headers["cache-control"] == "no-store"
    if form == "json":
        assert [one["name"] for one in json.loads(answer.content)["photos"]] == ["a.jpg", "c.jpg"]


async def test_originals_are_packed_and_copies_asked_for(
    begun: Round, client: httpx2.AsyncClient
) -> None:
    anna = await begun.enter(1, "Anna")
    at = f"{LISTS}/{(await begun.pick(anna, 'a.jpg')).id}"
    plan = await client.post(f"{at}/archive")
    assert (plan.status_code, plan.json()["name"]) == (201, "Wedding - My picks.zip")
    assert (await client.get(plan.json()["url"])).content.startswith(b"PK")
    job = await client.post(f"{at}/bring-back", json={"how": "list"})
    assert (job.status_code, job.json()["task"]) == (202, "bring_back")
    problem(await client.post(f"{at}/bring-back", json={"how": "fax"}), 422, "invalid.request")
    channel = begun.house.channel
    assert channel is not None
    await begun.house.fanlight.channels.update(begun.house.actor, channel.id, uploads=False)
    problem(await client.post(f"{at}/bring-back", json={}), 409, "read-only")


async def test_lists_that_are_empty_or_not_there(begun: Round, client: httpx2.AsyncClient) -> None:
    selection = await begun.pick(await begun.enter(1, "Anna"), "a.jpg", heart=False, note="no")
    at = f"{LISTS}/{selection.id}"
    problem(await client.post(f"{at}/archive"), 404, "not-found.archive-contents")
    problem(await client.post(f"{at}/bring-back", json={}), 404, "not-found.picks")
    problem(await client.get(f"{at}/as/fax"), 422, "invalid.request")
    problem(await client.get(f"{at}/picks", params={"after": "x"}), 400, "bad-cursor")
    for path in ("", "/picks", "/as/txt"):
        problem(await client.get(f"{LISTS}/none{path}"), 404, "not-found.selection")
    problem(await client.post(f"{LISTS}/none/reopen"), 404, "not-found.selection")
    problem(await client.get(f"{GALLERIES}/none/picks"), 404, "not-found.gallery")


# --- comments ------------------------------------------------------------------------------------


async def test_the_owner_reads_answers_and_removes_comments(
    begun: Round, client: httpx2.AsyncClient
) -> None:
    photo, at = begun.photos["a.jpg"], f"{GALLERIES}/{begun.gallery.id}/comments"
    anna = await begun.enter(1, "Anna")
    asked = await begun.house.fanlight.proofing.comment(
        anna, photo, "Brighter? <b>", address="192.0.2.1"
    )
    answer = {"asset_id": photo, "text": "Yes", "parent_id": asked.id}
    said = await client.post(at, json=answer)
    assert said.status_code == 201
    assert (said.json()["viewer_id"], said.json()["parent_id"]) == (None, asked.id)
    comments = await items(client, at, limit=1)
    assert [(one["author"], one["text"]) for one in comments] == [
        ("Anna", "Brighter? <b>"),
        (said.json()["author"], "Yes"),
    ]
    assert (await client.delete(f"/api/v1/comments/{asked.id}")).status_code == 204
    assert await items(client, at) == [], "the answers went with it"
    problem(await client.delete(f"/api/v1/comments/{asked.id}"), 404, "not-found.comment")


async def test_a_comment_that_cannot_be_made_is_refused(
    begun: Round, client: httpx2.AsyncClient
) -> None:
    photo, at = begun.photos["a.jpg"], f"{GALLERIES}/{begun.gallery.id}/comments"
    for wish, status, code in (
        ({"asset_id": photo}, 422, "invalid.request"),
        ({"asset_id": photo, "text": "  "}, 400, "invalid.comment"),
        ({"asset_id": photo, "text": "x" * 4001}, 422, "invalid.request"),
        ({"asset_id": "none", "text": "Hi"}, 404, "not-found.item"),
        ({"asset_id": photo, "text": "Hi", "parent_id": "none"}, 404, "not-found.comment"),
    ):
        problem(await client.post(at, json=wish), status, code)
    assert await items(client, at) == []
