"""A service rings, and what it rang for is published: with the emulator's own account and app."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import inspect
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from fanlight.model import SERVER, Scope
from tests.web.test_connect import near
from tests.web.test_studio import csrf_of, signed_in, words

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from tests.web.conftest import House

__all__ = ["near"]
pytestmark = pytest.mark.anyio

AT = "/api/webhooks/dropbox"
DOG = "a picture of a dog, as far as anybody knows"


async def connected(
    near: House, dropbox_emulator: EmulatorHandle
) -> tuple[httpx2.AsyncClient, str, dict[str, str]]:
    """A client that may do all, a connected channel's id, and its app."""
    app = dropbox_emulator.control.add_app("Photos")
    grant = dropbox_emulator.control.grant()
    dropbox_emulator.control.put("/fanlight/dogs/rex.txt", DOG)
    client = await near.bearer(Scope.MANAGE)
    options = {"app_key": app["app_key"], "app_secret": app["app_secret"]}
    made = await client.post(
        "/api/v1/channels", json={"provider": "dropbox", "name": "Cloud", "options": options}
    )
    channel = str(made.json()["id"])
    token = {"refresh_token": grant["refresh_token"]}
    await client.post(f"/api/v1/channels/{channel}/connect/token", json=token)
    return client, channel, {**app, "account": grant["account_id"]}


async def ring(house: House, account: str, secret: str) -> int:
    """A call as the service makes it, signed with a secret; the status of the answer."""
    body = json.dumps({"list_folder": {"accounts": [account]}}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Dropbox-Signature": signature}
    return (await house.client().post(AT, content=body, headers=headers)).status_code


async def names(client: httpx2.AsyncClient) -> list[str]:
    return [one["name"] for one in (await client.get("/api/v1/assets")).json()["items"]]


async def until(
    ask: Callable[[], Any], good: Callable[[Any], object] = bool, tries: int = 600
) -> None:
    """Ask until the answer is good, or fail after a good while."""
    for _ in range(tries):
        answer = ask()
        if good(await answer if inspect.isawaitable(answer) else answer):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


async def test_a_challenge_is_given_back_as_plain_text(near: House) -> None:
    answer = await near.client().get(f"{AT}?challenge=abc-123")
    assert (answer.status_code, answer.text) == (200, "abc-123")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "?challenge=", "?challenge=%3Cscript%3E"])
async def test_what_is_no_challenge_is_refused(near: House, query: str) -> None:
    assert (await near.client().get(AT + query)).status_code == 400


async def test_an_unknown_service_has_nobody_to_ring_for(near: House) -> None:
    assert (await near.client().get("/api/webhooks/nobody?challenge=a")).status_code == 404
    assert (await near.client().post("/api/webhooks/nobody", content=b"{}")).status_code == 404


