"""What is read from Dropbox, and whose account it is."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from contextlib import suppress

import pytest

from fanlight.errors import ObjectChanged, ObjectMissing, ReadOnly, StorageError
from fanlight.model import Severity
from fanlight.storage.base import Entry, Gone, Span
from fanlight.storage.dropbox.wire import header
from tests.storage.dropbox.conftest import Shop
from tests.support.emulated import Emulated

pytestmark = pytest.mark.anyio

DATA = os.urandom(3_000_000)


def test_json_in_a_header_is_plain_ascii() -> None:
    said = {"path": "/é😀\x7f\n"}
    assert header(said).isascii()
    assert "\x7f" not in header(said)
    assert json.loads(header(said)) == said


@pytest.mark.parametrize("kind", ["connection_reset", "truncated_body"])
async def test_a_broken_read_goes_on_where_it_broke(shop: Shop, kind: str) -> None:
    stored = await shop.put("a", DATA)
    shop.fault(kind, "files/download", times=2, after_bytes=1_000_000)
    assert await shop.read(stored.entry.locator) == DATA
    ranges = [call["range"] for call in shop.calls("files/download")]
    assert ranges[0] is None
    assert all(one is not None for one in ranges[1:])
    assert len(ranges) == 3


async def test_a_read_never_mixes_versions(shop: Shop) -> None:
    stored = await shop.put("a", DATA)
    shop.fault("file_changed", "files/download", times=1, after_bytes=1_000_000)
    shop.fault("truncated_body", "files/download", times=1, after_bytes=2_000_000)
    with suppress(ObjectChanged):
        assert await shop.read(stored.entry.locator) == DATA


async def test_a_move_keeps_locator_and_version(shop: Shop) -> None:
    stored = await shop.put("a/b.jpg", b"bytes")
    moved = await shop.store.move(stored.entry.locator, "c/B.jpg")
    again = await shop.store.move(moved.locator, "c/b.JPG")
    for entry in (moved, again):
        assert (entry.locator, entry.version) == (stored.entry.locator, stored.entry.version)
    assert shop.tree() == {"/c/b.JPG": 5}


async def test_an_id_from_outside_the_root_leads_nowhere(emulated: Emulated, shop: Shop) -> None:
    outside = await shop.put("elsewhere/a", b"secret")
    provider = emulated.provider("inside")
    locator = outside.entry.locator
    for attempt in (provider.stat, provider.open, provider.delete, provider.link):
        with pytest.raises(ObjectMissing):
            await attempt(locator)
    with pytest.raises(ObjectMissing):
        await provider.move(locator, "mine")
    with pytest.raises(ObjectMissing):
        await provider.copy(locator, "mine")
    assert await provider.previews([locator], 64) == [None]
    await provider.close()
    assert shop.tree() == {"/elsewhere/a": 6}


async def test_a_root_is_compared_as_dropbox_compares(emulated: Emulated, shop: Shop) -> None:
    await shop.put("Fotos/2026/a.jpg", b"bytes")
    provider = emulated.provider("FOTOS/2026")
    assert (await provider.stat("a.jpg")).path == "a.jpg"
    assert [entry.path for entry in (await provider.list("")).entries] == ["a.jpg"]
    await provider.close()


async def test_longpoll_carries_no_token(shop: Shop) -> None:
    delta = await shop.provider.changes()
    watching = asyncio.create_task(shop.provider.watch(delta.cursor))
    while not shop.control.log("files/list_folder/longpoll")["count"]:
        await asyncio.sleep(0.01)
    await shop.put("a", b"x")
    async with asyncio.timeout(10):
        watched = await watching
    assert watched.changed
    (call,) = shop.control.log("files/list_folder/longpoll")["requests"]
    assert "authorization" not in {name.lower() for name in call["headers"]}


async def test_a_move_comes_as_gone_and_as_the_same_object(shop: Shop) -> None:
    stored = await shop.put("a/b.jpg", b"bytes")
    delta = await shop.provider.changes()
    while delta.more:
        delta = await shop.provider.changes(delta.cursor)
    shop.control.move("/a/b.jpg", "/c.jpg", account=shop.emulated.account["account_id"])
    after = await shop.provider.changes(delta.cursor)
    gone = [one.path for one in after.changes if isinstance(one, Gone)]
    there = [one.locator for one in after.changes if isinstance(one, Entry)]
    assert (gone, there) == (["a/b.jpg"], [stored.entry.locator])


async def test_dropbox_rings_for_its_account(shop: Shop) -> None:
    secret = str(shop.emulated.app["app_secret"])
    account = shop.emulated.account["account_id"]
    for accounts, rings in (([account], True), (["dbid:other"], False), ([], False)):
        body = json.dumps({"list_folder": {"accounts": accounts}}).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        assert shop.provider.rung({"x-dropbox-signature": signature}, body) is rings
        assert not shop.provider.rung({"x-dropbox-signature": signature}, body + b" ")


async def found(emulated: Emulated, root: str = "", **options: object) -> dict[str, Severity]:
    provider = emulated.provider(root, **options)
    try:
        return {one.code: one.severity for one in (await provider.check()).findings}
    finally:
        await provider.close()


async def test_check_says_whose_account_it_is(emulated: Emulated) -> None:
    provider = emulated.provider()
    check = await provider.check()
    await provider.close()
    assert check.who is not None
    assert (check.who.id, check.who.email) == (
        emulated.account["account_id"],
        emulated.account["email"],
    )
    assert (check.writable, check.findings) == (True, ())


@pytest.mark.parametrize(
    "scope",
    ["account_info.read", "files.content.write", "files.content.read", "files.metadata.read"],
)
@pytest.mark.parametrize(
    ("by", "code"), [("app", "scope.not-submitted"), ("token", "scope.token-older")]
)
async def test_check_tells_which_scope_is_missing_and_where(
    emulated: Emulated, scope: str, by: str, code: str
) -> None:
    route = {
        "account_info.read": "users/get_current_account",
        "files.content.write": "files/upload_session/start",
        "files.content.read": "files/download",
        "files.metadata.read": "files/list_folder",
    }[scope]
    emulated.control.fault("scope_removed", route, by=by, times=9)
    assert code in await found(emulated)


async def test_check_finds_what_is_wrong_with_the_account(emulated: Emulated) -> None:
    account = str(emulated.account["account_id"])
    emulated.control.change_account(account, email_verified=False)
    assert "account.email-unverified" in await found(emulated)
    emulated.control.change_account(account, suspended=True)
    assert await found(emulated) == {"account.suspended": Severity.PROBLEM}


async def test_check_misses_a_root_that_is_not_there(emulated: Emulated) -> None:
    emulated.make_folder("/Photos")
    assert "root.missing" in await found(emulated, "fanlight")


async def test_a_teams_space_is_opened_if_it_is_chosen(shop: Shop) -> None:
    member = Emulated(shop.emulated.handle, account_options={"team": "Studio"})
    account = member.account["account_id"]
    shop.control.send("files/put", account=account, path="/Team/a.jpg", text="hello", root=True)
    assert "account.team-space" in await found(member)
    assert "account.team-space" not in await found(member, team=True)
    own, team = member.provider(), member.provider(team=True)
    assert "Team" not in [entry.name for entry in (await own.list("")).entries]
    assert "Team" in [entry.name for entry in (await team.list("")).entries]
    body = await team.open("Team/a.jpg", Span(1, 3))
    assert b"".join([piece async for piece in body]) == b"el"
    for provider in (own, team):
        await provider.close()


async def test_what_is_not_allowed_is_not_taken_for_missing(shop: Shop) -> None:
    shop.fault("scope_removed", "files/get_metadata", by="token", times=1)
    with pytest.raises(StorageError) as refused:
        await shop.store.stat("a")
    assert not isinstance(refused.value, ObjectMissing | ReadOnly)


async def test_more_previews_than_one_call_gives_are_asked_for_in_calls_side_by_side(
    shop: Shop,
) -> None:
    entry = (await shop.put("a", b"no picture")).entry
    shop.fault("slow_first_byte", "files/get_thumbnail_batch", times=2, seconds=1.0)
    assert await shop.store.previews([entry.locator] * 30, 64) == [None] * 30
    log = shop.control.log("files/get_thumbnail_batch")
    assert sorted(len(one["arg"]["entries"]) for one in log["requests"]) == [5, 25]
    assert log["most_parallel"] >= 2
