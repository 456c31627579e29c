"""libvips: JPEG, PNG, WebP, GIF, TIFF, AVIF. Streams, and shrinks while it decodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyvips

from fanlight.renditions import fields
from fanlight.renditions.decoders.faults import faults_of
from fanlight.renditions.decoders.opened import HEAD_ROOM, Movement, Moving, Opened
from fanlight.renditions.families import Family

SHORTEST_DELAY, USUAL_DELAY = 20, 100
"""Milliseconds. Browsers show frames that claim less than the shortest at the usual pace."""


def prepare() -> None:
    """Set libvips up for one worker: nothing cached, nothing read but what we name."""
    pyvips.cache_set_max(0)
    pyvips.block_untrusted_set(True)
    pyvips.operation_block_set("VipsForeignLoadSvg", False)  # ours are looked through before


@dataclass
class VipsOpened(Opened):
    """An original in a form that libvips reads."""

    load: Callable[..., pyvips.Image] = field(kw_only=True)
    """A loader of libvips, bound to its source."""
    family: Family = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """Decode no more pixels than the scale asks for."""
        how = _shrinking(self.family, scale)
        return self.load(access="sequential", fail_on="truncated" if strict else "none", **how)

    def moving(self) -> Moving:
        """Cut the tall strip of all frames, as libvips loads them, into frames."""
        strip = self.load(n=-1, access="sequential")
        tall = fields.integer(strip, "page-height") or strip.height
        count = strip.height // tall
        frames = tuple(strip.crop(0, at * tall, strip.width, tall) for at in range(count))
        delays = _delays(strip, count)
        return Moving(frames, Movement(delays, fields.integer(strip, "loop") or 0))


def opener(family: Family, name: str) -> Callable[[str], Opened]:
    """What opens a path with a loader of libvips."""
    loader: Callable[..., pyvips.Image] = getattr(pyvips.Image, name)

    def open_path(path: str) -> Opened:
        def load(**how: Any) -> pyvips.Image:
            return loader(path, **how)

        return open_with(family, load)

    return open_path


def open_with(family: Family, load: Callable[..., pyvips.Image]) -> VipsOpened:
    """Read the head with a bound loader."""
    with faults_of(pyvips.Error):
        head = load()
    moves = family in (Family.GIF, Family.WEBP)
    return VipsOpened(
        head.width,
        head.height,
        1 if family is Family.AVIF else None,  # libheif has turned it
        frames=(fields.integer(head, "n-pages") or 1) if moves else 1,
        load=load,
        family=family,
    )


def _shrinking(family: Family, scale: float) -> dict[str, Any]:
    if family is Family.JPEG:
        return {"shrink": max(by for by in (1, 2, 4, 8) if by == 1 or by * scale * HEAD_ROOM <= 1)}
    if family is Family.WEBP and scale * 2 < 0.75:
        return {"scale": scale * 2}
    return {}


def _delays(strip: pyvips.Image, count: int) -> tuple[int, ...]:
    said = fields.integers(strip, "delay")
    said += [USUAL_DELAY] * (count - len(said))
    return tuple(delay if delay >= SHORTEST_DELAY else USUAL_DELAY for delay in said[:count])
