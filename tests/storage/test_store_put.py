"""Transfers to a provider: verified, counted, and settled when a reply is lost."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from fanlight.errors import (
    AlreadyExists,
    ChecksumMismatch,
    Incomplete,
    NotSupported,
    ObjectMissing,
    RateLimited,
    ReadOnly,
    StorageError,
    StorageFull,
    StorageUnavailable,
    TooLarge,
)
from fanlight.storage.base import Checksum, Traits
from fanlight.storage.store import Store, Stored
from tests.storage.doubles import (
    Clock,
    Fault,
    Faulty,
    Handles,
    Mute,
    Reading,
    as_provider,
    checksum,
    chunks,
)

pytestmark = pytest.mark.anyio

SMALL = b"small" * 100
LARGE = os.urandom(3_000_000)
LOST = StorageUnavailable("The reply was lost.")


class Rig:
    def __init__(self, provider: Any = None, **policy: Any) -> None:
        self.faulty: Faulty = getattr(provider, "faulty", provider) or Faulty()
        self.clock = Clock()
        self.store = Store(
            as_provider(provider or self.faulty), name="test", policy=self.clock.policy(**policy)
        )

    def plan(self, *faults: Fault) -> None:
        self.faulty.plan["put"] = list(faults)

    async def put(self, data: bytes = SMALL, path: str = "a", **options: Any) -> Stored:
        return await self.store.put(path, chunks(data), ticket="ticket", **options)

    async def data(self, path: str = "a") -> bytes:
        body = await self.store.open(path)
        try:
            return b"".join([piece async for piece in body])
        finally:
            await body.aclose()

    async def paths(self) -> list[str]:
        return sorted([entry.path async for entry in self.store.walk()])


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    rig = Rig()
    yield rig
    await rig.store.close()


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 1 << 20, (1 << 20) + 1, len(LARGE)])
async def test_a_put_tells_checksum_size_and_first_bytes(rig: Rig, size: int) -> None:
    data = LARGE[:size]
    stored = await rig.put(data, size=size)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert (stored.size, stored.entry.size, stored.head) == (size, size, data[:4096])
    assert await rig.data() == data


@pytest.mark.parametrize("size", [999, 60_000, 1 << 20, 2_500_000])
async def test_the_provider_gets_pieces_of_its_size(size: int) -> None:
    provider = Faulty(Traits(checksum="sha256", piece=250_000))
    lengths: list[int] = []
    inner = provider.inner.put

    async def put(path: str, body: AsyncIterator[bytes], **options: Any) -> Any:
        async def counted() -> AsyncIterator[bytes]:
            async for piece in body:
                lengths.append(len(piece))
                yield piece

        return await inner(path, counted(), **options)

    provider.inner.put = put
    store = Store(provider, name="test")
    await store.put("a", chunks(LARGE, size), ticket="ticket")
    assert lengths == [250_000] * 12
    await store.close()


async def test_paths_are_composed(rig: Rig) -> None:
    stored = await rig.put(path="e\u0301/a\u0308")
    assert stored.entry.path == "\u00e9/\u00e4"
    assert (await rig.store.find("e\u0301/a\u0308")) == stored.entry


async def test_other_kinds_of_checksum_are_computed_along() -> None:
    class Md5(Faulty):
        def __init__(self) -> None:
            super().__init__(Traits(checksum="md5"))

        async def put(self, *given: Any, **options: Any) -> Any:
            entry = await super().put(*given, **options)
            body = await self.inner.open(entry.path)
            digest = hashlib.md5(b"".join([piece async for piece in body])).hexdigest()
            return replace(entry, checksum=Checksum("md5", digest))

    rig = Rig(Md5())
    assert (await rig.put(LARGE)).sha256 == hashlib.sha256(LARGE).hexdigest()
    rig.plan(Fault(spoil=lambda data: data[::-1]))
    with pytest.raises(ChecksumMismatch):
        await rig.put(LARGE, "b")
    await rig.store.close()


async def test_a_checksum_of_the_services_own_kind_is_computed_along() -> None:
    class Sum:
        def __init__(self) -> None:
            self.sum = 0

        def update(self, data: bytes, /) -> None:
            self.sum += sum(data)

        def hexdigest(self) -> str:
            return f"{self.sum:x}"

    provider = Faulty(Traits(checksum="sum", digest=Sum))
    right = Checksum("sum", f"{sum(SMALL):x}")
    rig = Rig(provider)
    rig.plan(Fault(lie=lambda entry: replace(entry, checksum=right)))
    assert (await rig.put()).entry.checksum == right
    wrong = Checksum("sum", "0")
    rig.plan(*[Fault(lie=lambda entry: replace(entry, checksum=wrong)) for _ in range(9)])
    with pytest.raises(ChecksumMismatch):
        await rig.put(path="b")
    await rig.store.close()


# --- verification ---------------------------------------------------------------------------------


async def test_what_arrived_spoiled_is_removed_and_a_large_body_refused(rig: Rig) -> None:
    rig.plan(Fault(spoil=lambda data: data[:-1] + b"!"))
    with pytest.raises(ChecksumMismatch):
        await rig.put(LARGE)
    assert await rig.paths() == []


async def test_what_arrived_spoiled_is_sent_again_if_it_is_small(rig: Rig) -> None:
    rig.plan(Fault(spoil=lambda data: data[:-1] + b"!"), Fault(spoil=lambda data: b""))
    assert (await rig.put()).size == len(SMALL)
    assert await rig.data() == SMALL
    assert rig.faulty.calls.count("put") == 3


@pytest.mark.parametrize("length", [len(SMALL) - 1, len(SMALL) + 1])
async def test_an_entry_of_another_size_is_a_mismatch(rig: Rig, length: int) -> None:
    rig.plan(*[Fault(lie=lambda entry: replace(entry, size=length)) for _ in range(9)])
    with pytest.raises(ChecksumMismatch):
        await rig.put()
    assert await rig.paths() == []


async def test_a_wrong_checksum_is_a_mismatch(rig: Rig) -> None:
    rig.plan(*[Fault(lie=lambda entry: replace(entry, checksum=checksum("0"))) for _ in range(9)])
    with pytest.raises(ChecksumMismatch):
        await rig.put()
    assert await rig.paths() == []


@pytest.mark.parametrize("data", [SMALL, LARGE, b""])
async def test_without_a_checksum_it_is_read_back(data: bytes) -> None:
    rig = Rig(Mute(Faulty()))
    assert (await rig.put(data)).sha256 == hashlib.sha256(data).hexdigest()
    assert "open" in rig.faulty.calls
    rig.plan(*[Fault(spoil=lambda data: data[1:] + b"!") for _ in range(9)])
    with pytest.raises(ChecksumMismatch):
        await rig.put(data, "b")
    await rig.store.close()


# --- the body -------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [SMALL, LARGE])
@pytest.mark.parametrize("difference", [-1, 1])
async def test_a_lying_size_is_noticed_and_stores_nothing(
    rig: Rig, data: bytes, difference: int
) -> None:
    with pytest.raises(Incomplete):
        await rig.put(data, size=len(data) + difference)
    assert await rig.paths() == []
    assert rig.faulty.calls.count("put") == 1


@pytest.mark.parametrize("announced", [True, False])
async def test_what_is_too_large_for_the_provider_is_refused(announced: bool) -> None:
    rig = Rig(Faulty(Traits(checksum="sha256", largest=1000)))
    assert (await rig.put(b"x" * 1000)).size == 1000
    with pytest.raises(TooLarge):
        await rig.put(b"x" * 1001, "b", size=1001 if announced else None)
    assert await rig.paths() == ["a"]
    await rig.store.close()


@pytest.mark.parametrize("error", [ValueError, StorageUnavailable, RateLimited, TimeoutError])
@pytest.mark.parametrize("length", [0, len(SMALL), len(LARGE)])
async def test_what_the_body_raises_comes_through_and_is_not_tried_again(
    rig: Rig, error: type[Exception], length: int
) -> None:
    async def body() -> AsyncIterator[bytes]:
        async for piece in chunks(LARGE[:length]):
            yield piece
        raise error("the sender's own")

    with pytest.raises(error, match="the sender's own"):
        await rig.store.put("a", body(), ticket="ticket")
    assert rig.faulty.calls.count("put") == 1
    assert await rig.paths() == []
    assert rig.store.paused_until is None


async def test_empty_chunks_mean_nothing(rig: Rig) -> None:
    async def body() -> AsyncIterator[bytes]:
        for piece in (b"", b"ab", b"", b"c", b""):
            yield piece

    assert (await rig.store.put("a", body(), ticket="ticket", size=3)).size == 3
    assert await rig.data() == b"abc"


async def test_a_slow_sender_is_not_the_providers_fault() -> None:
    rig = Rig(call_timeout=0.02)

    async def body() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(0.1)
        yield b"b"

    assert (await rig.store.put("a", body(), ticket="ticket")).size == 2
    await rig.store.close()


async def test_a_provider_that_hangs_after_the_last_byte_is_given_up() -> None:
    rig = Rig(commit_timeout=0.02)
    rig.plan(Fault(pieces=9, hang=True))
    assert (await rig.put()).size == len(SMALL)
    assert rig.faulty.calls.count("put") == 2
    await rig.store.close()


# --- sent again, or looked up ---------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [0, 1, 2])
@pytest.mark.parametrize("error", [StorageUnavailable(), RateLimited(retry_after=1)])
async def test_a_small_body_is_sent_again(rig: Rig, pieces: int, error: StorageError) -> None:
    rig.plan(Fault(error, pieces=pieces), Fault(error, pieces=pieces))
    stored = await rig.put(size=len(SMALL))
    assert stored.sha256 == hashlib.sha256(SMALL).hexdigest()
    assert await rig.data() == SMALL
    assert rig.faulty.calls.count("put") == 3
    assert rig.faulty.calls.count("discard") == 2


@pytest.mark.parametrize("pieces", [0, 1])
async def test_a_large_body_is_sent_again_while_its_beginning_is_there(
    rig: Rig, pieces: int
) -> None:
    rig.plan(Fault(StorageUnavailable(), pieces=pieces))
    await rig.put(LARGE)
    assert await rig.data() == LARGE


async def test_a_large_body_cannot_be_sent_twice(rig: Rig) -> None:
    rig.plan(Fault(StorageUnavailable(), pieces=2))
    with pytest.raises(StorageUnavailable):
        await rig.put(LARGE)
    assert rig.faulty.calls.count("put") == 1


@pytest.mark.parametrize("error", [AlreadyExists, ReadOnly, StorageFull])
async def test_a_lasting_failure_is_final(rig: Rig, error: type[StorageError]) -> None:
    rig.plan(Fault(error()))
    with pytest.raises(error):
        await rig.put()
    assert rig.faulty.calls.count("put") == 1


@pytest.mark.parametrize("data", [SMALL, LARGE, b""], ids=["small", "large", "empty"])
@pytest.mark.parametrize("make", [Faulty, Handles, lambda: Mute(Faulty())])
async def test_a_lost_reply_is_looked_up_before_anything_is_sent_again(
    make: Any, data: bytes
) -> None:
    rig = Rig(make())
    rig.plan(Fault(after=LOST))
    stored = await rig.put(data, "x/y/a")
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert rig.faulty.calls.count("put") == 1
    assert await rig.paths() == ["x/y/a"]
    await rig.store.close()


async def test_a_lost_reply_to_an_overwrite_is_not_settled_by_the_old_object(rig: Rig) -> None:
    await rig.put(b"old")
    rig.plan(Fault(LOST, pieces=2))
    stored = await rig.put(b"new", overwrite=True)
    assert stored.sha256 == hashlib.sha256(b"new").hexdigest()
    assert await rig.data() == b"new"


async def test_a_lost_reply_is_not_settled_by_somebody_elses_object(rig: Rig) -> None:
    await rig.put(b"theirs", size=6)
    rig.plan(Fault(LOST, pieces=2))
    with pytest.raises(AlreadyExists):
        await rig.put(b"ours!!", size=6)
    assert await rig.data() == b"theirs"


async def test_a_try_that_finds_the_late_success_of_the_one_before_is_content(rig: Rig) -> None:
    """The reply is lost and the look-up fails as well: the second try meets the first's object."""
    rig.plan(Fault(after=LOST))
    rig.faulty.plan["stat"] = [Fault(StorageUnavailable()) for _ in range(4)]
    assert (await rig.put()).size == len(SMALL)
    assert rig.faulty.calls.count("put") == 2


