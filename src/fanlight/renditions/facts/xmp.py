"""XMP: what editors and catalogues wrote, as RDF in XML.

Read by expat with everything refused that could make a small text large: entities, and more or
deeper elements than a packet has.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from xml.parsers import expat

from fanlight.model import Facts, Spot
from fanlight.renditions.facts.place import spot
from fanlight.renditions.facts.texts import clean, words

MOST_BYTES = 2 << 20
MOST_ELEMENTS = 20_000
DEEPEST = 50

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_DC = "http://purl.org/dc/elements/1.1/ "
_XMP = "http://ns.adobe.com/xap/1.0/ "
_AUX = "http://ns.adobe.com/exif/1.0/aux/ "
_EXIF = "http://ns.adobe.com/exif/1.0/ "
_EXIF_EX = "http://cipa.jp/exif/1.0/ "
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/ "
_XML_LANG = "http://www.w3.org/XML/1998/namespace lang"


class _RefusedError(Exception):
    """Not a packet that an honest program wrote."""


@dataclass
class _Reader:
    """Collects texts by the name of the property they belong to."""

    said: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    path: list[str] = field(default_factory=list[str])
    text: list[str] = field(default_factory=list[str])
    elements: int = 0
    first: bool = False
    """Whether the text at hand is the one in the default language."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.path.append(name)
        if self.elements > MOST_ELEMENTS or len(self.path) > DEEPEST:
            raise _RefusedError
        self.text.clear()
        self.first = attributes.get(_XML_LANG) == "x-default"
        for attribute, value in attributes.items():
            if not attribute.startswith(_RDF):
                self.said.setdefault(attribute, []).append(value)

    def data(self, text: str) -> None:
        self.text.append(text)

    def end(self, name: str) -> None:
        self.path.pop()
        text = "".join(self.text).strip()
        self.text.clear()
        if not text:
            return
        about = name
        if name == _RDF + "li":
            about = next((each for each in reversed(self.path) if _RDF not in each), name)
        values = self.said.setdefault(about, [])
        values.insert(0 if self.first else len(values), text)


def read(facts: Facts, data: bytes) -> Facts:
    """Add what a packet says; it has precedence over EXIF and IPTC, but not for the time."""
    said = _parse(data)

    def text(*names: str) -> str:
        return clean(next((said[name][0] for name in names if said.get(name)), ""))

    rating = _number(text(_XMP + "Rating"))
    return replace(
        facts,
        caption=text(_DC + "description") or facts.caption,
        creator=clean("; ".join(said.get(_DC + "creator", []))) or facts.creator,
        copyright=text(_DC + "rights") or facts.copyright,
        keywords=words(said.get(_DC + "subject", [])) or facts.keywords,
        rating=int(rating) if rating is not None and -1 <= rating <= 5 else facts.rating,
        lens=facts.lens or text(_EXIF_EX + "LensModel", _AUX + "Lens"),
        spot=facts.spot or _spot(text(_EXIF + "GPSLatitude"), text(_EXIF + "GPSLongitude")),
        **_taken(facts, text(_EXIF + "DateTimeOriginal", _PHOTOSHOP + "DateCreated")),
    )


def _parse(data: bytes) -> dict[str, list[str]]:
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = _refuse
    parser.StartDoctypeDeclHandler = _refuse
    try:
        if len(data) <= MOST_BYTES:
            parser.Parse(data.rstrip(b"\0 \n"), True)
    except (expat.ExpatError, _RefusedError, ValueError, LookupError):
        pass  # what was understood until then stands
    return reader.said


def _refuse(*_: object) -> None:
    raise _RefusedError


def _taken(facts: Facts, text: str) -> dict[str, datetime | int | None]:
    """The time, where EXIF had none: `2026-06-14T04:52:10+02:00`."""
    if facts.taken_at is not None or not text:
        return {}
    try:
        when = datetime.fromisoformat(text)
        offset = when.utcoffset()
        if offset is None:
            return {"taken_at": when.replace(tzinfo=UTC)}
        return {
            "taken_at": when.astimezone(UTC),
            "taken_offset": int(offset.total_seconds() // 60),
        }
    except (ValueError, OverflowError):
        return {}


def _spot(latitude: str, longitude: str) -> Spot | None:
    return spot(_degrees(latitude, "NS"), _degrees(longitude, "EW"), None)


def _degrees(text: str, letters: str) -> float | None:
    """`47,17.43N` or `47,17,25N`."""
    parts = [_number(part) for part in text[:-1].split(",")]
    if not text or text[-1] not in letters or None in parts:
        return None
    value = sum((part or 0.0) / 60**power for power, part in enumerate(parts[:3]))
    return -value if text[-1] == letters[1] else value


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
