"""Passwords, sessions, devices, and waits for those who guess."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.accounts import Accounts
from fanlight.errors import (
    BadName,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Throttled,
    Unauthenticated,
)
from fanlight.guard import passwords
from fanlight.guard.passwords import Passwords
from fanlight.model import NOBODY, SERVER, Role, Scope
from tests.accounts.desk import HOME, PASSWORD

if TYPE_CHECKING:
    from tests.accounts.desk import House

pytestmark = pytest.mark.anyio

ELSEWHERE = "198.51.100.7"


async def test_the_right_password_begins_a_session(house: House) -> None:
    session, secret = await house.sign_in("ADA")
    actor = await house.accounts.actor_for_session(secret)
    assert (actor.name, actor.scopes) == ("ada", frozenset(Scope))
    assert session.address == HOME
    assert session.user_agent == "Browser 1.0"
    assert (await house.accounts.session_of(secret)) == session


async def test_a_member_may_not_manage(house: House) -> None:
    actor = await house.signed_in("bob")
    assert actor.scopes == {Scope.UPLOAD, Scope.READ, Scope.LIST, Scope.DELETE}
    with pytest.raises(Forbidden):
        await house.accounts.add_user(actor, "eve", PASSWORD)
    with pytest.raises(Forbidden):
        await house.accounts.users(actor)
    with pytest.raises(Forbidden):
        await house.accounts.set_password(actor, "ada", "another password")


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "wrong password"), ("nobody", PASSWORD), ("ada", ""), ("", ""), ("a\0", "x"),
     ("ada", "x" * 5000), ("ada", "\ud800")],
)  # fmt: skip
async def test_anything_else_is_refused_with_the_same_words(
    house: House, name: str, password: str
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await house.sign_in(name, password)
    assert refused.value.public_code == "unauthenticated.password"
    assert refused.value.public_message == "The name or the password is wrong."


async def test_a_hash_is_computed_for_an_unknown_name_too() -> None:
    hashing = Passwords()
    try:
        kept = await hashing.hash(PASSWORD)
        assert not await hashing.verify(PASSWORD, None)
        nobodys = hashing._nobodys  # pyright: ignore[reportPrivateUsage]
        assert nobodys.split("$")[:4] == kept.split("$")[:4]
        assert [len(part) for part in nobodys.split("$")] == [len(part) for part in kept.split("$")]
    finally:
        hashing.close()


async def test_more_hashes_than_can_wait_are_turned_away() -> None:
    hashing = Passwords()
    try:
        results = await asyncio.gather(
            *(hashing.verify("x", None) for _ in range(passwords.WAITING + 3)),
            return_exceptions=True,
        )
    finally:
        hashing.close()
    assert len([one for one in results if isinstance(one, Throttled)]) == 3
    assert results.count(False) == passwords.WAITING


async def test_the_same_keys_pressed_elsewhere_are_the_same_password(house: House) -> None:
    await house.accounts.add_user(SERVER, "eva", "pa\u0308sswort ½")
    await house.sign_in("eva", "p\u00e4sswort ½")


async def test_a_session_ends_by_signing_out_and_by_time(house: House) -> None:
    accounts = house.accounts
    _, first = await house.sign_in()
    await accounts.sign_out(first)
    await accounts.sign_out(first)
    _, second = await house.sign_in()
    house.clock.advance(14 * 86_400)
    for secret in (first, second, "", "guess", "\ud800"):
        with pytest.raises(Unauthenticated):
            await accounts.actor_for_session(secret)
        assert await accounts.session_of(secret) is None


async def test_a_session_ended_in_another_process_is_over_within_a_second(house: House) -> None:
    _, secret = await house.sign_in()
    other = house.process()
    await other.actor_for_session(secret)
    await house.accounts.sign_out(secret)
    house.clock.advance(0.6)
    with pytest.raises(Unauthenticated):
        await other.actor_for_session(secret)
    await other.close()


async def test_devices_are_listed_and_ended_one_by_one(house: House) -> None:
    accounts = house.accounts
    here, secret = await house.sign_in()
    there, elsewhere = await house.sign_in(address=ELSEWHERE)
    actor = await accounts.actor_for_session(secret)
    assert {one.id for one in await accounts.sessions(actor)} == {here.id, there.id}

    await accounts.end_session(actor, there.id)

    assert [one.id for one in await accounts.sessions(actor)] == [here.id]
    with pytest.raises(Unauthenticated):
        await accounts.actor_for_session(elsewhere)
    bob = await house.signed_in("bob")
    with pytest.raises(NotFound):
        await accounts.end_session(bob, here.id)
    with pytest.raises(NotFound):
        await accounts.end_session(actor, "nothing")


async def test_the_last_use_of_a_session_is_noted_once_a_minute(house: House) -> None:
    session, secret = await house.sign_in()
    for seconds, noted in ((30, 0), (29, 0), (2, 61), (30, 61), (31, 122)):
        house.clock.advance(seconds)
        await house.accounts.actor_for_session(secret)
        seen = (await house.accounts.session_of(secret)) or session
        assert (seen.last_seen_at - session.created_at).total_seconds() == noted


async def test_a_changed_password_ends_the_other_sessions(house: House) -> None:
    accounts = house.accounts
    here, secret = await house.sign_in()
    _, other = await house.sign_in(address=ELSEWHERE)
    actor = await accounts.actor_for_session(secret)
    with pytest.raises(Unauthenticated):
        await accounts.change_password(actor, "wrong", "another password")
    with pytest.raises(Invalid):
        await accounts.change_password(actor, PASSWORD, "short")

    await accounts.change_password(actor, PASSWORD, "another password", keep=here.id)

    await accounts.actor_for_session(secret)
    with pytest.raises(Unauthenticated):
        await accounts.actor_for_session(other)
    with pytest.raises(Unauthenticated):
        await house.sign_in()
    await house.sign_in(password="another password")


async def test_a_forgotten_password_is_replaced_by_who_manages(house: House) -> None:
    _, secret = await house.sign_in("bob")
    await house.accounts.set_password(SERVER, "Bob", "another password")
    with pytest.raises(Unauthenticated):
        await house.accounts.actor_for_session(secret)
    await house.sign_in("bob", "another password")
    with pytest.raises(NotFound):
        await house.accounts.set_password(SERVER, "nobody", "another password")


async def test_users_are_added_once_and_removed_with_their_sessions(house: House) -> None:
    accounts = house.accounts
    for name in ("Bob", "BOB", " bob "):
        with pytest.raises(Conflict):
            await house.add(name)
    with pytest.raises(Conflict):
        await house.add("eve", Role.OWNER)
    for name in ("", " ", "x" * 65, "a\nb", "a\u202eb"):
        with pytest.raises(BadName):
            await house.add(name)
    _, secret = await house.sign_in("bob")
    ada, bob = await accounts.users(SERVER)
    await accounts.remove_user(SERVER, bob.id)
    with pytest.raises(Unauthenticated):
        await accounts.actor_for_session(secret)
    with pytest.raises(Conflict):
        await accounts.remove_user(SERVER, ada.id)


async def test_strangers_and_tokens_have_no_devices(house: House) -> None:
    ada = await house.signed_in()
    _, text = await house.accounts.make_token(ada, "script", [Scope.READ])
    token = await house.accounts.actor_for_token(text)
    with pytest.raises(Forbidden):
        await house.accounts.sessions(token)
    with pytest.raises(Forbidden):
        await house.accounts.change_password(token, PASSWORD, "another password")
    with pytest.raises(Unauthenticated):
        await house.accounts.sessions(NOBODY)
    with pytest.raises(Forbidden):
        await house.accounts.sessions(SERVER)


# --- guessing -------------------------------------------------------------------------------------


async def guess(house: House, name: str = "ada", address: str = ELSEWHERE) -> float:
    """Seconds to wait after a wrong try; 0 if it was looked at."""
    try:
        await house.sign_in(name, "wrong password", address)
    except Throttled as refused:
        return refused.retry_after or -1
    except Unauthenticated:
        return 0
    raise AssertionError("a wrong password was accepted")


async def test_waits_for_one_account_grow_whatever_the_address(house: House) -> None:
    for number in range(5):
        assert await guess(house, address=f"203.0.113.{number}") == 0
    for wait in (1, 2, 4, 8, 16):
        assert await guess(house, address="203.0.113.99") == wait
        house.clock.advance(wait)
        assert await guess(house, address="203.0.113.99") == 0
    with pytest.raises(Throttled):
        await house.sign_in(address="203.0.113.99")


async def test_an_unknown_account_is_throttled_like_a_known_one(house: House) -> None:
    for number in range(5):
        assert await guess(house, "nobody", f"203.0.113.{number}") == 0
    assert await guess(house, "NOBODY", "203.0.113.9") == 1


async def test_waits_for_one_address_grow_whatever_the_account(house: House) -> None:
    for number in range(20):
        assert await guess(house, f"user{number}", "2001:db8::1") == 0
    assert await guess(house, "another", "2001:db8::ffff") == 1
    assert await guess(house, "another", "2001:db8:0:1::1") == 0


async def test_an_address_that_is_signed_in_is_not_held_up_by_others(house: House) -> None:
    await house.sign_in(address=HOME)
    for number in range(6):
        await guess(house, address=f"203.0.113.{number}")
    assert await guess(house) == 1
    await house.sign_in(address=HOME)


async def test_the_right_password_forgives_the_account(house: House) -> None:
    for _ in range(3):
        for _ in range(4):
            assert await guess(house) == 0
        await house.sign_in(address=ELSEWHERE)


async def test_many_guesses_at_once_count_before_they_are_looked_at(house: House) -> None:
    waits = await asyncio.gather(*(guess(house, address=f"203.0.113.{n}") for n in range(12)))
    assert waits.count(0) == 5


async def test_guessing_writes_nothing_and_tells_the_log_no_password(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    before = house.events
    await guess(house)
    assert house.events == before
    assert "wrong password" not in capsys.readouterr().out


async def test_no_event_holds_a_secret(house: House) -> None:
    accounts = house.accounts
    _, secret = await house.sign_in()
    ada = await accounts.actor_for_session(secret)
    token, text = await accounts.make_token(ada, "script", [Scope.READ])
    await accounts.change_password(ada, PASSWORD, "another password")
    await accounts.revoke_token(ada, token.id)
    told = "".join(house.events)
    assert "session.began" in told
    assert "token.revoked" in told
    for hidden in (secret, text, PASSWORD, "another password", token.secret_hash):
        assert hidden not in told


async def test_closing_lets_nothing_hang(house: House) -> None:
    accounts: Accounts = house.process()
    await accounts.close()
    await accounts.close()
