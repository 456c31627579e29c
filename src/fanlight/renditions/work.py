"""Carries out one order, in the worker process: a local file in, renditions and facts out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

from fanlight.errors import BrokenPicture, PictureError, PictureTooLarge, UnreadablePicture
from fanlight.model import Facts
from fanlight.renditions.deadline import Deadline
from fanlight.renditions.formats import choose
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Done, Made, Order, Output
from fanlight.renditions.recipes import LONGEST_EDGE, Fit, Format

_SAVE: dict[Format, str] = {
    Format.WEBP: ".webp[Q=80,effort=2,keep=none]",
    Format.JPEG: ".jpg[Q=82,interlace,optimize_coding,keep=none]",
    Format.PNG: ".png[keep=none]",
    Format.GIF: ".gif[keep=none]",
    Format.AVIF: ".avif[Q=60,effort=2,keep=none]",
}


def carry_out(order: Order, limits: Limits) -> Done:
    """Make all outputs of an order by one decode. Raises PictureError children only.

    But where this machine is at fault (the source is gone, the disk is full) a plain PictureError,
    which says nothing about the picture and is not to be remembered.
    """
    deadline = Deadline(limits.seconds)
    try:
        head = pyvips.Image.new_from_file(order.source)
        if head.width * head.height > limits.pixels:
            raise PictureTooLarge
        made: list[Made] = []
        for output in order.outputs:
            deadline.check()
            made.append(_make(order.source, output, alpha=head.hasalpha()))
    except pyvips.Error as error:
        said = str(error)
        if "not a known file format" in said or not Path(order.source).stat().st_size:
            raise UnreadablePicture from error
        raise BrokenPicture from error
    except OSError as error:
        raise PictureError("The picture could not be made right now.") from error
    facts = Facts(width=head.width, height=head.height) if order.facts else None
    return Done(facts, tuple(made))


def _make(source: str, output: Output, *, alpha: bool) -> Made:
    recipe = output.recipe
    size = "force" if recipe.fit is Fit.SQUEEZE else "down"
    how: dict[str, Any] = {"height": recipe.height or LONGEST_EDGE, "size": size}
    if recipe.fit is Fit.COVER:
        how |= {"crop": "centre", "size": "both"}
    image = pyvips.Image.thumbnail(
        source, recipe.width or LONGEST_EDGE, output_profile="srgb", **how
    )
    form = choose(output.format, webp=output.webp, alpha=alpha, moving=False)
    data = image.write_to_buffer(_SAVE[form])
    Path(output.target).write_bytes(data)
    return Made(recipe, form, image.width, image.height, len(data), output.target)
