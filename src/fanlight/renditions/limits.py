"""What making a picture may cost. Beyond it there is a PictureError, and nothing lasting."""

from __future__ import annotations

from dataclasses import dataclass

from fanlight.renditions import plain


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one order may take; a worker holds itself to it, the pool holds the worker."""

    pixels: int = 300_000_000
    """Of one picture; and of all frames together in one that is kept moving."""
    frames: int = 1_000
    """Of a picture that is kept moving; of one with more the first frame is shown."""
    seconds: float = 60.0
    """Of the clock, for all outputs of one order."""
    memory: int = 1 << 30
    """Bytes that a worker may hold."""

    def to_json(self) -> str:
        """One line."""
        return plain.to_json(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Limits:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        return plain.from_json(cls, text)
