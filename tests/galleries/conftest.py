"""The stage that tests of galleries begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.galleries import Galleries
from tests.galleries.stage import Stage
from tests.library.conftest import make_world

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from fanlight.catalogue import Catalogue


async def make_stage(catalogue: Catalogue, folder: Path) -> AsyncGenerator[Stage]:
    folder.mkdir()
    world = await make_world(catalogue, folder)
    told: list[str] = []
    galleries = Galleries(
        catalogue, world.channels, world.library, clock=world.clock, changed=told.append
    )
    yield Stage(world, galleries, told)
    await galleries.close()
    await world.library.close()
    await world.channels.close()


@pytest.fixture
async def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> AsyncGenerator[Stage]:
    """A stage on SQLite."""
    async for stage in make_stage(sqlite_catalogue, tmp_path / "photos"):
        yield stage


@pytest.fixture
async def each_stage(catalogue: Catalogue, tmp_path: Path) -> AsyncGenerator[Stage]:
    """A stage on SQLite and one on PostgreSQL, for what depends on transactions."""
    async for stage in make_stage(catalogue, tmp_path / "photos"):
        yield stage
