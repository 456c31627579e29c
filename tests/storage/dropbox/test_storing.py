"""What is put at Dropbox through a store: in one call, in pieces, in batches."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zlib import crc32

import pytest

from fanlight.errors import (
    AlreadyExists,
    ReconnectNeeded,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from fanlight.storage.base import Commit
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
    assert sorted(offsets(shop)) == list(range(7))
    assert [call["arg"]["close"] for call in calls].count(True) == 1
    assert offsets(shop)[-1] == 6
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


def noted_as(data: bytes) -> str:
    """The name under which a body's session is noted."""
    return f"session-{sha256(data[:PIECE]).hexdigest()[:40]}-{len(data)}"


def offsets(shop: Shop) -> list[int]:
    calls = shop.calls("files/upload_session/append_v2")
    return [call["arg"]["cursor"]["offset"] // PIECE for call in calls if call["bytes_in"]]


async def broken_off(data: bytes, after: int) -> AsyncIterator[bytes]:
    async for piece in chunks(data[:after]):
        yield piece
    raise ConnectionResetError


async def test_a_body_sent_again_goes_on_where_it_was(
    shop: Shop, emulated: Emulated, shared: Shared
) -> None:
    data = os.urandom(6 * PIECE + 9)
    with pytest.raises(ConnectionResetError):
        await shop.store.put("a", broken_off(data, 4 * PIECE), ticket="one", size=len(data))
    assert sorted(offsets(shop)) == [0, 1, 2]  # the fourth may have been the last one
    shop.control.clear_log()
    other = Shop(emulated, emulated.provider(), shared)
    stored = await other.put("b", data, ticket="two")
    await other.store.close()
    assert stored.entry.checksum is not None
    assert stored.entry.checksum.value == content_hash(data)
    assert sorted(offsets(shop)) == [3, 4, 5, 6]
    assert shop.calls("files/upload_session/start") == []
    assert shop.tree() == {"/b": len(data)}
    assert await shared.note(noted_as(data)) is None


async def test_what_was_sent_before_is_known_after_a_second_break(shop: Shop) -> None:
    data = os.urandom(6 * PIECE + 9)
    for after in (5 * PIECE, 2 * PIECE):
        with pytest.raises(ConnectionResetError):
            await shop.store.put("a", broken_off(data, after), ticket="t", size=len(data))
    shop.control.clear_log()
    await shop.put("a", data)
    assert sorted(offsets(shop)) == [4, 5, 6]


async def test_a_body_that_is_still_on_its_way_lends_its_session_to_nobody(shop: Shop) -> None:
    going = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        async for piece in chunks(LARGE[:-1]):
            yield piece
        await going.wait()
        yield LARGE[-1:]

    first = asyncio.create_task(shop.store.put("a", slow(), ticket="a", size=len(LARGE)))
    while not offsets(shop):
        await asyncio.sleep(0.01)
    await shop.put("b", LARGE, ticket="b")
    going.set()
    await first
    assert shop.tree() == {"/a": len(LARGE), "/b": len(LARGE)}
    assert len(shop.calls("files/upload_session/start")) == 2


async def test_a_body_with_a_known_beginning_is_not_taken_for_the_known_one(shop: Shop) -> None:
    other = LARGE[:PIECE] + os.urandom(len(LARGE) - PIECE)
    with pytest.raises(ConnectionResetError):
        await shop.store.put("a", broken_off(LARGE, len(LARGE)), ticket="t", size=len(LARGE))
    stored = await shop.put("a", other)
    assert stored.entry.checksum is not None
    assert stored.entry.checksum.value == content_hash(other)


@pytest.mark.parametrize("kind", ["server_error", "lost_reply"])
async def test_what_could_not_be_committed_is_committed_when_it_is_sent_again(
    shop: Shop, kind: str
) -> None:
    shop.fault(kind, "files/upload_session/finish_batch_v2", times=shop.attempts + 1)
    with suppress(StorageError):
        await shop.put("a", LARGE)
    shop.control.clear_faults()
    shop.control.clear_log()
    await shop.put("a", LARGE, overwrite=True)
    assert shop.tree() == {"/a": len(LARGE)}
    if kind == "server_error":
        assert offsets(shop) == []


async def test_without_room_at_dropbox_what_was_sent_is_kept_for_when_there_is(shop: Shop) -> None:
    account = str(shop.emulated.account["account_id"])
    shop.control.change_account(account, quota=PIECE)
    with pytest.raises(StorageFull):
        await shop.put("a", LARGE)
    shop.control.change_account(account, quota=1 << 40)
    shop.control.clear_log()
    await shop.put("a", LARGE)
    assert offsets(shop) == []
    assert shop.tree() == {"/a": len(LARGE)}


async def test_a_session_that_is_gone_is_begun_anew(shop: Shop, shared: Shared) -> None:
    note = '{"session": "pid_upload_session:gone", "arrived": [[8388608, 1]]}'
    await shared.keep(noted_as(LARGE), note)
    stored = await shop.put("a", LARGE)
    assert stored.entry.size == len(LARGE)
    assert await shared.note(noted_as(LARGE)) is None


async def test_what_was_said_to_have_arrived_and_has_not_is_noticed(
    shop: Shop, shared: Shared
) -> None:
    first = await shop.provider.begin()
    checksum = crc32(LARGE[PIECE : 2 * PIECE])
    note = f'{{"session": "{first}", "arrived": [[{PIECE}, {checksum}]]}}'
    await shared.keep(noted_as(LARGE), note)
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
    assert shop.control.counters()["writers_refused"] == 0


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


PIECES: dict[str, tuple[str, dict[str, Any], int | None]] = {
    "which had arrived": ("lost_reply", {}, None),
    "which had not": ("connection_reset", {"on": "request"}, None),
    "of which a part had": ("connection_reset", {"on": "request", "after_bytes": 70_000}, 70_000),
}


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("how", PIECES)
async def test_a_session_goes_on_after_a_piece_without_a_reply(
    shop: Shop, how: str, last: bool
) -> None:
    kind, more, at = PIECES[how]
    provider, data = shop.provider, os.urandom(100_000)
    shop.control.behave(keep_cut_pieces=True)
    session = (await provider._sessions(1))[0]  # type: ignore[reportPrivateUsage]  # in order
    shop.fault(kind, "files/upload_session/append_v2", **more)
    with pytest.raises(StorageUnavailable):
        await provider.send(session, 0, data, last=last)
    await provider.send(session, 0, data, last=last)
    if not last:
        await provider.send(session, len(data), b"", last=True)
    await provider.commit(Commit(session, len(data), "a"))
    assert await shop.read("a") == data
    begun = [one["arg"]["cursor"]["offset"] for one in shop.calls("*append_v2")]
    assert (at is None) or at in begun
