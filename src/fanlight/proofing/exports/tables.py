"""A list as CSV, for spreadsheets, and as JSON, for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.gallery_model import Pick
    from fanlight.model import Asset
    from fanlight.proofing.overview import Taken

COLUMNS = ("name", "folder", "heart", "stars", "colour", "note", "list", "by", "e-mail", "asset")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(taken: Taken) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to see it; RFC 4180.

    What a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for asset, pick in taken.photos:
        rows.writerow(harmless(value) for value in _row(taken, asset, pick))
    return text.getvalue().encode("utf-8-sig")


def as_json(taken: Taken) -> bytes:
    """The gallery, the list, and its photos; times as ISO 8601 in UTC."""
    selection, viewer = taken.given.marked.selection, taken.given.viewer
    document = {
        "gallery": {"id": taken.gallery.id, "title": taken.gallery.title},
        "list": {
            "id": selection.id,
            "name": selection.name,
            "state": selection.state.value,
            "message": selection.message,
            "submitted_at": selection.submitted_at and selection.submitted_at.isoformat(),
        },
        "viewer": {"name": viewer.name, "email": viewer.email},
        "photos": [_photo(asset, pick) for asset, pick in taken.photos],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _row(taken: Taken, asset: Asset, pick: Pick) -> tuple[str, ...]:
    return (
        asset.name,
        asset.folder,
        "yes" if pick.heart else "",
        str(pick.stars or ""),
        pick.flag.value if pick.flag else "",
        pick.note,
        taken.given.marked.selection.name,
        taken.given.viewer.name,
        taken.given.viewer.email,
        asset.id,
    )


def _photo(asset: Asset, pick: Pick) -> dict[str, object]:
    return {
        "asset": asset.id,
        "name": asset.name,
        "folder": asset.folder,
        "sha256": asset.sha256,
        "heart": pick.heart,
        "stars": pick.stars,
        "flag": pick.flag and pick.flag.value,
        "note": pick.note,
        "marked_at": pick.updated_at.isoformat(),
    }


def harmless(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
