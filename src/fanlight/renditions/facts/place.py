"""Where on earth: the checks that every source's numbers go through."""

from __future__ import annotations

import re

from fanlight.model import Spot

LOWEST, HIGHEST = -12_000.0, 100_000.0
"""Metres."""

_iso6709 = re.compile(
    r"([+-]\d{1,2}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)([+-]\d{1,6}(?:\.\d{1,12})?)?"
)


def spot(latitude: float | None, longitude: float | None, altitude: float | None) -> Spot | None:
    """The spot, if it is on earth; without its altitude, if that cannot be."""
    if latitude is None or longitude is None:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    high = altitude if altitude is not None and LOWEST < altitude < HIGHEST else None
    return Spot(round(latitude, 7), round(longitude, 7), high)


def from_iso6709(text: str) -> Spot | None:
    """`+47.2905-011.5000+574.000/`, as videos have it."""
    found = _iso6709.match(text)
    if not found:
        return None
    return spot(float(found[1]), float(found[2]), float(found[3]) if found[3] else None)
