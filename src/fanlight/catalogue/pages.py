"""Keyset pages of assets: which statement, from which index, and where the next page begins."""

from __future__ import annotations

from dataclasses import dataclass

from fanlight.catalogue import cursors, search
from fanlight.catalogue.counts import flush_counts
from fanlight.catalogue.rows import asset_from, columns_of_asset
from fanlight.catalogue.session import Session
from fanlight.catalogue.words import Query, can_be_asked
from fanlight.model import Asset, Kind, Page, Sort

MOST = 500
"""The longest page. Whoever asks for more gets this."""

_COLUMNS = columns_of_asset()


def clamp(limit: int) -> int:
    """A page length that is possible."""
    return min(max(limit, 1), MOST)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assets: the filters that pages, searches and counts share."""

    folder: str | None = None
    deep: bool = False
    tag: str | None = None
    kind: Kind | None = None
    channel_id: str | None = None
    trashed: bool = False

    @property
    def possible(self) -> bool:
        """Whether any asset can be meant: no name holds what a database cannot."""
        given = (self.folder, self.tag, self.channel_id)
        return all(can_be_asked(text) for text in given if text is not None)


@dataclass(frozen=True, slots=True)
class _Order:
    column: str
    direction: str
    beyond: str
    value: type


_ORDERS = {
    Sort.NEWEST: _Order("created_at", "DESC", "<", int),
    Sort.OLDEST: _Order("created_at", "ASC", ">", int),
    Sort.NAME: _Order("name", "ASC", ">", str),
}
_NAME, _CREATED = 2, 12
_TAGGED = "a.seq IN (SELECT t.seq FROM asset_tag t WHERE t.tag = :tag)"


def page(
    session: Session, wanted: Wanted, sort: Sort, after: str | None, limit: int
) -> Page[Asset]:
    """One page in the given order. Raises BadCursor."""
    limit, order = clamp(limit), _ORDERS[sort]
    conditions, parameters = conditions_of(wanted)
    tables, key, seq = "asset a", f"a.{order.column}", "a.seq"
    if wanted.tag is not None and sort is not Sort.NAME:
        # The tag's own rows are in this order already.
        tables, key, seq = "asset_tag t CROSS JOIN asset a", "t.created_at", "t.seq"
        conditions += ["t.tag = :tag", "a.seq = t.seq"]
    elif wanted.tag is not None:
        conditions.append(_TAGGED)
    if after is not None:
        value, number = cursors.decode(after, sort.value, order.value, int)
        conditions.append(f"({key}, {seq}) {order.beyond} (:value, :seq)")
        parameters |= {"value": value, "seq": number}
    if not wanted.possible:
        return Page(())
    rows = session.fetch(
        f"SELECT {_COLUMNS} FROM {tables} WHERE {' AND '.join(conditions)}"  # noqa: S608
        f" ORDER BY {key} {order.direction}, {seq} {order.direction} LIMIT :limit",
        **parameters,
        limit=limit + 1,
    )
    at = _NAME if sort is Sort.NAME else _CREATED
    items = tuple(map(asset_from, rows[:limit]))
    if len(rows) <= limit:
        return Page(items)
    last = rows[limit - 1]
    return Page(items, cursors.encode(sort.value, last[at], last[0]))


def found(
    session: Session, query: Query, wanted: Wanted, after: str | None, limit: int
) -> Page[Asset]:
    """One page of search results, last added first. Raises BadCursor."""
    limit = clamp(limit)
    seq = None if after is None else cursors.decode(after, "found", int)[0]
    source = search.matches(query, on_postgresql=session.on_postgresql)
    if source is None or not wanted.possible:
        return Page(())
    conditions, parameters = conditions_of(wanted)
    if wanted.tag is not None:
        conditions.append(_TAGGED)
    if seq is not None:
        source.conditions.append(f"{source.seq} < :seq")
        parameters["seq"] = seq
    rows = session.fetch(
        f"SELECT {_COLUMNS} FROM {source.tables} CROSS JOIN asset a"  # noqa: S608
        f" WHERE {' AND '.join((*source.conditions, 'a.seq = x.seq', *conditions))}"
        f" ORDER BY {source.seq} DESC LIMIT :limit",
        **source.parameters,
        **parameters,
        limit=limit + 1,
    )
    more = len(rows) > limit
    return Page(
        tuple(map(asset_from, rows[:limit])),
        cursors.encode("found", rows[limit - 1][0]) if more else None,
    )


def conditions_of(wanted: Wanted) -> tuple[list[str], dict[str, object]]:
    """SQL conditions on `asset a` (but the tag's), and the parameters of all."""
    conditions = ["a.deleted_at IS NOT NULL" if wanted.trashed else "a.deleted_at IS NULL"]
    parameters: dict[str, object] = {}
    if wanted.folder is not None and not (wanted.deep and wanted.folder == ""):
        parameters["folder"] = wanted.folder
        if wanted.deep:
            conditions.append("(a.folder = :folder OR a.folder > :below AND a.folder < :beyond)")
            # 0 follows / in the alphabet: everything between begins with the folder's path.
            parameters |= {"below": f"{wanted.folder}/", "beyond": f"{wanted.folder}0"}
        else:
            conditions.append("a.folder = :folder")
    if wanted.kind is not None:
        conditions.append("a.kind = :kind")
        parameters["kind"] = wanted.kind.value
    if wanted.tag is not None:
        parameters["tag"] = wanted.tag
    if wanted.channel_id is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM placement p WHERE p.asset_id = a.id"
            " AND p.channel_id = :channel_id)"
        )
        parameters["channel_id"] = wanted.channel_id
    return conditions, parameters


def count(session: Session, wanted: Wanted) -> int:
    """How many assets a page's filters let through."""
    flush_counts(session)
    if not wanted.possible:
        return 0
    if (kept := _kept_count(wanted)) is not None:
        statement, value = kept
        rows = session.fetch(statement, value=value)
        return int(rows[0][0]) if rows else 0
    conditions, parameters = conditions_of(wanted)
    if wanted.tag is not None:
        conditions.append(_TAGGED)
    rows = session.fetch(
        f"SELECT count(*) FROM asset a WHERE {' AND '.join(conditions)}",  # noqa: S608
        **parameters,
    )
    return int(rows[0][0])


def _kept_count(wanted: Wanted) -> tuple[str, str] | None:
    """The statement and key of a count that is kept, if it answers what is wanted."""
    if wanted.trashed or wanted.kind is not None or wanted.channel_id is not None:
        return None
    if wanted.tag is None:
        column = "count" if wanted.folder is not None and not wanted.deep else "total"
        return f"SELECT {column} FROM folder WHERE path = :value", wanted.folder or ""  # noqa: S608
    if wanted.folder is None:
        return "SELECT count FROM tag WHERE name = :value", wanted.tag
    return None
