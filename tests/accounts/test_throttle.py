"""Waits that grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fanlight.errors import Throttled
from fanlight.guard import throttle
from fanlight.guard.throttle import Throttle, network

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def wait(limit: Throttle, now: datetime, key: str = "k") -> float:
    try:
        limit.take(key, now)
    except Throttled as refused:
        return refused.retry_after or -1
    return 0


def test_waits_double_up_to_the_longest() -> None:
    limit, now = Throttle(free=2, longest=10), NOW
    waits: list[float] = []
    for _ in range(8):
        pause = wait(limit, now)
        waits.append(pause)
        now += timedelta(seconds=pause)
        if pause:
            assert wait(limit, now) == 0
    assert waits == [0, 0, 1, 2, 4, 8, 10, 10]


def test_a_refused_try_does_not_make_it_worse() -> None:
    limit = Throttle(free=1, longest=100)
    wait(limit, NOW)
    assert [wait(limit, NOW) for _ in range(50)] == [1] * 50
    assert wait(limit, NOW + timedelta(seconds=1)) == 0


def test_a_key_is_forgotten_in_time_and_on_success() -> None:
    limit = Throttle(free=1, longest=100, forget=60)
    wait(limit, NOW)
    assert wait(limit, NOW) == 1
    limit.clear("k")
    assert wait(limit, NOW) == 0
    assert wait(limit, NOW + timedelta(seconds=60)) == 0
    assert wait(limit, NOW + timedelta(seconds=60)) == 1


def test_a_good_try_is_given_back_and_others_stay() -> None:
    limit = Throttle(free=2, longest=100)
    for _ in range(5):
        assert wait(limit, NOW) == 0
        limit.give_back("k")
    wait(limit, NOW)
    wait(limit, NOW)
    assert wait(limit, NOW) == 1
    limit.give_back("unknown")


def test_keys_do_not_touch_one_another_and_are_bounded() -> None:
    limit = Throttle(free=1, longest=100)
    wait(limit, NOW, "a")
    assert wait(limit, NOW, "b") == 0
    for number in range(throttle.KEPT):
        wait(limit, NOW, f"k{number}")
    assert wait(limit, NOW, "a") == 0
    assert wait(limit, NOW, f"k{throttle.KEPT - 1}") == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
        ("x" * 500, "x" * 100),
    ],
)
def test_addresses_are_counted_by_who_has_them(address: str, key: str) -> None:
    assert network(address) == key
