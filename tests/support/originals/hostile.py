"""Originals that are damaged, that are not what they say, or that are made to harm."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from tests.support.originals import good, handmade, painting

PLACES, FLIPS = 10, 50
HUGE = 65_535

DAMAGED = (
    "told.jpg",
    "progressive.jpg",
    "cmyk-bare.jpg",
    "rgb.png",
    "interlaced.png",
    "alpha.webp",
    "moving.webp",
    "moving.gif",
    "deflate.tif",
    "lossy.avif",
    "phone.heic",
    "flat.psd",
    "16-bit-packed.psd",
    "plain.bmp",
    "plain.jp2",
    "drawing.svg",
    "preview.dng",
    "developed.dng",
    "clip.mp4",
    "clip.webm",
)
"""Good originals, one a way of decoding, of which damaged ones are made."""


def truncated(data: bytes) -> Iterator[bytes]:
    """Cut short at ten places."""
    for place in range(1, PLACES + 1):
        yield data[: len(data) * place // (PLACES + 1)]


def flipped(data: bytes, seed: str) -> Iterator[bytes]:
    """Fifty with some bits turned over: half of them near the beginning, where it says most."""
    choose = random.Random(seed)
    for number in range(FLIPS):
        damaged = bytearray(data)
        reach = len(data) if number % 2 else min(len(data), 600)
        for _ in range(1 + number % 4):
            damaged[choose.randrange(reach)] ^= 1 << choose.randrange(8)
        yield bytes(damaged)


def _patched(name: str, *changes: tuple[bytes, bytes]) -> bytes:
    data = good.made(name)
    for was, becomes in changes:
        assert data.count(was) >= 1, f"{name} has no {was!r}"
        data = data.replace(was, becomes)
    return data


def _edges(letters: str, *, swapped: bool = False) -> tuple[bytes, bytes]:
    """The two edges as a header has them, and huge ones instead."""
    edges = (painting.HEIGHT, painting.WIDTH) if swapped else (painting.WIDTH, painting.HEIGHT)
    return struct.pack(letters, *edges), struct.pack(letters, HUGE, HUGE)


def _huge_png() -> bytes:
    head = struct.pack(">IIBBBBB", HUGE, HUGE, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20))
    chunks = handmade.chunk(b"IHDR", head) + handmade.chunk(b"IDAT", rows)
    return b"\x89PNG\r\n\x1a\n" + chunks + handmade.chunk(b"IEND", b"")


def _huge_tiff() -> bytes:
    entries = [handmade.entry(tag, 4, HUGE) for tag in (256, 257, 278)]
    entries += [handmade.entry(tag, 3, value) for tag, value in ((258, 8), (259, 1), (262, 1))]
    entries += [handmade.entry(273, 4, 8), handmade.entry(279, 4, HUGE * HUGE % (1 << 32))]
    return b"II*\0" + struct.pack("<I", 8) + handmade.directory(8, entries)


def _plain_png(width: int, height: int, *, interlaced: bool) -> bytes:
    """All of it black, in a few kilobytes. Interlaced, its rows come in seven passes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    passes = ((8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2)) if interlaced else ((1, 1),)
    packer, packed = zlib.compressobj(9), b""
    for across, down in passes:
        row = bytes(-(-width // across) * 3 + 1)
        for _ in range(-(-height // down)):
            packed += packer.compress(row)
    packed += packer.flush()
    chunks = handmade.chunk(b"IHDR", head) + handmade.chunk(b"IDAT", packed)
    return b"\x89PNG\r\n\x1a\n" + chunks + handmade.chunk(b"IEND", b"")


def interlaced_png(width: int, height: int) -> bytes:
    """One that can only be decoded whole; edges are multiples of eight."""
    return _plain_png(width, height, interlaced=True)


def gif_of(count: int) -> bytes:
    """A GIF of `count` frames, each one pixel painted."""
    edges = struct.pack("<HH", 64, 64)
    head = b"GIF89a" + edges + b"\xf0\0\0" + b"\xff\0\0\0\0\xff"
    frame = b"\x21\xf9\x04\x04\x05\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    return head + frame * count + b"\x3b"


def _huge_gif() -> bytes:
    data = gif_of(1).replace(b"\x40\0\x40\0", b"\xff\xff\xff\xff")
    return data.replace(b"\x2c\0\0\0\0\x01\0\x01\0", b"\x2c\0\0\0\0\xff\xff\xff\xff")


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("photo.jpg", good.jpeg())
    return file.getvalue()


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
_LAUGHTER = f'<!DOCTYPE svg [<!ENTITY l0 "laugh">{_LAUGHS}]>'
_FILE = '<!DOCTYPE svg [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
_LEAF = '<g id="n0"><path d="M0 0h9"/></g>'
_BLUR = '<feMorphology operator="dilate" radius="900"/><feTurbulence numOctaves="200"/>'
_BLURS = f'<filter id="f">{_BLUR * 40}</filter><rect width="480" height="320" filter="url(#f)"/>'
_NESTED = "".join(f'<g id="n{n}">{f"""<use href="#n{n - 1}"/>""" * 10}</g>' for n in range(1, 12))


def _knotted_exif() -> bytes:
    """A directory that follows itself, an EXIF one that is the same, values without end."""
    entries = [
        handmade.entry(0x8769, 4, 8),
        handmade.entry(0x8825, 4, 8),
        handmade.entry(0x014A, 4, 8),
        (0x010E, 2, 0xFFFFFFFF, b"\x08\0\0\0"),
        (0x9003, 5, 0x20000000, b"\x08\0\0\0"),
        handmade.entry(0x0112, 3, 77),
    ]
    block = b"II*\0" + struct.pack("<I", 8) + handmade.directory(8, entries, following=8)
    return handmade.with_segments(good.jpeg(), handmade.segment(0xE1, b"Exif\0\0" + block))


def _laughing_xmp() -> bytes:
    packet = painting.xmp().split(b"?>", 1)[1]
    packet = _LAUGHTER.replace("DOCTYPE svg", "DOCTYPE x").encode() + packet
    named = b"http://ns.adobe.com/xap/1.0/\0" + packet
    return handmade.with_segments(good.jpeg(), handmade.segment(0xE1, named))


def _bombed_text() -> bytes:
    """A PNG whose compressed XMP is 64 MB of spaces."""
    head = b"XML:com.adobe.xmp\0\1\0\0\0"
    return handmade.with_chunk(
        good.made("rgb.png"), b"iTXt", head + zlib.compress(b" " * (64 << 20), 9)
    )


MAKES: dict[str, Callable[[], bytes]] = {
    "empty.jpg": lambda: b"",
    "tiny.jpg": lambda: b"\xff\xd8\xff",
    "zip-named.jpg": _zip,
    "text-named.jpg": lambda: b"This is no picture. " * 20,
    "page-named.svg": lambda: b"<!doctype html><html><svg></svg></html>",
    "playlist-named.mp4": lambda: b"#EXTM3U\n#EXT-X-TARGETDURATION:9\nhttp://127.0.0.1:9/x.ts\n",
    "huge.jpg": lambda: _patched("baseline.jpg", _edges(">HH", swapped=True)),
    "huge.png": _huge_png,
    "huge.gif": _huge_gif,
    "huge.tif": _huge_tiff,
    "huge.psd": lambda: _patched("flat.psd", _edges(">II", swapped=True)),
    "huge.bmp": lambda: _patched("plain.bmp", _edges("<II")),
    "huge.jp2": lambda: _patched("plain.jp2", _edges(">II"), _edges(">II", swapped=True)),
    "huge.avif": lambda: _patched("lossy.avif", _edges(">II")),
    "huge.heic": lambda: _patched("phone.heic", _edges(">II")),
    "huge.svg": lambda: good.svg(size='width="65535" height="65535"'),
    "bomb.png": lambda: _plain_png(9_000, 8_000, interlaced=False),
    "50000-frames.gif": lambda: gif_of(50_000),
    "laughing.svg": lambda: good.svg("<text>&l11;</text>", _LAUGHTER),
    "nested.svg": lambda: good.svg(f'<defs>{_LEAF}{_NESTED}</defs><use href="#n11"/>'),
    "filters.svg": lambda: good.svg(_BLURS, size='width="4000" height="4000"'),
    "deep.svg": lambda: good.svg("<g>" * 5_000 + "</g>" * 5_000),
    "reading.svg": lambda: good.svg("<text>&secret;</text>", _FILE),
    "knotted-exif.jpg": _knotted_exif,
    "laughing-xmp.jpg": _laughing_xmp,
    "bombed-text.png": _bombed_text,
}
"""Each by a name that tells what it is."""
