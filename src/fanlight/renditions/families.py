"""What a local file is, told by its first bytes: which family of decoders may read it.

A name proves nothing, and what the library took it for is asked only where bytes leave a choice:
most camera RAW files are TIFFs by their first bytes.
"""

from __future__ import annotations

import re
from enum import StrEnum

from fanlight.renditions.facts import tiff

HEAD = 1 << 16
"""Bytes from the beginning that suffice to tell."""


class Family(StrEnum):
    """Kinds of originals, as decoders part them."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    TIFF = "tiff"
    AVIF = "avif"
    HEIF = "heif"
    SVG = "svg"
    PSD = "psd"
    PLAIN = "plain"
    """What Pillow alone reads: BMP, ICO, JPEG 2000."""
    RAW = "raw"
    VIDEO = "video"


_SIGNATURES: tuple[tuple[bytes, Family], ...] = (
    (b"\xff\xd8\xff", Family.JPEG),
    (b"\x89PNG\r\n\x1a\n", Family.PNG),
    (b"GIF87a", Family.GIF),
    (b"GIF89a", Family.GIF),
    (b"8BPS\x00\x01", Family.PSD),
    (b"FUJIFILMCCD-RAW", Family.RAW),
    (b"IIU\x00", Family.RAW),  # Panasonic
    (b"IIRO", Family.RAW),  # Olympus
    (b"IIRS", Family.RAW),
    (b"MMOR", Family.RAW),
    (b"FOVb", Family.RAW),  # Sigma
    (b"\x00MRM", Family.RAW),  # Minolta
    (b"BM", Family.PLAIN),
    (b"\x00\x00\x01\x00", Family.PLAIN),  # ICO
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Family.PLAIN),
    (b"\xff\x4f\xff\x51", Family.PLAIN),  # JPEG 2000 without its box
    (b"\x1aE\xdf\xa3", Family.VIDEO),  # Matroska, WebM
    (b"OggS", Family.VIDEO),
    (b"FLV\x01", Family.VIDEO),
    (b"\x00\x00\x01\xba", Family.VIDEO),  # MPEG
    (b"\x00\x00\x01\xb3", Family.VIDEO),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Family.VIDEO),  # WMV
)
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_PICTURE_BRANDS = {
    b"avif": Family.AVIF,
    b"avis": Family.AVIF,
    b"heic": Family.HEIF,
    b"heix": Family.HEIF,
    b"heim": Family.HEIF,
    b"heis": Family.HEIF,
    b"hevc": Family.HEIF,
    b"hevx": Family.HEIF,
    b"mif1": Family.HEIF,
    b"msf1": Family.HEIF,
    b"crx ": Family.RAW,
}
_SVG = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>|\s+)*<(?:\w+:)?svg[\s>/]",
    re.DOTALL,
)


def tell(head: bytes, media_type: str = "") -> Family | None:
    """The family, or `None` for what is no picture and no video that we know of."""
    for signature, family in _SIGNATURES:
        if head.startswith(signature):
            return family
    if head[:4] in _TIFF:
        return _raw_or_tiff(head, media_type)
    if head[4:8] == b"ftyp":
        return _boxed(head)
    if head[:4] == b"RIFF":
        return {b"WEBP": Family.WEBP, b"AVI ": Family.VIDEO}.get(head[8:12])
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        return Family.VIDEO  # MPEG transport stream
    return Family.SVG if _SVG.match(_utf8(head)) else None


def _boxed(head: bytes) -> Family:
    """By the brands of an ISO container: the first that is a picture's, else it is a video."""
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    found = [_PICTURE_BRANDS[brand] for brand in brands if brand in _PICTURE_BRANDS]
    if brands[0] in (b"mif1", b"msf1") and Family.AVIF in found:
        return Family.AVIF
    return found[0] if found else Family.VIDEO


def _raw_or_tiff(head: bytes, media_type: str) -> Family:
    if head[8:10] == b"CR" or media_type.startswith("image/x-"):
        return Family.RAW
    return Family.RAW if tiff.holds_sensor_data(head) else Family.TIFF


def _utf8(head: bytes) -> bytes:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) & ~1].decode("utf-16", "replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf")
