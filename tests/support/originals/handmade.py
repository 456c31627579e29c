"""Forms that nothing here writes, byte by byte: DNG, PSD, APNG, JPEG with all metadata."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from PIL import Image

from tests.support.originals import painting

_LETTERS = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 7: "B", 10: "ii", 13: "I"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8, 13: 4}

Entry = tuple[int, int, int, bytes]


def entry(tag: int, kind: int, *values: int) -> Entry:
    """An entry of a TIFF directory; fractions as two numbers each."""
    count = len(values) // len(_LETTERS[kind])
    return tag, kind, count, struct.pack("<" + _LETTERS[kind] * count, *values)


def text(tag: int, value: bytes) -> Entry:
    """An entry that is a text."""
    return tag, 2, len(value) + 1, value + b"\0"


def directory(at: int, entries: list[Entry], following: int = 0) -> bytes:
    """A directory that stands at `at`, its larger values after it."""
    entries = sorted(entries)
    values, lines = b"", b""
    begin = at + 2 + 12 * len(entries) + 4
    for tag, kind, count, data in entries:
        place = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack("<I", begin + len(values))
        values += b"" if len(data) <= 4 else data + b"\0" * (len(data) % 2)
        lines += struct.pack("<HHI", tag, kind, count) + place
    return struct.pack("<H", len(entries)) + lines + struct.pack("<I", following) + values


def dng(
    preview: bytes | None = None, stored: Image.Image | None = None, orientation: int = 1
) -> bytes:
    """Raw pixels of a sensor that sees as a screen shows, with or without a JPEG preview."""
    picture = stored or painting.picture()
    (width, height), sensor = picture.size, _mosaic(picture)
    matrix = (32405, -15371, -4985, -9693, 18760, 416, 556, -2040, 10572)  # XYZ to linear sRGB
    raw = [
        entry(254, 4, 0),
        entry(256, 4, width),
        entry(257, 4, height),
        entry(258, 3, 16),
        entry(259, 3, 1),
        entry(262, 3, 32803),
        entry(277, 3, 1),
        entry(278, 4, height),
        entry(279, 4, len(sensor)),
        entry(33421, 3, 2, 2),
        entry(33422, 1, 0, 1, 1, 2),
        entry(50714, 3, 0),
        entry(50717, 4, 65535),
    ]
    main = [
        text(271, b"Sample"),
        text(272, b"Sample Raw"),
        entry(274, 3, orientation),
        entry(50706, 1, 1, 4, 0, 0),
        text(50708, b"Sample Raw"),
        entry(50721, 10, *(part for value in matrix for part in (value, 10000))),
        entry(50728, 5, 1, 1, 1, 1, 1, 1),
        entry(50778, 3, 21),
    ]
    head, at = b"II*\0" + struct.pack("<I", 8), 8
    if preview is None:
        first = directory(at, [*main, *raw, entry(273, 4, 0)])
        place = at + len(first)
        return head + directory(at, [*main, *raw, entry(273, 4, place)]) + sensor
    shown = [entry(254, 4, 1), entry(259, 3, 7), entry(262, 3, 6), entry(279, 4, len(preview))]
    shown += [entry(256, 4, width), entry(257, 4, height)]
    first = directory(at, [*main, *shown, entry(273, 4, 0), entry(330, 4, 0)])
    second_at = at + len(first)
    second = directory(second_at, [*raw, entry(273, 4, 0)])
    place = second_at + len(second)
    first = directory(at, [*main, *shown, entry(273, 4, place), entry(330, 4, second_at)])
    second = directory(second_at, [*raw, entry(273, 4, place + len(preview))])
    return head + first + second + preview + sensor


def _written() -> tuple[list[Entry], list[Entry], list[Entry]]:
    """What a camera writes: with what and by whom, when and how, where."""
    main = [
        text(272, painting.CAMERA.encode()),
        text(315, painting.ARTIST.encode()),
        text(33432, painting.COPYRIGHT.encode()),
    ]
    shot = [
        text(0x9003, painting.TAKEN.encode()),
        text(0x9011, painting.OFFSET.encode()),
        text(0x9291, b"25"),
        text(0xA434, painting.LENS.encode()),
        entry(0x829A, 5, 1, 250),
        entry(0x829D, 5, 4, 1),
        entry(0x8827, 3, 400),
        entry(0x920A, 5, 35, 1),
    ]
    place = [
        text(1, b"N"),
        entry(2, 5, 47, 1, 1743, 100, 0, 1),
        text(3, b"W"),
        entry(4, 5, 11, 1, 30, 1, 0, 1),
        entry(5, 1, 0),
        entry(6, 5, 574, 1),
    ]
    return main, shot, place


def told_tiff(*more: Entry) -> bytes:
    """A TIFF with EXIF, the place and XMP, its pixels last."""
    pixels = painting.picture().tobytes()
    main, shot, place = _written()
    main += [
        entry(256, 4, painting.WIDTH),
        entry(257, 4, painting.HEIGHT),
        entry(258, 3, 8, 8, 8),
        entry(259, 3, 1),
        entry(262, 3, 2),
        entry(277, 3, 3),
        entry(278, 4, painting.HEIGHT),
        entry(279, 4, len(pixels)),
        (700, 7, len(painting.xmp()), painting.xmp()),
        *more,
    ]

    def pointing(pixels_at: int, shot_at: int, place_at: int) -> list[Entry]:
        pointers = ((273, pixels_at), (0x8769, shot_at), (0x8825, place_at))
        return [*main, *(entry(tag, 4, at) for tag, at in pointers)]

    shot_at = 8 + len(directory(8, pointing(0, 0, 0)))
    place_at = shot_at + len(directory(shot_at, shot))
    pixels_at = place_at + len(directory(place_at, place))
    first = directory(8, pointing(pixels_at, shot_at, place_at))
    head = b"II*\0" + struct.pack("<I", 8)
    return head + first + directory(shot_at, shot) + directory(place_at, place) + pixels


def told_dng() -> bytes:
    """The beginning of a DNG: a TIFF that says so."""
    return told_tiff(entry(50706, 1, 1, 4, 0, 0))


def told_cr3() -> bytes:
    """The beginning of a CR3: an ISO container in which each directory has a box of its own."""
    kinds = (b"CMT1", b"CMT2", b"CMT4")
    head = b"II*\0" + struct.pack("<I", 8)
    blocks = (head + directory(8, entries) for entries in _written())
    said = b"".join(_box(kind, block) for kind, block in zip(kinds, blocks, strict=True))
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    return _box(b"ftyp", b"crx \0\0\0\1crx isom") + _box(b"moov", _box(b"uuid", canon + said))


def told_raf(jpeg: bytes) -> bytes:
    """The beginning of a RAF: its preview tells what is known."""
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0")
    return head + struct.pack(">II", 160, len(jpeg)) + bytes(68) + told(jpeg)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _mosaic(picture: Image.Image) -> bytes:
    """One colour a pixel, red green over green blue, linear light in 16 bits."""
    signal = np.asarray(picture, np.float64) / 255
    low, high = signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4
    light = np.where(signal <= 0.04045, low, high)
    sensor = light[..., 1].copy()
    sensor[::2, ::2] = light[::2, ::2, 0]
    sensor[1::2, 1::2] = light[1::2, 1::2, 2]
    return (sensor * 65535).astype("<u2").tobytes()


def psd(resources: bytes = b"", bits: int = 8, *, packed: bool = False) -> bytes:
    """The flattened picture of a PSD."""
    planes = np.asarray(painting.picture()).transpose(2, 0, 1)
    wide = planes if bits == 8 else planes.astype(">u2") * 257
    plain = wide.tobytes()
    data = b"\0\0" + plain
    if packed:
        across = len(plain) // (3 * painting.HEIGHT)
        rows = [_packed(plain[at : at + across]) for at in range(0, len(plain), across)]
        data = b"\0\1" + struct.pack(f">{len(rows)}H", *map(len, rows)) + b"".join(rows)
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, painting.HEIGHT, painting.WIDTH, bits, 3)
    return head + bytes(4) + struct.pack(">I", len(resources)) + resources + bytes(4) + data


def _packed(row: bytes) -> bytes:
    """A row as PackBits has it, all of it spelled out: runs of one kind are enough to read."""
    pieces = [row[at : at + 128] for at in range(0, len(row), 128)]
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk after its head."""
    return png[:33] + chunk(kind, data) + png[33:]


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """A JPEG with more segments at its beginning."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def told(jpeg: bytes, orientation: int = 1) -> bytes:
    """A JPEG with EXIF, IPTC and XMP."""
    return with_segments(
        jpeg,
        segment(0xE1, painting.exif(orientation)),
        segment(0xED, b"Photoshop 3.0\0" + painting.iptc()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + painting.xmp()),
    )
