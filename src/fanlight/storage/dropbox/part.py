"""What the parts of the provider share."""

from __future__ import annotations

from fanlight.storage.dropbox.places import Root
from fanlight.storage.dropbox.refusals import Wire
from fanlight.storage.dropbox.wire import Calls


class Part:
    """An account's calls, and the channel's root there."""

    def __init__(self, calls: Calls, root: Root) -> None:
        self._calls = calls
        self._root = root

    async def _file(self, locator: str) -> Wire:
        """Dropbox's metadata of one file below the root. ObjectMissing, BadLocator."""
        found: Wire = await self._calls.rpc(
            "files/get_metadata", {"path": self._root.there(locator)}
        )
        self._root.entry(found)
        return found
