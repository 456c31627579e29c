"""From an opened original to renditions: one decode, as large as the largest needs it, then each.

The steps are a list; the runner looks at the clock and at the number of pixels between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyvips

from fanlight.errors import BrokenPicture, PictureTooLarge
from fanlight.renditions.deadline import Deadline
from fanlight.renditions.decoders.opened import Movement, Opened
from fanlight.renditions.facts.pixels import EDGE
from fanlight.renditions.formats import choose
from fanlight.renditions.geometry import Layout, layout, scale_for
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Made, Output
from fanlight.renditions.steps import Step, colour, crop, hold, orient, shrink, strip
from fanlight.renditions.steps.encode import encode

Frames = tuple[pyvips.Image, ...]


@dataclass(frozen=True)
class Base:
    """The picture that all renditions of an order are made from: upright, sRGB, in memory."""

    frames: Frames
    movement: Movement | None
    width: int
    """Of the original, upright."""
    height: int

    @property
    def alpha(self) -> bool:
        """Whether any of it can be seen through."""
        return any(frame.hasalpha() for frame in self.frames)


@dataclass(frozen=True)
class Pipeline:
    """One order's way through the steps."""

    opened: Opened
    orientation: int
    limits: Limits
    deadline: Deadline

    def base(self, outputs: tuple[Output, ...], *, strict: bool) -> Base:
        """Decode. Raises PictureError, or pyvips.Error for what cannot be read."""
        width, height = self._upright()
        layouts = [layout(output.recipe, width, height) for output in outputs]
        scale = max(scale_for(layouts, width, height), min(1.0, EDGE / max(width, height)))
        frames, movement = self._frames(scale, strict=strict)
        frames = self._run(frames, self._preparing(scale))
        if not strict and _half_missing(frames[0]):
            raise BrokenPicture
        frames = self._run(frames, self._uprighting())
        return Base(frames, movement, width, height)

    def make(self, base: Base, output: Output, exif: bytes) -> Made:
        """Make one rendition, with that EXIF block, and write it to its target."""
        box = layout(output.recipe, base.width, base.height)
        moving = base.movement is not None
        form = choose(output.format, webp=output.webp, alpha=base.alpha, moving=moving)
        frames = self._run(base.frames, _shaping(box))
        data = encode(frames, form, movement=base.movement, exif=exif)
        self.deadline.check()
        Path(output.target).write_bytes(data)
        return Made(
            output.recipe, form, box.frame_width, box.frame_height, len(data), output.target
        )

    def _upright(self) -> tuple[int, int]:
        width, height = self.opened.width, self.opened.height
        return (height, width) if orient.swaps_edges(self.orientation) else (width, height)

    def _frames(self, scale: float, *, strict: bool) -> tuple[Frames, Movement | None]:
        """All frames where they may move within the limits, else the first."""
        opened, limits = self.opened, self.limits
        if 1 < opened.frames <= limits.frames:
            pixels = opened.width * opened.height * opened.frames
            if pixels <= limits.pixels and pixels * scale**2 * 4 <= limits.memory / 4:
                moving = opened.moving()
                return moving.frames, moving.movement
        return (opened.still(scale, strict=strict),), None

    def _preparing(self, scale: float) -> list[Step]:
        width = max(1, round(self.opened.width * scale))
        height = max(1, round(self.opened.height * scale))
        held = hold.until(self.deadline)
        return [shrink.to_size(width, height), colour.to_srgb, held, colour.drop_opaque_alpha]

    def _uprighting(self) -> list[Step]:
        if self.orientation == orient.UPRIGHT:
            return [strip.bare]
        return [orient.upright(self.orientation), strip.bare, hold.until(self.deadline)]

    def _run(self, frames: Frames, steps: list[Step]) -> Frames:
        for step in steps:
            frames = tuple(self._checked(step(frame)) for frame in frames)
        return frames

    def _checked(self, frame: pyvips.Image) -> pyvips.Image:
        self.deadline.check()
        if frame.width * frame.height > self.limits.pixels:
            raise PictureTooLarge
        return frame


def _shaping(box: Layout) -> list[Step]:
    return [
        shrink.to_size(box.width, box.height),
        crop.to_frame(box.frame_width, box.frame_height),
    ]


def _half_missing(image: pyvips.Image) -> bool:
    """Whether half of it is one flat colour: of a picture cut short, what never came.

    The upper half as well, as some forms begin at the bottom; in one band already, as some have
    their colours one after the other.
    """
    half = max(1, image.height // 2)
    return any(
        band.max() == band.min()
        for top in (0, image.height - half)
        for band in image.crop(0, top, image.width, half).bandsplit()[:3]
    )
