"""An emulated Dropbox for tests: one server for the whole run, an account of its own for each."""

from __future__ import annotations

import atexit
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

from dropbox_emulator import Settings
from dropbox_emulator.client import Control, Wire
from dropbox_emulator.pytest_plugin import EmulatorHandle, EmulatorThread
from fanlight.outgoing import Http
from fanlight.storage.dropbox import Dropbox
from fanlight.storage.surroundings import Surroundings

_numbers = count(1)


@cache
def emulator() -> EmulatorHandle:
    """The one of this process. Nobody resets it: faults and behaviour are not ordered here."""
    thread = EmulatorThread(Settings(proxy_port=0))
    handle = thread.start()
    atexit.register(thread.stop)
    return handle


@dataclass
class Grants:
    """Access tokens of one grant, refreshed by the control door instead of by OAuth."""

    control: Control
    app: str
    account: str
    scopes: list[str] | None = None
    token: str = ""
    renewed: int = 0

    async def get(self) -> str:
        self.token = self.token or self._mint()
        return self.token

    async def renew(self, stale: str) -> str:
        self.renewed += 1
        self.token = self._mint() if stale == self.token else self.token
        return self.token

    def _mint(self) -> str:
        return str(self.control.grant(self.app, self.account, self.scopes)["access_token"])


@dataclass
class Emulated:
    """An account and an app at an emulator."""

    handle: EmulatorHandle
    access: str = "full"
    account_options: dict[str, Any] = field(default_factory=dict[str, Any])
    scopes: list[str] | None = None

    def __post_init__(self) -> None:
        self.control = self.handle.control
        email = f"ann{next(_numbers)}@example.org"
        self.account: Wire = self.control.add_account(email, **self.account_options)
        self.app: Wire = self.control.add_app(f"App of {email}", owner=email, access=self.access)
        self.tokens = Grants(
            self.control, str(self.app["app_key"]), str(self.account["account_id"]), self.scopes
        )

    def around(self, **changes: Any) -> Surroundings:
        found = Surroundings(
            http=Http(),
            tokens=self.tokens,
            address=self.handle.addresses.http,
            account=str(self.account["account_id"]),
        )
        return replace(found, **changes)

    def make_folder(self, path: str) -> None:
        self.control.send("files/make_folder", account=self.account["account_id"], path=path)

    def provider(self, root: str = "", **options: Any) -> OwnDoor:
        return OwnDoor(self.around(), root, secret=str(self.app["app_secret"]), **options)


class OwnDoor(Dropbox):
    """Closes its door for outgoing HTTP with itself."""

    def __init__(self, around: Surroundings, root: str = "", **options: Any) -> None:
        super().__init__(around, root, **options)
        self.http = around.http

    async def close(self) -> None:
        await super().close()
        await self.http.close()
