"""Assets as the grid shows them: the same for the tiles in a page and for those a script fetches.

The fields are those of `Asset` in `frontend/src/library/asset.ts`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, TypedDict

from fanlight.delivery.addresses import stable
from fanlight.model import Kind, Visibility
from fanlight.renditions.recipes import PRESETS
from fanlight.web import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fanlight.model import Asset, Page

WITH_PICTURE = (Kind.PICTURE, Kind.VIDEO)
SHOWN = ("thumb", "small", "small@2x")
"""Presets that a tile chooses from, by the pixels that it has on the screen."""


class Tile(TypedDict):
    """What a grid shows of an asset."""

    id: str
    name: str
    href: str
    src: str
    srcset: str
    width: int
    height: int
    hash: str
    sign: str
    mark: str
    facts: list[str]
    folder: str
    media_type: str
    link: str


class Tiles(TypedDict):
    """One page of them."""

    items: list[Tile]
    next: str | None


def picture(asset: Asset, preset: str) -> str:
    """The address of a preset of this very version."""
    return f"/a/{asset.id}/{preset}?v={asset.version}"


def has_picture(asset: Asset) -> bool:
    """Whether a picture can be hoped for. Nothing in the trash is served."""
    return asset.kind in WITH_PICTURE and not asset.problem and asset.deleted_at is None


def tile(asset: Asset, offset: int | None = None) -> Tile:
    """One asset; `offset` is how many minutes east its camera's clock stood."""
    shown = has_picture(asset)
    return Tile(
        id=asset.id,
        name=asset.name,
        href=f"/studio/assets/{asset.id}",
        src=picture(asset, "thumb") if shown else "",
        srcset=_srcset(asset) if shown else "",
        width=asset.width or 0,
        height=asset.height or 0,
        hash=base64.b64encode(asset.placeholder).decode() if asset.placeholder else "",
        sign=words.sign_of(asset),
        mark=_mark(asset),
        facts=_facts(asset, offset),
        folder=asset.folder,
        media_type=asset.media_type,
        link=stable(asset),
    )


def tiles(page: Page[Asset], offsets: Mapping[str, int]) -> Tiles:
    """A page of assets, with the offsets of their cameras' clocks."""
    items = [tile(asset, offsets.get(asset.id)) for asset in page.items]
    return Tiles(items=items, next=page.next)


def _srcset(asset: Asset) -> str:
    """Each preset with the width it has: they fit into squares."""
    width, height = asset.width or 3, asset.height or 2
    share = min(1.0, width / height)
    return ", ".join(
        f"{picture(asset, preset)} {round((PRESETS[preset].width or 0) * share)}w"
        for preset in SHOWN
    )


def _mark(asset: Asset) -> str:
    marks = ["Video"] * (asset.kind is Kind.VIDEO)
    if asset.problem:
        marks.append("No picture")
    if asset.visibility is not Visibility.PUBLIC:
        marks.append(asset.visibility.value.capitalize())
    return ", ".join(marks)


def _facts(asset: Asset, offset: int | None) -> list[str]:
    taken = None if asset.deleted_at else asset.taken_at
    return [
        words.size(asset.size),
        words.day(taken, offset) if taken else words.day(asset.deleted_at or asset.created_at),
        asset.folder or "Top folder",
        ", ".join(asset.tags),
    ]
