"""Fixtures: one emulator for all tests, emptied before each, with every reply checked twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dropbox_emulator import Settings
from dropbox_emulator.pytest_plugin import EmulatorHandle, EmulatorThread

from .strictness import StrictReader
from .support import Dropbox


@pytest.fixture(scope="session")
def dropbox_emulator_settings() -> Settings:
    return Settings(proxy_port=0, split_ports=True, check_replies=True)


@pytest.fixture(scope="session")
def dropbox_emulator_process(dropbox_emulator_settings: Settings) -> Iterator[EmulatorHandle]:
    """One for these tests alone: others of the same run may have begun one with their settings."""
    thread = EmulatorThread(dropbox_emulator_settings)
    yield thread.start()
    thread.stop()


@pytest.fixture
def strict(dropbox_emulator: EmulatorHandle) -> Iterator[StrictReader]:
    """The SDK's strict types read every reply that this test causes, whoever the client is."""
    reader = StrictReader()
    observers = dropbox_emulator.emulator.service.observers
    observers.append(reader)
    yield reader
    observers.remove(reader)
    assert not reader.mistakes, "\n".join(reader.mistakes)


@pytest.fixture
def emulator(dropbox_emulator: EmulatorHandle, strict: StrictReader) -> EmulatorHandle:
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
