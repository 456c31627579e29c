"""Where each kind of container says its size and keeps its EXIF, IPTC and XMP."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from fanlight.model import Facts
from fanlight.renditions.facts import boxes, exif, iptc, tiff, xmp
from fanlight.renditions.facts.tiff import Bytes
from fanlight.renditions.families import Family

Reader = Callable[[Facts, Bytes], Facts]

MOST_PIECES = 5_000
"""Segments or chunks looked at."""
MOST_BLOCK = 2 << 20
"""Bytes of one block of metadata."""
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG's frame: how it is coded, and its size."""

_EXIF, _XMP, _PHOTOSHOP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
_IPTC_TAG, _XMP_TAG, _PHOTOSHOP_TAG = 33723, 700, 34377


def read(facts: Facts, family: Family, data: Bytes) -> Facts:
    """Add what the container says; the size upright. `data` may be a beginning only."""
    reader = _READERS.get(family)
    if reader is None:
        return facts
    facts = reader(facts, data)
    if family in (Family.HEIF, Family.AVIF):
        return replace(facts, orientation=1)  # these are turned by a property of their own
    if facts.orientation >= 5:
        facts = replace(facts, width=facts.height, height=facts.width)
    return facts


# --- JPEG -------------------------------------------------------------------------------------


def _jpeg(facts: Facts, data: Bytes, start: int = 0) -> Facts:
    blocks: dict[bytes, bytes] = {}
    for marker, begin, end in segments(data, start):
        if marker in FRAMES:
            height, width = _big(data, begin + 1, 2), _big(data, begin + 3, 2)
            facts = replace(facts, width=width or None, height=height or None)
        for kind in (_EXIF, _XMP, _PHOTOSHOP):
            if marker in (0xE1, 0xED) and data[begin : begin + len(kind)] == kind:
                blocks[kind] = blocks.get(kind, b"") + bytes(data[begin + len(kind) : end])
    if _EXIF in blocks:
        facts = exif.read(facts, blocks[_EXIF])
    if _PHOTOSHOP in blocks:
        facts = _resources(facts, blocks[_PHOTOSHOP])
    return xmp.read(facts, blocks[_XMP]) if _XMP in blocks else facts


