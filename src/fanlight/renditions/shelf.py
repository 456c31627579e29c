"""What the cache knows of the renditions in one of its folders, in 32 bytes each.

Objects would take some 200 bytes each, and a cache may hold a million. So this is four arrays, in
the order of the digests, looked up by bisection.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from struct import unpack
from typing import NamedTuple

from fanlight.renditions.recipes import Format

LARGEST = (1 << 28) - 1
"""Bytes of the largest rendition that can be shelved."""
LONGEST_SIDE = (1 << 16) - 1

_FORMATS = tuple(Format)


class Kept(NamedTuple):
    """One rendition in the cache, all that its name says but the digest."""

    size: int
    width: int
    height: int
    format: Format
    first_hand: bool
    """Made from the original, not from another rendition."""


def _pack(kept: Kept) -> int:
    form = _FORMATS.index(kept.format) << 1 | kept.first_hand
    return kept.size << 36 | kept.width << 20 | kept.height << 4 | form


def _unpack(packed: int) -> Kept:
    form = _FORMATS[packed >> 1 & 7]
    width, height = packed >> 20 & LONGEST_SIDE, packed >> 4 & LONGEST_SIDE
    return Kept(packed >> 36, width, height, form, bool(packed & 1))


class Shelf:
    """The renditions of one folder, and when each was last used."""

    __slots__ = ("_heads", "_packed", "_tails", "_used")

    def __init__(self) -> None:
        self._heads = array("Q")
        self._tails = array("Q")
        self._used = array("d")
        self._packed = array("Q")

    def __len__(self) -> int:
        return len(self._heads)

    def __iter__(self) -> Iterator[bytes]:
        for head, tail in zip(self._heads, self._tails, strict=True):
            yield head.to_bytes(8, "big") + tail.to_bytes(8, "big")

    def get(self, digest: bytes) -> Kept | None:
        """What is there under that digest."""
        place = self._place(digest)
        return None if place < 0 else _unpack(self._packed[place])

    def put(self, digest: bytes, kept: Kept, used: float) -> int:
        """Shelve it, in place of what was there; by how many bytes the shelf has grown."""
        place = self._place(digest)
        if place >= 0:
            before, self._packed[place] = self._packed[place] >> 36, _pack(kept)
            self._used[place] = max(used, self._used[place])
            return kept.size - before
        head, tail = unpack(">QQ", digest)
        place = bisect_left(self._heads, head)
        self._heads.insert(place, head)
        self._tails.insert(place, tail)
        self._used.insert(place, used)
        self._packed.insert(place, _pack(kept))
        return kept.size

    def use(self, digest: bytes, now: float) -> float | None:
        """Note a use; when the one before was, or `None` if there is no such rendition."""
        place = self._place(digest)
        if place < 0:
            return None
        before, self._used[place] = self._used[place], now
        return before

    def unused_since(self, moment: float) -> Iterator[bytes]:
        """Which were not used since then."""
        return (digest for digest, used in zip(self, self._used, strict=True) if used < moment)

    def drop(self, digest: bytes) -> Kept | None:
        """Take it off the shelf, if it is there."""
        place = self._place(digest)
        if place < 0:
            return None
        kept = _unpack(self._packed[place])
        for column in (self._heads, self._tails, self._used, self._packed):
            del column[place]
        return kept

    @property
    def oldest(self) -> float:
        """The least recent use of any; for ever ahead when the shelf is empty."""
        return min(self._used, default=float("inf"))

    def least_used(self) -> bytes:
        """Which one that is. The shelf must not be empty."""
        place = self._used.index(min(self._used))
        return self._heads[place].to_bytes(8, "big") + self._tails[place].to_bytes(8, "big")

    def _place(self, digest: bytes) -> int:
        head, tail = unpack(">QQ", digest)
        heads = self._heads
        place = bisect_left(heads, head)
        while place < len(heads) and heads[place] == head:
            if self._tails[place] == tail:
                return place
            place += 1
        return -1
