"""A data folder whose channel is an emulated Dropbox, for real server processes over it."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from json import loads
from typing import TYPE_CHECKING, Any

from dropbox_emulator import Settings
from dropbox_emulator.pytest_plugin import EmulatorThread
from fanlight import config
from fanlight.app import build
from fanlight.cli.operator import operator
from fanlight.model import SERVER, Role, Scope

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from dropbox_emulator.client import Control, Wire


@dataclass
class House:
    """The folder, its owner's token, and the account that it stores in."""

    data: Path
    token: str
    control: Control
    settings: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def objects(self) -> dict[str, Wire]:
        """What lies at Dropbox, by path."""
        return {one["path"]: one for one in self.control.tree() if "size" in one}

    def calls(self, route: str) -> list[Wire]:
        return self.control.log(route, limit=50_000)["requests"]

    def noted(self) -> int:
        """How many pieces of a large upload are noted as arrived."""
        with closing(sqlite3.connect(self.data / "fanlight.db")) as database:
            rows = database.execute(
                "SELECT value FROM connection_note WHERE name LIKE 'session-%'"
            ).fetchall()
        return max((len(loads(value)["arrived"]) for (value,) in rows), default=0)

    def collisions(self) -> int:
        """How often somebody came to commit while somebody else did."""
        return self.control.counters()["writers_refused"]


@asynccontextmanager
async def house_at_dropbox(data: Path, **settings: Any) -> AsyncGenerator[House]:
    """An emulator of its own, an owner, and a connected channel."""
    thread = EmulatorThread(Settings())
    handle = thread.start()
    try:
        control = handle.control
        control.add_account("ann@example.org")
        app = control.add_app("Photos", owner="ann@example.org")
        given = {"services": f"dropbox={handle.addresses.http}", **settings}
        data.mkdir(parents=True, exist_ok=True)
        token = await _furnish(data, app, str(control.grant()["refresh_token"]), given)
        control.clear_log()
        yield House(data, token, control, given)
    finally:
        thread.stop()


async def _furnish(data: Path, app: Wire, refresh_token: str, settings: dict[str, Any]) -> str:
    """As the commands would, in one process: each of theirs takes seconds to start."""
    fanlight = build(config.Settings(data=data, **settings))
    try:
        await fanlight.accounts.add_user(SERVER, "ada", "correct horse battery", role=Role.OWNER)
        options = {name: str(app[name]) for name in ("app_key", "app_secret")}
        channel = await fanlight.channels.add(
            SERVER, provider="dropbox", name="Cloud", options=options, root=""
        )
        await fanlight.channels.connecting.paste(SERVER, channel.id, refresh_token)
        _, token = await fanlight.accounts.make_token(
            await operator(fanlight), "tests", [Scope.MANAGE]
        )
        return token
    finally:
        await fanlight.stop()
