"""The picture that all good originals show, and what cameras and editors say beside it."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image

from scripts.sample_photos import paint

WIDTH, HEIGHT = 480, 320

ARTIST, COPYRIGHT, CAPTION = "Jörg Müller", "© 2026 Jörg Müller", "Dämmerung über dem See"
KEYWORDS = ("lake", "dusk")
LATITUDE, LONGITUDE, ALTITUDE = 47.2905, -11.5, 574.0
TAKEN, OFFSET = "2026:06:14 04:52:10", "+02:00"
CAMERA, LENS = "Sample Mk II", "Sample 24-85 mm"
SECRET_PLACE = b"47,17.43N"
"""The latitude as XMP writes it; no rendition may contain it."""


@cache
def picture() -> Image.Image:
    """A lake, and a mark of another colour in each corner to tell which way up it is."""
    shown = paint(3, WIDTH, grain=0.01)[0].convert("RGB").resize((WIDTH, HEIGHT))
    marks = ((0, 0, "red"), (1, 0, "lime"), (0, 1, "blue"), (1, 1, "yellow"))
    for right, low, colour in marks:
        shown.paste(colour, _corner(right, low))
    return shown


def _corner(right: int, low: int, edge: int = 40) -> tuple[int, int, int, int]:
    left, top = right * (WIDTH - edge), low * (HEIGHT - edge)
    return (left, top, left + edge, top + edge)


@cache
def cut_out() -> Image.Image:
    """The same with an oval of it to be seen, softly, and nothing around."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    away = np.hypot((x - WIDTH / 2) / (WIDTH / 2), (y - HEIGHT / 2) / (HEIGHT / 2))
    alpha = np.clip((0.95 - away) * 8, 0, 1)
    shown = picture().convert("RGBA")
    shown.putalpha(Image.fromarray((alpha * 255).astype(np.uint8)))
    return shown


@cache
def exif(orientation: int = 1) -> bytes:
    """All that a camera with a satellite receiver writes."""
    said = Image.Exif()
    said[0x010F], said[0x0110], said[0x0112] = "Sample", CAMERA, orientation
    said[0x0132] = "2026:06:20 10:00:00"
    said[0x013B], said[0x8298] = ARTIST.encode(), COPYRIGHT.encode()
    shot = said.get_ifd(0x8769)
    shot[0x9003], shot[0x9011], shot[0x9291] = TAKEN, OFFSET, "25"
    shot[0x829A], shot[0x829D], shot[0x8827], shot[0x920A] = 1 / 250, 4.0, 400, 35.0
    shot[0xA434] = LENS
    place = said.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (47.0, 17.43, 0.0), "W", (11.0, 30.0, 0.0)
    place[5], place[6] = b"\x00", ALTITUDE
    return said.tobytes()


def xmp(extra: str = "") -> bytes:
    """What a catalogue program writes, the place among it."""
    subjects = "".join(f"<rdf:li>{word}</rdf:li>" for word in KEYWORDS)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmp:Rating="4"
 exif:GPSLatitude="{SECRET_PLACE.decode()}" exif:GPSLongitude="11,30.0W">
<dc:description><rdf:Alt><rdf:li xml:lang="en">Dusk</rdf:li>
<rdf:li xml:lang="x-default">{CAPTION}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{ARTIST}</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{COPYRIGHT}</rdf:li></rdf:Alt></dc:rights>
<dc:subject><rdf:Bag>{subjects}</rdf:Bag></dc:subject>{extra}
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def iptc() -> bytes:
    """What an agency writes, as Photoshop keeps it."""
    texts = [(120, CAPTION), (80, ARTIST), (116, COPYRIGHT), *((25, word) for word in KEYWORDS)]
    records = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for number, text in texts:
        data = text.encode()
        records += b"\x1c\x02" + bytes([number]) + len(data).to_bytes(2, "big") + data
    return resource(1028, records)


def resource(number: int, data: bytes) -> bytes:
    """One of Photoshop's image resources."""
    padded = data + b"\0" * (len(data) % 2)
    return b"8BIM" + number.to_bytes(2, "big") + b"\0\0" + len(data).to_bytes(4, "big") + padded
