"""What is put at Dropbox through a store: in one call, in pieces, in batches."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from fanlight.errors import AlreadyExists, ReconnectNeeded, StorageError, StorageFull
from fanlight.storage.dropbox.content_hash import content_hash
from fanlight.storage.shared import Shared
from fanlight.storage.store import Stored
from tests.storage.dropbox.conftest import Shop, chunks
from tests.support.emulated import Emulated

pytestmark = pytest.mark.anyio

PIECE = 8 << 20
LARGE = os.urandom(2 * PIECE + 5)


async def test_a_small_object_goes_up_in_one_call_with_its_checksum(shop: Shop) -> None:
    taken = datetime(2019, 5, 4, 3, 2, 1, tzinfo=UTC)
    stored = await shop.put("a/b.jpg", b"bytes", modified_at=taken)
    (call,) = shop.calls("files/upload*")
    assert call["route"] == "files/upload"
    assert call["arg"]["content_hash"] == content_hash(b"bytes")
    assert "autorename" not in call["arg"]
    assert stored.entry.modified_at == taken
    assert await shop.read(stored.entry.locator) == b"bytes"


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5])
async def test_whatever_its_length_an_object_arrives_whole(shop: Shop, size: int) -> None:
    data = os.urandom(size)
    stored = await shop.put("a", data)
    assert stored.entry.checksum is not None
    assert stored.entry.checksum.value == content_hash(data)
    sessions = shop.calls("files/upload_session/append_v2")
    assert len(sessions) == (0 if size <= PIECE else -(-size // PIECE))


async def test_pieces_go_up_beside_one_another_and_the_last_one_last(shop: Shop) -> None:
    await shop.put("a", os.urandom(6 * PIECE + 3))
    calls = shop.calls("files/upload_session/append_v2")
    offsets = [call["arg"]["cursor"]["offset"] // PIECE for call in calls]
    assert sorted(offsets) == list(range(7))
    assert [call["arg"]["close"] for call in calls].count(True) == 1
    assert offsets[-1] == 6
    found = shop.control.log("files/upload_session/append_v2")
    assert 1 < found["most_parallel"] <= 4


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "connection_reset", "lost_reply"])
@pytest.mark.parametrize(
    "route", ["upload_session/start", "upload_session/append_v2", "upload_session/finish*"]
)
async def test_a_large_object_survives_a_failing_call(shop: Shop, kind: str, route: str) -> None:
    more = {"retry_after": 0} if kind == "rate_limited" else {}
    shop.fault(kind, f"files/{route}", times=2, **more)
    stored = await shop.put("a", LARGE)
    assert stored.entry.size == len(LARGE)
    assert shop.tree() == {"/a": len(LARGE)}


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "connection_reset", "lost_reply"])
async def test_a_small_object_survives_a_failing_call(shop: Shop, kind: str) -> None:
    more = {"retry_after": 0} if kind == "rate_limited" else {}
    shop.fault(kind, "files/upload", times=2, **more)
    await shop.put("a", b"bytes")
    assert shop.tree() == {"/a": 5}


async def test_a_put_begun_again_sends_only_what_is_missing(
    shop: Shop, emulated: Emulated, shared: Shared
) -> None:
    data = os.urandom(6 * PIECE + 9)

    async def broken() -> AsyncIterator[bytes]:
        async for piece in chunks(data[: 4 * PIECE]):
            yield piece
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await shop.store.put("a", broken(), ticket="same", size=len(data))
    before = len(shop.calls("files/upload_session/append_v2"))
    other = Shop(emulated, emulated.provider(), shared)
    stored = await other.put("a", data, ticket="same")
    after = len(shop.calls("files/upload_session/append_v2")) - before
    assert stored.entry.size == len(data)
    await other.store.close()
    assert len(shop.calls("files/upload_session/start")) == 1
    assert after == 7 - 2  # the first is sent again to see whether the session is there


async def test_a_session_that_is_gone_is_begun_anew(shop: Shop, shared: Shared) -> None:
    note = '{"session": "pid_upload_session:gone", "arrived": [[8388608, 1]]}'
    await shared.keep("session-t", note)
    stored = await shop.put("a", LARGE)
    assert stored.entry.size == len(LARGE)
    assert await shared.note("session-t") is None


async def test_what_was_said_to_have_arrived_and_has_not_is_noticed(
    shop: Shop, shared: Shared
) -> None:
    from zlib import crc32

    first = await shop.provider.begin()
    checksum = crc32(LARGE[PIECE : 2 * PIECE])
    await shared.keep("session-t", f'{{"session": "{first}", "arrived": [[{PIECE}, {checksum}]]}}')
    with pytest.raises(StorageError):
        await shop.put("a", LARGE)
    assert shop.tree() == {}
    await shop.put("a", LARGE)
    assert shop.tree() == {"/a": len(LARGE)}


async def test_many_small_objects_are_committed_together(shop: Shop) -> None:
    shop.control.behave(write_lock_hold=[0.01, 0.02])
    bodies = {f"many/{number:03}.jpg": os.urandom(1000 + number) for number in range(120)}
    stored = await asyncio.gather(
        *(shop.put(path, data, f"t{path[5:8]}") for path, data in bodies.items())
    )
    assert [one.size for one in stored] == [len(data) for data in bodies.values()]
    assert shop.tree() == {f"/{path}": len(data) for path, data in bodies.items()}
    commits = shop.calls("files/upload_session/finish_batch_v2")
    assert 1 <= len(commits) <= 10
    assert shop.control.log("files/upload_session/finish_batch_v2")["most_parallel"] == 1


async def gathered(shop: Shop, count: int, size: int = 100) -> list[Stored | BaseException]:
    shop.control.behave(write_lock_hold=[0.01, 0.02])
    puts = (shop.put(f"many/{number}", os.urandom(size), f"t{number}") for number in range(count))
    return list(await asyncio.gather(*puts, return_exceptions=True))


async def test_one_that_cannot_be_stored_does_not_hinder_the_others(shop: Shop) -> None:
    await shop.put("many/3", b"theirs", "first")
    results = await gathered(shop, 20)
    failed = [number for number, one in enumerate(results) if not isinstance(one, Stored)]
    assert failed == [3]
    assert isinstance(results[3], AlreadyExists)
    assert len(shop.tree()) == 20


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "connection_reset", "lost_reply"])
@pytest.mark.parametrize("route", ["start_batch", "append_batch", "finish_batch_v2"])
async def test_a_batch_survives_a_failing_call(shop: Shop, kind: str, route: str) -> None:
    more = {"retry_after": 0} if kind == "rate_limited" else {}
    shop.fault(kind, f"files/upload_session/{route}", times=2, **more)
    results = await gathered(shop, 40)
    assert [one for one in results if not isinstance(one, Stored)] == []
    assert len(shop.tree()) == 40


async def test_while_somebody_else_writes_the_rest_of_a_batch_waits(shop: Shop) -> None:
    shop.fault("write_lock", "files/upload_session/finish_batch_v2", times=1)
    results = await gathered(shop, 10)
    assert [one for one in results if not isinstance(one, Stored)] == []


async def test_an_account_that_fills_up_in_the_middle_says_so_for_what_has_no_room(
    shop: Shop,
) -> None:
    account = str(shop.emulated.account["account_id"])
    shop.control.change_account(account, quota=10_500)
    results = await gathered(shop, 20, size=1000)
    kept = [one for one in results if isinstance(one, Stored)]
    assert len(kept) == 10
    assert all(isinstance(one, StorageFull) for one in results if not isinstance(one, Stored))
    assert len(shop.tree()) == 10


async def test_a_token_may_run_out_in_the_middle(shop: Shop) -> None:
    shop.fault("token_expired", "files/upload_session/append_v2", times=1, skip=1)
    await shop.put("a", LARGE)
    assert shop.emulated.tokens.renewed >= 1
    assert shop.tree() == {"/a": len(LARGE)}


async def test_a_revoked_grant_is_said_to_be_one(shop: Shop) -> None:
    shop.fault("token_revoked", "*", times=100)
    with pytest.raises(ReconnectNeeded):
        await shop.put("a", b"x")


async def test_the_account_pauses_for_as_long_as_it_is_told(shop: Shop) -> None:
    shop.fault("rate_limited", "files/upload", times=1, retry_after=1000)
    with pytest.raises(StorageError) as failed:
        await shop.put("a", b"x")
    assert failed.value.retry_after == 1000
    assert shop.store.paused_until is not None
    count = len(shop.calls("*"))
    with pytest.raises(StorageError):
        await shop.store.stat("a")
    assert len(shop.calls("*")) == count


async def test_without_batches_each_body_goes_by_itself(shop: Shop) -> None:
    shop.provider._in_batches = False  # type: ignore[reportPrivateUsage]  # as an old service says
    results = await gathered(shop, 12)
    assert [one for one in results if not isinstance(one, Stored)] == []
    assert len(shop.calls("files/upload_session/append_v2")) > 1
    assert shop.calls("files/upload_session/append_batch") == []
