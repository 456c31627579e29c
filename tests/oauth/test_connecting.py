"""Authorization code with PKCE, refresh and revoke, against a service that means it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from fanlight.errors import (
    ClientRefused,
    ConnectFailed,
    RateLimited,
    ReconnectNeeded,
    StorageUnavailable,
)
from fanlight.oauth import App, Attempt, Endpoint, Grant, Reply, Tokens, address, begin
from tests.oauth.conftest import BACK, SCOPES, Town

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.anyio


async def granted(town: Town, redirect_uri: str = BACK) -> Grant:
    attempt = begin(redirect_uri)
    answer = await town.consent(address(town.service, town.app, attempt, SCOPES))
    assert answer["state"] == attempt.state
    return await town.endpoint().exchange(answer["code"], attempt)


async def test_a_code_becomes_a_grant_with_a_refresh_token(town: Town) -> None:
    grant = await granted(town)
    assert grant.refresh_token
    assert grant.access_token
    assert grant.life == 14400
    assert grant.scopes == frozenset(SCOPES)
    assert grant.access_token not in repr(grant)
    assert grant.refresh_token not in repr(grant)


async def test_nothing_secret_is_in_the_address() -> None:
    attempt = begin(BACK)
    other = begin(BACK)
    service = Town("http://x", None, None, App("k")).service  # pyright: ignore[reportArgumentType]
    query = parse_qs(
        urlsplit(address(service, App("key", "hush"), attempt, ["a", "b"], again=True)).query
    )
    assert query["scope"] == ["a b"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["token_access_type"] == ["offline"]
    assert query["force_reapprove"] == ["true"]
    assert "hush" not in str(query)
    assert attempt.verifier not in str(query)
    assert attempt.verifier not in repr(attempt)
    assert attempt.state != other.state
    assert 43 <= len(attempt.verifier) <= 128


@pytest.mark.parametrize("secret", [True, False], ids=["with a secret", "as a public client"])
async def test_a_grant_can_be_refreshed(town: Town, secret: bool) -> None:
    grant = await granted(town)
    app = town.app if secret else App(town.app.key)
    fresh = await town.endpoint(app).refresh(grant.refresh_token)
    assert fresh.access_token != grant.access_token
    assert fresh.scopes is None


async def test_a_code_that_is_shown_for_copying_needs_no_redirect(town: Town) -> None:
    attempt = begin()
    shown = address(town.service, town.app, attempt, SCOPES)
    assert "redirect_uri" not in shown
    with pytest.raises(ConnectFailed) as refused:
        await town.endpoint().exchange("made-up", attempt)
    assert refused.value.public_code == "connect.code"


async def test_a_code_works_once(town: Town) -> None:
    attempt = begin(BACK)
    answer = await town.consent(address(town.service, town.app, attempt, SCOPES))
    await town.endpoint().exchange(answer["code"], attempt)
    with pytest.raises(ConnectFailed) as refused:
        await town.endpoint().exchange(answer["code"], attempt)
    assert refused.value.public_code == "connect.code"


async def test_a_code_is_worth_nothing_without_its_verifier(town: Town) -> None:
    attempt = begin(BACK)
    answer = await town.consent(address(town.service, town.app, attempt, SCOPES))
    with pytest.raises(ConnectFailed) as refused:
        await town.endpoint().exchange(answer["code"], replace(attempt, verifier=begin().verifier))
    assert refused.value.public_code == "connect.code"


async def test_another_address_to_come_back_to_is_named(town: Town) -> None:
    attempt = begin(BACK)
    answer = await town.consent(address(town.service, town.app, attempt, SCOPES))
    with pytest.raises(ConnectFailed) as refused:
        await town.endpoint().exchange(answer["code"], replace(attempt, redirect_uri=BACK + "/x"))
    assert refused.value.public_code == "connect.redirect"


async def test_a_refusal_comes_back_with_the_state(town: Town) -> None:
    attempt = begin(BACK)
    answer = await town.consent(address(town.service, town.app, attempt, SCOPES), "cancel")
    assert answer["error"] == "access_denied"
    assert answer["state"] == attempt.state


async def test_a_connection_that_would_end_soon_is_not_taken(town: Town) -> None:
    service = replace(town.service, asking={"token_access_type": "online"})
    attempt = begin(BACK)
    answer = await town.consent(address(service, town.app, attempt, SCOPES))
    with pytest.raises(ConnectFailed) as refused:
        await town.endpoint().exchange(answer["code"], attempt)
    assert refused.value.public_code == "connect.no-refresh-token"


async def test_a_wrong_key_or_secret_is_named(town: Town) -> None:
    grant = await granted(town)
    for app in (App(town.app.key, "wrong"), App("nobody", town.app.secret)):
        with pytest.raises(ClientRefused):
            await town.endpoint(app).refresh(grant.refresh_token)


async def test_refresh_tokens_that_do_not_work_are_told_apart(town: Town) -> None:
    with pytest.raises(ReconnectNeeded) as refused:
        await town.endpoint().refresh("not one at all")
    assert refused.value.public_code == "reconnect-needed.malformed"
    grant = await granted(town)
    await town.endpoint().revoke(grant.access_token)
    with pytest.raises(ReconnectNeeded) as refused:
        await town.endpoint().refresh(grant.refresh_token)
    assert refused.value.public_code == "reconnect-needed.revoked"
    await town.endpoint().revoke(grant.access_token)  # again: it is over already, and that is fine


async def test_a_service_in_trouble_is_not_blamed_on_the_owner(town: Town) -> None:
    town.control.fault("server_error", "oauth2/token", status=503)
    with pytest.raises(StorageUnavailable):
        await town.endpoint().refresh("rt.whatever")
    town.control.fault("rate_limited", "oauth2/token", retry_after=7)
    with pytest.raises(RateLimited):
        await town.endpoint().refresh("rt.whatever")
    elsewhere = replace(town.service, token="http://127.0.0.1:9/oauth2/token")
    nobody = Endpoint(elsewhere, town.app, town.post)
    with pytest.raises(StorageUnavailable):
        await nobody.refresh("rt.whatever")


# --- access tokens that are always fresh -------------------------------------------------------


@dataclass
class Kept:
    """A keeper in memory. `then` is what another process puts there while we ask."""

    token: str
    then: str = ""
    replaced: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    async def load(self) -> str:
        found, self.token = self.token, self.then or self.token
        return found

    async def replace(self, old: str, new: str) -> None:
        self.replaced.append((old, new))
        self.token = new


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_all_who_ask_at_once_share_one_refresh(town: Town) -> None:
    kept = Kept((await granted(town)).refresh_token)
    tokens = Tokens(town.endpoint(), kept)
    town.control.clear_log()
    got = await asyncio.gather(*(tokens.get() for _ in range(20)))
    assert len(set(got)) == 1
    assert town.control.log("oauth2/token")["count"] == 1
    assert kept.replaced == []


async def test_a_token_is_renewed_before_it_ends(town: Town) -> None:
    clock = Clock()
    tokens = Tokens(town.endpoint(), Kept((await granted(town)).refresh_token), now=clock)
    first = await tokens.get()
    clock.now += 14400 - 301
    assert await tokens.get() == first
    clock.now += 2
    assert await tokens.get() != first


async def test_a_refused_token_is_renewed_once_for_all(town: Town) -> None:
    tokens = Tokens(town.endpoint(), Kept((await granted(town)).refresh_token))
    stale = await tokens.get()
    town.control.clear_log()
    fresh = await asyncio.gather(*(tokens.renew(stale) for _ in range(5)))
    assert len(set(fresh)) == 1
    assert stale not in fresh
    assert await tokens.renew(stale) == fresh[0], "it was renewed since"
    assert town.control.log("oauth2/token")["count"] == 1


async def test_who_gives_up_takes_the_token_from_nobody(town: Town) -> None:
    tokens = Tokens(town.endpoint(), Kept((await granted(town)).refresh_token))
    hasty, patient = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
    await asyncio.sleep(0)
    hasty.cancel()
    assert await patient
    assert hasty.cancelled()


async def test_without_a_refresh_token_the_owner_is_asked(town: Town) -> None:
    with pytest.raises(ReconnectNeeded):
        await Tokens(town.endpoint(), Kept("")).get()


class Rotating:
    """A service that gives a new refresh token with each refresh, and takes the old one no more."""

    def __init__(self, valid: str) -> None:
        self.valid = valid

    async def __call__(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply:
        if form["refresh_token"] != self.valid:
            return Reply(400, b'{"error": "invalid_grant"}')
        self.valid += "+"
        body = f'{{"access_token": "a", "expires_in": 3600, "refresh_token": "{self.valid}"}}'
        return Reply(200, body.encode())


async def test_a_rotated_refresh_token_is_kept(town: Town) -> None:
    kept = Kept("one")
    tokens = Tokens(Endpoint(town.service, town.app, Rotating("one")), kept)
    assert await tokens.get() == "a"
    assert kept.replaced == [("one", "one+")]


async def test_what_another_process_rotated_meanwhile_is_used(town: Town) -> None:
    kept = Kept("one", then="two")
    tokens = Tokens(Endpoint(town.service, town.app, Rotating("two")), kept)
    assert await tokens.get() == "a"
    assert kept.replaced == [("two", "two+")]


async def test_an_attempt_is_told_apart_by_its_state() -> None:
    assert isinstance(begin(), Attempt)
    assert begin().state != begin().state
