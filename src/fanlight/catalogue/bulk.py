"""Writing assets: the values of a row, one at a time or very many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import islice

from fanlight.catalogue import tags
from fanlight.catalogue.rows import ASSET_COLUMNS, PLACEMENT_COLUMNS
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros
from fanlight.catalogue.words import checked, searched
from fanlight.model import Asset, Placement

_AT_ONCE = 1000
_PLACEMENT_NAMES = ", ".join(f'"{name}"' for name in PLACEMENT_COLUMNS)


def _insert(table: str, names: Sequence[str], quoted: str | None = None) -> str:
    values = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({quoted or ', '.join(names)}) VALUES ({values})"  # noqa: S608


INSERT_NEW = f"{_insert('asset', ASSET_COLUMNS[1:])} ON CONFLICT (id) DO NOTHING RETURNING seq"
INSERT_NEW_PLACEMENT = (
    f"{_insert('placement', PLACEMENT_COLUMNS, _PLACEMENT_NAMES)}"
    " ON CONFLICT (id) DO NOTHING RETURNING 1"
)
_INSERT = _insert("asset", ASSET_COLUMNS)
_INSERT_PLACEMENT = _insert("placement", PLACEMENT_COLUMNS, _PLACEMENT_NAMES)
_INSERT_ALIAS = _insert(
    "alias",
    ("path", "asset_id", "current", "created_at"),
    'path, asset_id, "current", created_at',
)
_INSERT_TEXT = _insert("asset_text", ("seq", "body", "words"))


def plain(value: object) -> object:
    """What a column keeps of a field's value. Raises BadName."""
    if isinstance(value, StrEnum):
        return value.value
    return micros(value) if isinstance(value, datetime) else checked(value)


def asset_values(asset: Asset, alias_path: str, names: Sequence[str]) -> dict[str, object]:
    """The columns of an asset's row, but its number."""
    values = {name: plain(getattr(asset, name)) for name in ASSET_COLUMNS[1:]}
    values["alias"], values["tags"] = checked(alias_path), "\n".join(names)
    return values


def placement_values(placement: Placement, asset_id: str) -> dict[str, object]:
    """The columns of an asset's primary placement."""
    values = {name: plain(getattr(placement, name)) for name in PLACEMENT_COLUMNS}
    values["asset_id"], values["primary"] = asset_id, True
    return values


def add_many(session: Session, entries: Iterable[tuple[Asset, Placement, str]]) -> int:
    """Write assets with placements and alias paths in large steps; how many."""
    added, source = 0, iter(entries)
    while chunk := list(islice(source, _AT_ONCE)):
        _add_chunk(session, chunk)
        added += len(chunk)
    return added


def _add_chunk(session: Session, chunk: list[tuple[Asset, Placement, str]]) -> None:
    tied: list[Mapping[str, object]] = []
    assets: list[Mapping[str, object]] = []
    aliases: list[Mapping[str, object]] = []
    texts: list[Mapping[str, object]] = []
    for seq, (asset, _, path) in zip(_numbers(session, len(chunk)), chunk, strict=True):
        names = tags.check(asset.tags)
        values = asset_values(asset, path, names) | {"seq": seq}
        body, words = searched(asset.name, "\n".join(names))
        created_at = values["created_at"]
        assets.append(values)
        aliases.append(
            {"path": path, "asset_id": asset.id, "current": True, "created_at": created_at}
        )
        texts.append({"seq": seq, "body": body, "words": words})
        tied += [{"tag": name, "created_at": created_at, "seq": seq} for name in names]
        if asset.deleted_at is None:
            session.folders[asset.folder] += 1
            session.tags.update(names)
    session.many(_INSERT, assets)
    session.many(_INSERT_ALIAS, aliases)
    placed = [placement_values(placement, asset.id) for asset, placement, _ in chunk]
    session.many(_INSERT_PLACEMENT, placed)
    session.many(_INSERT_TEXT, texts)
    session.many(tags.TIE, tied)


def _numbers(session: Session, count: int) -> Iterator[int]:
    """Row numbers that nobody else will use."""
    if session.on_postgresql:
        rows = session.fetch(
            "SELECT nextval('asset_seq_seq') FROM generate_series(1, :count)", count=count
        )
        return iter(sorted(int(row[0]) for row in rows))
    last = int(session.fetch("SELECT coalesce(max(seq), 0) FROM asset")[0][0])
    return iter(range(last + 1, last + 1 + count))
