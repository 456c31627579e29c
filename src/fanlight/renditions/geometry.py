"""Where a picture lands in the box of a recipe. Pure arithmetic, in upright pixels."""

from __future__ import annotations

from dataclasses import dataclass

from fanlight.renditions.recipes import Fit, Recipe

LONGEST_FREE_EDGE = 16_383
"""Most pixels of an edge that a recipe leaves open; WebP has no room for more."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How large the whole picture becomes, and the frame that is laid around its middle."""

    width: int
    height: int
    frame_width: int
    """Less than `width`: that much is cut away; more: the picture gets a margin."""
    frame_height: int


def layout(recipe: Recipe, width: int, height: int) -> Layout:
    """Lay out a picture of `width` by `height`; a box that lacks an edge is one to be INSIDE."""
    if recipe.fit is Fit.INSIDE or recipe.width is None or recipe.height is None:
        across = (recipe.width or LONGEST_FREE_EDGE) / width
        down = (recipe.height or LONGEST_FREE_EDGE) / height
        return _whole(width, height, min(across, down, 1.0))
    across, down = recipe.width / width, recipe.height / height
    if recipe.fit is Fit.SQUEEZE:
        return Layout(recipe.width, recipe.height, recipe.width, recipe.height)
    scale = max(across, down) if recipe.fit is Fit.COVER else min(across, down)
    size = _whole(width, height, scale)
    return Layout(size.width, size.height, recipe.width, recipe.height)


def _whole(width: int, height: int, scale: float) -> Layout:
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    return Layout(across, down, across, down)


def scale_for(layouts: list[Layout], width: int, height: int) -> float:
    """How much of its size a picture must have to serve all layouts; at most 1, all of it."""
    needs = (max(each.width / width, each.height / height) for each in layouts)
    return min(1.0, max(needs, default=0.0))
