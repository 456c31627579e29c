"""A rendition that is kept and large enough to make smaller ones from, in place of the original.

It is quicker to read, and saves fetching an original from far away. Never twice in a row, and only
to a size so much smaller that what the first encoding lost is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fanlight.renditions.cache import Cache
from fanlight.renditions.keys import Key, Rendition
from fanlight.renditions.recipes import PRESETS, Fit, Format, Recipe
from fanlight.renditions.shelf import Kept

ENOUGH = 1.5
"""How many times as large it must be, in both directions."""

_SIZES = sorted(set(PRESETS.values()), key=lambda recipe: recipe.width or 0)


def larger_for(keys: Sequence[Key], cache: Cache) -> Rendition | None:
    """The smallest that does for all of them."""
    if not keys or any(key.recipe.fit is not Fit.INSIDE for key in keys):
        return None
    for candidate in _candidates(keys):
        kept = cache.get(candidate.digest)
        if kept is not None and _does(kept, keys):
            return cache.find(candidate.digest)
    return None


def _candidates(keys: Sequence[Key]) -> Iterator[Key]:
    """Presets, in a format that has lost nothing that any of the keys would show."""
    forms = {(key.format, key.webp) for key in keys}
    for size in _SIZES:
        if len(forms) == 1:
            yield keys[0].for_recipe(size)
        if all(form in (None, Format.WEBP, Format.JPEG, Format.AVIF) for form, _ in forms):
            yield Key(keys[0].content, size)


def _does(kept: Kept, keys: Iterable[Key]) -> bool:
    if not kept.first_hand or kept.format is Format.GIF:
        return False
    return all(_scale(kept, key.recipe) * ENOUGH <= 1 for key in keys)


def _scale(kept: Kept, recipe: Recipe) -> float:
    across = recipe.width / kept.width if recipe.width else 1.0
    down = recipe.height / kept.height if recipe.height else 1.0
    return min(across, down, 1.0)
