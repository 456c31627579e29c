"""Keyset pages of assets: which statement, from which index, and where the next page begins."""

from __future__ import annotations

from dataclasses import dataclass

from fanlight.catalogue import cursors, search
from fanlight.catalogue.counts import flush_counts
from fanlight.catalogue.filters import Wanted, conditions_of, kept_count, narrow, parameters_of
from fanlight.catalogue.rows import asset_from, columns_of_asset
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.words import Query
from fanlight.model import Asset, Page, Sort

MOST = 500
"""The longest page. Whoever asks for more gets this."""

_COLUMNS = columns_of_asset()


def clamp(limit: int) -> int:
    """A page length that is possible."""
    return min(max(limit, 1), MOST)


@dataclass(frozen=True, slots=True)
class _Order:
    """How rows are sorted: by a column (at a place in the row), then by their number."""

    column: str
    at: int
    direction: str
    beyond: str
    value: type
    indexed: frozenset[str] = frozenset({"direct", "tag", "kind"})
    """Filters that have an index in this order."""


_ORDERS = {
    Sort.NEWEST: _Order("created_at", 12, "DESC", "<", int),
    Sort.OLDEST: _Order("created_at", 12, "ASC", ">", int),
    Sort.NAME: _Order("name", 2, "ASC", ">", str, frozenset({"direct"})),
}
_ORDERS_OF_TRASH = _ORDERS | {
    Sort.NEWEST: _Order("deleted_at", 15, "DESC", "<", int),
    Sort.OLDEST: _Order("deleted_at", 15, "ASC", ">", int),
}


def page(
    session: Session, wanted: Wanted, sort: Sort, after: str | None, limit: int
) -> Page[Asset]:
    """One page in the given order. Raises BadCursor."""
    limit, order = clamp(limit), (_ORDERS_OF_TRASH if wanted.trashed else _ORDERS)[sort]
    parameters = parameters_of(wanted)
    if after is not None:
        value, number = cursors.decode(after, sort.value, order.value, int)
        parameters |= {"value": value, "seq": number}
    if not wanted.possible:
        return Page(())
    few = narrow(session, wanted, ordered=order.indexed)
    tables, key, seq, conditions = _walk(wanted, order) if few is None else _gathered(wanted, order)
    if after is not None:
        conditions.append(f"({key}, {seq}) {order.beyond} (:value, :seq)")
    rows = session.fetch(
        f"{_with(few)}SELECT {_COLUMNS} FROM {tables} WHERE {' AND '.join(conditions)}"  # noqa: S608
        f" ORDER BY {key} {order.direction}, {seq} {order.direction} LIMIT :limit",
        **parameters,
        limit=limit + 1,
    )
    return _page(rows, limit, sort.value, order.at)


def _with(few: str | None) -> str:
    return "" if few is None else f"WITH few (seq) AS MATERIALIZED ({few}) "


def _gathered(wanted: Wanted, order: _Order) -> tuple[str, str, str, list[str]]:
    """Tables, sort columns and conditions to pick from few."""
    conditions = ["a.seq = few.seq", *conditions_of(wanted)]
    return "few CROSS JOIN asset a", f"a.{order.column}", "a.seq", conditions


def _walk(wanted: Wanted, order: _Order) -> tuple[str, str, str, list[str]]:
    """Tables, sort columns and conditions to walk along the index that has the order."""
    conditions = conditions_of(wanted)
    if order.column != "created_at" or wanted.direct:
        return "asset a", f"a.{order.column}", "a.seq", conditions
    if wanted.tag is not None:
        conditions += ["t.tag = :tag", "a.seq = t.seq"]
        return "asset_tag t CROSS JOIN asset a", "t.created_at", "t.seq", conditions
    if wanted.kind is not None:
        conditions.append("a.kind = :kind")
    return "asset a", "a.created_at", "a.seq", conditions


def found(
    session: Session, query: Query, wanted: Wanted, after: str | None, limit: int
) -> Page[Asset]:
    """One page of search results, last added first. Raises BadCursor."""
    limit = clamp(limit)
    below = None if after is None else int(cursors.decode(after, "found", int)[0])
    if not wanted.possible:
        return Page(())
    return _page(search.rows(session, query, wanted, below, limit + 1), limit, "found")


def _page(rows: list[Row], limit: int, kind: str, at: int | None = None) -> Page[Asset]:
    """The page of one row more than it may have, if there are so many."""
    items = tuple(map(asset_from, rows[:limit]))
    if len(rows) <= limit:
        return Page(items)
    last = rows[limit - 1]
    value = () if at is None else (last[at],)
    return Page(items, cursors.encode(kind, *value, last[0]))


def count(session: Session, wanted: Wanted) -> int:
    """How many assets a page's filters let through."""
    flush_counts(session)
    if not wanted.possible:
        return 0
    if not (wanted.trashed or wanted.kind or wanted.channel_id):
        if wanted.tag is None:
            which = "count" if wanted.direct else "total"
            return kept_count(session, "folder", which, wanted.folder or "")
        if wanted.folder is None:
            return kept_count(session, "tag", "count", wanted.tag)
    few = narrow(session, wanted)
    tables, conditions = "asset a", conditions_of(wanted)
    if few is not None:
        tables, conditions = "few CROSS JOIN asset a", ["a.seq = few.seq", *conditions]
    rows = session.fetch(
        f"{_with(few)}SELECT count(*) FROM {tables} WHERE {' AND '.join(conditions)}",  # noqa: S608
        **parameters_of(wanted),
    )
    return int(rows[0][0])
