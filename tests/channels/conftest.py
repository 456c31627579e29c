"""A stage for channels that must be connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels.stage import EMAIL, PASSWORD, Stage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from fanlight.catalogue import Catalogue


@pytest.fixture
async def stage(
    sqlite_catalogue: Catalogue, dropbox_emulator: EmulatorHandle
) -> AsyncGenerator[Stage]:
    """A service with an account, and no app yet."""
    control = dropbox_emulator.control
    control.add_account(EMAIL, given_name="Ann", surname="Lee", password=PASSWORD)
    made = Stage.at(sqlite_catalogue, control, dropbox_emulator.addresses.http)
    yield made
    await made.close()