async def test_a_signed_call_has_its_channel_looked_into(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    _, channel, app = await connected(near, dropbox_emulator)

    async def asked() -> list[tuple[str, object]]:
        jobs = (await near.fanlight.jobs.list()).items
        return [(job.task, job.arguments.get("channel_id")) for job in jobs]

    assert await ring(near, app["account"], app["app_secret"]) == 200
    assert ("catch_up", channel) not in await asked(), "its owner has not had it read"
    await near.fanlight.library.index(SERVER, channel)
    assert await ring(near, app["account"], app["app_secret"]) == 200
    assert ("catch_up", channel) in await asked()


async def test_a_forged_call_and_one_for_another_account_change_nothing(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    _, _, app = await connected(near, dropbox_emulator)
    for account, secret in ((app["account"], "guessed"), ("dbid:other", app["app_secret"])):
        assert await ring(near, account, secret) == 403
    tasks = [job.task for job in (await near.fanlight.jobs.list()).items]
    assert "catch_up" not in tasks


async def test_what_is_found_stays_private_until_it_is_published(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    await near.fanlight.library.index(SERVER, channel)
    (found,) = (await client.get("/api/v1/assets")).json()["items"]
    assert found["visibility"] == "private"
    link = str(found["link"]).removeprefix("http://test")
    assert (await near.client().get(link)).status_code == 403
    said = (await client.post(f"/api/v1/assets/{found['id']}/publish")).json()
    assert (said["visibility"], said["link"]) == ("public", found["link"])
    seen = await near.client().get(link)
    assert (seen.status_code, seen.text) == (200, DOG)


async def test_an_object_is_published_by_its_path_before_any_run_came_by(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    at = f"/api/v1/channels/{channel}/publish"
    said = (await client.post(at, json={"path": "dogs/rex.txt"})).json()
    seen = await near.client().get(str(said["link"]).removeprefix("http://test"))
    assert (seen.status_code, seen.text) == (200, DOG)
    assert (await client.post(at, json={"path": "dogs/rex.txt"})).json()["id"] == said["id"]
    missing = await client.post(at, json={"path": "dogs/none.txt"})
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found.object")


async def test_what_changes_at_the_service_is_seen_after_catching_up(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    await near.fanlight.library.index(SERVER, channel)
    (before,) = (await client.get("/api/v1/assets")).json()["items"]
    dropbox_emulator.control.move("/fanlight/dogs/rex.txt", "/fanlight/old/rex-then.txt")
    await near.fanlight.library.catch_up(SERVER, channel)
    (after,) = (await client.get("/api/v1/assets")).json()["items"]
    assert (after["id"], after["link"]) == (before["id"], before["link"])
    assert (after["folder"], after["name"]) == ("old", "rex-then.txt")


async def test_a_picture_and_a_viewer_cost_one_download(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    buffer = io.BytesIO()
    Image.effect_noise((900, 700), 90).save(buffer, "PNG")  # no previews are used for these
    text = base64.b64encode(buffer.getvalue()).decode()
    dropbox_emulator.control.send("files/put", path="/fanlight/noise.png", base64=text)
    at = f"/api/v1/channels/{channel}/publish"
    link = f"/a/{(await client.post(at, json={'path': 'noise.png'})).json()['id']}"
    picture = await near.client().get(f"{link}/small")
    assert (picture.status_code, picture.headers["content-type"][:6]) == (200, "image/")
    assert (await near.client().get(link)).content == buffer.getvalue()
    calls = dropbox_emulator.control.log("files/download")["requests"]
    sent = [one["bytes_out"] for one in calls if one["status"] in (200, 206)]
    assert sent == [len(buffer.getvalue())]


async def test_an_account_that_was_ended_takes_no_uploads_and_still_shows_what_is_kept(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    _, channel, _ = await connected(near, dropbox_emulator)
    client, owner = await near.bearer(Scope.UPLOAD, Scope.LIST), await signed_in(near)
    about = {"channel": channel, "visibility": "public"}

    async def upload(name: str) -> httpx2.Response:
        asked = {"name": name, **about}
        return await client.post("/api/v1/assets", params=asked, content=name.encode())

    link = f"/a/{(await upload('kept.txt')).json()['id']}"
    assert (await near.client().get(link)).content == b"kept.txt"
    for one in dropbox_emulator.control.send("grants")["grants"]:
        dropbox_emulator.control.revoke(one["grant"])
    refused = await upload("late.txt")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "300")
    assert refused.json()["code"] == "reconnect-needed.revoked"
    assert "reconnect the account" in refused.json()["remedy"]
    assert (await near.client().get(link)).content == b"kept.txt"

    async def card() -> str:
        return words(await owner.get(f"/studio/channels/{channel}"))

    await until(card, lambda page: "The service has ended this access" in page)


async def test_a_followed_channel_shows_a_change_by_itself(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    await near.fanlight.library.index(SERVER, channel)
    looked: list[str] = []

    async def progress(done: int, total: int | None, message: str) -> None:
        del done, total
        looked.append(message)

    following = asyncio.create_task(near.fanlight.library.follow(progress, look=0.05))
    try:
        await until(lambda: dropbox_emulator.control.log("files/list_folder/longpoll")["count"])
        dropbox_emulator.control.put("/fanlight/cats/tom.txt", "a cat")
        await until(lambda: names(client), lambda found: "tom.txt" in found)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    assert set(looked) == {"Following 1 channel."}


async def test_what_was_deleted_at_the_service_is_said_on_its_page_and_brought_back(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    await near.fanlight.library.index(SERVER, channel)
    (found,) = (await client.get("/api/v1/assets")).json()["items"]
    page = f"/studio/assets/{found['id']}"
    browser = await signed_in(near)
    assert "Bring it back" not in (await browser.get(page)).text
    dropbox_emulator.control.delete("/fanlight/dogs/rex.txt")
    await near.fanlight.library.index(SERVER, channel)
    shown = (await browser.get(page)).text
    assert "The original was deleted at Cloud" in shown

    dropbox_emulator.control.put("/fanlight/dogs/rex.txt", "another dog")
    refused = await browser.post(f"{page}/bring-back", data={"csrf": await csrf_of(browser, page)})
    assert refused.status_code == 409
    dropbox_emulator.control.delete("/fanlight/dogs/rex.txt")

    back = await browser.post(f"{page}/bring-back", data={"csrf": await csrf_of(browser, page)})
    assert back.status_code == 303
    assert "Bring it back" not in (await browser.get(page)).text
    link = str(found["link"]).removeprefix("http://test")
    assert (await client.get(link)).text == DOG
