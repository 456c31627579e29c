"""Copies of originals that lie elsewhere."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import ObjectMissing
from fanlight.pictures.copies import Copies

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_a_copy_given_up_at_any_moment_leaves_nothing(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "copies")

    async def hold() -> None:
        async with copies.hold(b"bytes"):
            await asyncio.sleep(1)

    for steps in range(60):
        holding = asyncio.create_task(hold())
        for _ in range(steps % 20):
            await asyncio.sleep(0)
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
    async with copies.hold(b"the last"):  # all the others have been seen to by now
        pass
    async with asyncio.timeout(30):
        while any((tmp_path / "copies").iterdir()):
            await asyncio.sleep(0.01)
    copies.close()


async def test_a_copy_of_what_is_nowhere_leaves_nothing(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "copies")
    with pytest.raises(ObjectMissing):
        async with copies.copy((), ObjectMissing()):
            pass
    assert list((tmp_path / "copies").iterdir()) == []
    copies.close()
