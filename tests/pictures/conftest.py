"""A stage with pictures on it: channels `disk` and `cloud`, and a workshop that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.pictures import Pictures
from tests.delivery.stage import Stage
from tests.support.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from fanlight.catalogue import Catalogue


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path / "renditions")


@pytest.fixture
async def pictures(stage: Stage, workshop: Workshop, tmp_path: Path) -> AsyncGenerator[Pictures]:
    made = Pictures(stage.catalogue, stage, workshop, scratch=tmp_path / "scratch")
    await made.start()
    yield made
    await made.close()
