"""Every finding, brought about for real at a service that behaves like the real one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.channels.findings import of_clock
from fanlight.errors import ConnectFailed, FanlightError, ReadOnly, ReconnectNeeded
from fanlight.model import SERVER, Remedy, Severity
from tests.channels.stage import ALL, BACK, BROWSER, EMAIL, Stage

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue
    from fanlight.model import Channel, Finding

pytestmark = pytest.mark.anyio

READING = ["account_info.read", "files.metadata.read", "files.content.read"]


async def connected(stage: Stage, **more: object) -> Channel:
    stage.add_app()
    channel = await stage.add(**more)  # pyright: ignore[reportArgumentType]
    assert (await stage.connect(channel)).finding is None
    return channel


def helps(finding: Finding) -> None:
    """A finding says what it means, what lies behind it, and what to do."""
    assert finding.meaning
    assert finding.detail
    assert finding.steps or finding.severity is Severity.NOTE


# --- before and during connecting --------------------------------------------------------------


async def test_configuration_incomplete_names_the_field(stage: Stage) -> None:
    channel = await stage.channels.add(
        SERVER, provider="dropbox", name="Draft", options={"app_key": "abc"}
    )
    found = await stage.diagnosed(channel)
    assert found["channel.incomplete"].meaning == "App secret is missing"
    assert found["channel.incomplete"].remedies == (Remedy.EDIT,)
    helps(found["channel.incomplete"])
    with pytest.raises(ConnectFailed) as refused:
        await stage.channels.connecting.begin(SERVER, channel.id, bound=BROWSER)
    assert "App secret" in refused.value.public_message
    assert (await stage.state(channel)).health.word == "Not complete"


async def test_not_connected_yet(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    found = await stage.diagnosed(channel)
    assert found["connect.never"].remedies == (Remedy.CONNECT,)
    assert (await stage.state(channel)).health.word == "Not connected"


async def test_a_wrong_secret(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add(secret="not it")
    back = await stage.connect(channel)
    assert back.finding is not None
    assert back.finding.code == "client-refused"
    helps((await stage.found(channel))["client-refused"])
    assert (await stage.state(channel)).health.word == "Wrong key"


async def test_a_wrong_key_is_known_before_anybody_leaves(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add(key="nobodys")
    with pytest.raises(ConnectFailed):
        await stage.connect(channel)
    helps((await stage.found(channel))["client-refused"])


async def test_redirect_uri_not_registered_shows_what_to_register(stage: Stage) -> None:
    stage.add_app(redirect_uris=[BACK.replace("https", "http").replace("photos.", "")])
    stage.control.change_app(stage.app["app_key"], redirect_uris=["https://old.example/back"])
    channel = await stage.add()
    with pytest.raises(ConnectFailed):
        await stage.connect(channel)
    finding = (await stage.found(channel))["connect.redirect"]
    assert ("Fanlight sends", BACK) in finding.values
    helps(finding)


async def test_consent_refused(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    back = await stage.connect(channel, decision="cancel")
    assert back.finding is not None
    assert back.finding.code == "connect.refused"
    helps(back.finding)
    assert not (await stage.state(channel)).connected


async def test_a_refused_consent_takes_nothing_from_a_connection_that_works(stage: Stage) -> None:
    channel = await connected(stage)
    await stage.connect(channel, decision="cancel")
    state = await stage.state(channel)
    assert state.connected
    assert state.health.word == "Look here"


async def test_no_refresh_token_returned(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    connecting = stage.channels.connecting
    departure = await connecting.begin(SERVER, channel.id, bound=BROWSER, redirect_uri=BACK)
    online = departure.address.replace("token_access_type=offline", "token_access_type=online")
    answer = await stage.consent(online)
    back = await connecting.finish(
        SERVER, state=answer["state"], bound=BROWSER, code=answer["code"]
    )
    assert back.finding is not None
    assert back.finding.code == "connect.no-refresh-token"
    helps(back.finding)


async def test_state_mismatch_is_not_taken(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    back = await stage.connect(channel, bound="another browser")
    assert back.finding is not None
    assert back.finding.code == "connect.state"
    helps(back.finding)
    assert not (await stage.state(channel)).connected


async def test_an_expired_attempt(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    connecting = stage.channels.connecting
    departure = await connecting.begin(SERVER, channel.id, bound=BROWSER, redirect_uri=BACK)
    answer = await stage.consent(departure.address)
    stage.clock.advance(minutes=16)
    back = await connecting.finish(
        SERVER, state=answer["state"], bound=BROWSER, code=answer["code"]
    )
    assert back.finding is not None
    assert back.finding.code == "connect.expired"
    helps(back.finding)


async def test_a_code_that_is_too_old_for_the_service(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    connecting = stage.channels.connecting
    departure = await connecting.begin(SERVER, channel.id, bound=BROWSER, redirect_uri=BACK)
    answer = await stage.consent(departure.address)
    stage.control.advance(3600)
    back = await connecting.finish(
        SERVER, state=answer["state"], bound=BROWSER, code=answer["code"]
    )
    assert back.finding is not None
    assert back.finding.code == "connect.code"


async def test_development_cap_reached(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    key = stage.app["app_key"]
    for number in range(50):
        email = f"user{number}@example.org"
        stage.control.add_account(email)
        stage.control.grant(key, email)
    stage.control.advance(15 * 86400)
    departure = await stage.channels.connecting.begin(
        SERVER, channel.id, bound=BROWSER, redirect_uri=BACK
    )
    async with stage.http.post(
        f"{stage.base}/login", data={"email": EMAIL, "password": "password", "cont": ""}
    ):
        pass
    async with stage.http.get(departure.address) as answer:
        page = await answer.text()
    # the service never sends the owner back: its words are among those explained on our page
    told = dict(stage.channels.connecting.refusals("dropbox"))
    (finding,) = [one for says, one in told.items() if says in page]
    assert finding.code == "connect.user-limit"
    helps(finding)


# --- scopes --------------------------------------------------------------------------------------


async def test_none_of_the_scopes_is_enabled(stage: Stage) -> None:
    stage.add_app(scopes=[])
    channel = await stage.add(uploads=False)
    with pytest.raises(ConnectFailed):
        await stage.connect(channel)
    helps((await stage.found(channel))["scope.not-submitted"])


async def test_scope_ticked_but_not_submitted(stage: Stage) -> None:
    stage.add_app(scopes=READING)
    channel = await stage.add()
    await stage.connect(channel)
    finding = (await stage.found(channel))["scope.not-submitted"]
    assert ("Permission", "files.content.write") in finding.values
    assert Remedy.CONNECT in finding.remedies
    helps(finding)
    assert (await stage.state(channel)).health.word == "Cannot store"


async def test_scope_granted_after_the_token(stage: Stage) -> None:
    stage.add_app(scopes=READING)
    channel = await stage.add()
    await stage.connect(channel)
    stage.control.change_app(stage.app["app_key"], scopes=list(ALL))
    finding = (await stage.diagnosed(channel))["scope.token-older"]
    assert finding.remedies == (Remedy.CONNECT,)
    helps(finding)
    await stage.connect(channel)
    assert not [code for code in await stage.found(channel) if code.startswith("scope.")]


async def test_scope_missing_for_this_purpose_by_comparison(stage: Stage) -> None:
    stage.add_app(scopes=[scope for scope in ALL if scope != "files.metadata.write"])
    channel = await stage.add()
    await stage.connect(channel)
    finding = (await stage.found(channel))["scope.missing"]
    assert finding.values == (("Permission", "files.metadata.write"),)
    helps(finding)


async def test_a_read_only_channel_needs_no_scope_to_write(stage: Stage) -> None:
    stage.add_app(scopes=READING)
    channel = await stage.add(uploads=False)
    await stage.connect(channel)
    assert not await stage.found(channel)
    assert (await stage.state(channel)).health.word == "Healthy"


async def test_a_reading_scope_that_is_missing_breaks_the_channel(stage: Stage) -> None:
    stage.add_app(scopes=["account_info.read", "files.metadata.read"])
    channel = await stage.add(uploads=False)
    await stage.connect(channel)
    assert "scope.not-submitted" in await stage.found(channel)
    assert (await stage.state(channel)).health.word == "Broken"


# --- the grant ------------------------------------------------------------------------------------


async def test_refresh_token_revoked(stage: Stage) -> None:
    channel = await connected(stage)
    (grant,) = stage.control.send("grants")["grants"]
    stage.control.revoke(grant["grant"])
    stage.channels.stores.forget_tokens(channel.connection_id)
    finding = (await stage.diagnosed(channel))["reconnect-needed.revoked"]
    assert finding.remedies == (Remedy.CONNECT,)
    helps(finding)
    assert (await stage.state(channel)).health.word == "Reconnect"


async def test_refresh_token_malformed(stage: Stage) -> None:
    stage.add_app()
    channel = await stage.add()
    back = await stage.channels.connecting.paste(SERVER, channel.id, "sl.access-token")
    assert back.finding is not None
    assert back.finding.code == "reconnect-needed.malformed"
    helps(back.finding)
    assert not (await stage.state(channel)).connected


async def test_a_failing_call_is_looked_into(stage: Stage) -> None:
    channel = await connected(stage)
    _, store = await stage.channels.for_upload(SERVER, channel.id)
    (grant,) = stage.control.send("grants")["grants"]
    stage.control.revoke(grant["grant"])
    stage.clock.advance(minutes=5)
    with pytest.raises(ReconnectNeeded):
        await store.page("")
    await stage.told(channel, "reconnect-needed.revoked")


# --- the account and its folders -----------------------------------------------------------------


async def test_app_folder_chosen_and_the_photos_are_elsewhere(stage: Stage) -> None:
    stage.add_app(access="app_folder")
    stage.control.put("/Weddings/a.jpg", "photo")
    stage.control.put("/Apps/Photos/notes.txt", "notes")
    channel = await stage.add(uploads=False, root="Weddings")
    await stage.connect(channel)
    finding = (await stage.found(channel))["root.app-folder"]
    assert ("Visible there", "notes.txt") in finding.values
    helps(finding)


async def test_an_app_folder_that_is_empty(stage: Stage) -> None:
    stage.add_app(access="app_folder")
    channel = await stage.add(uploads=False)
    await stage.connect(channel)
    finding = (await stage.found(channel))["root.app-folder"]
    assert ("Visible there", "nothing at all") in finding.values


async def test_root_directory_missing_shows_what_is_there(stage: Stage) -> None:
    stage.add_app()
    stage.control.put("/Weddings/a.jpg", "photo")
    channel = await stage.add(uploads=False, root="Wedding")
    await stage.connect(channel)
    finding = (await stage.found(channel))["root.missing"]
    assert finding.severity is Severity.PROBLEM
    assert ("Visible there", "Weddings") in finding.values
    helps(finding)
    await stage.channels.update(SERVER, channel.id, root="Weddings")
    assert not await stage.diagnosed(channel)


async def test_read_only_channel_asked_to_store(stage: Stage) -> None:
    channel = await connected(stage, uploads=False)
    with pytest.raises(ReadOnly):
        await stage.channels.for_upload(SERVER, channel.id)
    await stage.told(channel, "read-only")
    finding = (await stage.found(channel))["read-only"]
    assert finding.remedies == (Remedy.EDIT,)
    helps(finding)


async def test_account_full(stage: Stage) -> None:
    channel = await connected(stage)
    stage.control.put_pattern("/big.bin", 10_000)
    stage.control.change_account(EMAIL, quota=10_000)
    finding = (await stage.diagnosed(channel))["account.full"]
    helps(finding)
    assert (await stage.state(channel)).health.word == "Full"
    stage.control.change_account(EMAIL, quota=10_400)
    found = await stage.diagnosed(channel)
    assert "account.full" not in found
    helps(found["account.nearly-full"])
    stage.control.change_account(EMAIL, quota=10_000)
    await stage.channels.quota(SERVER, channel.id)
    assert "account.full" in await stage.found(channel), "asking for the space tells, too"
    assert "account.nearly-full" not in await stage.found(channel)
    stage.control.change_account(EMAIL, quota=10_000_000)
    await stage.channels.quota(SERVER, channel.id)
    assert not {"account.full", "account.nearly-full"} & set(await stage.found(channel))


async def test_a_full_account_is_no_matter_where_nothing_is_stored(stage: Stage) -> None:
    stage.control.put_pattern("/big.bin", 10_000)
    stage.control.change_account(EMAIL, quota=10_000)
    channel = await connected(stage, uploads=False, root="")
    assert not await stage.diagnosed(channel)
    assert (await stage.channels.quota(SERVER, channel.id)).total == 10_000
    assert not await stage.found(channel)


async def test_email_not_verified(stage: Stage) -> None:
    channel = await connected(stage)
    stage.control.change_account(EMAIL, email_verified=False)
    finding = (await stage.diagnosed(channel))["account.email-unverified"]
    assert EMAIL in " ".join(finding.steps)
    helps(finding)


async def test_team_space_not_visible(stage: Stage) -> None:
    stage.control.reset()
    stage.control.add_account(EMAIL, given_name="Ann", password="password", team="Studio")
    channel = await connected(stage)
    helps((await stage.diagnosed(channel))["account.team-space"])
    await stage.channels.update(SERVER, channel.id, options={"space": "team"})
    assert "account.team-space" not in await stage.diagnosed(channel)


async def test_account_suspended(stage: Stage) -> None:
    channel = await connected(stage)
    stage.control.change_account(EMAIL, suspended=True)
    helps((await stage.diagnosed(channel))["account.suspended"])


async def test_paused_by_rate_limit_until_when(stage: Stage) -> None:
    channel = await connected(stage)
    store = await stage.channels.stores.get(channel.id)
    stage.control.fault("rate_limited", "files/list_folder", times=9, retry_after=120)
    with pytest.raises(FanlightError):
        await store.page("")
    stage.control.clear_faults()
    finding = (await stage.diagnosed(channel))["rate-limited"]
    assert "until" in finding.meaning
    helps(finding)
    assert (await stage.state(channel)).health.word == "Paused"
    stage.clock.advance(minutes=10)
    state = await stage.state(channel)
    assert state.health.word == "Healthy", "it is over by itself"
    assert "rate-limited" not in {one.code for one in state.channel.findings}


async def test_clock_wrong(stage: Stage) -> None:
    channel = await connected(stage)
    stage.clock.advance(hours=1)
    finding = (await stage.diagnosed(channel))["clock"]
    assert "minutes ahead" in finding.meaning
    helps(finding)
    behind = of_clock(stage.clock.now - timedelta(hours=3), stage.clock.now)
    assert behind is not None
    assert "behind" in behind.meaning
    assert of_clock(stage.clock.now, stage.clock.now) is None


async def test_service_unreachable(stage: Stage) -> None:
    channel = await connected(stage)
    stage.control.fault("server_error", "*", status=503, times=1000)
    stage.channels.stores.forget_tokens(channel.connection_id)
    found = await stage.diagnosed(channel)
    finding = next(one for code, one in found.items() if code.startswith("storage-unavailable"))
    helps(finding)
    assert (await stage.state(channel)).health.word == "Not reachable"


async def test_a_failing_call_tells_that_the_service_is_away_until_it_is_back(
    stage: Stage,
) -> None:
    channel = await connected(stage)
    stage.clock.advance(minutes=2)
    stage.control.fault("server_error", "*", status=503, times=1000)
    store = await stage.channels.stores.get(channel.id)
    with pytest.raises(FanlightError):
        await store.page("")
    await stage.told(channel, "storage-unavailable")
    stage.control.clear_faults()
    await stage.channels.look(SERVER, channel.id)
    assert (await stage.state(channel)).health.word == "Not reachable", "it was looked at just now"
    stage.clock.advance(minutes=2)
    await stage.channels.look(SERVER, channel.id)
    async with asyncio.timeout(60):
        while "storage-unavailable" in await stage.found(channel):
            await asyncio.sleep(0.01)
    assert (await stage.state(channel)).health.word == "Healthy"


async def test_nobody_answers_at_all(stage: Stage, sqlite_catalogue: Catalogue) -> None:
    unreachable = Stage.at(sqlite_catalogue, stage.control, "http://127.0.0.1:9")
    try:
        channel = await unreachable.channels.add(
            SERVER, provider="dropbox", name="Off", options={"app_key": "a", "app_secret": "b"}
        )
        back = await unreachable.channels.connecting.paste(SERVER, channel.id, "rt.x")
    finally:
        await unreachable.close()
    assert back.finding is not None
    helps(back.finding)


async def test_findings_go_when_what_they_name_is_mended(stage: Stage) -> None:
    channel = await connected(stage)
    stage.control.put("/fanlight/a.txt", "x")
    assert not await stage.diagnosed(channel)
    state = await stage.state(channel)
    assert state.health.word == "Healthy"
    assert replace(state.channel, findings=()) == state.channel
