"""What a decoder hands on: an original whose head was read, ready to give pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import pyvips

from fanlight.model import Facts
from fanlight.renditions import fields

HEAD_ROOM = 1.5
"""How much larger than needed a decoder leaves a picture that it can shrink while it decodes.

The rest is done by a good filter; without room for it edges would be coarse.
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """How a moving picture moves."""

    delays: tuple[int, ...]
    """Milliseconds, one a frame."""
    loop: int
    """How often; 0 for ever."""


@dataclass(frozen=True, slots=True)
class Moving:
    """All frames, each a whole picture."""

    frames: tuple[pyvips.Image, ...]
    movement: Movement


@dataclass
class Opened(ABC):
    """One original. Its pixels are decoded when they are asked for."""

    width: int
    height: int
    """Pixels as they are stored, before `orientation` is applied."""
    orientation: int | None = None
    """What is still to be done to the pixels; `None`: what EXIF says."""
    frames: int = field(default=1, kw_only=True)

    @abstractmethod
    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """The picture (the first frame), at least `scale` of its size.

        `strict`: refuse what is cut short; otherwise give what can be read. Raises PictureError,
        or pyvips.Error, then or when the pixels are fetched.
        """

    def moving(self) -> Moving:
        """All frames. Only for what has more than one."""
        raise NotImplementedError

    def tell(self, facts: Facts) -> Facts:
        """Add what only the decoder knows."""
        return facts

    def close(self) -> None:  # noqa: B027  (most have nothing to do)
        """Let go of the file, where the library would hold it."""


def from_bytes(
    data: bytes | memoryview, width: int, height: int, bands: int, profile: bytes | None = None
) -> pyvips.Image:
    """Pixels that another library decoded: grey, with alpha, RGB or RGBA, one byte each."""
    image = pyvips.Image.new_from_memory(data, width, height, bands, "uchar")
    image = image.copy(interpretation="b-w" if bands < 3 else "srgb")
    if profile:
        fields.set_blob(image, fields.PROFILE, profile)
    return image
