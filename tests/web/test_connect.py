"""The owner's pages and the API, where an account is connected by consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.model import Scope
from tests.web.test_studio import csrf_of, send, signed_in, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio


@pytest.fixture
async def near(building: Callable[..., House], dropbox_emulator: EmulatorHandle) -> House:
    """A server that takes the emulator for the service, and an account there."""
    dropbox_emulator.control.add_account("ann@example.org", given_name="Ann", surname="Lee")
    made = building(services=(f"dropbox={dropbox_emulator.addresses.http}",))
    await made.set_up()
    return made


async def test_the_page_has_everything_to_copy(near: House) -> None:
    client = await signed_in(near)
    page = await client.get("/studio/channels/new?provider=dropbox")
    assert "http://test/api/oauth/dropbox/callback" in page.text
    assert "files.content.write" in page.text
    assert "Scroll down and press Submit" in page.text
    reading = await client.get("/studio/channels/new?provider=dropbox&for=reading")
    assert "files.content.write" not in reading.text


async def test_an_answer_that_nobody_asked_for_is_refused(near: House) -> None:
    client = await signed_in(near)
    page = await client.get("/api/oauth/dropbox/callback?code=x&state=y")
    assert page.status_code == 410
    assert "Nothing was changed" in words(page)
    assert (await near.client().get("/api/oauth/dropbox/callback")).status_code == 303


async def test_a_token_is_pasted_and_a_secret_never_shown(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    app = dropbox_emulator.control.add_app("Photos")
    grant = dropbox_emulator.control.grant()
    client = await near.bearer(Scope.MANAGE)
    options = {"app_key": app["app_key"], "app_secret": app["app_secret"]}
    made = await client.post(
        "/api/v1/channels", json={"provider": "dropbox", "name": "Cloud", "options": options}
    )
    assert made.json()["root"] == "fanlight"
    at = f"/api/v1/channels/{made.json()['id']}"
    begun = await client.post(f"{at}/connect")
    assert "code_challenge" in begun.json()["address"]
    token = {"refresh_token": grant["refresh_token"]}
    check = await client.post(f"{at}/connect/token", json=token)
    assert check.json()["account"] == "ann@example.org"
    assert (await client.post(f"{at}/quota")).json()["total"]
    test = (await client.post(f"{at}/test")).json()
    assert test["ok"]
    assert [step["name"] for step in test["steps"]] == ["Upload", "Read by its link", "Remove"]
    owner = await signed_in(near)
    home = f"/studio/channels/{made.json()['id']}"
    page = await owner.get(home)
    assert "Saved and sealed" in page.text
    assert "Missing" not in words(page), "what was left out is as it comes"
    assert app["app_secret"] not in page.text
    tried = await send(owner, home, f"{home}/test")
    assert "The test went through" in words(tried)
    assert (await client.post(f"{at}/disconnect")).status_code == 204
    assert "Not connected" in words(await owner.get(home))


async def test_a_test_that_stops_is_an_answer_with_its_step_and_remedy(near: House) -> None:
    assert near.channel is not None
    client = await near.bearer(Scope.MANAGE)
    near.originals.rmdir()
    answer = await client.post(f"/api/v1/channels/{near.channel.id}/test")
    assert answer.status_code == 200
    assert not answer.json()["ok"]
    (step,) = answer.json()["steps"]
    assert (step["name"], step["ok"]) == ("Upload", False)
    assert step["remedy"]
    assert (await client.post("/api/v1/channels/nowhere/test")).status_code == 404
    stranger = await near.bearer(Scope.LIST)
    refused = await stranger.post(f"/api/v1/channels/{near.channel.id}/test")
    assert refused.status_code == 403


async def test_a_channel_goes_with_its_assets_once_its_name_is_repeated(near: House) -> None:
    assert near.channel is not None
    client, at = await near.bearer(Scope.MANAGE), f"/api/v1/channels/{near.channel.id}"
    (near.originals / "a.txt").write_bytes(b"x")
    await near.fanlight.library.index(near.actor, near.channel.id)
    assert (await client.delete(at)).status_code == 409
    assert (await client.get(f"{at}/weight")).json() == {"lost": 1, "kept": 0, "galleries": 0}
    refused = await client.post(f"{at}/forget", json={"name": "?"})
    assert (refused.status_code, refused.json()["about"]) == (400, "name")
    answer = await client.post(f"{at}/forget", json={"name": "Here"})
    assert (answer.status_code, answer.json()["task"]) == (202, "forget_channel")


async def test_a_page_that_sends_nobody_back_is_explained(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    app = dropbox_emulator.control.add_app("Photos")
    client = await near.bearer(Scope.MANAGE)
    options = {"app_key": app["app_key"], "app_secret": app["app_secret"]}
    made = await client.post(
        "/api/v1/channels", json={"provider": "dropbox", "name": "Cloud", "options": options}
    )
    channel_id = made.json()["id"]
    said = "Photos has reached its user limit. This app is in development"
    owner, home = await signed_in(near), f"/studio/channels/{channel_id}"
    assert "What does the page say?" in words(await owner.get(home))
    answer = await send(owner, home, f"{home}/heard", said=said)
    assert answer.headers["location"] == home
    assert "The app has reached the number of accounts" in words(await owner.get(home))
    told = await client.post(f"/api/v1/channels/{channel_id}/connect/heard", json={"said": said})
    assert [one["code"] for one in told.json()["findings"]] == ["connect.user-limit"]


async def test_who_has_not_come_back_is_asked_what_the_service_showed(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    back = "http://test/api/oauth/dropbox/callback"
    app = dropbox_emulator.control.add_app("Photos", redirect_uris=[back])
    client = await near.bearer(Scope.MANAGE)
    options = {"app_key": app["app_key"], "app_secret": app["app_secret"]}
    made = await client.post(
        "/api/v1/channels", json={"provider": "dropbox", "name": "Cloud", "options": options}
    )
    owner, home = await signed_in(near), f"/studio/channels/{made.json()['id']}"
    away = "have not come back"
    assert away not in words(await owner.get(home))
    left = await send(owner, home, f"{home}/connect")
    assert left.headers["refresh"].startswith("0; url=")
    page = await owner.get(home)
    assert away in words(page)
    assert '<details class="more" open>' in page.text
    await send(owner, home, f"{home}/heard", said="Photos has reached its user limit")
    page = await owner.get(home)
    assert away not in words(page)
    assert "The app has reached the number of accounts" in words(page)
    await send(owner, home, f"{home}/connect")
    token = {"refresh_token": dropbox_emulator.control.grant()["refresh_token"]}
    await client.post(f"/api/v1{home.removeprefix('/studio')}/connect/token", json=token)
    page = await owner.get(home)
    assert away not in words(page), "who is connected need not come back"
    assert "showed an error" not in words(page)


async def test_every_address_that_channels_are_managed_at_is_there_to_copy(near: House) -> None:
    client = await signed_in(near)
    await client.get("/studio/channels", headers={"Host": "photos.example.com"})
    await client.get("/studio/channels")
    page = await client.get("/studio/channels/new?provider=dropbox")
    assert 'value="http://test/api/oauth/dropbox/callback"' in page.text
    assert 'value="http://photos.example.com/api/oauth/dropbox/callback"' in page.text


async def test_a_test_is_told_step_by_step_to_who_asks(near: House) -> None:
    assert near.channel is not None
    client, at = await signed_in(near), "/studio/channels"
    to = f"{at}/{near.channel.id}/test"
    fields = {"csrf": await csrf_of(client, at), "from": "all"}
    answer = await client.post(to, data=fields, headers={"X-Steps": "each"})
    pages = answer.text.split("\f")
    assert [page.count('id="trial-step-') for page in pages] == [0, 1, 2, 3, 3]
    assert ["Testing" in page for page in pages] == [True, True, True, True, False]
    assert "The test went through" in pages[-1]
    assert "Add channel" in pages[-1], "it is the page where the button was"
    whole = await client.post(to, data=fields)
    assert whole.text.count('id="trial-step-') == 3
