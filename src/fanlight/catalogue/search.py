"""The seam between a parsed query and what each database searches with.

SQLite: two FTS5 tables beside `asset_text`, one of three-character grams and one of words, both
without content of their own; triggers keep them up to date. They give matches by row number, last
added first, without having to see all of them.

PostgreSQL: a trigram index on the text, and one on the words as a text search vector. They give
matches in no order, so all have to be fetched and sorted. What is common is therefore looked for
among the last added first, without an index; only what is rare there is asked of the indices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fanlight.catalogue.filters import Wanted, conditions_of, narrow, parameters_of
from fanlight.catalogue.rows import columns_of_asset
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.words import GRAM, Query, searched

_MOST_GRAMS = 24
_LAST_ADDED = 2500
_FIRST_BATCH = 1000
_LONG_NUMBER = re.compile("[0-9]{5}")  # so rare that looking among the last added is a waste

_COLUMNS = columns_of_asset()
_KEEP = (
    "INSERT INTO asset_text (seq, body, words) VALUES (:seq, :body, :words)"
    " ON CONFLICT (seq) DO UPDATE SET body = excluded.body, words = excluded.words"
)


def keep(session: Session, seq: int, name: str, tags: str) -> None:
    """Make an asset findable by its name and tags as they are now."""
    body, words = searched(name, tags)
    session.do(_KEEP, seq=seq, body=body, words=words)


def tidy(session: Session) -> None:
    """Merge what many small writes left of SQLite's indices: half a second for a million assets.

    Searches are up to three times slower without. PostgreSQL tidies by itself.
    """
    if not session.on_postgresql:
        for index in ("asset_grams", "asset_words"):
            session.do(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608


@dataclass(slots=True)
class _Asked:
    """A search on its way through one of the databases."""

    session: Session
    query: Query
    wanted: Wanted
    below: int | None
    """Only assets with smaller numbers: where the last page ended."""
    limit: int

    def rows(
        self,
        tables: str,
        seq: str,
        conditions: Sequence[str],
        parameters: Mapping[str, object],
        first: str = "",
    ) -> list[Row]:
        """Rows of `asset a` by `seq`, last first, which the filters let through."""
        every = [f"a.seq = {seq}", *conditions, *conditions_of(self.wanted)]
        if self.below is not None:
            every.append(f"{seq} < :below_seq")
        return self.session.fetch(
            f"{first}SELECT {_COLUMNS} FROM {tables} WHERE {' AND '.join(every)}"  # noqa: S608
            f" ORDER BY {seq} DESC LIMIT :limit",
            **parameters_of(self.wanted),
            **parameters,
            below_seq=self.below,
            limit=self.limit,
        )


def rows(
    session: Session, query: Query, wanted: Wanted, below: int | None, limit: int
) -> list[Row]:
    """Rows of assets that match, by number, last added first."""
    asked = _Asked(session, query, wanted, below, limit)
    if query.empty:
        return asked.rows("asset a", "a.seq", (), {})
    if not query.words and not query.prefix and not _grams(query):
        return []
    if few := narrow(session, wanted):
        conditions, parameters = _compared(query, session.on_postgresql)
        tables = "few CROSS JOIN asset_text x CROSS JOIN asset a"
        first = f"WITH few (seq) AS MATERIALIZED ({few}) "
        return asked.rows(tables, "few.seq", ["x.seq = few.seq", *conditions], parameters, first)
    return _in_postgresql(asked) if session.on_postgresql else _in_sqlite(asked)


# --- SQLite ---------------------------------------------------------------------------------------


def _in_sqlite(asked: _Asked) -> list[Row]:
    query, grams = asked.query, _grams(asked.query)
    if not grams:
        words = [_quoted(word) for word in query.words]
        match = " AND ".join([*words, f"{_quoted(query.prefix)} *"] if query.prefix else words)
        conditions, parameters = _compared(Query(query.parts, (), ""), on_postgresql=False)
    else:
        match = " AND ".join(_quoted(gram) for gram in grams)
        exact = query.parts == tuple(grams) and not query.words and not query.prefix
        conditions, parameters = ([], {}) if exact else _compared(query, on_postgresql=False)
    index = "asset_grams" if grams else "asset_words"
    tables = f"{index} g CROSS JOIN asset a"
    if conditions:
        tables = f"{index} g CROSS JOIN asset_text x ON x.seq = g.rowid CROSS JOIN asset a"
    conditions.append(f"g.{index} MATCH :match")
    return asked.rows(tables, "g.rowid", conditions, parameters | {"match": match})


def _grams(query: Query) -> list[str]:
    """Grams that cover the pieces of a query, each character at least once.

    They narrow as well as all the grams would, with a third of the lists to go through; that
    they stand where they should is compared afterwards.
    """
    grams: dict[str, None] = {}
    for part in query.parts:
        last = len(part) - GRAM
        for at in (*range(0, last, GRAM), last) if last >= 0 else ():
            grams[part[at : at + GRAM]] = None
    return list(grams)[:_MOST_GRAMS]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _compared(query: Query, on_postgresql: bool) -> tuple[list[str], dict[str, object]]:
    """Conditions on `asset_text x` that hold where the query matches, without any index."""
    place = "strpos" if on_postgresql else "instr"
    conditions: list[str] = []
    parameters: dict[str, object] = {}
    for at, part in enumerate(query.parts):
        conditions.append(f"{place}(x.body, :part{at}) > 0")
        parameters[f"part{at}"] = part
    sought = [f" {word} " for word in query.words] + ([f" {query.prefix}"] if query.prefix else [])
    for at, word in enumerate(sought):
        conditions.append(f"{place}(' ' || x.words || ' ', :word{at}) > 0")
        parameters[f"word{at}"] = word
    return conditions, parameters


# --- PostgreSQL -----------------------------------------------------------------------------------


def _in_postgresql(asked: _Asked) -> list[Row]:
    if any(map(_LONG_NUMBER.search, asked.query.parts)):
        return _by_index(asked)
    conditions, parameters = _compared(asked.query, on_postgresql=True)
    end = "(SELECT max(seq) FROM asset_text)" if asked.below is None else ":below_seq"
    conditions += [f"x.seq > {end} - :last_added"]
    parameters["last_added"] = _LAST_ADDED
    among = asked.rows("asset_text x CROSS JOIN asset a", "x.seq", conditions, parameters)
    return among if len(among) == asked.limit else _by_index(asked)


def _by_index(asked: _Asked) -> list[Row]:
    """All matches by the indices, sorted, in batches that grow while filters leave too few."""
    conditions, parameters = _indexed(asked.query)
    found: list[Row] = []
    below, batch = asked.below, _FIRST_BATCH
    while True:
        more = [] if below is None else ["x.seq + 0 < :below_seq"]
        numbers = asked.session.fetch(
            f"SELECT x.seq FROM asset_text x WHERE {' AND '.join([*conditions, *more])}"  # noqa: S608
            # An expression, lest the rows be walked in this order instead of asking the index.
            " ORDER BY x.seq + 0 DESC LIMIT :batch",
            **parameters,
            below_seq=below,
            batch=batch,
        )
        these = {"numbers": [row[0] for row in numbers]}
        found += asked.rows("asset a", "a.seq", ["a.seq = ANY(:numbers)"], these)
        if len(found) >= asked.limit or len(numbers) < batch:
            return found[: asked.limit]
        below, batch = int(numbers[-1][0]), batch * 4


def _indexed(query: Query) -> tuple[list[str], dict[str, object]]:
    """Conditions on `asset_text x` that PostgreSQL's indices answer."""
    conditions: list[str] = []
    parameters: dict[str, object] = {}
    for at, part in enumerate(query.parts):
        escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append(f"x.body LIKE :part{at}")
        parameters[f"part{at}"] = f"%{escaped}%"
    terms = [f"'{word}'" for word in query.words]
    terms += [f"'{query.prefix}':*"] if query.prefix else []
    if terms:
        conditions.append(
            "array_to_tsvector(string_to_array(x.words, ' ')) @@ CAST(:match AS tsquery)"
        )
        parameters["match"] = " & ".join(terms)
    return conditions, parameters
