"""What is read in parts: one version of one object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.storage.store import Store

PART = 4 << 20
"""Bytes of a part; the last one of an object may be shorter."""


@dataclass(frozen=True)
class Source:
    """One version of an object in a channel. `size` is in bytes."""

    store: Store
    channel_id: str
    locator: str
    version: str
    size: int
    first_hot: bool = False
    """Whether its first part is kept longest, so that a film begins at once."""
    brief: bool = False
    """Whether no viewer wants it: then its parts make room for others first."""

    @cached_property
    def key(self) -> str:
        """Names these bytes among all."""
        names = (self.channel_id, self.locator, self.version)
        text = "\0".join(f"{len(name)}:{name}" for name in names)
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def part(self, index: int) -> str:
        """The name of a part; that of a hot one ends with `h`."""
        return f"{self.key}-{index}{'h' if self.first_hot and index == 0 else ''}"

    def length(self, index: int) -> int:
        """Bytes of a part."""
        return min(PART, self.size - index * PART)
