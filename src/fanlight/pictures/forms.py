"""What picture of an asset an address asks for: a preset, or a size from the list of allowed ones.

`/a/<id>/<preset>[.<ext>]` names a preset, with an extension that fixes the form of the bytes. On
`/a/<id>` and `/file/<alias>` the query says `width`, `height`, `fit` and `fallback=original`. Where
no extension fixes it, the form follows from what the viewer's browser takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fanlight.errors import Forbidden, Invalid
from fanlight.renditions.recipes import LONGEST_EDGE, PRESETS, Fit, Format, Recipe

SIZED_BY = ("width", "height", "fit", "fallback")
"""Parameters that make an address ask for a picture in another size."""

Size = tuple[int | None, int | None]

_WIDTHS = (160, 240, 320, 400, 480, 640, 800, 960, 1080, 1200, 1280, 1440, 1600, 1920, 2048)
_HEIGHTS = (160, 240, 320, 400, 480, 640, 720, 800, 960, 1080, 1200, 1440)
_BOXES = ((160, 160), (320, 320), (640, 640), (640, 360), (1200, 630), (1280, 720), (1920, 1080))
USUAL: frozenset[Size] = frozenset(
    {*((width, None) for width in _WIDTHS), *((None, height) for height in _HEIGHTS), *_BOXES}
)
"""Sizes that can be asked for where the owner has not said which."""

_SIZE = re.compile(r"(auto|[1-9][0-9]{0,3})x(auto|[1-9][0-9]{0,3})")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_WITH_BOTH = frozenset({Fit.COVER, Fit.SQUEEZE, Fit.CONTAIN})
_EXTENSIONS = {format_.value: format_ for format_ in Format} | {"jpg": Format.JPEG}
_TAKES_NOTHING = re.compile(r"q=0(\.0*)?\s*$")


@dataclass(frozen=True, slots=True)
class Taken:
    """Which of the younger picture formats a viewer takes."""

    webp: bool = False
    avif: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The picture that one address asks for, for viewers who take the same."""

    recipe: Recipe
    format: Format | None = None
    """Fixed by the address; else it follows from `taken`."""
    taken: Taken = Taken()
    fallback: bool = False
    """Whether the original will do where no picture can be made."""


@lru_cache(maxsize=256)
def taken(accept: bytes) -> Taken:
    """What an `Accept` header says. Only formats named in it count: `*/*` says nothing."""
    named: set[str] = set()
    for one in accept.decode("latin-1").lower().split(","):
        kind, _, parameters = one.partition(";")
        if not _TAKES_NOTHING.search(parameters.strip()):
            named.add(kind.strip())
    return Taken("image/webp" in named, "image/avif" in named)


def preset(text: str, accept: bytes) -> Form | None:
    """The form of `thumb`, `thumb@2x` or `thumb@2x.webp`; `None` if there is none of that name."""
    name, dot, extension = text.partition(".")
    recipe = PRESETS.get(name)
    if recipe is None:
        return None
    if not dot:
        return Form(recipe, taken=taken(accept))
    fixed = _EXTENSIONS.get(extension.lower())
    return None if fixed is None else Form(recipe, fixed)


def sized(parameters: Mapping[str, str], accept: bytes, allowed: frozenset[Size]) -> Form | None:
    """The form of the parameters of an address; `None` if they ask for no other size.

    Raises Invalid (`invalid.size`) for what is no size, Forbidden (`forbidden.size`) for one that
    is not in `allowed`.
    """
    size = (_edge(parameters, "width"), _edge(parameters, "height"))
    fit, fallback = _fit(parameters), _fallback(parameters)
    if size == (None, None):
        if fit is None:
            return None
        raise _wrong("fit needs a width or a height.")
    if fit in _WITH_BOTH and None in size:
        raise _wrong(f"fit={fit} needs width and height.")
    if size not in allowed:
        raise Forbidden(
            "Pictures are not made in this size.",
            remedy="Ask for a preset such as thumb, or have the size added to picture_sizes.",
            code="forbidden.size",
        )
    return Form(Recipe(*size, fit or Fit.INSIDE), taken=taken(accept), fallback=fallback)


def sizes(written: Iterable[str]) -> frozenset[Size]:
    """A list such as `320xauto`, `autox480`, `1280x720`; none are the usual ones.

    Raises ValueError naming what is not a size.
    """
    return frozenset(_size(one) for one in written) or USUAL


def _size(written: str) -> Size:
    match = _SIZE.fullmatch(written.strip().lower())
    if match is None or match[0] == "autoxauto":
        raise ValueError(f"{written} is not a size: write 320xauto, autox480 or 1280x720")
    width, height = (None if edge == "auto" else int(edge) for edge in match.groups())
    if max(width or 0, height or 0) > LONGEST_EDGE:
        raise ValueError(f"{written} is too large: no edge may be over {LONGEST_EDGE}")
    return width, height


def _edge(parameters: Mapping[str, str], name: str) -> int | None:
    value = parameters.get(name)
    if value is None:
        return None
    if not (_NUMBER.fullmatch(value) and int(value) <= LONGEST_EDGE):
        raise _wrong(f"{name} must be a whole number from 1 to {LONGEST_EDGE}.")
    return int(value)


def _fit(parameters: Mapping[str, str]) -> Fit | None:
    value = parameters.get("fit")
    if value is not None and value not in set(Fit):
        raise _wrong(f"fit must be one of {', '.join(Fit)}.")
    return None if value is None else Fit(value)


def _fallback(parameters: Mapping[str, str]) -> bool:
    if parameters.get("fallback", "original") != "original":
        raise _wrong("fallback must be original.")
    return "fallback" in parameters


def _wrong(message: str) -> Invalid:
    return Invalid(message, code="invalid.size", remedy="Correct the address.")
