"""The world that most tests of the library begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.channels import Channels
from fanlight.model import SERVER
from tests.library.world import Clock, World, make_library

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from fanlight.catalogue import Catalogue


async def make_world(catalogue: Catalogue, folder: Path) -> World:
    clock = Clock()
    channels = Channels(catalogue, clock=clock)
    channel = await channels.add(
        SERVER, provider="local", name="Disk", options={"path": str(folder)}
    )
    library = make_library(catalogue, channels, clock)
    return World(catalogue, clock, channels, library, channel, folder)


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    """The folder of the first channel."""
    folder = tmp_path / "originals"
    folder.mkdir()
    return folder


@pytest.fixture
async def world(sqlite_catalogue: Catalogue, originals: Path) -> AsyncGenerator[World]:
    """A world on SQLite."""
    world = await make_world(sqlite_catalogue, originals)
    yield world
    await world.library.close()
    await world.channels.close()


@pytest.fixture
async def each_world(catalogue: Catalogue, originals: Path) -> AsyncGenerator[World]:
    """A world on SQLite and one on PostgreSQL, for what depends on transactions."""
    world = await make_world(catalogue, originals)
    yield world
    await world.library.close()
    await world.channels.close()
