"""Facts by the first bytes alone: no decoder, no pixels, safe in any process."""

from __future__ import annotations

from fanlight.model import Facts
from fanlight.renditions.facts import container
from fanlight.renditions.facts.tiff import Bytes
from fanlight.renditions.families import tell


def read_facts(head: Bytes, size: int, media_type: str = "") -> Facts:
    """What the beginning of an original of `size` bytes says; 64 KiB hold most, 256 KiB nearly all.

    What is not said there stays empty: the decode fills it. Never raises for what it finds.
    """
    family = tell(bytes(head[: 1 << 16]), media_type)
    if family is None or not size:
        return Facts()
    try:
        return container.read(Facts(), family, head)
    except (ValueError, OverflowError, ArithmeticError, LookupError):
        return Facts()
