"""Moving, copying and deleting on Dropbox's side. No byte passes through us."""

from __future__ import annotations

from contextlib import suppress
from secrets import token_hex

from fanlight.errors import AlreadyExists, StorageError
from fanlight.storage.base import Entry
from fanlight.storage.dropbox.part import Part
from fanlight.storage.dropbox.places import fold
from fanlight.storage.dropbox.refusals import Wire
from fanlight.storage.dropbox.wire import COMMIT


class Moving(Part):
    """The abilities Deletes, Moves and Copies."""

    async def delete(self, locator: str) -> None:
        """Dropbox keeps it for a while among its deleted files.

        Empty folders stay: to remove one could take along what somebody has just put into it.
        """
        found = await self._file(locator)
        await self._calls.rpc("files/delete_v2", {"path": found["id"]}, stall=COMMIT)

    async def move(self, locator: str, path: str) -> Entry:
        """The object keeps its id."""
        target = self._root.new(path)
        found = await self._file(locator)
        entry = self._root.entry(found)
        if fold(path) != fold(entry.path):
            return await self._relocate("files/move_v2", str(found["id"]), target)
        if path == entry.path:
            raise AlreadyExists
        return await self._recase(found, entry, target)

    async def copy(self, locator: str, path: str) -> Entry:
        """The copy has an id of its own."""
        target = self._root.new(path)
        found = await self._file(locator)
        return await self._relocate("files/copy_v2", str(found["id"]), target)

    async def _relocate(self, route: str, source: str, target: str) -> Entry:
        arg = {"from_path": source, "to_path": target}
        answer: Wire = await self._calls.rpc(route, arg, stall=COMMIT)
        return self._root.entry(answer["metadata"])

    async def _recase(self, found: Wire, entry: Entry, target: str) -> Entry:
        """A change of case goes by way of another name: Dropbox takes the two for one.

        Only the object's own name changes; the folders on the way keep theirs. Should we be stopped
        in between, the id still leads to the object.
        """
        folder, _, name = target.rpartition("/")
        if name == entry.name:
            return entry
        source = str(found["id"])
        detour = f"{folder}/.{token_hex(6)}-{name}"[:250]
        await self._relocate("files/move_v2", source, detour)
        try:
            return await self._relocate("files/move_v2", source, target)
        except StorageError:
            with suppress(StorageError):
                await self._relocate("files/move_v2", source, f"{folder}/{entry.name}")
            raise
