"""What an upload is taken for."""

from __future__ import annotations

import os

import pytest

from fanlight.library.sniff import kind_of, sniff
from fanlight.model import Kind

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF"
ZIP = b"PK\x03\x04" + bytes(26)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("head", "name", "media_type"),
    [
        (JPEG, "photo.jpg", "image/jpeg"),
        (JPEG, "page.html", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0", "x", "image/png"),
        (b"GIF89a\1\0\1\0", "x", "image/gif"),
        (b"RIFF\1\0\0\0WEBPVP8 ", "x", "image/webp"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "x", "image/avif"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "x", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "x", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "clip.mov", "video/quicktime"),
        (b"ID3\3\0\0", "x", "audio/mpeg"),
        (b"%PDF-1.7\n", "photo.jpg", "application/pdf"),
        (ZIP, "x.zip", "application/zip"),
        (
            ZIP,
            "x.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (ZIP, "x.html", "application/zip"),
        (b"II*\0\x08\0\0\0", "x.tif", "image/tiff"),
        (b"II*\0\x08\0\0\0", "x.dng", "image/x-adobe-dng"),
        (b"plain words", "notes", "text/plain"),
        (b"plain words", "photo.jpg", "text/plain"),
        (b"body { color: red }", "site.css", "text/css"),
        (b'{"a": 1}', "a.json", "application/json"),
        (b"# Title", "a.md", "text/markdown"),
        (b"<p align=center>Title</p>", "a.md", "text/markdown"),
        (b"<p align=center>Title</p>", "a", "text/html"),
        (b"a < b and c > d", "a", "text/plain"),
        ("héllo".encode()[:-1] + b"", "a.txt", "text/plain"),
        ("naïve é".encode()[:-1], "a.txt", "text/plain"),
        ("\ufeffhello".encode("utf-16-le"), "a.txt", "text/plain"),
        (b"", "a.txt", "application/octet-stream"),
        (b"", "a.jpg", "image/jpeg"),
        (b"\0\1\2\3", "a.html", "application/octet-stream"),
        (b"\0\1\2\3", "a.jpg", "image/jpeg"),
        (b"\0\1\2\3", "a.ts", "video/mp2t"),
        (b"\0\1\2\3", "a", "application/octet-stream"),
    ],
)
def test_bytes_come_first_and_the_name_second(head: bytes, name: str, media_type: str) -> None:
    assert sniff(head, name).media_type == media_type


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        (SVG, "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<!-- made by -->\n' + SVG, "image/svg+xml"),
        (b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C" "x.dtd">' + SVG, "image/svg+xml"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "image/svg+xml"),
        (b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b"\xef\xbb\xbf \n" + SVG, "image/svg+xml"),
        ("\ufeff<svg/>".encode("utf-16-le"), "image/svg+xml"),
        (b"<!doctype html><title>x</title>", "text/html"),
        (b"<!-- hi --><HTML>", "text/html"),
        (b"<script>alert(1)</script>", "text/html"),
        (
            b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
            "application/xhtml+xml",
        ),
        (b'<?xml version="1.0"?><feed/>', "text/xml"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "text/xml"),
    ],
)
@pytest.mark.parametrize("name", ["x", "x.jpg", "x.txt", "x.json"])
def test_markup_is_told_whatever_it_is_called(text: bytes, name: str, media_type: str) -> None:
    assert sniff(text, name).media_type == media_type


@pytest.mark.parametrize(
    ("declared", "media_type"),
    [
        ("image/x-strange", "image/x-strange"),
        ("Image/X-Strange; charset=x", "image/x-strange"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("image/png\r\nX-Evil: 1", "application/octet-stream"),
    ],
)
def test_the_sender_is_believed_last_and_never_about_what_can_run(
    declared: str, media_type: str
) -> None:
    assert sniff(b"\0\1\2\3", "nameless", declared).media_type == media_type


def test_a_letter_cut_at_the_end_of_the_head_is_still_text() -> None:
    text = ("x" * 4095 + "é").encode()[:4096]
    assert sniff(text, "a").media_type == "text/plain"


def test_random_bytes_are_of_no_known_kind() -> None:
    nature = sniff(b"\0" + os.urandom(4095), "data")
    assert nature.media_type == "application/octet-stream"
    assert nature.kind is Kind.OTHER


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/jpeg", Kind.PICTURE),
        ("image/svg+xml", Kind.PICTURE),
        ("video/mp4", Kind.VIDEO),
        ("audio/mpeg", Kind.AUDIO),
        ("text/css", Kind.TEXT),
        ("application/json", Kind.TEXT),
        ("application/pdf", Kind.OTHER),
    ],
)
def test_kinds_follow_from_media_types(media_type: str, kind: Kind) -> None:
    assert kind_of(media_type) is kind
