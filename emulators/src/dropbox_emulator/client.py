"""A typed client of the control door, for tests and demos.

Synchronous and free of dependencies, so that it works from any kind of test.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any

Wire = dict[str, Any]


class ControlError(Exception):
    """The control door refused a request; the text says why."""


class Control:
    """The control door at an address such as ``http://127.0.0.1:9001``."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        # Loopback must not go through a proxy that the environment may name.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def send(self, command: str, /, **arg: Any) -> Wire:
        """Any command by name; see the README for the list."""
        request = urllib.request.Request(
            f"{self._address}/{command}",
            json.dumps(arg).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=120) as reply:
                return json.loads(reply.read())
        except urllib.error.HTTPError as refused:
            with refused:
                raise ControlError(json.loads(refused.read())["error"]) from None

    # -- people -------------------------------------------------------------------------------

    def add_account(self, email: str, **more: Any) -> Wire:
        """Make an account: given_name, surname, password, team, quota, …"""
        return self.send("accounts/add", email=email, **more)

    def change_account(self, account: str, **change: Any) -> Wire:
        """Change quota, email_verified, suspended, links_banned, type."""
        return self.send("accounts/change", account=account, **change)

    def add_app(self, name: str, **more: Any) -> Wire:
        """Register an app: owner, access, scopes, redirect_uris."""
        return self.send("apps/add", name=name, **more)

    def change_app(self, app: str, **change: Any) -> Wire:
        """Change scopes (as if submitted), redirect_uris, status; or add_webhook."""
        return self.send("apps/change", app=app, **change)

    def grant(
        self,
        app: str | None = None,
        account: str | None = None,
        scopes: Iterable[str] | None = None,
    ) -> Wire:
        """Mint refresh_token and access_token without a browser."""
        arg: Wire = {}
        if app is not None:
            arg["app"] = app
        if account is not None:
            arg["account"] = account
        if scopes is not None:
            arg["scopes"] = list(scopes)
        return self.send("grants/add", **arg)

    def revoke(self, grant: str) -> None:
        """End a grant."""
        self.send("grants/revoke", grant=grant)

    def expire_tokens(self) -> None:
        """Make all access tokens expire now."""
        self.send("grants/expire_tokens")

    # -- files --------------------------------------------------------------------------------

    def put(self, path: str, text: str, **more: Any) -> Wire:
        """Write a text file behind the clients' backs."""
        return self.send("files/put", path=path, text=text, **more)

    def put_pattern(self, path: str, size: int, **more: Any) -> Wire:
        """Write so many bytes of a numbered pattern."""
        return self.send("files/put", path=path, size=size, **more)

    def delete(self, path: str, **more: Any) -> Wire:
        """Delete a path."""
        return self.send("files/delete", path=path, **more)

    def move(self, from_path: str, to_path: str, **more: Any) -> Wire:
        """Move a path."""
        return self.send("files/move", from_path=from_path, to_path=to_path, **more)

    def tree(self, **more: Any) -> list[Wire]:
        """Everything an account has."""
        return self.send("files/list", **more)["entries"]

    def photos(self, count: int, path: str = "/Photos", **more: Any) -> list[str]:
        """Write generated photographs; returns their paths."""
        return self.send("files/photos", count=count, path=path, **more)["paths"]

    def copy_folder(self, folder: str, path: str = "", **more: Any) -> int:
        """Copy a folder on disk into an account; returns the number of files."""
        return self.send("files/from_folder", folder=folder, path=path, **more)["files"]

    # -- time and trouble ---------------------------------------------------------------------

    def now(self) -> float:
        """The emulator's time."""
        return self.send("clock")["now"]

    def advance(self, seconds: float) -> float:
        """Move the clock; returns the new time."""
        return self.send("clock", advance=seconds)["now"]

    def behave(self, **settings: Any) -> Wire:
        """Change settings: latency, bytes_per_second, write_lock_hold, token_bucket, …"""
        return self.send("behaviour", **settings)

    def fault(self, kind: str, route: str = "*", **more: Any) -> Wire:
        """Order a fault; once unless ``times`` or ``share`` is given."""
        return self.send("faults/add", kind=kind, route=route, **more)

    def clear_faults(self) -> None:
        """Cancel all faults."""
        self.send("faults/clear")

    def reset_cursors(self) -> None:
        """Make all cursors answer ``reset``."""
        self.send("cursors/reset")

    def log(self, route: str = "*", **filters: Any) -> Wire:
        """count, most_parallel and requests that fit."""
        return self.send("log", route=route, **filters)

    def counters(self) -> Wire:
        """Calls, bytes and parallelism by route."""
        return self.send("log/counters")

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self.send("log/clear")

    def reset(self) -> None:
        """Back to an empty emulator."""
        self.send("reset")
