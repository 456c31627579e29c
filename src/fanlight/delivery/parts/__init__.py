"""Parts: originals of channels that are not local, kept on this server's disk as they are read.

An original is read in parts of 4 MiB, each once however many want it in however many processes, and
each at the version that the answer describes. What is kept is bounded by bytes, the least recently
used out first, and may be deleted at any time. Where the disk takes nothing, bytes pass through
without being kept.
"""

from __future__ import annotations

from fanlight.delivery.parts.parts import Parts
from fanlight.delivery.parts.source import Source

__all__ = ["Parts", "Source"]
