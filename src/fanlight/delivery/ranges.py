"""Which bytes a `Range` header asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST = 50
"""More ranges than this in one request are an attack or a mistake: it gets the whole."""

_SPEC = re.compile(r"(\d*)-(\d*)", re.ASCII)
_DIGITS = 19
"""Longer numbers lie beyond every object."""


class Piece(NamedTuple):
    """Bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int


def pieces(header: str, size: int) -> tuple[Piece, ...] | None:
    """The pieces of an object of `size` bytes that `header` asks for, in the order asked.

    Pieces that overlap or touch are one. `()` means that none of them lies in the object (416);
    `None` that the header must be ignored: not bytes, not well formed, or absurdly many.
    """
    unit, equals, rest = header.partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return None
    specs = [spec.strip() for spec in rest.split(",") if spec.strip()]
    if not specs or len(specs) > MOST:
        return None
    found: list[Piece] = []
    for spec in specs:
        match = _SPEC.fullmatch(spec)
        if match is None or spec == "-":
            return None
        first, last = match.groups()
        if first and last and _number(last) < _number(first):
            return None
        piece = _cut(first, last, size)
        if piece is not None:
            _join(found, piece)
    return tuple(found)


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS


def _cut(first: str, last: str, size: int) -> Piece | None:
    if not first:
        piece = Piece(max(0, size - _number(last)), size)
    elif not last:
        piece = Piece(_number(first), size)
    else:
        piece = Piece(_number(first), min(_number(last) + 1, size))
    return piece if piece.start < piece.stop else None


def _join(found: list[Piece], piece: Piece) -> None:
    """Add `piece`, melted with all that it touches, at the place of the earliest of them."""
    place = len(found)
    for index in reversed(range(len(found))):
        other = found[index]
        if other.start <= piece.stop and piece.start <= other.stop:
            piece = Piece(min(other.start, piece.start), max(other.stop, piece.stop))
            del found[index]
            place = index
    found.insert(place, piece)
