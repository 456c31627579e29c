"""Writing: one call for what is small, sessions for what is large, batches for what is many.

A commit says `add` with `strict_conflict`, or `overwrite`; never `autorename`. What Dropbox stored
is told by the checksum in its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from time import monotonic

from fanlight.errors import (
    ChecksumMismatch,
    Incomplete,
    NotSupported,
    ObjectMissing,
    StorageError,
    StorageUnavailable,
)
from fanlight.storage.base import Commit, Entry
from fanlight.storage.dropbox.content_hash import content_hash
from fanlight.storage.dropbox.part import Part
from fanlight.storage.dropbox.places import Root, stamp
from fanlight.storage.dropbox.refusals import Refused, Wire, told
from fanlight.storage.dropbox.wire import COMMIT, Calls
from fanlight.storage.names import checked_ticket

PIECE = 8 << 20
"""Bytes of a piece: a multiple of 4 MiB, as concurrent sessions ask for."""
MOST_SESSIONS = 1000
SPARE_LIFE = 3600.0
"""Seconds that an open session is believed to be there; Dropbox keeps it for seven days."""
REPAIRS = 4
"""Times that a piece is fitted to what Dropbox has of it."""
AT_ONCE = 4
"""Pieces of one object that are on their way at once."""


class Writing(Part):
    """The abilities Puts, Resumes and PutsMany."""

    def __init__(self, calls: Calls, root: Root) -> None:
        super().__init__(calls, root)
        self._in_batches = True
        self._spare: list[str] = []
        self._opened = 0.0

    async def put(
        self,
        path: str,
        body: AsyncIterator[bytes],
        *,
        ticket: str,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> Entry:
        """A session if there is more than one piece."""
        checked_ticket(ticket)
        self._root.new(path)
        commit = Commit("", 0, path, modified_at, overwrite)
        pieces = _pieces(body, size)
        first = await anext(pieces, b"")
        second = await anext(pieces, b"")
        if not second:
            return await self._put_small(commit, first)
        return await self._put_large(commit, first, second, pieces)

    async def discard(self, ticket: str) -> None:
        """Sessions that were never committed go away by themselves, unseen."""
        checked_ticket(ticket)

    async def _put_small(self, commit: Commit, data: bytes) -> Entry:
        digest = await _hashed(data)
        arg = {**self._commit(commit), "content_hash": digest}
        return self._root.entry(await self._calls.upload("files/upload", arg, data, stall=COMMIT))

    async def _put_large(
        self, commit: Commit, first: bytes, second: bytes, rest: AsyncIterator[bytes]
    ) -> Entry:
        session = await self.begin()
        await self.send(session, 0, first, last=False)
        last, start = second, len(first)
        async for piece in rest:
            await self.send(session, start, last, last=False)
            start += len(last)
            last = piece
        await self.send(session, start, last, last=True)
        whole = Commit(
            session, start + len(last), commit.path, commit.modified_at, commit.overwrite
        )
        return await self.commit(whole)

    # --- sessions ---------------------------------------------------------------------------------

    async def begin(self) -> str:
        """Empty: Dropbox asks for less patience with calls that carry data."""
        arg = {"session_type": "concurrent"}
        return str((await self._calls.upload("files/upload_session/start", arg))["session_id"])

    async def send(self, session: str, start: int, piece: bytes, *, last: bool) -> None:
        """One piece, with its checksum. The last one closes the session.

        Where Dropbox says that it stands elsewhere (a reply was lost, or a connection broke in the
        middle of a piece), only what it lacks is sent.
        """
        for _ in range(REPAIRS):
            try:
                return await self._send(session, start, piece, last=last)
            except Refused as refused:
                if "closed" in refused.tags or not (piece or last):
                    return None  # it had its last piece, and so all; or it was only asked for
                at = _correct(refused)
                if at is None:
                    raise
            if not start <= at <= start + len(piece):
                break
            start, piece = at, piece[at - start :]
            if not piece and not last:
                return None
        raise StorageUnavailable("Dropbox has other bytes than were sent.")

    async def _send(self, session: str, start: int, piece: bytes, *, last: bool) -> None:
        arg: Wire = {
            "cursor": {"session_id": session, "offset": start},
            "close": last,
            "content_hash": await _hashed(piece),
        }
        await self._calls.upload("files/upload_session/append_v2", arg, piece, stall=COMMIT)

    async def commit(self, commit: Commit) -> Entry:
        """Commit one session, without data."""
        arg = {"cursor": _cursor(commit), "commit": self._commit(commit)}
        try:
            found = await self._calls.upload("files/upload_session/finish", arg, stall=COMMIT)
        except Refused as refused:
            raise _unfinished(refused) from None
        return self._root.entry(found)

    # --- batches ----------------------------------------------------------------------------------

    async def send_many(self, bodies: Sequence[bytes]) -> Sequence[str]:
        """All bodies behind one another in one call, each closing a session of its own."""
        sessions = await self._sessions(len(bodies))
        if self._in_batches:
            try:
                await self._append(sessions, bodies)
            except NotSupported:
                self._in_batches = False
            except ObjectMissing:
                self._spare.clear()
                raise StorageUnavailable("Dropbox has lost an open session.") from None
            else:
                return sessions
        many = asyncio.Semaphore(AT_ONCE)

        async def one(session: str, body: bytes) -> None:
            async with many:
                await self.send(session, 0, body, last=True)

        await asyncio.gather(*map(one, sessions, bodies))
        return sessions

    async def _sessions(self, number: int) -> list[str]:
        """Open sessions. As many again are opened for the next time: that saves it a call."""
        if monotonic() - self._opened > SPARE_LIFE:
            self._spare.clear()
        if len(self._spare) < number:
            arg = {"num_sessions": min(2 * number, MOST_SESSIONS)}
            answer: Wire = await self._calls.rpc("files/upload_session/start_batch", arg)
            self._spare += [str(one) for one in answer["session_ids"]]
            self._opened = monotonic()
        taken, self._spare = self._spare[:number], self._spare[number:]
        return taken

    async def _append(self, sessions: Sequence[str], bodies: Sequence[bytes]) -> None:
        entries = [
            {
                "cursor": {"session_id": session, "offset": 0},
                "length": len(body),
                "close": True,
            }
            for session, body in zip(sessions, bodies, strict=True)
        ]
        answer: Wire = await self._calls.upload(
            "files/upload_session/append_batch", {"entries": entries}, tuple(bodies), stall=COMMIT
        )
        for result, session, body in zip(answer["entries"], sessions, bodies, strict=True):
            if result[".tag"] != "success":
                failure = told(result.get("failure", {}))
                if not isinstance(failure, Refused):
                    raise failure
                await self.send(session, 0, body, last=True)

    async def commit_many(self, commits: Sequence[Commit]) -> Sequence[Entry | StorageError]:
        """All under one hold of the account's write lock."""
        entries = [{"cursor": _cursor(one), "commit": self._commit(one)} for one in commits]
        answer: Wire = await self._calls.rpc(
            "files/upload_session/finish_batch_v2", {"entries": entries}, stall=COMMIT
        )
        return [self._result(one) for one in answer["entries"]]

    def _result(self, wire: Wire) -> Entry | StorageError:
        try:
            if wire[".tag"] == "success":
                return self._root.entry({**wire, ".tag": "file"})
            failure = told(wire.get("failure", {}))
            return _unfinished(failure) if isinstance(failure, Refused) else failure
        except StorageError as error:
            return error

    def _commit(self, commit: Commit) -> Wire:
        arg: Wire = {"path": self._root.new(commit.path), "mute": True}
        if commit.overwrite:
            arg["mode"] = "overwrite"
        else:
            arg["mode"], arg["strict_conflict"] = "add", True
        if commit.modified_at is not None:
            arg["client_modified"] = stamp(commit.modified_at)
        return arg


