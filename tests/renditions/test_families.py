"""What an original is, its bytes tell, not its name and not who sent it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanlight.renditions.families import HEAD, Family, tell
from tests.support.originals import good

WANTED = {
    ".jpg": Family.JPEG,
    ".png": Family.PNG,
    ".webp": Family.WEBP,
    ".gif": Family.GIF,
    ".tif": Family.TIFF,
    ".avif": Family.AVIF,
    ".heic": Family.HEIF,
    ".psd": Family.PSD,
    ".bmp": Family.PLAIN,
    ".jp2": Family.PLAIN,
    ".svg": Family.SVG,
    ".dng": Family.RAW,
    ".mp4": Family.VIDEO,
    ".ts": Family.VIDEO,
    ".webm": Family.VIDEO,
}


@pytest.mark.parametrize("name", good.MAKES)
def test_good_originals_are_told_by_their_content(name: str) -> None:
    assert tell(good.made(name)[:HEAD], "text/plain") is WANTED[name[name.rindex(".") :]]


@pytest.mark.parametrize(
    ("head", "family"),
    [
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avifmiaf", Family.AVIF),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heicmiaf", Family.HEIF),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", Family.RAW),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Family.VIDEO),
        (b"II*\0\x10\0\0\0CR\2\0", Family.RAW),
        (b"FUJIFILMCCD-RAW 0201", Family.RAW),
        (b"\xef\xbb\xbf\n <!-- made by hand -->\n<svg>", Family.SVG),
        ('<?xml version="1.0" encoding="utf-16"?><svg:svg '.encode("utf-16"), Family.SVG),
        (b"<html><svg>", None),
        (b"PK\x03\x04", None),
        (b"%PDF-1.7", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"", None),
    ],
)
def test_signatures(head: bytes, family: Family | None) -> None:
    assert tell(head) is family


def test_the_library_is_believed_where_bytes_leave_a_choice() -> None:
    head = good.made("deflate.tif")[:HEAD]
    assert tell(head, "image/tiff") is Family.TIFF
    assert tell(head, "image/x-nikon-nef") is Family.RAW


@given(st.binary(max_size=300), st.sampled_from([b"", b"II*\0", b"MM\0*", b"\0\0\0\x20ftyp", b"<"]))
def test_no_bytes_are_too_strange_to_ask(data: bytes, start: bytes) -> None:
    assert tell(start + data) in (None, *Family)
