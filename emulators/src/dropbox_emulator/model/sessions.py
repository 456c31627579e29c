"""Upload sessions, sequential and concurrent.

The rules are those of the public spec: sequential pieces must meet the end of what is there;
concurrent pieces begin and end at multiples of 4 MiB, except the one that closes the session.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from ..content.hashing import BLOCK, hash_of_digests
from ..content.store import BlobWriter, ContentStore
from ..ids import token

MAX_FILE = 2**41 - 2**22


class SessionRefused(Exception):
    """A session error by its tag, with ``correct_offset`` where the API tells it."""

    def __init__(self, tag: str, correct_offset: int | None = None) -> None:
        super().__init__(tag)
        self.tag, self.correct_offset = tag, correct_offset

    def wire(self) -> dict[str, object]:
        """The union value; the offset lies beside the tag."""
        if self.correct_offset is None:
            return {".tag": self.tag}
        return {".tag": self.tag, "correct_offset": self.correct_offset}


@dataclass(slots=True)
class Session:
    """An upload in pieces. ``writer`` holds sequential data, ``blocks`` hashes concurrent ones."""

    id: str
    account: str
    expires: float
    writer: BlobWriter
    concurrent: bool = False
    closed: bool = False
    blocks: dict[int, bytes] = field(default_factory=dict[int, bytes])
    end: int = 0
    busy: bool = False

    @property
    def size(self) -> int:
        """Bytes so far; of a concurrent session, the furthest end."""
        return self.end if self.concurrent else self.writer.size

    def check_append(self, offset: int, length: int | None, close: bool) -> None:
        """Refuse a piece that does not fit."""
        if self.closed:
            raise SessionRefused("closed")
        if self.concurrent:
            self._check_concurrent(offset, length, close)
        elif offset != self.writer.size or self.busy:
            raise SessionRefused("incorrect_offset", self.writer.size)
        if offset + (length or 0) > MAX_FILE:
            raise SessionRefused("too_large")

    def _check_concurrent(self, offset: int, length: int | None, close: bool) -> None:
        if offset % BLOCK:
            raise SessionRefused("concurrent_session_invalid_offset")
        if length is not None and length % BLOCK and not close:
            raise SessionRefused("concurrent_session_invalid_data_size")

    def check_finish(self, offset: int) -> None:
        """Refuse to commit a concurrent session that is open, has holes, or another size."""
        if self.concurrent:
            if not self.closed:
                raise SessionRefused("concurrent_session_not_closed")
            if len(self.blocks) != -(-self.end // BLOCK):
                raise SessionRefused("concurrent_session_missing_data")
            if offset != self.end:
                raise SessionRefused("incorrect_offset", self.end)
        elif offset != self.writer.size:
            raise SessionRefused("incorrect_offset", self.writer.size)

    def hexdigest(self) -> str:
        """The content hash of the whole session."""
        if not self.concurrent:
            return self.writer.hexdigest()
        return hash_of_digests([self.blocks[i] for i in range(len(self.blocks))])

    def keep(self, store: ContentStore) -> None:
        """Make the content permanent."""
        self.writer.pause()
        store.adopt(self.writer.path, self.hexdigest())


class ConcurrentPiece:
    """A sink that writes one piece of a concurrent session at its place.

    Blocks count only when the whole piece has arrived, so a cut piece leaves a hole.
    """

    def __init__(self, session: Session, offset: int) -> None:
        self._session = session
        self._fd = os.open(session.writer.path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._at = offset
        self._hash = hashlib.sha256()
        self._blocks: dict[int, bytes] = {}

    def write(self, data: bytes) -> None:
        """Write the next bytes, hashing block by block."""
        view = memoryview(data)
        while view:
            take = view[: BLOCK - self._at % BLOCK]
            os.pwrite(self._fd, take, self._at)
            self._hash.update(take)
            self._at += len(take)
            if self._at % BLOCK == 0:
                self._blocks[self._at // BLOCK - 1] = self._hash.digest()
                self._hash = hashlib.sha256()
            view = view[len(take) :]

    def close(self) -> None:
        """Close the file, whether or not the piece was settled."""
        os.close(self._fd)

    def settle(self, close: bool) -> None:
        """The piece is complete: let it count."""
        if self._at % BLOCK:
            if not close:
                raise SessionRefused("concurrent_session_invalid_data_size")
            self._blocks[self._at // BLOCK] = self._hash.digest()
        self._session.blocks.update(self._blocks)
        self._session.end = max(self._session.end, self._at)
        if close:
            self._session.closed = True


class Sessions:
    """All open upload sessions."""

    def __init__(self, store: ContentStore, now: Callable[[], float]) -> None:
        self._store, self._now = store, now
        self._open: dict[str, Session] = {}

    def start(self, account: str, lifetime: float, concurrent: bool = False) -> Session:
        """Open a session."""
        made = Session(
            id="pid_upload_session:" + token("", 24),
            account=account,
            expires=self._now() + lifetime,
            writer=self._store.writer(),
            concurrent=concurrent,
        )
        self._open[made.id] = made
        return made

    def get(self, session_id: str, account: str) -> Session:
        """An open session of this account; expired ones are gone."""
        session = self._open.get(session_id)
        if session is not None and session.expires <= self._now():
            self.drop(session)
            session = None
        if session is None or session.account != account:
            raise SessionRefused("not_found")
        return session

    def drop(self, session: Session) -> None:
        """Forget a session and its data."""
        self._open.pop(session.id, None)
        session.writer.discard()

    def finished(self, session: Session) -> None:
        """The session was committed: its content stays, the session goes."""
        self._open.pop(session.id, None)
        session.keep(self._store)

    def clear(self) -> None:
        """Forget all sessions."""
        for session in tuple(self._open.values()):
            self.drop(session)
