"""Tasks that are to end do so, also where a cancel of theirs is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from fanlight.jobs.engine import put_an_end_to

pytestmark = pytest.mark.anyio


async def test_a_cancel_that_is_lost_is_said_again() -> None:
    lost = 0

    async def loses_two() -> None:
        nonlocal lost
        while lost < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                lost += 1
        await asyncio.sleep(60)

    task = asyncio.create_task(loses_two())
    await asyncio.sleep(0)
    await put_an_end_to(task, patience=0.01)
    assert (task.cancelled(), lost) == (True, 2)


async def test_who_ends_by_itself_is_left_alone() -> None:
    async def fails() -> None:
        raise ValueError("by itself")

    task = asyncio.create_task(fails())
    with suppress(ValueError):
        await task
    await put_an_end_to(task)
    assert not task.cancelled()
