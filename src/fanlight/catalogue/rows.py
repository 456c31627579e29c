"""Rows to records, by hand: what pages and links spend their time on."""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from datetime import timedelta
from typing import Any

from fanlight.catalogue.session import Row
from fanlight.catalogue.types import EPOCH
from fanlight.model import Asset, Kind, Placement, PlacementState, Visibility

_KINDS = {kind.value: kind for kind in Kind}
_VISIBILITIES = {visibility.value: visibility for visibility in Visibility}
_STATES = {state.value: state for state in PlacementState}

ASSET_COLUMNS = [
    "seq",
    "id",
    "name",
    "folder",
    "alias",
    "kind",
    "media_type",
    "size",
    "sha256",
    "version",
    "visibility",
    "owner_id",
    "created_at",
    "updated_at",
    "expires_at",
    "deleted_at",
    "width",
    "height",
    "taken_at",
    "placeholder",
    "tags",
    "problem",
]
PLACEMENT_COLUMNS = [
    "id",
    "asset_id",
    "channel_id",
    "locator",
    "version",
    "size",
    "state",
    "primary",
    "created_at",
    "checked_at",
    "path",
    "checksum",
]


def columns_of_asset(table: str = "a") -> str:
    """The columns that `asset_from` reads, in order; the first is the row's number."""
    return ", ".join(f"{table}.{name}" for name in ASSET_COLUMNS)


def columns_of_placement(table: str = "p") -> str:
    """The columns that `placement_from` reads, in order."""
    return ", ".join(f'{table}."{name}"' for name in PLACEMENT_COLUMNS)


def _draft_of(record: type[Any]) -> Any:
    """A class with the same fields in the same layout whose instances can become the record's.

    A frozen dataclass sets each field by a call, which takes 2.7 us for an asset: longer than
    reading its row. Filled as a draft and then given its real class, it takes 0.4.
    """
    names = [field.name for field in fields(record)]
    return make_dataclass(f"_{record.__name__}Draft", names, slots=True)


_AssetDraft = _draft_of(Asset)
_PlacementDraft = _draft_of(Placement)

WIDTH_OF_ASSET = len(ASSET_COLUMNS)


def asset_from(row: Row) -> Asset:
    """The asset of a row of `columns_of_asset` (whatever follows in the row is left)."""
    born, changed = row[12], row[13]
    created_at = EPOCH + timedelta(0, 0, born)
    draft = _AssetDraft(
        row[1],
        row[2],
        row[3],
        row[4],
        _KINDS[row[5]],
        row[6],
        row[7],
        row[8],
        row[9],
        _VISIBILITIES[row[10]],
        row[11],
        created_at,
        created_at if changed == born else EPOCH + timedelta(0, 0, changed),
        None if row[14] is None else EPOCH + timedelta(0, 0, row[14]),
        None if row[15] is None else EPOCH + timedelta(0, 0, row[15]),
        row[16],
        row[17],
        None if row[18] is None else EPOCH + timedelta(0, 0, row[18]),
        row[19],
        tuple(row[20].split("\n")) if row[20] else (),
        row[21],
    )
    draft.__class__ = Asset
    return draft


def placement_from(row: Row, at: int = 0) -> Placement:
    """The placement of the columns of `columns_of_placement` that begin at `at`."""
    draft = _PlacementDraft(
        row[at],
        row[at + 1],
        row[at + 2],
        row[at + 3],
        row[at + 4],
        row[at + 5],
        _STATES[row[at + 6]],
        bool(row[at + 7]),
        EPOCH + timedelta(0, 0, row[at + 8]),
        EPOCH + timedelta(0, 0, row[at + 9]),
        row[at + 10],
        row[at + 11],
    )
    draft.__class__ = Placement
    return draft


def tags_from(kept: str) -> tuple[str, ...]:
    """The tags of what the column keeps: a line each."""
    return tuple(kept.split("\n")) if kept else ()
