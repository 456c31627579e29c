"""A RAW and the picture that was taken together with it: one photo to a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fanlight.gallery_model import Candidate

_SHOWN_FIRST = ("image/jpeg", "image/heic", "image/heif", "image/avif")
"""What cameras write beside a RAW, best first."""


def is_raw(candidate: Candidate) -> bool:
    """Whether it is what a camera's sensor saw, by its media type (`image/x-canon-cr3`)."""
    return candidate.media_type.startswith("image/x-") and candidate.kind is Kind.PICTURE


def companions(candidates: Iterable[Candidate]) -> dict[str, str]:
    """The RAW of each picture that has one, by their assets' ids."""
    raws: dict[str, str] = {}
    shown: dict[str, Candidate] = {}
    for one in candidates:
        stem = one.path.rpartition(".")[0].casefold()
        if is_raw(one):
            raws.setdefault(stem, one.asset_id)
        elif one.media_type in _SHOWN_FIRST and (stem not in shown or _better(one, shown[stem])):
            shown[stem] = one
    return {one.asset_id: raws[stem] for stem, one in shown.items() if stem in raws}


def _better(one: Candidate, other: Candidate) -> bool:
    return _SHOWN_FIRST.index(one.media_type) < _SHOWN_FIRST.index(other.media_type)