def segments(data: Bytes, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Marker, begin and end of each segment of a JPEG before the pixels."""
    at = start + 2
    for _ in range(MOST_PIECES):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] in (0xD9, 0xDA):
            return
        end = at + 2 + _big(data, at + 2, 2)
        yield data[at + 1], at + 4, end
        at = end


def _resources(facts: Facts, data: bytes) -> Facts:
    found = iptc.resources(data)
    if 1058 in found:
        facts = exif.read(facts, found[1058])
    if 1028 in found:
        facts = iptc.read(facts, found[1028])
    return xmp.read(facts, found[1060]) if 1060 in found else facts


# --- chunks: PNG, WebP --------------------------------------------------------------------------


def _png(facts: Facts, data: Bytes) -> Facts:
    facts = replace(facts, width=_big(data, 16, 4) or None, height=_big(data, 20, 4) or None)
    facts = replace(facts, alpha=data[25:26] in (b"\4", b"\6"))
    at, packet = 8, b""
    for _ in range(MOST_PIECES):
        size, kind = _big(data, at, 4), data[at + 4 : at + 8]
        content = bytes(data[at + 8 : at + 8 + min(size, MOST_BLOCK)])
        if kind == b"tRNS":
            facts = replace(facts, alpha=True)
        elif kind == b"eXIf":
            facts = exif.read(facts, content)
        elif kind == b"iTXt" and content.startswith(b"XML:com.adobe.xmp\0"):
            packet = _international(content)
        elif kind in (b"", b"IEND"):
            break
        at += size + 12
    return xmp.read(facts, packet) if packet else facts


def _international(content: bytes) -> bytes:
    """The text of an iTXt chunk: keyword, two flags, language, translated keyword, text."""
    packed = content[18:19] == b"\1"
    text = content[20:].split(b"\0", 2)[-1]
    if not packed:
        return text
    try:
        return zlib.decompressobj().decompress(text, MOST_BLOCK)
    except zlib.error:
        return b""


def _webp(facts: Facts, data: Bytes) -> Facts:
    frames, at = 0, 12
    blocks: dict[bytes, bytes] = {}
    for _ in range(MOST_PIECES):
        kind, size = bytes(data[at : at + 4]), _little(data, at + 4, 4)
        if len(kind) < 4:
            break
        if facts.width is None:
            facts = _webp_size(facts, kind, bytes(data[at + 8 : at + 18]))
        if kind in (b"EXIF", b"XMP ") and size <= MOST_BLOCK:
            blocks[kind] = bytes(data[at + 8 : at + 8 + size])
        frames += kind == b"ANMF"
        at += 8 + size + size % 2
    facts = replace(facts, frames=max(frames, 1))
    if b"EXIF" in blocks:
        facts = exif.read(facts, blocks[b"EXIF"].removeprefix(_EXIF))
    return xmp.read(facts, blocks[b"XMP "]) if b"XMP " in blocks else facts


def _webp_size(facts: Facts, kind: bytes, head: bytes) -> Facts:
    if kind == b"VP8X":
        width, height = _little(head, 4, 3) + 1, _little(head, 7, 3) + 1
        return replace(facts, width=width, height=height, alpha=bool(head[:1] and head[0] & 16))
    if kind == b"VP8 ":
        return replace(
            facts, width=_little(head, 6, 2) & 0x3FFF, height=_little(head, 8, 2) & 0x3FFF
        )
    if kind == b"VP8L":
        bits = _little(head, 1, 4)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        return replace(facts, width=width, height=height, alpha=bool(bits >> 28 & 1))
    return facts


# --- TIFF and its children ------------------------------------------------------------------------


def _tiff(facts: Facts, data: Bytes) -> Facts:
    main = next(tiff.directories(data), None)
    if main is None:
        return facts
    facts = replace(facts, width=main.integer(256), height=main.integer(257))
    facts = exif.read(facts, data)
    if _PHOTOSHOP_TAG in main.entries:
        facts = _resources(facts, main.data(_PHOTOSHOP_TAG))
    if _IPTC_TAG in main.entries:
        facts = iptc.read(facts, main.data(_IPTC_TAG))
    return xmp.read(facts, main.data(_XMP_TAG)) if _XMP_TAG in main.entries else facts


def _raw(facts: Facts, data: Bytes) -> Facts:
    """As TIFF, but the size is that of the largest picture in it, and some hide it in their way."""
    if data[:15] == b"FUJIFILMCCD-RAW":
        return replace(_jpeg(facts, data, _big(data, 84, 4)), width=None, height=None)
    if data[4:8] == b"ftyp":
        return _canon(facts, data)
    facts = _tiff(facts, data)
    sizes = [(each.integer(256) or 0, each.integer(257) or 0) for each in tiff.directories(data)]
    width, height = max(sizes, default=(0, 0))
    return replace(facts, width=width or None, height=height or None)


def _canon(facts: Facts, data: Bytes) -> Facts:
    for kind, begin in boxes.canon_blocks(data):
        found = next(tiff.directories(data, begin), None)
        if found is None:
            continue
        if kind == b"CMT1":
            facts = exif.read_main(facts, found)
        elif kind == b"CMT2":
            facts = exif.read_shot(facts, found, found)
        elif kind == b"CMT4":
            facts = exif.read_place(facts, found)
    return facts


# --- others ---------------------------------------------------------------------------------------


def _heif(facts: Facts, data: Bytes) -> Facts:
    still = boxes.still(data)
    facts = replace(facts, width=still.width, height=still.height, alpha=still.alpha)
    block = still.blocks.get(b"Exif", b"")
    if len(block) > 4:
        begin = 4 + int.from_bytes(block[:4], "big")
        facts = exif.read(facts, block[begin:].removeprefix(_EXIF))
    return xmp.read(facts, still.blocks[b"mime"]) if b"mime" in still.blocks else facts


def _gif(facts: Facts, data: Bytes) -> Facts:
    return replace(facts, width=_little(data, 6, 2) or None, height=_little(data, 8, 2) or None)


def _psd(facts: Facts, data: Bytes) -> Facts:
    facts = replace(facts, width=_big(data, 18, 4) or None, height=_big(data, 14, 4) or None)
    begin = 30 + _big(data, 26, 4)
    size = min(_big(data, begin, 4), 16 * MOST_BLOCK)
    return _resources(facts, bytes(data[begin + 4 : begin + 4 + size]))


def _plain(facts: Facts, data: Bytes) -> Facts:
    if data[:2] != b"BM":
        return facts
    width, height = _little(data, 18, 4), abs(int.from_bytes(data[22:26], "little", signed=True))
    return replace(facts, width=width or None, height=height or None)


_length = re.compile(
    rb"<(?:\w+:)?svg[^>]*?\s(width|height)\s*=\s*[\"'](\d{1,5})(?:\.\d+)?(?:px)?[\"']"
)


def _svg(facts: Facts, data: Bytes) -> Facts:
    head = bytes(data[: 1 << 14])
    for name in (b"width", b"height"):
        found = re.search(_length.pattern.replace(b"(width|height)", b"(" + name + b")"), head)
        if found:
            facts = replace(facts, **{name.decode(): int(found[2]) or None})
    return replace(facts, alpha=True)


_READERS: dict[Family, Reader] = {
    Family.JPEG: _jpeg,
    Family.PNG: _png,
    Family.WEBP: _webp,
    Family.GIF: _gif,
    Family.TIFF: _tiff,
    Family.RAW: _raw,
    Family.HEIF: _heif,
    Family.AVIF: _heif,
    Family.PSD: _psd,
    Family.PLAIN: _plain,
    Family.SVG: _svg,
}


def _big(data: Bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _little(data: Bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
