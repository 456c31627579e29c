"""How a body is put at a service that knows sessions and batches.

One piece: by itself if nothing is under way, else gathered with others. More: piece by piece, some
at once, straight from the incoming stream. Each piece is tried again by itself, and which pieces
have arrived is noted under a mark of the body itself: whoever sends the same body again, after a
broken line or a crash of ours, has only what is missing sent.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from zlib import crc32

import structlog

from fanlight.errors import (
    FanlightError,
    ObjectMissing,
    RateLimited,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from fanlight.storage.base import Commit, Entry, Puts, Resumes, Traits
from fanlight.storage.calls import Calls
from fanlight.storage.gathering import Gathering
from fanlight.storage.many import PutsMany
from fanlight.storage.pace import Lane
from fanlight.storage.sending import Outgoing
from fanlight.storage.shared import Shared

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Pieces of one object that are on their way at once."""
ROOM = 128 << 20
"""Bytes of all bodies that may be in memory at once."""
KEPT = 6 * 86400.0
"""Seconds that a session is believed to be there."""
GRACE = 10.0
"""Seconds in which pieces may still arrive when the sender has gone."""
OFTEN = 1.0
"""Seconds between two notes of one put."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a put is to make; the fields are those of `Puts.put`."""

    path: str
    ticket: str
    size: int | None = None
    modified_at: datetime | None = None
    overwrite: bool = False

    def commit(self, session: str, size: int) -> Commit:
        """The commit of a session."""
        return Commit(session, size, self.path, self.modified_at, self.overwrite)


class Putting:
    """Puts bodies in whichever way is best."""

    def __init__(self, puts: Puts, traits: Traits, calls: Calls, shared: Shared) -> None:
        self._puts = puts
        self._traits = traits
        self._calls = calls
        self._shared = shared
        self._room = Room(ROOM)
        self._resumes = puts if isinstance(puts, Resumes) else None
        many = puts if isinstance(puts, PutsMany) else None
        self._gathering = Gathering(many, traits, calls, shared) if many else None

    async def put(self, body: Outgoing, wish: Wish) -> Entry:
        """Store it. Raises as `Puts.put`."""
        if self._resumes is None or self._gathering is None:
            return await self._whole(body, wish)
        piece = self._traits.piece
        need = piece if wish.size is None else min(wish.size, 2 * piece)
        async with self._room.taken(need):
            first = await _next(body)
            if body.ended:
                return await self._small(self._gathering, first, wish)
            mark = await body.hashing.sha256()  # of the first piece
            second = await _next(body)
            if not second:
                return await self._small(self._gathering, first, wish)
            name = f"session-{mark[:40]}-{wish.size or 0}"
            async with self._shared.claimed(name) as ours:
                sending = Session(self._resumes, self._calls, self._shared, name if ours else "")
                session, total = await sending.send(first, second, body)
                return await self._commit(self._gathering, sending, wish.commit(session, total))

    async def _commit(self, gathering: Gathering, sending: Session, commit: Commit) -> Entry:
        """Make it an object. Its session is kept for another try if that may help."""
        try:
            entry = await gathering.commit(commit)
        except (RateLimited, StorageFull):
            raise
        except StorageUnavailable:
            if sending.closed_before:  # it may have been committed then
                await sending.forget()
            raise
        except StorageError:
            await sending.forget()
            raise
        await sending.forget()
        return entry

    async def clear(self, ticket: str) -> None:
        """Make way for another try of the same put."""
        await self._puts.discard(ticket)

    async def discard(self, ticket: str) -> None:
        """Remove what an interrupted put left; bytes in a session are nobody's object, and stay."""
        await self._puts.discard(ticket)

    async def close(self) -> None:
        """Stop."""
        if self._gathering is not None:
            await self._gathering.close()

    async def _small(self, gathering: Gathering, data: bytes, wish: Wish) -> Entry:
        if not gathering.idle:
            return await gathering.put(wish.commit("", len(data)), data)
        return await gathering.alone(lambda: self._whole(_one(data), wish))

    async def _whole(self, body: AsyncIterator[bytes], wish: Wish) -> Entry:
        return await self._puts.put(
            wish.path,
            body,
            ticket=wish.ticket,
            size=wish.size,
            modified_at=wish.modified_at,
            overwrite=wish.overwrite,
        )


