"""Assets that are not for everyone: signed addresses, owners, and what others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Unauthenticated
from fanlight.model import Actor, Scope, Visibility
from tests.delivery.stage import Stage
from tests.delivery.support import NOW
from tests.web.public_stage import visiting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fanlight.catalogue import Catalogue

pytestmark = pytest.mark.anyio

BODY = b"not for everyone"
OWNER = Actor("ada", user_id="ada", scopes=frozenset(Scope))


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


async def by_cookie(headers: Iterable[tuple[bytes, bytes]]) -> Actor:
    """The owner has the cookie `owner`; a bad one is an error, as of the real accounts."""
    cookie = dict(headers).get(b"cookie", b"")
    if cookie == b"owner":
        return OWNER
    raise Unauthenticated


async def nobody_asks(headers: Iterable[tuple[bytes, bytes]]) -> Actor:
    raise AssertionError("a public asset was asked for, and who asks was looked up")


async def test_a_signed_address_opens_a_private_asset_until_its_time(stage: Stage) -> None:
    asset = await stage.publish(BODY, visibility=Visibility.PRIVATE)
    signed = stage.delivery().signed_url(asset, NOW + timedelta(seconds=60))
    now = NOW
    async with visiting(stage, clock=lambda: now) as client:
        for _ in range(2):
            got = await client.get(signed)
            assert (got.status_code, got.content) == (200, BODY)
            assert got.headers["cache-control"] == "private, no-store"
        assert (await client.get(f"/a/{asset.id}")).status_code == 403
        by_alias = signed.replace(f"/a/{asset.id}.jpg", "/file/a/photo.jpg")
        assert (await client.get(by_alias)).status_code == 200
        now = NOW + timedelta(seconds=60)
        assert (await client.get(signed)).status_code == 410


@pytest.mark.parametrize(
    ("old", "new"), [("signature=", "signature=x"), ("expires=1", "expires=2"), ("expires=", "e=")]
)
async def test_an_address_that_was_tampered_with_opens_nothing(
    stage: Stage, old: str, new: str
) -> None:
    asset = await stage.publish(BODY, visibility=Visibility.PRIVATE)
    signed = stage.delivery().signed_url(asset, NOW + timedelta(days=1))
    assert old in signed
    async with visiting(stage, clock=lambda: NOW) as client:
        got = await client.get(signed.replace(old, new))
        assert got.status_code == 403
        assert got.text.startswith("Error: The signature")


async def test_a_signature_is_for_one_asset(stage: Stage) -> None:
    one = await stage.publish(BODY, visibility=Visibility.PRIVATE)
    other = await stage.publish(BODY, alias="other.jpg", visibility=Visibility.PRIVATE)
    signed = stage.delivery().signed_url(one, NOW + timedelta(days=1))
    async with visiting(stage, clock=lambda: NOW) as client:
        assert (await client.get(signed.replace(one.id, other.id))).status_code == 403


@pytest.mark.parametrize(
    ("visibility", "status"),
    [(Visibility.PRIVATE, 403), (Visibility.HIDDEN, 404), (Visibility.BLOCKED, 403)],
)
async def test_the_owner_sees_what_others_do_not(
    stage: Stage, visibility: Visibility, status: int
) -> None:
    asset = await stage.publish(BODY, visibility=visibility)
    signed = stage.delivery().signed_url(asset, NOW + timedelta(days=1))
    async with visiting(stage, viewer=by_cookie) as client:
        for _ in range(2):
            for headers in ({}, {"cookie": "stranger"}):
                got = await client.get(f"/a/{asset.id}", headers=headers)
                assert got.status_code == status
                assert BODY not in got.content
            got = await client.get(f"/a/{asset.id}", headers={"cookie": "owner"})
            assert (got.status_code, got.content) == (200, BODY)
            assert got.headers["cache-control"] == "private, no-store"
            assert got.headers["vary"] == "Authorization, Cookie"
            assert "access-control-allow-origin" not in got.headers
    if visibility is not Visibility.PRIVATE:
        async with visiting(stage, clock=lambda: NOW) as client:
            assert (await client.get(signed)).status_code == status


async def test_what_is_hidden_looks_like_what_is_not_there(stage: Stage) -> None:
    asset = await stage.publish(BODY, visibility=Visibility.HIDDEN)
    await stage.catalogue.write(lambda records: records.aliases.set_current(asset.id, "new.jpg"))
    async with visiting(stage) as client:
        nothing = await client.get("/a/nothing")
        for path in (f"/a/{asset.id}", "/file/new.jpg", "/file/a/photo.jpg"):
            got = await client.get(path, headers={"range": "bytes=0-1", "if-none-match": "*"})
            assert got.status_code == 404
            assert got.content == nothing.content
            assert got.headers == nothing.headers


async def test_the_old_alias_of_a_private_asset_does_not_tell_the_new_one(stage: Stage) -> None:
    asset = await stage.publish(BODY, visibility=Visibility.PRIVATE)
    await stage.catalogue.write(lambda records: records.aliases.set_current(asset.id, "secret.jpg"))
    signed = stage.delivery().signed_url(asset, NOW + timedelta(days=1))
    query = signed.partition("?")[2]
    async with visiting(stage, clock=lambda: NOW) as client:
        got = await client.get("/file/a/photo.jpg")
        assert got.status_code == 403
        assert "location" not in got.headers
        got = await client.get(f"/file/a/photo.jpg?{query}", follow_redirects=True)
        assert (got.status_code, got.content) == (200, BODY)


async def test_who_asks_is_not_looked_up_for_public_assets(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage, viewer=nobody_asks) as client:
        got = await client.get(f"/a/{asset.id}", headers={"cookie": "owner"})
        assert got.status_code == 200


async def test_what_is_made_private_is_private_for_the_next_request(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        for visibility, status in [
            (Visibility.PRIVATE, 403),
            (Visibility.PUBLIC, 200),
            (Visibility.HIDDEN, 404),
            (Visibility.PUBLIC, 200),
            (Visibility.BLOCKED, 403),
        ]:
            for _ in range(2):
                await client.get(f"/a/{asset.id}")
            await stage.catalogue.write(
                lambda records, new=visibility: records.assets.update(asset.id, visibility=new)
            )
            assert (await client.get(f"/a/{asset.id}")).status_code == status


async def test_an_asset_in_the_trash_is_not_there_until_it_is_restored(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}")).status_code == 200
        await stage.catalogue.write(lambda records: records.assets.trash(asset.id, NOW))
        assert (await client.get(f"/a/{asset.id}")).status_code == 404
        await stage.catalogue.write(lambda records: records.assets.restore(asset.id))
        assert (await client.get(f"/a/{asset.id}")).status_code == 200
