"""Dropbox's checksum: SHA-256 over the SHA-256 of each block of 4 MiB."""

from __future__ import annotations

import hashlib

KIND = "dropbox"
BLOCK = 4 << 20


class ContentHash:
    """A running checksum, shaped like those of `hashlib`."""

    def __init__(self) -> None:
        self._whole = hashlib.sha256()
        self._block = hashlib.sha256()
        self._room = BLOCK

    def update(self, data: bytes | memoryview, /) -> None:
        """Take in more bytes."""
        view = memoryview(data)
        while view:
            taken = view[: self._room]
            self._block.update(taken)
            self._room -= len(taken)
            view = view[len(taken) :]
            if not self._room:
                self._whole.update(self._block.digest())
                self._block = hashlib.sha256()
                self._room = BLOCK

    def hexdigest(self) -> str:
        """The checksum so far."""
        whole = self._whole.copy()
        if self._room < BLOCK:
            whole.update(self._block.digest())
        return whole.hexdigest()


def content_hash(data: bytes | memoryview) -> str:
    """The checksum of bytes that are all there."""
    running = ContentHash()
    running.update(data)
    return running.hexdigest()
