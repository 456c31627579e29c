"""Galleries for tests of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

from fanlight.gallery_model import (
    Comment,
    Gallery,
    GalleryRules,
    GalleryState,
    Look,
    Party,
    Pick,
    Right,
    Section,
    Selection,
    SelectionState,
    ShareLink,
    Source,
    Viewer,
)
from tests.support.records import NOW


def a_gallery(number: int = 1, **changes: Any) -> Gallery:
    """A published gallery."""
    fields: dict[str, Any] = {
        "id": f"g-{number}",
        "slug": f"gallery-{number}",
        "title": f"Gallery {number}",
        "state": GalleryState.PUBLISHED,
        "text": "",
        "held_on": date(2026, 5, 30),
        "cover_id": None,
        "look": Look(),
        "rules": GalleryRules(),
        "opens_at": None,
        "closes_at": None,
        "owner_id": None,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Gallery(**(fields | changes))


def a_source(number: int = 1, **changes: Any) -> Source:
    """A folder that fills the first gallery."""
    fields: dict[str, Any] = {
        "id": f"s-{number}",
        "gallery_id": "g-1",
        "channel_id": "ch-1",
        "path": f"weddings/{number}",
        "position": number,
    }
    return Source(**(fields | changes))


def a_section(number: int = 1, **changes: Any) -> Section:
    """A part of the first gallery."""
    fields: dict[str, Any] = {
        "id": f"sec-{number}",
        "gallery_id": "g-1",
        "title": f"Part {number}",
        "position": number,
    }
    return Section(**(fields | changes))


def a_share_link(number: int = 1, **changes: Any) -> ShareLink:
    """A link into the first gallery."""
    fields: dict[str, Any] = {
        "id": f"l-{number}",
        "gallery_id": "g-1",
        "name": f"Link {number}",
        "party": Party.GUEST,
        "rights": frozenset({Right.VIEW}),
        "token_hash": f"hash-{number}",
        "token": f"token-{number}",
        "created_at": NOW,
    }
    return ShareLink(**(fields | changes))


def a_viewer(number: int = 1, **changes: Any) -> Viewer:
    """Somebody in the first gallery."""
    fields: dict[str, Any] = {
        "id": f"v-{number}",
        "gallery_id": "g-1",
        "link_id": None,
        "name": f"Viewer {number}",
        "email": "",
        "token_hash": f"viewer-hash-{number}",
        "token": f"viewer-token-{number}",
        "created_at": NOW,
        "seen_at": NOW,
    }
    return Viewer(**(fields | changes))


def a_selection(number: int = 1, **changes: Any) -> Selection:
    """A list of the first viewer."""
    fields: dict[str, Any] = {
        "id": f"sel-{number}",
        "gallery_id": "g-1",
        "viewer_id": "v-1",
        "name": f"List {number}",
        "state": SelectionState.OPEN,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Selection(**(fields | changes))


def a_pick(asset_id: str, **changes: Any) -> Pick:
    """A heart in the first list."""
    fields: dict[str, Any] = {
        "selection_id": "sel-1",
        "asset_id": asset_id,
        "heart": True,
        "stars": 0,
        "flag": None,
        "note": "",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Pick(**(fields | changes))


def a_comment(asset_id: str, number: int = 1, **changes: Any) -> Comment:
    """A sentence of the first viewer about a photo."""
    fields: dict[str, Any] = {
        "id": f"c-{number}",
        "gallery_id": "g-1",
        "asset_id": asset_id,
        "viewer_id": "v-1",
        "author": "Viewer 1",
        "parent_id": None,
        "text": f"Sentence {number}",
        "created_at": NOW,
    }
    return Comment(**(fields | changes))
