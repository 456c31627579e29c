"""Objects that change, vanish or cannot be reached, behind our back."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import RateLimited, ReconnectNeeded, StorageError, StorageUnavailable
from fanlight.model import PlacementState
from fanlight.storage.base import Body, Entry, Span
from fanlight.storage.memory import Memory
from fanlight.storage.pace import Policy
from fanlight.storage.store import Store
from fanlight.web.public.sending import BrokenOff
from tests.delivery.stage import Stage
from tests.web.public_stage import visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fanlight.catalogue import Catalogue

pytestmark = pytest.mark.anyio

BODY = b"the bytes that the catalogue knows" * 100
LONG = bytes(range(256)) * 2000


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


def rewrite(path: Path, body: bytes, *, in_place: bool) -> None:
    """Change an object as others would: written over, or replaced by another one."""
    if in_place:
        before = path.stat().st_mtime_ns
        path.write_bytes(body)
        os.utime(path, ns=(before + 10**9, before + 10**9))
    else:
        other = path.with_name("other")
        other.write_bytes(body)
        other.rename(path)


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("body", [BODY[::-1], b"shorter", b"", BODY + b"and longer"])
async def test_changed_bytes_never_come_under_the_old_tag(
    stage: Stage, body: bytes, in_place: bool
) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        old = await client.get(f"/a/{asset.id}?v=3")
        assert "immutable" in old.headers["cache-control"]
        for headers in ({"range": "bytes=0-3"}, {"if-none-match": "*"}):
            await client.get(f"/a/{asset.id}?v=3", headers=headers)
        rewrite(stage.path_of(asset), body, in_place=in_place)
        unchanged = await client.get(
            f"/a/{asset.id}?v=3", headers={"if-none-match": old.headers["etag"]}
        )
        assert unchanged.status_code == 200
        got = await client.get(f"/a/{asset.id}?v=3")
        again = await client.get(f"/a/{asset.id}?v=3")
        assert (got.status_code, got.content) == (again.status_code, again.content) == (200, body)
        assert got.headers["etag"] != old.headers["etag"]
        assert got.headers["cache-control"] == "public, no-cache"
        head = await client.head(f"/a/{asset.id}?v=3")
        assert head.headers == got.headers == again.headers
        if body:
            ranged = {"range": "bytes=0-3", "if-range": old.headers["etag"]}
            assert (await client.get(f"/a/{asset.id}", headers=ranged)).content == body
            ranged = {"range": "bytes=0-3", "if-range": got.headers["etag"]}
            assert (await client.get(f"/a/{asset.id}", headers=ranged)).content == body[:4]
        fresh = await client.get(f"/a/{asset.id}", headers={"if-none-match": got.headers["etag"]})
        assert fresh.status_code == 304


async def test_changed_bytes_get_their_own_tag_when_the_catalogue_knows_them(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        await client.get(f"/a/{asset.id}")
        rewrite(stage.path_of(asset), b"new", in_place=False)
        await client.get(f"/a/{asset.id}")
        store = stage.stores.by_channel["disk"]
        entry = await store.stat(f"{asset.id}/{asset.alias}")
        digest = hashlib.sha256(b"new").hexdigest()

        def learn(records: Any) -> None:
            records.assets.update(asset.id, size=3, sha256=digest, version=4)
            records.placements.update(f"{asset.id}-disk", size=3, version=entry.version)

        await stage.catalogue.write(learn)
        got = await client.get(f"/a/{asset.id}?v=4")
        assert got.content == b"new"
        assert got.headers["etag"] == f'"{digest[:32]}"'
        assert "immutable" in got.headers["cache-control"]


async def test_a_changed_object_in_the_cloud_is_noticed_when_it_is_read(stage: Stage) -> None:
    asset = await stage.publish(BODY, channel="cloud")
    async with visiting(stage) as client:
        old = await client.get(f"/a/{asset.id}")
        assert old.content == BODY
        store = stage.stores.by_channel["cloud"]
        await store.put(f"{asset.id}/{asset.alias}", once(b"new"), ticket="t", overwrite=True)
        for _ in range(2):
            got = await client.get(f"/a/{asset.id}")
            assert (got.status_code, got.content) == (200, b"new")
            assert got.headers["etag"] != old.headers["etag"]
            assert got.headers["content-length"] == "3"


async def once(body: bytes) -> AsyncIterator[bytes]:
    yield body


# --- gone -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False])
async def test_an_object_that_is_not_there_any_more_is_404(stage: Stage, kept: bool) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        if kept:
            assert (await client.get(f"/a/{asset.id}")).status_code == 200
        stage.path_of(asset).unlink()
        for headers in ({}, {"range": "bytes=0-1"}, {"if-none-match": "*"}):
            for method in ("GET", "HEAD"):
                got = await client.request(method, f"/a/{asset.id}", headers=headers)
                assert got.status_code == 404
        got = await client.get(f"/a/{asset.id}")
        assert "object is not in its storage any more" in got.text
        stage.path_of(asset).write_bytes(b"it is back")
        assert (await client.get(f"/a/{asset.id}")).content == b"it is back"


@pytest.mark.parametrize("change", ["directory", "pipe", "symlink", "parent symlink"])
async def test_what_took_an_objects_place_is_not_followed(
    stage: Stage, tmp_path: Path, change: str
) -> None:
    asset = await stage.publish(BODY)
    path = stage.path_of(asset)
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / path.name).write_bytes(b"secret")
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}")).status_code == 200
        path.unlink()
        if change == "directory":
            path.mkdir()
        elif change == "pipe":
            os.mkfifo(path)
        elif change == "symlink":
            path.symlink_to(secret / path.name)
        else:
            path.parent.rmdir()
            path.parent.symlink_to(secret)
        got = await client.get(f"/a/{asset.id}")
        assert got.status_code == 404
        assert b"secret" not in got.content


async def test_a_copy_serves_when_the_primary_is_gone(stage: Stage) -> None:
    asset = await stage.publish(BODY, copies=("cloud",))
    async with visiting(stage) as client:
        old = await client.get(f"/a/{asset.id}")
        stage.path_of(asset).unlink()
        for _ in range(2):
            got = await client.get(f"/a/{asset.id}")
            assert (got.status_code, got.content) == (200, BODY)
            assert got.headers["etag"] == old.headers["etag"]


@pytest.mark.parametrize("state", [PlacementState.MISSING, PlacementState.DELETING])
async def test_a_placement_in_doubt_comes_last_and_one_on_its_way_out_never(
    stage: Stage, state: PlacementState
) -> None:
    asset = await stage.publish(BODY, copies=("cloud",))
    stage.path_of(asset).write_bytes(b"not this one")
    await stage.catalogue.write(
        lambda records: records.placements.update(f"{asset.id}-disk", state=state)
    )
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}")).content == BODY
        store = stage.stores.by_channel["cloud"]
        await store.delete(f"{asset.id}/{asset.alias}")
        got = await client.get(f"/a/{asset.id}")
        assert got.status_code == (200 if state is PlacementState.MISSING else 404)


async def test_an_asset_without_any_placement_is_404(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    await stage.catalogue.write(lambda records: records.placements.remove(f"{asset.id}-disk"))
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}")).status_code == 404


# --- out of reach -----------------------------------------------------------------------------


class Troubled(Memory):
    """A cloud that refuses to open objects, or breaks off in the middle."""

    refusal: StorageError | None = None
    breaks_after: int | None = None

    async def open(self, locator: str, span: Span | None = None, version: str | None = None) -> Any:
        if self.refusal is not None:
            raise self.refusal
        body = await super().open(locator, span, version)
        return body if self.breaks_after is None else Breaking(body, self.breaks_after)


class Breaking:
    """A body that ends in an error."""

    def __init__(self, body: Body, after: int) -> None:
        self.entry: Entry = body.entry
        self.start, self.stop = body.start, body.stop
        self._body = body
        self._left = after

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._body:
            yield data[: self._left]
            self._left -= len(data)
            if self._left <= 0:
                raise ReconnectNeeded

    async def aclose(self) -> None:
        await self._body.aclose()


@pytest.fixture
def cloud(stage: Stage) -> Troubled:
    provider = Troubled()
    stage.stores.by_channel["cloud"] = Store(provider, name="cloud", policy=Policy(attempts=1))
    return provider


@pytest.mark.parametrize(
    ("refusal", "pause"),
    [
        (StorageUnavailable(), "5"),
        (RateLimited(retry_after=17), "17"),
        (ReconnectNeeded(), "5"),
    ],
)
async def test_storage_out_of_reach_is_503_with_a_time_to_come_back(
    stage: Stage, cloud: Troubled, refusal: StorageError, pause: str
) -> None:
    asset = await stage.publish(BODY, channel="cloud")
    async with visiting(stage) as client:
        cloud.refusal = refusal
        got = await client.get(f"/a/{asset.id}")
        assert (got.status_code, got.headers["retry-after"]) == (503, pause)
        assert got.text.startswith("Error: ")
        assert got.headers["cache-control"] == "no-store"


async def test_a_copy_serves_while_the_primary_is_out_of_reach(
    stage: Stage, cloud: Troubled
) -> None:
    asset = await stage.publish(BODY, channel="cloud", copies=("disk",))
    async with visiting(stage) as client:
        cloud.refusal = StorageUnavailable()
        for headers in ({}, {"range": "bytes=0-"}):
            got = await client.get(f"/a/{asset.id}", headers=headers)
            assert got.content == BODY
        stage.path_of(asset).unlink()
        assert (await client.get(f"/a/{asset.id}")).status_code == 503
        cloud.refusal = None
        assert (await client.get(f"/a/{asset.id}")).content == BODY


async def test_a_channel_that_is_not_there_any_more_is_404(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    del stage.stores.by_channel["disk"]
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}")).status_code == 404


async def test_bytes_that_end_too_early_do_not_look_like_a_whole_answer(
    stage: Stage, cloud: Troubled
) -> None:
    asset = await stage.publish(LONG, channel="cloud")
    cloud.breaks_after = 300_000
    async with visiting(stage) as client:
        with pytest.raises(BrokenOff):
            await client.get(f"/a/{asset.id}")
