"""Fixtures: one emulator for all tests, emptied before each, with every reply checked."""

from __future__ import annotations

import pytest

from dropbox_emulator import Settings
from dropbox_emulator.pytest_plugin import (
    EmulatorHandle,
    dropbox_emulator,
    dropbox_emulator_process,
)
from support import Dropbox

__all__ = ["dropbox_emulator", "dropbox_emulator_process"]


@pytest.fixture(scope="session")
def dropbox_emulator_settings() -> Settings:
    return Settings(proxy_port=0, split_ports=True, check_replies=True)


@pytest.fixture
def emulator(dropbox_emulator: EmulatorHandle) -> EmulatorHandle:
    defaults = Settings(check_replies=True).behaviour()
    dropbox_emulator.control.behave(**defaults)
    return dropbox_emulator


@pytest.fixture
def dbx(emulator: EmulatorHandle) -> Dropbox:
    """A client of one account, through an app with all rights."""
    control = emulator.control
    control.add_account("ann@example.org", given_name="Ann", surname="Lee")
    app = control.add_app("Test app")
    grant = control.grant()
    return Dropbox(emulator, grant["access_token"], app, grant)
