"""Moving, copying, deleting and restoring on Dropbox's side. No byte passes through us.

Many go in a batch, which Dropbox may take its time for: then it is asked how far that is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from secrets import token_hex
from time import monotonic
from typing import TypeVar

from fanlight.errors import (
    AlreadyExists,
    ObjectMissing,
    RateLimited,
    StorageError,
    StorageUnavailable,
)
from fanlight.storage.base import Entry
from fanlight.storage.dropbox.part import Part
from fanlight.storage.dropbox.places import fold
from fanlight.storage.dropbox.refusals import Wire, told
from fanlight.storage.dropbox.wire import COMMIT
from fanlight.storage.many import Relocation

T = TypeVar("T")

PAUSES = (0.25, 2.0)
"""Seconds between two questions how far a job is: first, and at most."""
JOB = 600.0
"""Seconds after which a job is given up."""
LOOKS = 8
"""Look-ups at once."""


class Moving(Part):
    """The abilities Deletes, Moves and Copies, all for many, and Restores."""

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

    async def restore(self, path: str, version: str) -> Entry:
        """The newest revision with that checksum, if the path is free."""
        arg: Wire = {"path": self._root.there(path), "mode": "path", "limit": 100}
        found: Wire = await self._calls.rpc("files/list_revisions", arg)
        if not found.get("is_deleted"):
            raise AlreadyExists
        for wire in found["entries"]:
            if wire.get("content_hash") == version:
                back = {"path": wire.get("path_display") or arg["path"], "rev": wire["rev"]}
                return self._root.entry(await self._calls.rpc("files/restore", back, stall=COMMIT))
        raise ObjectMissing

    # --- many -------------------------------------------------------------------------------------

    async def move_many(self, moves: Sequence[Relocation]) -> Sequence[Entry | StorageError]:
        """One batch. Changes of case alone take their detour one by one."""
        return await self._relocate_many("move", moves)

    async def copy_many(self, copies: Sequence[Relocation]) -> Sequence[Entry | StorageError]:
        """One batch."""
        return await self._relocate_many("copy", copies)

    async def delete_many(self, locators: Sequence[str]) -> Sequence[bool | StorageError]:
        """One batch."""
        found = await self._files(locators)

        def result(wire: Wire) -> bool | StorageError:
            return wire[".tag"] == "success" or told(wire.get("failure", {}))

        ids = [{"path": one["id"]} for one in found if not isinstance(one, StorageError)]
        return await self._answers(
            "files/delete_batch", "files/delete_batch/check", ids, found, result
        )

    async def _relocate_many(
        self, verb: str, wanted: Sequence[Relocation]
    ) -> Sequence[Entry | StorageError]:
        files = await self._files([one.locator for one in wanted])
        found = [self._prepared(verb, *both) for both in zip(wanted, files, strict=True)]

        def result(wire: Wire) -> Entry | StorageError:
            if wire[".tag"] != "success":
                return told(wire.get("failure", wire))
            try:
                return self._root.entry(wire["success"])
            except StorageError as error:
                return error

        entries = [one for one in found if not isinstance(one, StorageError)]
        answers = await self._answers(
            f"files/{verb}_batch_v2", f"files/{verb}_batch/check_v2", entries, found, result
        )
        return [
            await self._one_by_one(one) if isinstance(answer, _CaseOnlyError) else answer
            for one, answer in zip(wanted, answers, strict=True)
        ]

    def _prepared(
        self, verb: str, wanted: Relocation, found: Wire | StorageError
    ) -> Wire | StorageError:
        """The entry of a batch, or why there is none."""
        if isinstance(found, StorageError):
            return found
        try:
            target = self._root.new(wanted.path)
            if verb == "move" and fold(wanted.path) == fold(self._root.entry(found).path):
                return _CaseOnlyError()
        except StorageError as error:
            return error
        return {"from_path": found["id"], "to_path": target}

    async def _one_by_one(self, wanted: Relocation) -> Entry | StorageError:
        try:
            return await self.move(wanted.locator, wanted.path)
        except StorageError as error:
            return error

    async def _files(self, locators: Sequence[str]) -> list[Wire | StorageError]:
        """What `_file` says of each: an id alone does not tell that it is still below the root."""
        slots = asyncio.Semaphore(LOOKS)

        async def one(locator: str) -> Wire | StorageError:
            async with slots:
                try:
                    return await self._file(locator)
                except StorageError as error:
                    return error

        return list(await asyncio.gather(*map(one, locators)))

    async def _answers(
        self,
        route: str,
        check: str,
        entries: Sequence[Wire],
        found: Sequence[Wire | StorageError],
        result: Callable[[Wire], T | StorageError],
    ) -> list[T | StorageError]:
        """Of each what the batch of `entries` said, or what was `found` amiss before."""
        said = iter(await self._job(route, check, entries) if entries else ())
        return [one if isinstance(one, StorageError) else result(next(said)) for one in found]

    async def _job(self, route: str, check: str, entries: Sequence[Wire]) -> Sequence[Wire]:
        """The entries of a batch's answer, whenever that comes."""
        answer: Wire = await self._calls.rpc(route, {"entries": entries}, stall=COMMIT)
        job, until = answer.get("async_job_id"), monotonic() + JOB
        pause, longest = PAUSES
        while answer[".tag"] in ("async_job_id", "in_progress") and monotonic() < until:
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)
            try:
                answer = await self._calls.rpc(check, {"async_job_id": job})
            except RateLimited as error:
                pause = max(pause, error.retry_after or 0)
            except StorageUnavailable:
                continue
        if answer[".tag"] == "complete":
            return answer["entries"]
        if answer[".tag"] == "failed":
            raise told(answer.get("failed", {}))
        raise StorageUnavailable("Dropbox has not said how a batch has ended.")

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


class _CaseOnlyError(StorageError):
    """A move that is none to Dropbox; never leaves this module."""
