"""How long a failed job waits, what is said of an error, and what importing costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fanlight.errors import RateLimited, StorageFull
from fanlight.jobs import Run, Task
from fanlight.jobs.run import LONGEST_BACKOFF, backoff, describe


async def nothing(run: Run) -> None:
    del run


@pytest.mark.parametrize(("failures", "longest"), [(1, 2.0), (2, 4.0), (3, 8.0), (6, 64.0)])
def test_each_failure_doubles_the_pause_of_which_up_to_half_is_chance(
    failures: int, longest: float
) -> None:
    pauses = [backoff(Task("any", nothing, backoff=2), failures) for _ in range(300)]
    assert longest / 2 <= min(pauses) < longest * 0.6
    assert longest * 0.9 < max(pauses) <= longest


def test_a_pause_is_never_longer_than_ten_minutes() -> None:
    assert backoff(Task("any", nothing, backoff=2), 10_000) <= LONGEST_BACKOFF


def test_a_pause_is_as_long_as_the_service_asks_for() -> None:
    asked = RateLimited(retry_after=3600)
    assert backoff(Task("any", nothing, backoff=0.1), 1, asked) == 3600


def test_an_error_of_ours_is_told_in_its_own_words() -> None:
    assert describe(StorageFull("The cellar is full.")) == "The cellar is full."


def test_an_error_nobody_foresaw_is_told_without_its_words() -> None:
    told = describe(ValueError("postgresql://user:password@host"))
    assert told == "Something went wrong on the server. (ValueError)"


def test_procrastinate_is_not_imported_before_it_is_needed() -> None:
    check = "import sys, fanlight.jobs; sys.exit('procrastinate' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
