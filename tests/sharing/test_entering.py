"""Who comes in, and who does not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import (
    Expired,
    Forbidden,
    NotFound,
    NotYetOpen,
    PasswordNeeded,
    Throttled,
    Unauthenticated,
)
from fanlight.gallery_model import GalleryRules, GalleryState, Party, Reach, Right
from fanlight.model import SERVER, Actor, Scope
from fanlight.sharing import Sharing
from fanlight.sharing.keys import NONE, Key, Proofs
from tests.sharing.conftest import OWNER
from tests.support.gallery_records import a_gallery

if TYPE_CHECKING:
    from fanlight.errors import FanlightError
    from tests.sharing.conftest import Stage

pytestmark = pytest.mark.anyio

HERE = "192.0.2.7"


async def refused(stage: Stage, key: Key, proofs: Proofs = NONE) -> FanlightError:
    with pytest.raises((Expired, Forbidden, NotFound, Unauthenticated)) as caught:
        await stage.sharing.enter(key, proofs)
    return caught.value


async def test_an_open_gallery_lets_everybody_in_with_its_own_rights(stage: Stage) -> None:
    pass_ = await stage.sharing.enter(stage.key)
    assert pass_.party is Party.GUEST
    assert pass_.rights == stage.gallery.rules.rights
    assert not pass_.owner
    with pytest.raises(Forbidden):
        pass_.require(Right.ORIGINAL)


@pytest.mark.parametrize("state", [GalleryState.DRAFT, None])
async def test_a_draft_is_as_unknown_as_what_never_was(
    stage: Stage, state: GalleryState | None
) -> None:
    if state:
        await stage.change(state=state)
    key = stage.key if state else Key(slug="never-was")
    error = await refused(stage, key)
    assert (type(error), error.public_code, error.public_message) == (
        NotFound,
        "not-found.gallery",
        "There is no gallery at this address.",
    )
    with pytest.raises(NotFound):
        await stage.sharing.face(key)


async def test_the_owner_looks_in_before_anybody_else(stage: Stage) -> None:
    await stage.change(state=GalleryState.DRAFT, opens_at=stage.clock() + timedelta(days=1))
    await stage.ask_for("anna und ben")
    assert (await stage.sharing.enter(stage.key, OWNER)).owner
    key_of_one_channel = Actor("key", scopes=frozenset({Scope.MANAGE}), channel_id="c-1")
    assert isinstance(await refused(stage, stage.key, Proofs(actor=key_of_one_channel)), NotFound)


async def test_a_gallery_opens_and_closes_by_the_clock(stage: Stage) -> None:
    now = stage.clock()
    await stage.change(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    early = await refused(stage, stage.key)
    assert isinstance(early, NotYetOpen)
    assert early.retry_after == 3600
    stage.clock.go_on(hours=1)
    await stage.sharing.enter(stage.key)
    stage.clock.go_on(hours=1)
    assert (await refused(stage, stage.key)).public_code == "expired.gallery"


async def test_an_archived_gallery_is_closed_by_every_address(stage: Stage) -> None:
    _, key = await stage.link()
    await stage.change(state=GalleryState.ARCHIVED)
    for one in (stage.key, key):
        assert (await refused(stage, one)).public_code == "expired.gallery"


async def test_where_only_links_lead_in_the_own_address_tells_nothing(stage: Stage) -> None:
    _, key = await stage.link()
    await stage.change(rules=GalleryRules(reach=Reach.LINKS))
    assert isinstance(await refused(stage, stage.key), NotFound)
    await stage.sharing.enter(key)


async def test_a_link_has_its_own_party_and_rights(stage: Stage) -> None:
    link, key = await stage.link(party=Party.CLIENT, rights={Right.PICK})
    pass_ = await stage.sharing.enter(key)
    assert (pass_.party, pass_.rights) == (Party.CLIENT, {Right.VIEW, Right.PICK})
    assert pass_.link is not None
    assert pass_.link.id == link.id


async def test_tokens_are_long_and_never_the_same(stage: Stage) -> None:
    tokens = {(await stage.link())[0].token for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) == 22 for token in tokens)


async def test_a_revoked_link_ends_at_once_also_for_the_owner(stage: Stage) -> None:
    link, key = await stage.link()
    await stage.sharing.enter(key)
    await stage.sharing.revoke_link(SERVER, link.id)
    assert isinstance(await refused(stage, key), NotFound)
    assert isinstance(await refused(stage, key, OWNER), NotFound)


async def test_a_new_address_ends_the_old_one(stage: Stage) -> None:
    link, key = await stage.link()
    await stage.sharing.enter(key)
    renewed = await stage.sharing.renew_link(SERVER, link.id)
    assert isinstance(await refused(stage, key), NotFound)
    assert (await stage.sharing.enter(Key(token=renewed.token))).link == renewed


async def test_a_link_expires_while_a_page_is_open(stage: Stage) -> None:
    _, key = await stage.link(expires_at=stage.clock() + timedelta(hours=1))
    await stage.sharing.enter(key)
    stage.clock.go_on(hours=1)
    assert (await refused(stage, key)).public_code == "expired.link"


async def test_what_another_process_changes_holds_within_half_a_second(stage: Stage) -> None:
    moments = [0.0]
    other = Sharing(stage.catalogue, clock=stage.clock, sign_key=b"k" * 32)
    mine = stage.sharing
    mine._leads._monotonic = lambda: moments[0]  # pyright: ignore[reportPrivateUsage]
    link, key = await stage.link()
    await mine.enter(key)
    await other.revoke_link(SERVER, link.id)
    await mine.enter(key)  # it does not know yet
    moments[0] = 0.5
    assert isinstance(await refused(stage, key), NotFound)
    await other.close()


# --- passwords --------------------------------------------------------------------------------


async def test_a_password_is_told_once_and_remembered_by_a_proof(stage: Stage) -> None:
    await stage.ask_for("anna und ben")
    assert isinstance(await refused(stage, stage.key), PasswordNeeded)
    proofs = await stage.sharing.knock(stage.key, "anna und ben", address=HERE)
    await stage.sharing.enter(stage.key, proofs)
    stage.clock.go_on(days=400)
    await stage.sharing.enter(stage.key, proofs)
    await stage.sharing.enter(stage.key.carrying(proofs))


async def test_a_wrong_password_opens_nothing(stage: Stage) -> None:
    await stage.ask_for("anna und ben")
    with pytest.raises(PasswordNeeded) as caught:
        await stage.sharing.knock(stage.key, "anna und max", address=HERE)
    assert caught.value.public_code == "password-needed.wrong"


async def test_another_password_ends_what_the_old_one_opened(stage: Stage) -> None:
    await stage.ask_for("anna und ben")
    proofs = await stage.sharing.knock(stage.key, "anna und ben", address=HERE)
    await stage.ask_for("anna ohne ben")
    assert isinstance(await refused(stage, stage.key, proofs), PasswordNeeded)


async def test_a_proof_is_for_one_gallery_and_one_server(stage: Stage) -> None:
    await stage.ask_for("anna und ben")
    proofs = await stage.sharing.knock(stage.key, "anna und ben", address=HERE)
    other = a_gallery(
        2, state=GalleryState.PUBLISHED, password_hash=await stage.sharing.hashed("anna und ben")
    )
    await stage.catalogue.write(lambda records: records.galleries.add(other))
    assert isinstance(await refused(stage, Key(slug=other.slug), proofs), PasswordNeeded)
    elsewhere = Sharing(stage.catalogue, clock=stage.clock, sign_key=b"another key")
    with pytest.raises(PasswordNeeded):
        await elsewhere.enter(stage.key, proofs)
    await elsewhere.close()


async def test_links_ask_for_their_own_password_and_not_for_the_gallerys(stage: Stage) -> None:
    await stage.ask_for("of the gallery")
    _, free = await stage.link()
    await stage.sharing.enter(free)
    _, key = await stage.link(password="of the link")
    with pytest.raises(PasswordNeeded):
        await stage.sharing.knock(key, "of the gallery", address=HERE)
    await stage.sharing.enter(key, await stage.sharing.knock(key, "of the link", address=HERE))


async def test_who_guesses_waits_longer_and_longer(stage: Stage) -> None:
    await stage.ask_for("anna und ben")
    outcomes: list[type[Exception]] = []
    for number in range(40):
        try:
            await stage.sharing.knock(stage.key, f"guess number {number}", address=HERE)
        except (PasswordNeeded, Throttled) as error:
            outcomes.append(type(error))
    assert outcomes.count(PasswordNeeded) == 10
    with pytest.raises(Throttled) as caught:
        await stage.sharing.knock(stage.key, "anna und ben", address=HERE)
    assert caught.value.retry_after
    assert await stage.sharing.knock(stage.key, "anna und ben", address="198.51.100.1")


async def test_a_storm_from_many_addresses_is_slowed_down_too(stage: Stage) -> None:
    await stage.ask_for("anna und ben")
    tried = 0
    for number in range(60):
        try:
            await stage.sharing.knock(stage.key, "guess", address=f"198.51.100.{number}")
        except PasswordNeeded:
            tried += 1
        except Throttled:
            break
    assert tried == 50


# --- links that count -------------------------------------------------------------------------


async def test_a_link_for_two_lets_two_in_and_them_as_often_as_they_like(stage: Stage) -> None:
    link, key = await stage.link(most=2)
    assert (await refused(stage, key)).public_code == "unauthenticated.entry"
    first = await stage.sharing.knock(key, "", address=HERE)
    second = await stage.sharing.knock(key, "", address=HERE)
    assert (await stage.sharing.knock(key, "", address=HERE, proofs=first)) == first
    for proofs in (first, second, first):
        await stage.sharing.enter(key, proofs)
    assert (await refused(stage, key)).public_code == "expired.used-up"
    with pytest.raises(Expired):
        await stage.sharing.knock(key, "", address=HERE)
    assert (await stage.sharing.link(SERVER, link.id)).opened == 2


async def test_many_at_once_do_not_use_a_link_more_often_than_it_may_be(
    each_stage: Stage,
) -> None:
    _, key = await each_stage.link(most=3)
    tries = [each_stage.sharing.knock(key, "", address=HERE) for _ in range(12)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Proofs) for one in done) == 3
    assert sum(isinstance(one, Expired) for one in done) == 9


async def test_the_password_of_a_counting_link_counts_only_when_it_is_right(stage: Stage) -> None:
    link, key = await stage.link(most=1, password="of the link")
    with pytest.raises(PasswordNeeded):
        await stage.sharing.knock(key, "wrong", address=HERE)
    assert (await stage.sharing.link(SERVER, link.id)).opened == 0
    proofs = await stage.sharing.knock(key, "of the link", address=HERE)
    await stage.sharing.enter(key, proofs)
    assert isinstance(await refused(stage, key, replace(proofs, password="")), PasswordNeeded)


async def test_a_link_without_limit_counts_visits_once_in_a_while(stage: Stage) -> None:
    link, key = await stage.link()
    pass_ = await stage.sharing.enter(key)
    for visit in ("one", "one", "two"):
        await stage.sharing.opened(replace(pass_, visit=visit))
    await stage.sharing.opened(replace(pass_, visit="three", owner=True))
    assert (await stage.sharing.link(SERVER, link.id)).opened == 2
    stage.clock.go_on(minutes=31)
    await stage.sharing.opened(replace(pass_, visit="one"))
    assert (await stage.sharing.link(SERVER, link.id)).opened == 3


# --- pins -------------------------------------------------------------------------------------


async def test_a_pin_is_told_once_for_downloads(stage: Stage) -> None:
    await stage.change(pin="4711")
    pass_ = await stage.sharing.enter(stage.key)
    assert not stage.sharing.knows_pin(pass_, Proofs())
    with pytest.raises(Unauthenticated):
        await stage.sharing.tell_pin(pass_, "4712", address=HERE)
    proof = await stage.sharing.tell_pin(pass_, " 47 11", address=HERE)
    assert stage.sharing.knows_pin(pass_, Proofs(pin=proof))
    await stage.change(pin="")
    assert stage.sharing.knows_pin(await stage.sharing.enter(stage.key), Proofs())


# --- the list ---------------------------------------------------------------------------------


async def test_only_open_and_listed_galleries_are_listed(stage: Stage) -> None:
    assert await stage.sharing.listed() == ()
    await stage.change(rules=GalleryRules(reach=Reach.LISTED))
    assert [one.id for one in await stage.sharing.listed()] == [stage.gallery.id]
    await stage.change(closes_at=stage.clock())
    assert await stage.sharing.listed() == ()
