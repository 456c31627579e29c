"""A body on its way in: counted, limited, and kept for another try while it is small."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from fanlight.errors import TooLarge

REPLAYED = 1 << 20
"""Bytes up to which a body can be sent again under another name."""


class Arriving:
    """The bytes of one upload, for `Store.put` to iterate, once for each try.

    Only when all of a body has arrived may a channel say that the name is taken by an object we
    know nothing of. A small body is kept until then; before more than that is let through,
    `look` is asked to raise AlreadyExists if the name is taken.
    """

    def __init__(
        self, body: AsyncIterator[bytes], limit: int, look: Callable[[], Awaitable[None]]
    ) -> None:
        """`limit` is the largest body in bytes, 0 for none."""
        self.ended = False
        """All bytes have been given out: from now on the object may appear in its channel."""
        self._body = body
        self._limit = limit
        self._look = look
        self._kept: list[bytes] | None = []
        self._again: list[bytes] = []
        self._seen = 0

    def restart(self) -> bool:
        """Begin again with the first byte; whether that is still possible."""
        if self._kept is None:
            return False
        self._again = self._kept[::-1]
        self.ended = False
        return True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next bytes. TooLarge, AlreadyExists, and whatever the sender raises."""
        if self._again:
            return self._again.pop()
        try:
            piece = await anext(self._body)
        except StopAsyncIteration:
            self.ended = True
            raise
        self._seen += len(piece)
        if self._limit and self._seen > self._limit:
            raise TooLarge
        if self._kept is not None:
            self._kept.append(piece)
            if self._seen > REPLAYED:
                await self._look()
                self._kept = None
        return piece
