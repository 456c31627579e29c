"""A body on its way to a provider: regrouped, counted, hashed, and kept while it can be resent."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from types import TracebackType

from fanlight.errors import Incomplete, TooLarge
from fanlight.storage.base import Checksum, Digest, Traits
from fanlight.storage.pace import Policy

HEAD = 4096
INLINE = 1 << 14
"""Up to here hashing (10 us) costs the loop less than handing it to another thread."""


class Watch:
    """The time-out of a put: it runs while we wait for the provider, not for the sender.

    `async with` it around the put; TimeoutError. One timer serves all pieces: it is set anew only
    when it goes off and finds that the deadline has moved.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()
        self.provider(last=False)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    def sender(self) -> None:
        """The provider has asked for a piece."""
        self._deadline = None

    def provider(self, *, last: bool) -> None:
        """The provider has been given a piece, or is to begin."""
        policy = self._policy
        allowed = policy.commit_timeout if last else policy.call_timeout
        self._deadline = self._loop.time() + allowed
        if self._timer is None or self._deadline < self._timer.when():
            self._set(self._deadline)

    def _set(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self._deadline <= self._loop.time():
            self._timeout.reschedule(self._deadline)
        else:
            self._set(self._deadline)


class Hashing:
    """Running checksums of one body: ours (sha256) and the provider's; and its first bytes.

    Big pieces are hashed in the executor, beside whatever the caller does next.
    """

    def __init__(self, traits: Traits, pool: Executor) -> None:
        self.total = 0
        self.head = b""
        self._pool = pool
        self._running: asyncio.Future[None] | None = None
        self._sha256 = hashlib.sha256()
        self._kind = traits.checksum
        self._theirs = None if traits.checksum == "sha256" else _digest(traits)

    async def take(self, piece: bytes) -> None:
        """Count and hash a piece; returns when the one before it is hashed."""
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]
        self.total += len(piece)
        await self._caught_up()
        if len(piece) <= INLINE:
            self._update(piece)
        else:
            loop = asyncio.get_running_loop()
            self._running = loop.run_in_executor(self._pool, self._update, piece)

    async def sha256(self) -> str:
        """Our checksum of all pieces taken."""
        await self._caught_up()
        return self._sha256.hexdigest()

    async def matches(self, theirs: Checksum | None) -> bool | None:
        """Whether the provider's checksum is that of these pieces; `None` if it says too little."""
        if theirs is None or theirs.kind != self._kind:
            return None
        await self._caught_up()
        return theirs.value == (self._theirs or self._sha256).hexdigest()

    async def _caught_up(self) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            await running

    def _update(self, piece: bytes) -> None:
        self._sha256.update(piece)
        if self._theirs is not None:
            self._theirs.update(piece)


def _digest(traits: Traits) -> Digest | None:
    if traits.digest is not None:
        return traits.digest()
    return None if traits.checksum is None else hashlib.new(traits.checksum)


class Outgoing:
    """The pieces of one put, for the provider to iterate.

    Each piece has exactly `traits.piece` bytes, but for the last one. Until there is a second one
    the first is kept, and `restart` lets another try begin from the start.
    """

    def __init__(
        self,
        body: AsyncIterator[bytes],
        traits: Traits,
        pool: Executor,
        *,
        size: int | None,
    ) -> None:
        self.hashing = Hashing(traits, pool)
        self.watch: Watch | None = None
        """The time-out of the try that is running."""
        self.ended = False
        """The body is over and had the announced length: the provider may have all of it."""
        self.broken: BaseException | None = None
        """What the body itself raised, as opposed to the provider."""
        self._next = body.__anext__
        self._traits = traits
        self._size = size
        self._rest: bytes | memoryview = b""
        self._seen = 0
        self._first = b""
        self._given = 0
        self._again = False

    def restart(self) -> bool:
        """Begin again from the first piece; whether that is possible."""
        if self.broken is not None or self._given > 1:
            return False
        self._again = self._given == 1
        return True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next piece. Whatever the body raises; Incomplete and TooLarge for its length."""
        if self._again:
            self._again = False
            return self._first
        if self.watch is not None:
            self.watch.sender()
        try:
            piece = await self._piece()
            if piece:
                await self.hashing.take(piece)
        except BaseException as error:
            self.broken = error
            raise
        if self.watch is not None:
            self.watch.provider(last=self.ended)
        if not piece:
            raise StopAsyncIteration
        self._given += 1
        self._first = piece if self._given == 1 else b""
        return piece

    async def _piece(self) -> bytes:
        """The next bytes, as many as a piece has; fewer only at the end."""
        need = self._traits.piece
        gathered: list[bytes] = []
        while need and (chunk := self._rest or await self._chunk()):
            if len(chunk) > need:  # a slice of a view: a huge chunk is not copied again and again
                view = memoryview(chunk)
                chunk, self._rest = bytes(view[:need]), view[need:]
            else:
                chunk, self._rest = bytes(chunk), b""
            gathered.append(chunk)
            need -= len(chunk)
        return gathered[0] if len(gathered) == 1 else b"".join(gathered)

    async def _chunk(self) -> bytes:
        """What the sender has next, not empty before the end."""
        while not self.ended:
            try:
                chunk = await self._next()
            except StopAsyncIteration:
                self._end()
            else:
                if chunk:
                    self._seen += len(chunk)
                    self._bound()
                    return chunk
        return b""

    def _bound(self) -> None:
        if self._size is not None and self._seen > self._size:
            raise Incomplete("The upload is longer than it was said to be. Nothing was stored.")
        if self._traits.largest is not None and self._seen > self._traits.largest:
            raise too_large(self._traits.largest)

    def _end(self) -> None:
        if self._size is not None and self._seen < self._size:
            raise Incomplete
        self.ended = True


def too_large(largest: int) -> TooLarge:
    """The error for an object that the provider cannot hold."""
    return TooLarge(
        f"This storage takes objects of at most {largest} bytes.",
        remedy="Use another channel for it.",
    )
