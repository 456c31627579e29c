"""One job for many occasions: asked for soon, once, and again when it may have looked too early."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fanlight.errors import CatalogueBusy
from fanlight.jobs.soon import Soon
from fanlight.model import Job, JobState
from tests.jobs.rig import until

pytestmark = pytest.mark.anyio

AT = datetime(2026, 1, 1, tzinfo=UTC)
WAITING = Job("j", "t", {}, JobState.WAITING, 0, 0, None, "", AT, AT)
RUNNING = replace(WAITING, state=JobState.RUNNING)


class Asked:
    """Answers with what it is given, in turn, then with a waiting job."""

    def __init__(self, *answers: Job | Exception | None) -> None:
        self.answers = list(answers)
        self.times = 0

    async def __call__(self) -> Job | None:
        self.times += 1
        answer = self.answers.pop(0) if self.answers else WAITING
        if isinstance(answer, Exception):
            raise answer
        return answer


async def ended(soon: Soon, stop: asyncio.Event) -> None:
    await asyncio.wait_for(soon.follow(stop), 10)


async def test_four_hundred_occasions_are_one_job() -> None:
    ask, stop = Asked(), asyncio.Event()
    soon = Soon(ask, pause=60)
    following = asyncio.create_task(ended(soon, stop))
    for _ in range(400):
        soon.ring()
    await until(lambda: ask.times)
    stop.set()
    await following
    assert ask.times == 1


async def test_what_rings_before_the_end_is_still_asked_for() -> None:
    ask, stop = Asked(), asyncio.Event()
    soon = Soon(ask)
    soon.ring()
    stop.set()
    await ended(soon, stop)
    assert ask.times == 1


@pytest.mark.parametrize("first", [RUNNING, WAITING])
async def test_a_job_that_runs_already_is_followed_by_another(first: Job) -> None:
    ask, stop = Asked(first, None), asyncio.Event()
    soon = Soon(ask, pause=0.01, again=0.01)
    following = asyncio.create_task(ended(soon, stop))
    soon.ring()
    await until(lambda: ask.times == (2 if first is RUNNING else 1))
    stop.set()
    await following
    assert ask.times == (2 if first is RUNNING else 1)


async def test_a_failure_does_not_end_it() -> None:
    ask, stop = Asked(CatalogueBusy()), asyncio.Event()
    soon = Soon(ask, again=0.01)
    following = asyncio.create_task(ended(soon, stop))
    soon.ring()
    await until(lambda: ask.times == 1)
    soon.ring()
    await until(lambda: ask.times == 2)
    stop.set()
    await following
