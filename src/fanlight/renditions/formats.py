"""Which form the bytes of a rendition take when the asker left the choice to us."""

from __future__ import annotations

from fanlight.renditions.recipes import Format

MOVING = frozenset({Format.WEBP, Format.GIF})
"""The forms in which a picture can move."""


def choose(wanted: Format | None, *, webp: bool, alpha: bool, moving: bool) -> Format:
    """The form that was wanted; or WebP where it is taken, and else what keeps the most.

    JPEG shows neither movement nor what can be seen through, so those go to GIF and PNG.
    """
    if wanted is not None:
        return wanted
    if webp:
        return Format.WEBP
    if moving:
        return Format.GIF
    return Format.PNG if alpha else Format.JPEG
