"""Fixtures for pytest: an emulator in a thread of its own, for clients of any kind.

``dropbox_emulator`` (one for the whole run, emptied before each test) gives an
:class:`EmulatorHandle`. Change the settings by overriding ``dropbox_emulator_settings``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from .client import Control
from .server import Addresses, Emulator
from .settings import Settings


@dataclass(slots=True)
class EmulatorHandle:
    """A running emulator as tests see it."""

    addresses: Addresses
    control: Control
    emulator: Emulator


class EmulatorThread:
    """Runs an emulator in a background thread, so that blocking clients can talk to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="dropbox-emulator", daemon=True)
        self.emulator: Emulator

    def start(self) -> EmulatorHandle:
        """Start, and wait until it listens."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        addresses = self.emulator.addresses
        return EmulatorHandle(addresses, Control(addresses.control), self.emulator)

    def stop(self) -> None:
        """Stop, and wait for the end."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.emulator = Emulator(self._settings)
        try:
            await self.emulator.start()
        except BaseException as failure:
            self._failure = failure
            raise
        finally:
            self._ready.set()
        await self._stop.wait()
        await self.emulator.stop()


@pytest.fixture(scope="session")
def dropbox_emulator_settings() -> Settings:
    """Override to start the emulator differently."""
    return Settings(proxy_port=0)


@pytest.fixture(scope="session")
def dropbox_emulator_process(dropbox_emulator_settings: Settings) -> Iterator[EmulatorHandle]:
    """The one emulator of this test run."""
    thread = EmulatorThread(dropbox_emulator_settings)
    yield thread.start()
    thread.stop()


@pytest.fixture
def dropbox_emulator(dropbox_emulator_process: EmulatorHandle) -> EmulatorHandle:
    """An empty emulator: accounts, apps, files, faults and clock are as at the start."""
    dropbox_emulator_process.control.reset()
    return dropbox_emulator_process
