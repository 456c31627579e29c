"""Pictures to bytes. The settings are measured: see docs/decisions/pictures.md."""

from __future__ import annotations

from typing import Any

import pyvips

from fanlight.renditions import fields
from fanlight.renditions.decoders.opened import Movement
from fanlight.renditions.formats import MOVING
from fanlight.renditions.recipes import Format
from fanlight.renditions.steps.crop import on_white

_HOW: dict[Format, tuple[str, dict[str, Any]]] = {
    Format.WEBP: ("webpsave_buffer", {"Q": 80, "effort": 2}),
    Format.JPEG: ("jpegsave_buffer", {"Q": 82, "interlace": True, "optimize_coding": True}),
    Format.PNG: ("pngsave_buffer", {"compression": 6}),
    Format.GIF: ("gifsave_buffer", {"effort": 3}),
    Format.AVIF: ("heifsave_buffer", {"compression": "av1", "Q": 60, "effort": 1, "bitdepth": 8}),
}
"""How libvips is to save each: AVIF's effort 1 is the encoder's speed 8."""


def encode(
    frames: tuple[pyvips.Image, ...],
    form: Format,
    *,
    movement: Movement | None = None,
    exif: bytes = b"",
) -> bytes:
    """The bytes of a picture; of a moving one, all its frames where the form can move.

    `exif` is the block to write into it, if any.
    """
    first = frames[0]
    moves = movement is not None and form in MOVING and len(frames) > 1
    image = pyvips.Image.arrayjoin(list(frames), across=1) if moves else first
    image = on_white(image) if form is Format.JPEG else image.copy()
    if movement is not None and moves:
        _set_moving(image, image.height // len(frames), movement)
    if exif:
        fields.set_blob(image, fields.EXIF, exif)
    save, how = _HOW[form]
    data: bytes = getattr(image, save)(keep="exif" if exif else "none", **how)
    return data


def _set_moving(image: pyvips.Image, tall: int, movement: Movement) -> None:
    fields.set_integer(image, "page-height", tall)
    fields.set_integers(image, "delay", list(movement.delays))
    fields.set_integer(image, "loop", movement.loop)
