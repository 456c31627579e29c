"""Pictures: the facts and renditions of assets, from whichever place gives their bytes."""

from __future__ import annotations

from fanlight.pictures.pictures import Pictures

__all__ = ["Pictures"]
