"""Carries out one order, in the worker process: a local file in, renditions and facts out."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pyvips

from fanlight.errors import BrokenPicture, PictureError, PictureTooLarge
from fanlight.model import Facts
from fanlight.renditions.deadline import Deadline
from fanlight.renditions.decoders import open_original
from fanlight.renditions.decoders.faults import faults_of, meaning
from fanlight.renditions.decoders.opened import Opened
from fanlight.renditions.facts import pixels
from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.families import HEAD, tell
from fanlight.renditions.limits import Limits
from fanlight.renditions.order import Done, Order
from fanlight.renditions.pipeline import Base, Pipeline
from fanlight.renditions.steps import credit

SMALLEST = 16
"""Bytes below which nothing can be a picture."""


def carry_out(order: Order, limits: Limits) -> Done:
    """Make all outputs of an order by one decode. Raises PictureError children only.

    But where this machine is at fault (the source is gone, the disk is full) a plain PictureError,
    which says nothing about the picture and is not to be remembered.
    """
    try:
        with faults_of(pyvips.Error):
            return _carry_out(order, limits)
    except OSError as error:
        raise PictureError("The picture could not be made right now.") from error


def _carry_out(order: Order, limits: Limits) -> Done:
    deadline = Deadline(limits.seconds)
    said = _read(order)
    opened = open_original(order.source, tell(_head(order.source), order.media_type))
    with closing(opened):
        return _make(order, said, opened, limits, deadline)


def _make(order: Order, said: Facts, opened: Opened, limits: Limits, deadline: Deadline) -> Done:
    if opened.width * opened.height > limits.pixels:
        raise PictureTooLarge
    orientation = opened.orientation or said.orientation
    pipeline = Pipeline(opened, orientation, limits, deadline)
    base = _decode(pipeline, order)
    exif = credit.block(said.creator, said.copyright)
    made = tuple(pipeline.make(base, output, exif) for output in order.outputs)
    return Done(_facts(said, opened, base) if order.facts else None, made)


def _decode(pipeline: Pipeline, order: Order) -> Base:
    """Whole if it is whole; else as far as it can be read, unless that is next to nothing."""
    try:
        return pipeline.base(order.outputs, strict=True)
    except (pyvips.Error, BrokenPicture) as error:
        if isinstance(error, pyvips.Error) and not isinstance(meaning(error), BrokenPicture):
            raise
        pipeline.deadline.check()
    return pipeline.base(order.outputs, strict=False)


def _facts(said: Facts, opened: Opened, base: Base) -> Facts:
    """What the metadata says, what the decoder knows better, and what the pixels show."""
    facts = replace(
        said, width=base.width, height=base.height, frames=opened.frames, alpha=base.alpha
    )
    if base.movement is not None:
        facts = replace(facts, duration=sum(base.movement.delays) / 1000)
    return pixels.read(opened.tell(facts), base.frames[0])


def _head(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(HEAD)


def _read(order: Order) -> Facts:
    """What the metadata says; the whole file is at hand, so what stands at its end as well."""
    path = Path(order.source)
    size = path.stat().st_size
    if size < SMALLEST:
        raise BrokenPicture
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return read_facts(data, size, order.media_type)
