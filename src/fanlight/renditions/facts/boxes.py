"""Boxes of ISO containers: HEIF, AVIF and Canon's CR3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fanlight.renditions.facts.tiff import Bytes

MOST_BOXES = 2_000
MOST_ITEMS = 10_000

_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, and where its content begins and ends."""

    type: bytes
    begin: int
    end: int


def boxes(data: Bytes, begin: int, end: int) -> Iterator[Box]:
    """The boxes between two places, as far as they add up."""
    for _ in range(MOST_BOXES):
        if begin + 8 > end:
            return
        size, kind, content = _number(data, begin, 4), bytes(data[begin + 4 : begin + 8]), begin + 8
        if size == 1:
            size, content = _number(data, begin + 8, 8), begin + 16
        finish = end if size == 0 else begin + size
        if finish < content:
            return
        yield Box(kind, content, min(finish, end))
        begin = finish


def find(data: Bytes, path: tuple[bytes, ...], begin: int, end: int) -> Box | None:
    """The first box at the end of a path of types."""
    for box in boxes(data, begin, end):
        if box.type == path[0]:
            if len(path) == 1:
                return box
            skip = 4 if box.type == b"meta" else 0
            return find(data, path[1:], box.begin + skip, box.end)
    return None


@dataclass(slots=True)
class Still:
    """What a HEIF or AVIF says of its main picture and of the blocks beside it."""

    width: int | None = None
    height: int | None = None
    alpha: bool = False
    blocks: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    """The bytes of the items of type `Exif` and `mime`."""


def still(data: Bytes) -> Still:
    """Read the `meta` box. A truncated one gives what is there."""
    found = Still()
    meta = find(data, (b"meta",), 0, len(data))
    if meta is None:
        return found
    inside = {box.type: box for box in boxes(data, meta.begin + 4, meta.end)}
    if b"iinf" in inside and b"iloc" in inside:
        places = _places(data, inside[b"iloc"], inside.get(b"idat"))
        for item, kind in _items(data, inside[b"iinf"]):
            if kind in (b"Exif", b"mime") and item in places:
                begin, size = places[item]
                found.blocks.setdefault(kind, bytes(data[begin : begin + size]))
    if b"iprp" in inside and b"pitm" in inside:
        _measure(data, inside[b"iprp"], _primary(data, inside[b"pitm"]), found)
    return found


def canon_blocks(data: Bytes) -> list[tuple[bytes, int]]:
    """Where a CR3 keeps its TIFF blocks: `CMT1` main, `CMT2` EXIF, `CMT4` GPS."""
    moov = find(data, (b"moov",), 0, len(data))
    if moov is None:
        return []
    for box in boxes(data, moov.begin, moov.end):
        if box.type == b"uuid" and bytes(data[box.begin : box.begin + 16]) == _CANON:
            inside = boxes(data, box.begin + 16, box.end)
            return [(each.type, each.begin) for each in inside if each.type.startswith(b"CMT")]
    return []


def _measure(data: Bytes, iprp: Box, primary: int, found: Still) -> None:
    """The size of the primary item, turned as it says, and whether anything is transparent."""
    ipco = find(data, (b"ipco",), iprp.begin, iprp.end)
    ipma = find(data, (b"ipma",), iprp.begin, iprp.end)
    if ipco is None or ipma is None:
        return
    properties = list(boxes(data, ipco.begin, ipco.end))
    found.alpha = any(
        b":alpha" in bytes(data[each.begin : each.end])
        or b"auxid:1\0" in data[each.begin : each.end]
        for each in properties
        if each.type == b"auxC"
    )
    for number in _associated(data, ipma, primary):
        if not 0 < number <= len(properties):
            continue
        each = properties[number - 1]
        if each.type == b"ispe":
            found.width = _number(data, each.begin + 4, 4) or None
            found.height = _number(data, each.begin + 8, 4) or None
        elif each.type == b"irot" and _number(data, each.begin, 1) & 1:
            found.width, found.height = found.height, found.width


def _associated(data: Bytes, ipma: Box, primary: int) -> list[int]:
    version, wide = _number(data, ipma.begin, 1), _number(data, ipma.begin + 3, 1) & 1
    at = ipma.begin + 8
    for _ in range(min(_number(data, ipma.begin + 4, 4), MOST_ITEMS)):
        size = 2 if version < 1 else 4
        item, count = _number(data, at, size), _number(data, at + size, 1)
        at += size + 1
        step, mask = (2, 0x7FFF) if wide else (1, 0x7F)
        if item == primary:
            return [_number(data, at + step * each, step) & mask for each in range(count)]
        at += step * count
        if at >= ipma.end:
            break
    return []


def _primary(data: Bytes, pitm: Box) -> int:
    return _number(data, pitm.begin + 4, 2 if _number(data, pitm.begin, 1) == 0 else 4)


def _items(data: Bytes, iinf: Box) -> Iterator[tuple[int, bytes]]:
    begin = iinf.begin + (6 if _number(data, iinf.begin, 1) == 0 else 8)
    for box in boxes(data, begin, iinf.end):
        version = _number(data, box.begin, 1)
        if box.type == b"infe" and version >= 2:
            size = 2 if version == 2 else 4
            at = box.begin + 4 + size + 2
            yield _number(data, box.begin + 4, size), bytes(data[at : at + 4])


def _places(data: Bytes, iloc: Box, idat: Box | None) -> dict[int, tuple[int, int]]:
    """Where each item's first extent is, and its size."""
    version, sizes = _number(data, iloc.begin, 1), _number(data, iloc.begin + 4, 2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 2 if version < 2 else 4
    count, at = _number(data, iloc.begin + 6, wide), iloc.begin + 6 + wide
    found: dict[int, tuple[int, int]] = {}
    for _ in range(min(count, MOST_ITEMS)):
        item, method, at = _number(data, at, wide), 0, at + wide
        if version:
            method, at = _number(data, at, 2) & 15, at + 2
        start, extents, at = (
            _number(data, at + 2, base),
            _number(data, at + 2 + base, 2),
            at + 4 + base,
        )
        each = (index if version else 0) + offset + length
        begin = start + _number(data, at + each - offset - length, offset)
        if method == 1 and idat is not None:
            begin += idat.begin
        found[item] = (begin, _number(data, at + each - length, length))
        at += each * extents
        if at > iloc.end:
            break
    return found


def _number(data: Bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
