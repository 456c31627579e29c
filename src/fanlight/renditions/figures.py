"""What the makers of renditions have done, and what they have before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figures:
    """Of this process. The first three only grow."""

    made: int = 0
    """Renditions made."""
    hits: int = 0
    """How often a rendition was looked up and found."""
    failed: Mapping[str, int] = field(default_factory=dict[str, int])
    """Orders that failed, by error code."""
    waiting: int = 0
    """Originals of which something is wanted and that wait for their turn."""
    running: int = 0
    """Orders being carried out."""
    workers: int = 0
    """Processes that make pictures, those at rest too."""
    kept: int = 0
    """Renditions that are known to be in the cache..."""
    kept_bytes: int = 0
    """...and their bytes."""
