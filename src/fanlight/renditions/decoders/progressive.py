"""A progressive JPEG without the scans that a quarter or an eighth of its size does not need.

Such a JPEG tells the mean of each block of 8 by 8 pixels first (DC) and what stands in the blocks
later (AC), in scans of one component each. At an eighth a block is one pixel, its mean: the rest,
nine tenths of the bytes, is decoded for nothing. Components of fewer samples than the others are
decoded at a quarter, or a half, and keep theirs. The pixels are the same as of the whole.

At a quarter a block is four pixels, for which its lowest waves are enough, without their last bits:
what else goes into them is less than the encoder of the rendition leaves out.

As ITU-T T.81 describes the form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fanlight.renditions.facts.tiff import Bytes

EIGHTH, QUARTER = 8, 4
SHRINKS = frozenset((EIGHTH, QUARTER))
"""The shrinkings that this is for."""
LOWEST = 5
"""At a quarter: the last of the waves that are kept, in the order of T.81 (figure A.6)."""
MOST_BITS = 2
"""At a quarter: how many bits of those may be left out."""
MOST_SCANS = 100
"""What an honest encoder would never write; looking through more could take for ever."""

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOF2, _DHT, _DRI, _SOS = 0xC2, 0xC4, 0xDD, 0xDA
_OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - {_SOF2, _DHT, 0xC8, 0xCC}
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The marker that ends the coded bytes of a scan."""
_LONGEST_RUN = (1 << 15) - 1
_NONE = 64
"""No wave has this number: a block has 64."""


def coarse(data: Bytes, shrink: int) -> bytes | None:
    """The JPEG to decode instead of `data` at one of `SHRINKS`.

    `None` if that must be decoded whole: what is not progressive, or not complete and as it should
    be.
    """
    try:
        return _Thinned(data, shrink).result()
    except (_UnusualError, IndexError):
        return None


class _UnusualError(Exception):
    """Nothing that can be done without a decoder."""


@dataclass
class _Frame:
    """What the frame header says: the pixels, and the components that have one sample for each."""

    width: int
    height: int
    components: frozenset[int]
    full: frozenset[int]

    @classmethod
    def read(cls, said: bytes) -> _Frame:
        precision, height, width, count = said[0], _number(said[1:3]), _number(said[3:5]), said[5]
        samples = {said[at]: said[at + 1] for at in range(6, 6 + 3 * count, 3)}
        if precision != 8 or not (width and height and count) or len(samples) != count:
            raise _UnusualError
        across = max(each >> 4 for each in samples.values())
        down = max(each & 15 for each in samples.values())
        full = (each for each, sampled in samples.items() if sampled == across << 4 | down)
        return cls(width, height, frozenset(samples), frozenset(full))

    @property
    def blocks(self) -> int:
        """Of one full component."""
        return -(-self.width // 8) * -(-self.height // 8)


@dataclass
class _Thinned:
    """A walk over the segments of a JPEG that takes along what is needed."""

    data: Bytes
    shrink: int
    frame: _Frame | None = None
    kept: list[bytes] = field(default_factory=list[bytes])
    dropped: dict[int, int] = field(default_factory=dict[int, int])
    """By component, from which wave on nothing is known; none where only last bits are missing."""

    def result(self) -> bytes:
        if self.data[:2] != _SOI:
            raise _UnusualError
        start, at, scans = 0, 2, 0
        while (marker := self._marker(at)) != _EOI[1]:
            after = at + 2 + _number(self.data[at + 2 : at + 4])
            said = self.data[at + 4 : after]
            if marker == _SOF2 and self.frame is None:
                self.frame = _Frame.read(said)
            elif marker == _SOF2 or marker in _OTHER_FRAMES:
                raise _UnusualError
            elif marker == _SOS:
                scans += 1
                ending = _AFTER_SCAN.search(self.data, after)
                if ending is None or scans > MOST_SCANS:
                    raise _UnusualError
                after = ending.start()
                if self._can_be_dropped(said):
                    self.kept.append(self.data[start:at])
                    start = after
            at = after
        self.kept.append(self.data[start:at])
        return self._joined()

    def _marker(self, at: int) -> int:
        if self.data[at] != 0xFF or self.data[at + 1] < 0xC0:
            raise _UnusualError
        return self.data[at + 1]

    def _can_be_dropped(self, said: bytes) -> bool:
        """Whether a scan holds nothing but AC of a full component that does not show."""
        count = said[0]
        if self.frame is None or len(said) != 4 + 2 * count:
            raise _UnusualError
        if not self.frame.components.issuperset(said[1 : 1 + 2 * count : 2]):
            raise _UnusualError
        of, first, known = said[1], said[1 + 2 * count], said[3 + 2 * count] >> 4
        if first == 0 or count != 1 or of not in self.frame.full:
            return False
        if self.shrink == QUARTER and not known and first <= LOWEST:
            return False
        if self.shrink == QUARTER and known > MOST_BITS:
            raise _UnusualError
        self.dropped[of] = min(self.dropped.get(of, _NONE), _NONE if known else first)
        return True

    def _joined(self) -> bytes:
        """With a scan of nothing for what was dropped: what is unknown a decoder would guess."""
        if self.frame is None or not self.dropped:
            raise _UnusualError
        nothing = _coded_nothing(self.frame.blocks)
        scans = (
            _segment(_SOS, bytes((1, of, 0, first, _NONE - 1, 0))) + nothing
            for of, first in sorted(self.dropped.items())
            if first < _NONE
        )
        tables = _segment(_DRI, bytes(2)) + _segment(_DHT, _RUNS)
        return b"".join([*self.kept, tables, *scans, _EOI])


_RUNS = bytes((0x10, 0, 0, 0, 15, *bytes(12), *(power << 4 for power in range(15))))
"""A table of codes: the four bits of a power of two say that so many blocks and more end here."""


def _coded_nothing(blocks: int) -> bytes:
    """The coded bytes of a scan in which no block has anything (T.81, G.1.2.2: EOBn)."""
    full, rest = divmod(blocks, _LONGEST_RUN)
    bits = _run(_LONGEST_RUN) * full + (_run(rest) if rest else "")
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")


def _run(blocks: int) -> str:
    return f"{blocks.bit_length() - 1:04b}" + f"{blocks:b}"[1:]


def _segment(marker: int, said: bytes) -> bytes:
    return bytes((0xFF, marker)) + (2 + len(said)).to_bytes(2, "big") + said


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
