"""``content_hash``: SHA-256 over the SHA-256 digests of 4 MiB blocks (public description)."""

from __future__ import annotations

import hashlib

BLOCK = 4 * 1024 * 1024


class ContentHash:
    """Incremental content hash of a stream."""

    __slots__ = ("_block", "_digests", "_filled")

    def __init__(self) -> None:
        self._digests = bytearray()
        self._block = hashlib.sha256()
        self._filled = 0

    def update(self, data: bytes | memoryview) -> None:
        """Add the next bytes."""
        view = memoryview(data)
        while view:
            take = view[: BLOCK - self._filled]
            self._block.update(take)
            self._filled += len(take)
            view = view[len(take) :]
            if self._filled == BLOCK:
                self._digests += self._block.digest()
                self._block, self._filled = hashlib.sha256(), 0

    def hexdigest(self) -> str:
        """The hash of everything added so far."""
        tail = self._block.digest() if self._filled else b""
        return hashlib.sha256(bytes(self._digests) + tail).hexdigest()

    def copy(self) -> ContentHash:
        """A twin that goes its own way, to be able to forget a refused piece."""
        twin = ContentHash()
        twin._digests = bytearray(self._digests)
        twin._block, twin._filled = self._block.copy(), self._filled
        return twin


def content_hash(data: bytes) -> str:
    """The content hash of bytes in memory."""
    hasher = ContentHash()
    hasher.update(data)
    return hasher.hexdigest()


def hash_of_digests(digests: list[bytes]) -> str:
    """The content hash of a stream whose blocks were hashed one by one."""
    return hashlib.sha256(b"".join(digests)).hexdigest()
