"""What viewers give back: picks in lists, notes, comments; and what the owner makes of it."""

from fanlight.proofing.proofing import Proofing

__all__ = ["Proofing"]
