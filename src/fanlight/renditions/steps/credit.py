"""The only thing a rendition says about itself: who made the picture, and whose it is."""

from __future__ import annotations

import struct

_ARTIST, _COPYRIGHT = 0x013B, 0x8298
_ASCII = 2
LONGEST = 500


def block(creator: str, copyright_: str) -> bytes:
    """An EXIF block with these two alone, `b""` if there is nothing to say."""
    said = [
        (tag, text[:LONGEST].encode() + b"\0")
        for tag, text in ((_ARTIST, creator), (_COPYRIGHT, copyright_))
        if text
    ]
    if not said:
        return b""
    texts, entries, at = b"", b"", 14 + 12 * len(said)
    for tag, text in said:
        place = text.ljust(4, b"\0") if len(text) <= 4 else struct.pack("<I", at + len(texts))
        entries += struct.pack("<HHI", tag, _ASCII, len(text)) + place
        texts += b"" if len(text) <= 4 else text + b"\0" * (len(text) % 2)
    head = b"II*\0" + struct.pack("<IH", 8, len(said))
    return b"Exif\0\0" + head + entries + bytes(4) + texts
