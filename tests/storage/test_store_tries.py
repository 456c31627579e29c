"""When Store tries again, when it waits, and when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from structlog.testing import capture_logs

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    ObjectChanged,
    ObjectMissing,
    RateLimited,
    ReadOnly,
    ReconnectNeeded,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from fanlight.storage.base import Traits
from fanlight.storage.pace import Pace
from fanlight.storage.store import Store
from tests.storage.doubles import Clock, Fault, Faulty, chunks

pytestmark = pytest.mark.anyio

LASTING = (
    AlreadyExists,
    BadLocator,
    ObjectChanged,
    ObjectMissing,
    ReadOnly,
    ReconnectNeeded,
    StorageError,
    StorageFull,
)
VERBS = ("list", "stat", "open", "delete", "move", "copy", "quota", "discard")


class Rig:
    def __init__(self, **policy: Any) -> None:
        self.provider = Faulty()
        self.clock = Clock()
        self.store = Store(self.provider, name="test", policy=self.clock.policy(**policy))

    async def fill(self) -> None:
        await self.store.put("a", chunks(b"bytes"), ticket="fill")
        self.provider.calls.clear()

    def tries(self, verb: str) -> int:
        return self.provider.calls.count(verb)

    async def call(self, verb: str) -> None:
        store = self.store
        calls = {
            "list": lambda: store.page(""),
            "stat": lambda: store.stat("a"),
            "open": lambda: store.open("a"),
            "delete": lambda: store.delete("a"),
            "move": lambda: store.move("a", "b"),
            "copy": lambda: store.copy("a", "b"),
            "quota": store.quota,
            "discard": lambda: store.discard("ticket"),
        }
        await calls[verb]()


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    rig = Rig()
    await rig.fill()
    yield rig
    await rig.store.close()


@pytest.mark.parametrize("verb", VERBS)
async def test_a_passing_failure_is_tried_again(rig: Rig, verb: str) -> None:
    rig.provider.plan[verb] = [Fault(StorageUnavailable()), Fault(StorageUnavailable())]
    await rig.call(verb)
    assert rig.tries(verb) == 3


@pytest.mark.parametrize("verb", VERBS)
async def test_tries_come_to_an_end(rig: Rig, verb: str) -> None:
    rig.provider.plan[verb] = [Fault(StorageUnavailable()) for _ in range(9)]
    with pytest.raises(StorageUnavailable):
        await rig.call(verb)
    assert rig.tries(verb) == 4


@pytest.mark.parametrize("verb", ["list", "stat", "open", "move"])
@pytest.mark.parametrize("error", LASTING)
async def test_a_lasting_failure_is_not_tried_again(
    rig: Rig, verb: str, error: type[StorageError]
) -> None:
    rig.provider.plan[verb] = [Fault(error())]
    with pytest.raises(error):
        await rig.call(verb)
    assert rig.tries(verb) == 1
    assert rig.clock.slept == []


async def test_waits_grow_with_full_jitter(rig: Rig) -> None:
    rig.provider.plan["stat"] = [Fault(StorageUnavailable()) for _ in range(3)]
    await rig.store.stat("a")
    assert rig.clock.slept == [0.2, 0.4, 0.8]
    rig.clock.slept.clear()
    rig.clock.luck = 0.25
    rig.provider.plan["stat"] = [Fault(StorageUnavailable()) for _ in range(3)]
    await rig.store.stat("a")
    assert rig.clock.slept == [0.05, 0.1, 0.2]


async def test_waits_have_a_ceiling() -> None:
    assert [Clock().policy(longest_wait=1.0).wait(n) for n in (1, 3, 4, 50)] == [0.2, 0.8, 1, 1]


# --- pauses ---------------------------------------------------------------------------------------


async def test_a_pause_is_kept_for_as_long_as_the_service_says(rig: Rig) -> None:
    rig.provider.plan["stat"] = [Fault(RateLimited(retry_after=7))]
    await rig.store.stat("a")
    assert rig.clock.slept == [7.2]
    assert rig.tries("stat") == 2


async def test_a_pause_holds_other_calls_of_the_account_too() -> None:
    clock = Clock()
    pace = Pace(4, clock.policy())
    limited, other = Faulty(), Faulty()
    first, second = [
        Store(one, name="test", pace=pace, policy=clock.policy()) for one in (limited, other)
    ]
    limited.plan["check"] = []
    limited.plan["list"] = [Fault(RateLimited(retry_after=100))]
    with pytest.raises(RateLimited):
        await first.page("")
    with pytest.raises(RateLimited) as caught:
        await second.page("")
    assert caught.value.retry_after == 100
    assert other.calls == []
    clock.now += 80
    await second.page("")
    assert clock.slept == [20.2]
    await first.close()
    await second.close()


async def test_a_pause_is_visible_while_it_lasts(rig: Rig) -> None:
    rig.provider.plan["stat"] = [Fault(RateLimited(retry_after=100))]
    assert rig.store.paused_until is None
    with pytest.raises(RateLimited):
        await rig.store.stat("a")
    assert rig.store.paused_until is not None
    check = await rig.store.check()
    assert [finding.code for finding in check.findings] == ["channel.paused"]
    rig.clock.now += 100
    assert rig.store.paused_until is None
    assert (await rig.store.check()).findings == ()


async def test_a_pause_longer_than_our_patience_fails_at_once(rig: Rig) -> None:
    rig.provider.plan["stat"] = [Fault(RateLimited(retry_after=31))]
    with pytest.raises(RateLimited) as caught:
        await rig.store.stat("a")
    assert caught.value.retry_after == 31
    assert (rig.tries("stat"), rig.clock.slept) == (1, [])


async def test_a_pause_without_a_length_has_a_length_of_ours(rig: Rig) -> None:
    rig.provider.plan["stat"] = [Fault(RateLimited())]
    await rig.store.stat("a")
    assert rig.clock.slept == [5.2]


async def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    clock = Clock()
    pace = Pace(1, clock.policy())
    pace.pause(20)
    pace.pause(1)
    assert pace.left == 20


async def test_a_service_that_only_says_pause_is_given_up(rig: Rig) -> None:
    rig.provider.plan["stat"] = [Fault(RateLimited(retry_after=1)) for _ in range(9)]
    with pytest.raises(RateLimited):
        await rig.store.stat("a")
    assert rig.tries("stat") == 4


# --- time-outs and limits -------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["list", "stat", "open", "delete", "quota"])
async def test_a_call_that_hangs_is_given_up_and_tried_again(verb: str) -> None:
    rig = Rig(call_timeout=0.02)
    await rig.fill()
    rig.provider.plan[verb] = [Fault(hang=True)]
    await rig.call(verb)
    assert rig.tries(verb) == 2
    await rig.store.close()


async def test_a_check_that_hangs_or_fails_is_a_finding() -> None:
    rig = Rig(call_timeout=0.02)
    rig.provider.plan["check"] = [Fault(hang=True), Fault(ReconnectNeeded())]
    hung, refused = await rig.store.check(), await rig.store.check()
    assert [finding.code for finding in hung.findings] == ["channel.storage-unavailable"]
    assert [finding.code for finding in refused.findings] == ["channel.reconnect-needed"]
    assert not hung.writable
    assert not refused.writable
    await rig.store.close()


class Counting(Faulty):
    """Knows how many calls were in it at once."""

    def __init__(self, parallel: int) -> None:
        super().__init__(Traits(checksum="sha256", parallel=parallel))
        self.now = self.most = 0

    async def _run(self, *given: Any) -> Any:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(3):
            await asyncio.sleep(0)
        try:
            return await super()._run(*given)
        finally:
            self.now -= 1


async def test_no_more_calls_at_once_than_the_provider_bears() -> None:
    provider = Counting(3)
    store = Store(provider, name="test")
    await asyncio.gather(*(store.page("") for _ in range(20)))
    assert provider.most == 3
    provider.most = 0
    await asyncio.gather(
        *(store.put(f"{n}", chunks(b"x"), ticket=f"t{n}") for n in range(20)),
    )
    assert provider.most == 3
    await store.close()


async def test_waiting_uploads_do_not_hold_up_other_calls() -> None:
    provider = Faulty(Traits(checksum="sha256", parallel=1))
    store = Store(provider, name="test")
    release = asyncio.Event()

    async def body() -> AsyncGenerator[bytes]:
        yield b"x"
        await release.wait()

    putting = asyncio.create_task(store.put("a", body(), ticket="slow"))
    await asyncio.sleep(0)
    assert (await store.page("")).entries == ()
    release.set()
    assert (await putting).size == 1
    await store.close()


# --- the log --------------------------------------------------------------------------------------


async def test_failures_are_logged_with_the_channel_and_without_secrets(rig: Rig) -> None:
    error = StorageUnavailable("https://service/?token=very-secret")
    rig.provider.plan["stat"] = [Fault(error)]
    with capture_logs() as lines:
        await rig.store.stat("a")
    assert len(lines) == 1
    assert lines[0]["event"] == "storage.failed"
    assert (lines[0]["channel"], lines[0]["call"], lines[0]["attempt"]) == ("test", "stat", 1)
    assert lines[0]["code"] == "storage-unavailable"
    assert "secret" not in str(lines)


async def test_what_is_ordinary_is_not_logged(rig: Rig) -> None:
    with capture_logs() as lines:
        assert await rig.store.find("nothing") is None
        with pytest.raises(ObjectMissing):
            await rig.store.stat("nothing")
    assert lines == []


async def test_slow_calls_are_logged() -> None:
    rig = Rig(slow=-1.0)
    with capture_logs() as lines:
        await rig.store.page("")
    assert [(line["event"], line["call"]) for line in lines] == [("storage.slow", "list")]
    await rig.store.close()
