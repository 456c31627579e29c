"""A list in the forms that other programs take."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree as ET

from fanlight.gallery_model import Flag
from fanlight.model import Asset
from fanlight.proofing.exports.names import as_lines, for_capture_one, for_lightroom
from fanlight.proofing.exports.tables import COLUMNS, as_csv, as_json
from fanlight.proofing.exports.xmp import sidecars
from fanlight.proofing.overview import Given, Taken
from fanlight.proofing.picking import Marked
from tests.support.gallery_records import a_gallery, a_pick, a_selection, a_viewer
from tests.support.records import an_asset

XMP = "{http://ns.adobe.com/xap/1.0/}"
DM = "{http://ns.adobe.com/xmp/1.0/DynamicMedia/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"


def photo(number: int, name: str) -> Asset:
    return replace(an_asset(number), name=name, folder="wedding")


def taken(*names: str, list_name: str = "Album & <more>", **pick: object) -> Taken:
    photos = [photo(number, name) for number, name in enumerate(names, 1)]
    picks = tuple(replace(a_pick(one.id), **pick) for one in photos)
    given = Given(Marked(a_selection(name=list_name), picks), a_viewer(name="Anna"))
    return Taken(a_gallery(), given, tuple(zip(photos, picks, strict=True)))


def test_lightroom_and_capture_one_find_raw_and_jpeg_by_one_name() -> None:
    given = taken("IMG_1.JPG", "IMG_1.CR3", "a.b.jpg", ".hidden")
    assert for_lightroom(given) == "IMG_1, a.b, .hidden"
    assert for_capture_one(given) == "IMG_1 a.b .hidden"
    assert as_lines(given) == "IMG_1.JPG\nIMG_1.CR3\na.b.jpg\n.hidden\n"


def test_a_spreadsheet_gets_columns_and_no_formulas() -> None:
    given = taken("=1+1.jpg", 'b,\n"é".jpg', stars=4, flag=Flag.RED, note="@now")
    document = as_csv(given)
    assert document.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(document.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["name"] == "'=1+1.jpg"
    assert rows[1]["name"] == 'b,\n"é".jpg'
    assert rows[1]["note"] == "'@now"
    assert (rows[0]["heart"], rows[0]["stars"], rows[0]["colour"]) == ("yes", "4", "red")
    assert rows[0]["by"] == "Anna"


def test_programs_get_everything_as_json() -> None:
    document = json.loads(as_json(taken("é.jpg", flag=Flag.BLUE, note="closer")))
    assert document["list"]["name"] == "Album & <more>"
    assert document["viewer"]["name"] == "Anna"
    (one,) = document["photos"]
    assert (one["name"], one["heart"], one["flag"], one["note"]) == (
        "é.jpg",
        True,
        "blue",
        "closer",
    )


def test_sidecars_say_rating_label_pick_and_list() -> None:
    given = taken("IMG_1.jpg", "IMG_1.cr3", stars=5, flag=Flag.GREEN, note='crop "tight"\x07 <3')
    ((name, document),) = sidecars(given)
    assert name == "IMG_1.xmp"
    described = ET.fromstring(document).find(f".//{RDF}Description")
    assert described is not None
    assert described.get(f"{XMP}Rating") == "5"
    assert described.get(f"{XMP}Label") == "Green"
    assert described.get(f"{DM}pick") == "1"
    assert described.get(f"{PHOTOSHOP}Instructions") == 'crop "tight" <3'
    keywords = [one.text for one in described.iterfind(f"{DC}subject/{RDF}Bag/{RDF}li")]
    assert keywords == ["Picked: Album & <more>"]


def test_a_photo_without_a_heart_is_no_pick() -> None:
    ((_, document),) = sidecars(taken("a.jpg", heart=False, stars=2))
    described = ET.fromstring(document).find(f".//{RDF}Description")
    assert described is not None
    assert described.get(f"{DM}pick") is None
    assert described.find(f"{DC}subject") is None