class Session:
    """One body on its way, piece by piece. What has arrived is noted under a `name`, if any."""

    def __init__(self, resumes: Resumes, calls: Calls, shared: Shared, name: str) -> None:
        self.closed_before = False
        """It is one that had all its bytes when it was taken up."""
        self._resumes = resumes
        self._calls = calls
        self._shared = shared
        self._name = name
        self._id = ""
        self._closed = False
        self._arrived: dict[int, int] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._noted = 0.0
        self._noting: asyncio.Task[None] | None = None

    async def send(self, first: bytes, second: bytes, rest: Outgoing) -> tuple[str, int]:
        """All of it; the session that holds it, and how much that is."""
        try:
            await self._begin()
            start, held = 0, first
            following = second
            while following:
                await self._start(start, held)
                start, held = start + len(held), following
                following = await _next(rest)
            await self._settle()
            await self._last(start, held)
        except BaseException as error:
            await self._stop(GRACE if isinstance(error, Exception) else 0)
            raise
        return self._id, start + len(held)

    async def forget(self) -> None:
        """It is an object now, or will never be."""
        await self._quiet()
        if self._name:
            await self._shared.keep(self._name, None)

    async def _begin(self) -> None:
        """Take up a session that is known, if it is still there; else open one."""
        noted = await self._shared.note(self._name) if self._name else None
        if noted is not None:
            self._id, self._arrived, self._closed = _read(noted)
            self.closed_before = self._closed
            try:
                await self._piece(0, b"")
            except ObjectMissing:
                self._arrived, self._closed = {}, False
            else:
                return
        self.closed_before = False
        self._id = await self._calls.tried("begin", self._resumes.begin, lane=Lane.PIECE)

    async def _start(self, start: int, piece: bytes) -> None:
        """Send a piece beside others; waits while there are enough of them."""
        if self._has(start, piece):
            return
        while len(self._running) >= AT_ONCE:
            await self._settle(asyncio.FIRST_COMPLETED)
        self._running.add(asyncio.create_task(self._take(start, piece)))

    async def _last(self, start: int, piece: bytes) -> None:
        if not (self._closed and self._has(start, piece)):
            await self._piece(start, piece, last=True)
            self._arrived[start], self._closed = crc32(piece), True
        await self._note()

    def _has(self, start: int, piece: bytes) -> bool:
        checksum = self._arrived.get(start)
        return checksum is not None and checksum == crc32(piece)

    async def _take(self, start: int, piece: bytes) -> None:
        await self._piece(start, piece)
        self._arrived[start] = crc32(piece)
        self._note_soon()

    async def _piece(self, start: int, piece: bytes, *, last: bool = False) -> None:
        await self._calls.tried(
            "piece",
            lambda: self._resumes.send(self._id, start, piece, last=last),
            lane=Lane.PIECE,
        )

    async def _settle(self, until: str = asyncio.ALL_COMPLETED) -> None:
        """Wait for pieces on their way; what one of them raises."""
        if not self._running:
            return
        done, self._running = await asyncio.wait(self._running, return_when=until)
        for task in done:
            try:
                task.result()
            except ObjectMissing:
                await self.forget()
                raise StorageUnavailable("The storage has lost what was sent so far.") from None

    # --- notes ------------------------------------------------------------------------------------

    def _note_soon(self) -> None:
        """Note how far it is, once a second at most and never later than that."""
        if self._name and self._noting is None:
            self._noting = asyncio.create_task(self._note_later(self._noted + OFTEN - monotonic()))

    async def _note_later(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
        self._noting = None
        try:
            await self._keep()
        except FanlightError as error:  # then less is known of it
            log.warning("storage.not-noted", code=error.public_code)

    async def _note(self) -> None:
        await self._quiet()
        if self._name and self._arrived:
            await self._keep()

    async def _keep(self) -> None:
        self._noted = monotonic()
        arrived = list(self._arrived.items())
        state = json.dumps({"session": self._id, "arrived": arrived, "closed": self._closed})
        await self._shared.keep(self._name, state, seconds=KEPT)

    async def _quiet(self) -> None:
        """Have no note written any more by itself."""
        if self._noting is not None:
            noting, self._noting = self._noting, None
            noting.cancel()
            await asyncio.wait({noting})

    async def _stop(self, seconds: float) -> None:
        """Let pieces on their way arrive for a little while, and note what has."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._note()


class Room:
    """Space for so many bytes; who wants some waits until there are."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def taken(self, need: int) -> AsyncGenerator[None]:
        """Hold so many, at most all there are."""
        need = min(need, self._size)
        async with self._freed:
            await self._freed.wait_for(lambda: self._used + need <= self._size)
            self._used += need
        try:
            yield
        finally:
            self._used -= need
            async with self._freed:
                self._freed.notify_all()


async def _next(body: Outgoing) -> bytes:
    """The next piece. From here on each call to the service watches its own time."""
    piece = await anext(body, b"")
    if body.watch is not None and not body.ended:
        body.watch.sender()
    return piece


async def _one(data: bytes) -> AsyncIterator[bytes]:
    if data:
        yield data


def _read(noted: str) -> tuple[str, dict[int, int], bool]:
    found: dict[str, Any] = json.loads(noted)
    arrived = {int(start): int(crc) for start, crc in found["arrived"]}
    return str(found["session"]), arrived, bool(found.get("closed"))
