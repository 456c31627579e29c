"""A gallery's look and rules as the text that their columns keep.

What an older version kept lacks the newest fields, and gets their defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast

from fanlight.gallery_model import (
    CoverStyle,
    GalleryRules,
    GallerySort,
    Layout,
    Look,
    Proofing,
    Reach,
    Right,
    Theme,
)


def kept_look(look: object) -> dict[str, Any]:
    """What a row keeps of a `Look`."""
    return asdict(cast("Look", look))


def look_from(kept: dict[str, Any]) -> Look:
    """The `Look` of what is kept."""
    return Look(**_turned(kept, _OF_LOOK))


def kept_rules(rules: object) -> dict[str, Any]:
    """What a row keeps of `GalleryRules`."""
    given = cast("GalleryRules", rules)
    return asdict(given) | {"rights": sorted(given.rights)}


def rules_from(kept: dict[str, Any]) -> GalleryRules:
    """The `GalleryRules` of what is kept."""
    return GalleryRules(**_turned(kept, _OF_RULES))


def _rights(names: list[str]) -> frozenset[Right]:
    return frozenset(map(Right, names))


def _proofing(kept: dict[str, Any]) -> Proofing:
    return Proofing(**kept)


_OF_LOOK: dict[str, Callable[[Any], Any]] = {"cover": CoverStyle, "theme": Theme, "layout": Layout}
_OF_RULES: dict[str, Callable[[Any], Any]] = {
    "sort": GallerySort,
    "reach": Reach,
    "rights": _rights,
    "ignored": tuple,
    "embedding": tuple,
    "proofing": _proofing,
}


def _turned(kept: dict[str, Any], turns: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: turns[name](value) if name in turns else value for name, value in kept.items()}
