"""How much memory an original takes to decode, told by its first bytes.

Most are decoded a few rows at a time: they weigh nothing. Others are held whole, however small what
is made of them. It is an estimate, for who may go beside whom; what holds a worker is its limit.
"""

from __future__ import annotations

from fanlight.renditions.facts import container
from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.families import HEAD, Family, tell

ENOUGH = 1 << 18
"""Bytes from the beginning that nearly always suffice."""

_A_PIXEL = {
    Family.WEBP: 4,
    Family.HEIF: 5,
    Family.AVIF: 15,  # what libheif and the codec below it hold at once, as measured
    Family.PSD: 10,
    Family.PLAIN: 10,
}
_WOVEN_PNG = 4
_COEFFICIENT = 2
"""Bytes. A progressive JPEG comes as coefficients, as many as samples, of the whole picture."""
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))


def weigh(head: bytes, media_type: str = "") -> int:
    """Bytes, beyond what any picture takes. 0 for what is unknown: that is refused or small."""
    family = tell(head[:HEAD], media_type)
    if family is Family.JPEG:
        return _jpeg(head)
    woven = family is Family.PNG and head[28:29] == b"\1"
    a_pixel = _WOVEN_PNG if woven else _A_PIXEL.get(family, 0) if family else 0
    if not a_pixel:
        return 0
    said = read_facts(head, len(head), media_type)
    return (said.width or 0) * (said.height or 0) * a_pixel


def _jpeg(head: bytes) -> int:
    for marker, begin, end in container.segments(head):
        if marker in container.FRAMES:
            return _coefficients(head[begin:end]) if marker in _PROGRESSIVE else 0
    return 0


def _coefficients(frame: bytes) -> int:
    """Of all components; those of fewer samples have fewer."""
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    sampled = [(each >> 4, each & 15) for each in frame[7::3]]
    across = max((each for each, _ in sampled), default=0) or 1
    down = max((each for _, each in sampled), default=0) or 1
    samples = sum(each * other for each, other in sampled)
    return width * height * samples // (across * down) * _COEFFICIENT