async def test_a_lost_reply_of_a_large_body_that_cannot_be_looked_up_is_said(rig: Rig) -> None:
    rig.plan(Fault(after=LOST))
    rig.faulty.plan["stat"] = [Fault(StorageUnavailable()) for _ in range(4)]
    with pytest.raises(StorageUnavailable):
        await rig.put(LARGE)


# --- deleting, moving, copying with lost replies --------------------------------------------------


async def test_a_deletion_whose_reply_was_lost_has_worked(rig: Rig) -> None:
    await rig.put()
    rig.faulty.plan["delete"] = [Fault(after=LOST)]
    await rig.store.delete("a")
    assert await rig.paths() == []
    with pytest.raises(ObjectMissing):
        await rig.store.delete("a")


@pytest.mark.parametrize("make", [Faulty, Handles])
async def test_a_move_whose_reply_was_lost_has_worked(make: Any) -> None:
    rig = Rig(make())
    stored = await rig.put()
    rig.faulty.plan["move"] = [Fault(after=LOST)]
    moved = await rig.store.move(stored.entry.locator, "b/c")
    assert moved.path == "b/c"
    assert rig.faulty.calls.count("move") == 1
    assert await rig.data(moved.locator) == SMALL
    await rig.store.close()


async def test_a_copy_whose_reply_was_lost_has_worked(rig: Rig) -> None:
    await rig.put()
    rig.faulty.plan["copy"] = [Fault(after=LOST)]
    assert (await rig.store.copy("a", "b")).path == "b"
    assert rig.faulty.calls.count("copy") == 1


@pytest.mark.parametrize("verb", ["move", "copy"])
async def test_a_lost_reply_is_not_settled_by_another_object(rig: Rig, verb: str) -> None:
    await rig.put()
    await rig.put(SMALL[::-1], "b")
    rig.faulty.plan[verb] = [Fault(LOST)]
    with pytest.raises(AlreadyExists):
        await (rig.store.move("a", "b") if verb == "move" else rig.store.copy("a", "b"))
    assert await rig.data("b") == SMALL[::-1]
    assert await rig.data("a") == SMALL


async def test_a_provider_that_only_reads_is_not_asked_to_write() -> None:
    store = Store(as_provider(Reading(Faulty())), name="test")
    calls = (
        lambda: store.put("a", chunks(b"x"), ticket="t"),
        lambda: store.discard("t"),
        lambda: store.delete("a"),
        lambda: store.copy("a", "b"),
        lambda: store.move("a", "b"),
        store.quota,
    )
    for call in calls:
        with pytest.raises(NotSupported):
            await call()
    assert store.local_path("a") is None
    await store.close()
