"""Galleries: what is prepared for viewers, filled from folders, and read by who has a pass."""

from fanlight.galleries.galleries import Galleries

__all__ = ["Galleries"]
