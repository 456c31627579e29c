"""Connecting an account: away to a service that means it, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.channels.health import Tone
from fanlight.channels.redirects import MOST, likely
from fanlight.errors import ConnectFailed, Expired, Forbidden, NotSupported
from fanlight.model import SERVER, Actor, Scope
from tests.channels.stage import ALL, BACK, BROWSER, EMAIL, Stage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_who_comes_back_is_connected_and_shown(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    assert channel.root == "fanlight"
    state = await stage.state(channel)
    assert (state.connects, state.connected) == (True, False)
    back = await stage.connect(channel)
    assert back.finding is None
    state = await stage.state(channel)
    assert state.connected
    assert state.account is not None
    assert (state.account.name, state.account.email) == ("Ann Lee", EMAIL)
    assert state.account.access == "Full Dropbox"
    assert {one.right.scope for one in state.rights if one.granted} == set(ALL)
    assert state.quota is not None
    assert state.quota.total
    assert state.connected_at is not None
    assert [one.code for one in state.channel.findings] == ["root.missing"]
    assert state.health.word == "Healthy"


async def test_what_is_granted_is_not_more_than_is_needed(stage: Stage) -> None:
    stage.add_app(access="app_folder")
    channel = await stage.add(uploads=False)
    assert channel.root == ""
    await stage.connect(channel)
    state = await stage.state(channel)
    assert {one.right.scope for one in state.rights} == {
        "files.metadata.read",
        "files.content.read",
    }
    assert state.account is not None
    assert state.account.access == "App folder"
    (grant,) = stage.control.send("grants")["grants"]
    assert "files.content.write" not in grant["scopes"]


async def test_nothing_secret_is_shown_or_kept_open(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel)
    state = await stage.state(channel)
    said = repr(state) + repr(await stage.channels.options(SERVER, channel.id))
    assert stage.app["app_secret"] not in said
    connection = (await stage.channels.stores.look_up(channel.id))[1]
    assert connection.tokens["refresh"] not in said + repr(connection)


async def test_a_connected_channel_can_be_used(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel)
    _, store = await stage.channels.for_upload(SERVER, channel.id)

    async def body():
        yield b"a photo"

    stored = await store.put("trips/a.jpg", body(), ticket="t1")
    assert stored.size == 7
    assert any(one["path"] == "/fanlight/trips/a.jpg" for one in stage.control.tree())
    assert not await stage.diagnosed(channel)


async def test_an_attempt_works_once(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    departure = await stage.channels.connecting.begin(
        SERVER, channel.id, bound=BROWSER, redirect_uri=BACK
    )
    back = await stage.consent(departure.address)
    finish = stage.channels.connecting.finish
    await finish(SERVER, state=back["state"], bound=BROWSER, code=back["code"])
    with pytest.raises(Expired):
        await finish(SERVER, state=back["state"], bound=BROWSER, code=back["code"])
    with pytest.raises(Expired):
        await finish(SERVER, state="made up", bound=BROWSER, code=back["code"])
    assert (await stage.state(channel)).connected


async def test_a_code_can_be_copied_where_nobody_can_be_sent_back(stage: Stage) -> None:
    stage.add_app(redirect_uris=[])
    channel = await stage.add()
    departure = await stage.channels.connecting.begin(SERVER, channel.id, bound=BROWSER)
    assert "redirect_uri" not in departure.address
    back = await stage.channels.connecting.finish(
        SERVER,
        state=departure.state,
        bound=BROWSER,
        code=await shown_code(stage, departure.address),
    )
    assert back.finding is None
    assert (await stage.state(channel)).connected


async def shown_code(stage: Stage, address: str) -> str:
    """The code that the service shows instead of sending anybody anywhere."""
    import re

    form = {"email": EMAIL, "password": "password", "cont": ""}
    async with stage.http.post(f"{stage.base}/login", data=form):
        pass
    async with stage.http.get(address) as shown:
        proof = re.search(r'name="csrf" value="([^"]*)"', await shown.text())
    assert proof
    data = {"csrf": proof[1], "decision": "allow"}
    async with stage.http.post(address, data=data) as answer:
        found = re.search(
            r'value="([\w-]{20,})" readonly|<code[^>]*>([\w-]{20,})<', await answer.text()
        )
    assert found
    return found[1] or found[2]


async def test_a_refresh_token_from_elsewhere_can_be_pasted(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    token = stage.control.grant()["refresh_token"]
    back = await stage.channels.connecting.paste(SERVER, channel.id, f" {token}\n")
    assert back.finding is None
    state = await stage.state(channel)
    assert state.connected
    assert state.account is not None
    assert all(one.granted is None for one in state.rights), "it does not say what was granted"


async def test_disconnecting_ends_the_access_at_the_service_too(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel)
    assert await stage.channels.connecting.disconnect(SERVER, channel.id)
    assert all(grant["revoked"] for grant in stage.control.send("grants")["grants"])
    state = await stage.state(channel)
    assert (state.connected, state.account, state.quota) == (False, None, None)
    assert state.health.tone is Tone.WAITING
    await stage.connect(channel)
    assert (await stage.state(channel)).connected


async def test_disconnecting_works_when_the_service_does_not(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel)
    stage.control.fault("server_error", "*revoke", status=503, times=9)
    assert not await stage.channels.connecting.disconnect(SERVER, channel.id)
    assert not (await stage.state(channel)).connected


async def test_reconnecting_asks_for_consent_again(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    first = await stage.channels.connecting.begin(SERVER, channel.id, bound=BROWSER)
    assert "force_reapprove" not in first.address
    await stage.connect(channel)
    again = await stage.channels.connecting.begin(SERVER, channel.id, bound=BROWSER)
    assert "force_reapprove=true" in again.address


async def test_reconnecting_never_changes_the_account(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel)
    stage.control.add_account("bea@example.org")
    back = await stage.connect(channel, email="bea@example.org")
    assert back.finding is not None
    assert back.finding.code == "connect.account"
    strangers = stage.control.grant(account="bea@example.org")["refresh_token"]
    pasted = await stage.channels.connecting.paste(SERVER, channel.id, strangers)
    assert pasted.finding == back.finding
    assert set(await stage.diagnosed(channel)) == {"root.missing"}, "what was connected works"
    account = (await stage.state(channel)).account
    assert account is not None
    assert account.email == EMAIL
    await stage.channels.connecting.disconnect(SERVER, channel.id)
    await stage.connect(channel, email="bea@example.org")
    account = (await stage.state(channel)).account
    assert account is not None
    assert account.email == "bea@example.org", "after disconnecting, any account may come"


async def test_a_new_secret_is_used_at_once(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    await stage.connect(channel)
    await stage.channels.update(SERVER, channel.id, options={"app_secret": "wrong"})
    assert "client-refused" in await stage.diagnosed(channel)
    secret = stage.app["app_secret"]
    await stage.channels.update(SERVER, channel.id, options={"app_secret": secret})
    assert "client-refused" not in await stage.diagnosed(channel)


async def test_connecting_needs_the_right_to_manage(stage: Stage, tmp_path: Path) -> None:
    stage.add_app()
    channel = await stage.add()
    guest = Actor("ann", scopes=frozenset({Scope.UPLOAD}))
    connecting = stage.channels.connecting
    with pytest.raises(Forbidden):
        await connecting.begin(guest, channel.id, bound=BROWSER)
    with pytest.raises(Forbidden):
        await connecting.finish(guest, state="x", bound=BROWSER)
    with pytest.raises(Forbidden):
        await connecting.paste(guest, channel.id, "x")
    with pytest.raises(Forbidden):
        await connecting.disconnect(guest, channel.id)
    folder = await stage.channels.add(
        SERVER, provider="local", name="Folder", options={"path": str(tmp_path)}
    )
    with pytest.raises(NotSupported):
        await connecting.begin(SERVER, folder.id, bound=BROWSER)


async def test_what_the_service_would_refuse_is_known_before_anybody_leaves(stage: Stage) -> None:
    stage.add_app(redirect_uris=["https://photos.example.com/other"])
    channel = await stage.add()
    with pytest.raises(ConnectFailed) as refused:
        await stage.connect(channel)
    assert refused.value.public_code == "connect.redirect"
    found = await stage.found(channel)
    assert ("Fanlight sends", BACK) in found["connect.redirect"].values


async def test_what_is_registered_instead_is_found_out(stage: Stage) -> None:
    stage.add_app(redirect_uris=[f"{BACK}/"])
    channel = await stage.add()
    with pytest.raises(ConnectFailed):
        await stage.connect(channel)
    finding = (await stage.found(channel))["connect.redirect"]
    assert finding.values == (("Fanlight sends", BACK), ("Registered there", f"{BACK}/"))


def test_what_is_easily_mistyped_is_tried_after_other_addresses_of_the_site() -> None:
    ours = "https://www.example.com/api/oauth/dropbox/callback"
    assert likely(ours, ["http://localhost:8000", "https://www.example.com"]) == (
        "http://localhost:8000/api/oauth/dropbox/callback",
        f"{ours}/",
        ours.replace("https", "http"),
        ours.replace("www.", ""),
        "https://www.example.com",
        "https://www.example.com/",
    )
    assert len(likely(ours, [f"https://{number}.example" for number in range(20)])) == MOST


async def test_what_comes_back_as_an_error_is_known_by_its_words(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    connecting = stage.channels.connecting
    for said, code in (
        ("Photos has reached its user limit", "connect.user-limit"),
        ("temporarily_unavailable", "connect.other"),
    ):
        departure = await connecting.begin(SERVER, channel.id, bound=BROWSER, redirect_uri=BACK)
        back = await connecting.finish(SERVER, state=departure.state, bound=BROWSER, error=said)
        assert back.finding is not None
        assert back.finding.code == code


async def test_words_that_nobody_knows_are_kept_as_they_were_said(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    back = await stage.channels.connecting.heard(SERVER, channel.id, "  We are\n moving.  ")
    assert back.finding is not None
    assert back.finding.meaning == "The service says: We are moving"
    guest = Actor("ann", scopes=frozenset({Scope.UPLOAD}))
    with pytest.raises(Forbidden):
        await stage.channels.connecting.heard(guest, channel.id, "x")
