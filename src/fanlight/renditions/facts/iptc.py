"""IPTC: what an agency's editor wrote, in Photoshop's image resources or alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fanlight.model import Facts
from fanlight.renditions.facts.texts import clean, words

_KEYWORD, _BYLINE, _COPYRIGHT, _CAPTION = 25, 80, 116, 120
_UTF8 = b"\x1b%G"
MOST_RECORDS = 2_000

Resources = dict[int, bytes]


def resources(data: bytes) -> Resources:
    """Photoshop's image resources by their number: 1028 IPTC, 1058 EXIF, 1060 XMP."""
    found: Resources = {}
    at = 0
    while data[at : at + 4] == b"8BIM" and len(found) < MOST_RECORDS:
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        named = at + 6 + (data[at + 6 : at + 7] or b"\0")[0] + 1
        begin = named + (named - at) % 2 + 4
        size = int.from_bytes(data[begin - 4 : begin], "big")
        found.setdefault(number, data[begin : begin + size])
        at = begin + size + size % 2
    return found


def read(facts: Facts, data: bytes) -> Facts:
    """Add what an IPTC block says; it has precedence over EXIF."""
    said: dict[int, list[bytes]] = {}
    utf8 = False
    for record, number, value in _records(data):
        utf8 = utf8 or ((record, number) == (1, 90) and value == _UTF8)
        if record == 2:
            said.setdefault(number, []).append(value)

    def texts(number: int) -> list[str]:
        return [_decode(value, utf8=utf8) for value in said.get(number, [])]

    return replace(
        facts,
        caption=clean(" ".join(texts(_CAPTION)[:1])) or facts.caption,
        creator=clean("; ".join(texts(_BYLINE))) or facts.creator,
        copyright=clean(" ".join(texts(_COPYRIGHT)[:1])) or facts.copyright,
        keywords=words(texts(_KEYWORD)) or facts.keywords,
    )


def _decode(value: bytes, *, utf8: bool) -> str:
    """As declared; undeclared text is tried as UTF-8 all the same, as most writers mean it."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8", "replace") if utf8 else value.decode("latin-1")


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    for _ in range(MOST_RECORDS):
        if data[at : at + 1] != b"\x1c" or at + 5 > len(data):
            return
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if size & 0x8000:
            return  # an extended size: no text that a person typed
        yield data[at + 1], data[at + 2], data[at + 5 : at + 5 + size]
        at += 5 + size
