"""Who comes in to a gallery, by which address, and what they may do there."""

from fanlight.sharing.sharing import Sharing

__all__ = ["Sharing"]
