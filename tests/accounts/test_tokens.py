"""API tokens: what they may do, when they end, and what they can never do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.channels import Channels
from fanlight.errors import Expired, Forbidden, Invalid, NotFound, Unauthenticated
from fanlight.guard.secret import check_csrf, csrf_token, digest, new_secret, new_token
from fanlight.model import NOBODY, SERVER, Scope

if TYPE_CHECKING:
    from fanlight.model import Actor
    from tests.accounts.desk import House

pytestmark = pytest.mark.anyio


async def test_a_token_is_shown_once_and_kept_as_a_hash(house: House) -> None:
    ada = await house.signed_in()
    token, text = await house.accounts.make_token(ada, " my  script ", [Scope.UPLOAD])
    assert re.fullmatch(r"fl_[0-9A-Za-z]{43}", text)
    assert (token.name, token.hint, token.owner_id) == ("my script", text[:8], ada.user_id)
    assert token.secret_hash == digest(text)
    kept = await house.catalogue.read(lambda records: records.tokens.all())
    assert kept == (token,)
    assert text not in repr(kept)


async def test_a_token_acts_with_its_scopes_and_bounds(house: House) -> None:
    channels = Channels(house.catalogue, clock=house.clock)
    channel = await channels.add(SERVER, provider="memory", name="M", options={})
    _, text = await house.accounts.make_token(
        SERVER, "script", [Scope.UPLOAD, Scope.LIST], channel.id, "/a/b/", None
    )
    actor = await house.accounts.actor_for_token(f" {text} ")
    assert actor.name == "token script"
    assert actor.scopes == {Scope.UPLOAD, Scope.LIST}
    assert (actor.channel_id, actor.folder) == (channel.id, "a/b")
    assert actor.may(Scope.UPLOAD, folder="a/b/c", channel_id=channel.id)
    assert not actor.may(Scope.UPLOAD, folder="a/bc")
    assert not actor.may(Scope.UPLOAD, channel_id="other")
    assert not actor.may(Scope.READ)


@pytest.mark.parametrize("text", ["", "fl_", "fl_guess", "imgbed_123", "\ud800", "fl_\ud800"])
async def test_what_is_no_token_is_nobody(house: House, text: str) -> None:
    with pytest.raises(Unauthenticated):
        await house.accounts.actor_for_token(text)


async def test_a_token_expires(house: House) -> None:
    until = house.clock() + timedelta(hours=1)
    _, text = await house.accounts.make_token(SERVER, "x", [Scope.READ], None, None, until)
    house.clock.advance(3599)
    await house.accounts.actor_for_token(text)
    house.clock.advance(1)
    with pytest.raises(Expired):
        await house.accounts.actor_for_token(text)


async def test_revocation_works_at_once_here_and_within_a_second_elsewhere(house: House) -> None:
    token, text = await house.accounts.make_token(SERVER, "x", [Scope.READ])
    other = house.process()
    for accounts in (house.accounts, other):
        await accounts.actor_for_token(text)
    await house.accounts.revoke_token(SERVER, token.id)
    with pytest.raises(Unauthenticated):
        await house.accounts.actor_for_token(text)
    house.clock.advance(0.6)
    with pytest.raises(Unauthenticated):
        await other.actor_for_token(text)
    await other.close()


async def test_the_last_use_is_noted_once_a_minute(house: House) -> None:
    token, text = await house.accounts.make_token(SERVER, "x", [Scope.READ])
    uses: list[float | None] = []
    for _ in range(4):
        await house.accounts.actor_for_token(text)
        kept = (await house.accounts.tokens(SERVER))[0].last_used_at
        uses.append(None if kept is None else (kept - token.created_at).total_seconds())
        house.clock.advance(25)
    assert uses == [0, 0, 0, 75]


async def test_a_burst_of_requests_looks_into_the_catalogue_once(house: House) -> None:
    _, text = await house.accounts.make_token(SERVER, "x", [Scope.READ])
    first = await house.accounts.actor_for_token(text)
    house.catalogue.close()
    assert await house.accounts.actor_for_token(text) == first


async def test_a_token_ends_with_its_owner(house: House) -> None:
    bob = await house.signed_in("bob")
    _, text = await house.accounts.make_token(bob, "x", [Scope.UPLOAD, Scope.DELETE])
    assert (await house.accounts.actor_for_token(text)).scopes == {Scope.UPLOAD, Scope.DELETE}
    assert bob.user_id is not None
    await house.accounts.remove_user(SERVER, bob.user_id)
    with pytest.raises(Unauthenticated):
        await house.accounts.actor_for_token(text)


async def test_a_token_never_does_what_its_owner_may_not(house: House) -> None:
    bob = await house.signed_in("bob")
    token, text = await house.accounts.make_token(bob, "x", [Scope.READ])
    stronger = frozenset({Scope.READ, Scope.MANAGE})
    await house.catalogue.write(lambda records: records.tokens.update(token.id, scopes=stronger))
    assert (await house.accounts.actor_for_token(text)).scopes == {Scope.READ}


async def test_nobody_gives_more_than_they_have(house: House) -> None:
    bob = await house.signed_in("bob")
    for scopes in ([Scope.MANAGE], [Scope.UPLOAD, Scope.MANAGE]):
        with pytest.raises(Forbidden):
            await house.accounts.make_token(bob, "x", scopes)
    with pytest.raises(Unauthenticated):
        await house.accounts.make_token(NOBODY, "x", [Scope.UPLOAD])
    code = house.accounts.actor_for_code("hush")
    for scope in (Scope.UPLOAD, Scope.MANAGE):
        with pytest.raises(Forbidden):
            await house.accounts.make_token(code, "x", [scope])


async def token_actor(
    house: House,
    *scopes: Scope,
    folder: str | None = None,
    channel_id: str | None = None,
    hours: int | None = None,
) -> Actor:
    until = house.clock() + timedelta(hours=hours) if hours else None
    _, text = await house.accounts.make_token(SERVER, "x", scopes, channel_id, folder, until)
    return await house.accounts.actor_for_token(text)


async def test_a_token_never_makes_a_stronger_one(house: House) -> None:
    channels = Channels(house.catalogue, clock=house.clock)
    channel = (await channels.add(SERVER, provider="memory", name="M", options={})).id
    make = house.accounts.make_token

    plain = await token_actor(house, Scope.UPLOAD, Scope.READ, Scope.LIST, Scope.DELETE)
    with pytest.raises(Forbidden):
        await make(plain, "y", [Scope.UPLOAD])

    in_folder = await token_actor(house, Scope.MANAGE, folder="a")
    for folder in (None, "", "b", "ab", "/"):
        with pytest.raises(Forbidden):
            await make(in_folder, "y", [Scope.READ], None, folder)
    await make(in_folder, "y", [Scope.READ], None, "a/b")

    in_channel = await token_actor(house, Scope.MANAGE, channel_id=channel)
    with pytest.raises(Forbidden):
        await make(in_channel, "y", [Scope.READ])
    await make(in_channel, "y", [Scope.READ], channel)

    short = await token_actor(house, Scope.MANAGE, hours=1)
    now = house.clock()
    for until in (None, now + timedelta(hours=2)):
        with pytest.raises(Forbidden):
            await make(short, "y", [Scope.READ], None, None, until)
    await make(short, "y", [Scope.READ], None, None, now + timedelta(minutes=5))


async def test_bound_tokens_manage_nothing_of_the_whole_server(house: House) -> None:
    bound = await token_actor(house, Scope.MANAGE, folder="a")
    accounts = house.accounts
    token = (await accounts.tokens(SERVER))[0]
    for action in (
        accounts.tokens(bound),
        accounts.revoke_token(bound, token.id),
        accounts.users(bound),
        accounts.add_user(bound, "eve", "another password"),
    ):
        with pytest.raises(Forbidden):
            await action


async def test_tokens_are_seen_and_revoked_by_their_owner_and_who_manages(house: House) -> None:
    accounts = house.accounts
    ada, bob = await house.signed_in(), await house.signed_in("bob")
    hers, _ = await accounts.make_token(ada, "hers", [Scope.READ])
    his, _ = await accounts.make_token(bob, "his", [Scope.READ])
    assert {one.id for one in await accounts.tokens(ada)} == {hers.id, his.id}
    assert {one.id for one in await accounts.tokens(bob)} == {his.id}
    with pytest.raises(NotFound):
        await accounts.revoke_token(bob, hers.id)
    with pytest.raises(NotFound):
        await accounts.revoke_token(ada, "nothing")
    await accounts.revoke_token(bob, his.id)
    assert await accounts.tokens(bob) == ()


async def test_bad_tokens_are_not_made(house: House) -> None:
    make, now = house.accounts.make_token, house.clock()
    for name in ("", "  ", "x" * 101, "a\0b"):
        with pytest.raises(Invalid):
            await make(SERVER, name, [Scope.READ])
    with pytest.raises(Invalid):
        await make(SERVER, "x", [])
    for until in (now, now - timedelta(days=1), (now + timedelta(days=1)).replace(tzinfo=None)):
        with pytest.raises(Invalid):
            await make(SERVER, "x", [Scope.READ], None, None, until)
    for folder in ("a/../b", "..", "a\0"):
        with pytest.raises(Invalid):
            await make(SERVER, "x", [Scope.READ], None, folder)
    with pytest.raises(NotFound):
        await make(SERVER, "x", [Scope.READ], "no such channel")


async def test_a_token_made_before_set_up_is_nobodys_and_works(empty_house: House) -> None:
    accounts = empty_house.accounts
    token, text = await accounts.make_token(SERVER, "x", [Scope.READ, Scope.MANAGE], folder="a")
    actor = await accounts.actor_for_token(text)
    assert (token.owner_id, actor.user_id) == (None, None)
    assert (actor.scopes, actor.folder) == (frozenset({Scope.READ, Scope.MANAGE}), "a")
    with pytest.raises(Forbidden):
        await accounts.sessions(actor)
    await accounts.revoke_token(SERVER, token.id)
    with pytest.raises(Unauthenticated):
        await accounts.actor_for_token(text)


async def test_what_the_server_makes_after_set_up_is_the_owners(house: House) -> None:
    token, _ = await house.accounts.make_token(SERVER, "x", [Scope.READ])
    assert token.owner_id == (await house.signed_in()).user_id


async def test_the_upload_code_lets_upload_and_nothing_else(house: House) -> None:
    actor = house.accounts.actor_for_code("hush")
    assert actor.scopes == {Scope.UPLOAD}
    for wrong in ("", "hus", "hush ", "HUSH", "\ud800"):
        with pytest.raises(Unauthenticated):
            house.accounts.actor_for_code(wrong)


async def test_without_an_upload_code_none_is_right(house: House) -> None:
    house.accounts._upload_code = ""  # pyright: ignore[reportPrivateUsage]
    for code in ("", "hush"):
        with pytest.raises(Unauthenticated):
            house.accounts.actor_for_code(code)


def test_forms_are_tied_to_their_session() -> None:
    mine, other = new_secret(), new_secret()
    check_csrf(mine, csrf_token(mine))
    for given in ("", csrf_token(other), mine, csrf_token(mine)[:-1], "\ud800"):
        with pytest.raises(Forbidden) as refused:
            check_csrf(mine, given)
        assert refused.value.public_code == "forbidden.csrf"
    assert mine not in csrf_token(mine)
    assert csrf_token(mine) != csrf_token(mine), "what repeats could be guessed by lengths"


def test_secrets_do_not_repeat() -> None:
    assert len({new_token() for _ in range(100)} | {new_secret() for _ in range(100)}) == 200
