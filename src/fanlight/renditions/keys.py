"""What is asked for, what answers it, and where the original comes from."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from fanlight.renditions.recipes import GENERATION, Format, Recipe

DIGEST = 16
"""Bytes of a key's digest: so many that two keys never share one."""

_recipe_name = lru_cache(maxsize=1024)(str)


@dataclass(frozen=True, slots=True)
class Key:
    """One rendition of one version of an original. It never goes stale: other bytes, other key."""

    content: str
    """Names the bytes of the original: their checksum, or a provider's token for the version."""
    recipe: Recipe
    format: Format | None = None
    """`None`: whatever suits the picture, of what `webp` allows."""
    webp: bool = True
    """Whether WebP may be chosen. Of no consequence where the format is fixed."""

    @property
    def digest(self) -> bytes:
        """What it is called in the cache. The recipes' `GENERATION` is part of it."""
        form = self.format._value_ if self.format else "any" if self.webp else "old"
        named = f"{GENERATION} {_recipe_name(self.recipe)} {form} {self.content}"
        return blake2b(named.encode(), digest_size=DIGEST).digest()

    def for_recipe(self, recipe: Recipe) -> Key:
        """The same of another size."""
        return replace(self, recipe=recipe)


@dataclass(frozen=True, slots=True)
class Rendition:
    """A local file, complete.

    It may be deleted at any time, by whoever empties the cache or by the bound on its bytes: when
    it is not there as it is opened, `Renditions.forget` it and ask again.
    """

    path: Path
    media_type: str
    size: int
    """Bytes."""
    key: str
    """Tells it from any other, also from one that is made again of other bytes: a strong ETag."""
    width: int
    height: int

    @property
    def digest(self) -> bytes:
        """That of the key it was asked for by."""
        return bytes.fromhex(self.key[: 2 * DIGEST])


class Source(Protocol):
    """One version of an original. Outlives the request that brought it."""

    @property
    def content(self) -> str:
        """Names the bytes; equal for equal originals: that is how work is shared."""
        ...

    @property
    def media_type(self) -> str:
        """What it is taken for, a hint only."""
        ...

    def local(self) -> AbstractAsyncContextManager[Path]:
        """A local file for the length of the block; for a cloud original a temporary one.

        Entered when its turn has come, left as soon as the order is done; while it takes its time
        another order has the worker. What it raises reaches all who wait for a rendition of it.
        """
        ...