def _cursor(commit: Commit) -> Wire:
    return {"session_id": commit.session, "offset": commit.size}


def _correct(refused: Refused) -> int | None:
    """The offset that a session stands at, if a refusal is about that."""
    return _offset(refused.error) if "incorrect_offset" in refused.tags else None


def _offset(error: Wire) -> int | None:
    found = error.get("correct_offset")
    if isinstance(found, int):
        return found
    inner = error.get(str(error.get(".tag")))
    return _offset(inner) if isinstance(inner, dict) else None  # type: ignore[arg-type]


def _unfinished(refused: Refused) -> StorageError:
    """A session that cannot be committed has not all that was sent."""
    gaps = ("incorrect_offset", "concurrent_session_missing_data", "not_closed")
    lacking = any(tag in refused.tags for tag in gaps)
    return ChecksumMismatch("Dropbox has not all of what was sent.") if lacking else refused


async def _hashed(data: bytes) -> str:
    if len(data) < 1 << 14:
        return content_hash(data)
    return await asyncio.get_running_loop().run_in_executor(None, content_hash, data)


async def _pieces(body: AsyncIterator[bytes], size: int | None) -> AsyncIterator[bytes]:
    """The body in pieces of `PIECE`, the last one shorter. Incomplete if not `size` bytes."""
    gathered = bytearray()
    seen = 0
    async for chunk in body:
        seen += len(chunk)
        if size is not None and seen > size:
            raise Incomplete
        if not gathered and len(chunk) == PIECE:
            yield chunk
            continue
        gathered += chunk
        while len(gathered) >= PIECE:
            yield bytes(gathered[:PIECE])
            del gathered[:PIECE]
    if size not in (None, seen):
        raise Incomplete
    if gathered:
        yield bytes(gathered)
