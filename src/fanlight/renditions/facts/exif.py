"""EXIF: what the camera wrote."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fanlight.model import Facts
from fanlight.renditions.facts import tiff
from fanlight.renditions.facts.place import spot
from fanlight.renditions.facts.texts import clean, decode
from fanlight.renditions.facts.tiff import Bytes, Directory

_DESCRIPTION, _MAKE, _MODEL, _ORIENTATION = 0x010E, 0x010F, 0x0110, 0x0112
_ARTIST, _COPYRIGHT, _RATING = 0x013B, 0x8298, 0x4746
_EXPOSURE, _APERTURE, _ISO, _FOCAL_LENGTH, _LENS = 0x829A, 0x829D, 0x8827, 0x920A, 0xA434
# when: the date, its fraction of a second and its offset; taken, digitised, changed
_TIMES = ((0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012), (0x0132, 0x9290, 0x9010))

_CHATTER = ("OLYMPUS DIGITAL CAMERA", "SONY DSC", "SAMSUNG CAMERA PICTURES", "DCIM", "Default")
"""What cameras write where a caption belongs."""


def read(facts: Facts, data: Bytes, start: int = 0) -> Facts:
    """Add what the EXIF block that begins at `start` says."""
    main = next(tiff.directories(data, start), None)
    if main is None:
        return facts
    shot = tiff.below(data, start, main, tiff.EXIF_IFD)
    place = tiff.below(data, start, main, tiff.GPS_IFD)
    return read_place(read_shot(read_main(facts, main), shot, main), place)


def read_main(facts: Facts, main: Directory) -> Facts:
    """Who, with what, and which way up."""
    make, model = _text(main, _MAKE), _text(main, _MODEL)
    brand = make.split(" ")[0]
    caption = _text(main, _DESCRIPTION)
    rating = main.integer(_RATING)
    orientation = main.integer(_ORIENTATION)
    return replace(
        facts,
        orientation=orientation if orientation and 1 <= orientation <= 8 else facts.orientation,
        camera=model if model.lower().startswith(brand.lower()) else f"{make} {model}".strip(),
        caption="" if caption in _CHATTER else caption,
        creator=_text(main, _ARTIST),
        copyright=_copyright(main.data(_COPYRIGHT)),
        rating=rating if rating is not None and -1 <= rating <= 5 else facts.rating,
    )


def read_shot(facts: Facts, shot: Directory, main: Directory) -> Facts:
    """When, and how it was exposed."""
    iso = shot.integer(_ISO)
    facts = replace(
        facts,
        lens=_text(shot, _LENS) or facts.lens,
        exposure=_positive(shot.number(_EXPOSURE)) or facts.exposure,
        aperture=_positive(shot.number(_APERTURE)) or facts.aperture,
        iso=iso if iso and iso > 0 else facts.iso,
        focal_length=_positive(shot.number(_FOCAL_LENGTH)) or facts.focal_length,
    )
    for date, fraction, offset in _TIMES:
        when = shot.text(date) or main.text(date)
        taken = moment(when, shot.text(offset), shot.text(fraction))
        if taken:
            return replace(facts, taken_at=taken[0], taken_offset=taken[1])
    return facts


def moment(
    when: bytes, offset: bytes = b"", fraction: bytes = b""
) -> tuple[datetime, int | None] | None:
    """`2026:06:14 04:52:10` with `+02:00` as UTC and minutes; `None` for what is no time."""
    try:
        local = datetime.strptime(decode(when)[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
        east = minutes_east(decode(offset))
        micros = int(decode(fraction)[:6].ljust(6, "0")) if fraction.isdigit() else 0
        return local.replace(microsecond=micros) - timedelta(minutes=east or 0), east
    except (ValueError, OverflowError):
        return None


def minutes_east(offset: str) -> int | None:
    """`+02:00` as 120; `None` where it says nothing."""
    sign, hours, colon, minutes = offset[:1], offset[1:3], offset[3:4], offset[4:6]
    if sign not in ("+", "-") or colon != ":" or not (hours + minutes).isdecimal():
        return None
    east = int(hours) * 60 + int(minutes or 0)
    return (-east if sign == "-" else east) if east <= 14 * 60 else None


def read_place(facts: Facts, place: Directory) -> Facts:
    """Where on earth; nothing without both coordinates."""
    altitude = place.number(6)
    if altitude is not None and place.data(5)[:1] == b"\1":
        altitude = -altitude
    found = spot(_degrees(place, 1, b"S"), _degrees(place, 3, b"W"), altitude)
    return replace(facts, spot=found or facts.spot)


def _degrees(place: Directory, tag: int, negative: bytes) -> float | None:
    """Degrees, minutes, seconds of the tag after the one that says the hemisphere."""
    parts = place.numbers(tag + 1)
    if not parts or place.text(tag)[:1] == b"":
        return None
    value = sum(part / 60**power for power, part in enumerate(parts[:3]))
    return -value if place.text(tag)[:1] == negative else value


def _text(directory: Directory, tag: int) -> str:
    return clean(decode(directory.text(tag)))


def _copyright(data: bytes) -> str:
    """The photographer's part, and the editor's where there is one."""
    parts = (clean(decode(part)) for part in data.split(b"\0")[:2])
    return "; ".join(part for part in parts if part)


def _positive(number: float | None) -> float | None:
    return number if number and number > 0 and math.isfinite(number) else None
