"""PSD of 16 bits: the flattened picture, its upper bytes. Pillow reads those of 8.

The file is a head, three sections that are skipped over, and the planes of the flattened picture,
one colour after the other, either as they are or each row packed by itself.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fanlight.errors import BrokenPicture, UnreadablePicture
from fanlight.renditions.decoders import pillow
from fanlight.renditions.decoders.faults import faults_of
from fanlight.renditions.decoders.opened import Opened
from fanlight.renditions.facts import iptc

if TYPE_CHECKING:
    import pyvips
    from PIL.Image import Image

_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_PROFILE = 1039
_RAW, _PACKED = 0, 1
_FAULTS = (OSError, ValueError, SyntaxError, struct.error, LookupError, OverflowError)


@dataclass
class PsdOpened(Opened):
    """A PSD of 16 bits a colour."""

    path: str = field(kw_only=True)
    mode: str = field(kw_only=True)

    def still(self, scale: float, *, strict: bool) -> pyvips.Image:
        """Put the planes together."""
        del scale, strict
        with faults_of(*_FAULTS):
            data = Path(self.path).read_bytes()
            at, profile = _sections(data)
            planes = _planes(data, at, self.width, self.height, len(self.mode))
            return pillow.pixels(_merged(self.mode, planes, profile))


def open_path(path: str) -> Opened:
    """Read the head; one of 8 bits is Pillow's."""
    with Path(path).open("rb") as file:
        head = file.read(26)
    if len(head) < 26:
        raise BrokenPicture
    height, width, depth, mode = struct.unpack(">IIHH", head[14:26])
    if depth == 8:
        return pillow.open_path(path)
    if depth != 16 or mode not in _MODES or not width or not height:
        raise UnreadablePicture("This kind of PSD cannot be shown.")
    return PsdOpened(width, height, path=path, mode=_MODES[mode])


def _sections(data: bytes) -> tuple[int, bytes]:
    """Where the flattened picture begins, and the profile of its colours."""
    at, profile = 26, b""
    for number in range(3):
        (size,) = struct.unpack_from(">I", data, at)
        if number == 1:
            profile = iptc.resources(data[at + 4 : at + 4 + size]).get(_PROFILE, b"")
        at += 4 + size
    return at, profile


def _planes(data: bytes, at: int, width: int, height: int, count: int) -> list[Image]:
    """The upper bytes of each plane, as a grey picture."""
    from PIL.Image import frombytes

    (packing,) = struct.unpack_from(">H", data, at)
    if packing not in (_RAW, _PACKED):
        raise UnreadablePicture("This kind of PSD cannot be shown.")
    channels = int.from_bytes(data[12:14], "big")
    begin, sizes = at + 2, [2 * width * height] * count
    if packing == _PACKED:
        rows = struct.unpack_from(f">{channels * height}H", data, begin)
        begin += 2 * channels * height
        sizes = [sum(rows[number * height :][:height]) for number in range(count)]
    found: list[Image] = []
    for size in sizes:
        plane, begin = data[begin : begin + size], begin + size
        if packing == _PACKED:
            plane = frombytes("L", (2 * width, height), plane, "packbits", "L").tobytes()
        found.append(frombytes("L", (width, height), plane[::2]))
    return found


def _merged(mode: str, planes: list[Image], profile: bytes) -> Image:
    """One picture; inks are kept the other way round than elsewhere."""
    from PIL.Image import merge
    from PIL.ImageChops import invert

    if mode == "CMYK":
        planes = [invert(plane) for plane in planes]
    picture = merge(mode, planes)
    if profile:
        picture.info["icc_profile"] = profile
    return picture
