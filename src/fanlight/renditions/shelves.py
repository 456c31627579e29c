"""What the cache knows of all its renditions: found by digest, least recently used first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from fanlight.renditions.shelf import Kept, Shelf

PARTS = 1 << 12
"""Folders that a cache is spread over: with a million renditions some 250 in each."""


def part_of(digest: bytes) -> int:
    """The number of the folder that a rendition is in."""
    return digest[0] << 4 | digest[1] >> 4


class Shelves:
    """A shelf for each part that holds anything, and the sum of their bytes."""

    def __init__(self) -> None:
        self.bytes = 0
        self._shelves: dict[int, Shelf] = {}
        # Each shelf's least recent use, or a moment before it: a use only makes it later, so it is
        # looked at again only when its turn comes.
        self._bounds: dict[int, float] = {}
        self._heap: list[tuple[float, int]] = []

    def __len__(self) -> int:
        return sum(map(len, self._shelves.values()))

    def get(self, digest: bytes) -> Kept | None:
        """What is known under that digest."""
        shelf = self._shelves.get(part_of(digest))
        return shelf.get(digest) if shelf else None

    def use(self, digest: bytes, now: float) -> float | None:
        """Note a use; when the one before was, or `None` if there is no such rendition."""
        shelf = self._shelves.get(part_of(digest))
        return shelf.use(digest, now) if shelf else None

    def put(self, digest: bytes, kept: Kept, used: float) -> None:
        """Take it in, in place of what was known under that digest."""
        part = part_of(digest)
        shelf = self._shelves.get(part)
        if shelf is None:
            shelf = self._shelves[part] = Shelf()
        self.bytes += shelf.put(digest, kept, used)
        if used < self._bounds.get(part, float("inf")):
            self._set_bound(part, used)

    def drop(self, digest: bytes) -> Kept | None:
        """Forget it; what was known."""
        part = part_of(digest)
        shelf = self._shelves.get(part)
        kept = shelf.drop(digest) if shelf else None
        if kept is not None:
            self.bytes -= kept.size
        if shelf is not None and not shelf:
            del self._shelves[part], self._bounds[part]
        return kept

    def least_used(self) -> bytes | None:
        """The digest whose last use is longest ago."""
        while self._heap:
            bound, part = self._heap[0]
            if self._bounds.get(part) == bound:
                shelf = self._shelves[part]
                if shelf.oldest <= bound:
                    return shelf.least_used()
                self._set_bound(part, shelf.oldest)
            heappop(self._heap)
        return None

    def parts(self) -> list[int]:
        """Those that hold anything. From any thread."""
        return list(self._shelves)

    def unused_since(self, part: int, moment: float) -> Iterator[bytes]:
        """Those of a part that were not used since then."""
        shelf = self._shelves.get(part)
        return shelf.unused_since(moment) if shelf else iter(())

    def _set_bound(self, part: int, used: float) -> None:
        self._bounds[part] = used
        heappush(self._heap, (used, part))
