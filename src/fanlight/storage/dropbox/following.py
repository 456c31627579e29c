"""Following: everything below the root by one cursor, what changed since, and waiting for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from typing import Any, cast

from fanlight.storage.base import Delta, Entry, Gone, Watched
from fanlight.storage.dropbox.part import Part
from fanlight.storage.dropbox.places import Root
from fanlight.storage.dropbox.refusals import Wire
from fanlight.storage.dropbox.wire import Calls

PAGE = 2000
SHORTEST, LONGEST = 90, 180
"""Seconds that Dropbox is asked to wait for a change. It adds up to 90 of its own."""
MORE = 120.0


class Following(Part):
    """The abilities Changes, Watches and Rings."""

    def __init__(
        self, calls: Calls, root: Root, *, secret: str = "", account: str = "", page: int = PAGE
    ) -> None:
        super().__init__(calls, root)
        self._secret = secret
        self._account = account
        self._page = page

    async def changes(self, cursor: str | None = None) -> Delta:
        """`list_folder` over all that lies below, then `continue`.

        A move is a Gone and an entry with the id that it had.
        """
        if cursor is None:
            page: Wire = await self._calls.rpc("files/list_folder", self._all(), stall=MORE)
        else:
            page = await self._calls.rpc(
                "files/list_folder/continue", {"cursor": cursor}, stall=MORE
            )
        found = (self._change(wire) for wire in page["entries"])
        changes = tuple(one for one in found if one is not None)
        return Delta(changes, str(page["cursor"]), bool(page["has_more"]))

    async def latest(self) -> str:
        """`get_latest_cursor` over the same."""
        asked = "files/list_folder/get_latest_cursor"
        answer: Wire = await self._calls.rpc(asked, self._all(), stall=MORE)
        return str(answer["cursor"])

    def _all(self) -> Wire:
        """Everything below the root."""
        return {
            "path": self._root.path,
            "recursive": True,
            "limit": self._page,
            "include_non_downloadable_files": False,
        }

    def _change(self, wire: Wire) -> Entry | Gone | None:
        if wire.get(".tag") != "deleted":
            return self._root.shown(wire)
        path = self._root.inside(wire)
        return None if path is None else Gone(path)

    async def watch(self, cursor: str) -> Watched:
        """A long poll, of a length that differs so that not all come back at once."""
        seconds = random.randint(SHORTEST, LONGEST)  # noqa: S311 - not a secret
        answer: Wire = await self._calls.listen(
            "files/list_folder/longpoll", {"cursor": cursor, "timeout": seconds}, seconds + MORE
        )
        return Watched(bool(answer["changes"]), float(answer.get("backoff", 0)))

    def rung(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Dropbox signs the body with the app's secret, and names the accounts it is about."""
        given = headers.get("x-dropbox-signature", "")
        own = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        if not self._secret or not hmac.compare_digest(given.encode(), own.encode()):
            return False
        return self._account in _accounts(body)


def _accounts(body: bytes) -> list[str]:
    try:
        said: Any = json.loads(body)
        found = cast("list[object]", said["list_folder"]["accounts"])
        return [one for one in found if isinstance(one, str)]
    except (ValueError, LookupError, TypeError):
        return []
