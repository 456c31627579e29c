"""The seam between a parsed query and what each database searches with.

SQLite: two FTS5 tables beside `asset_text`, one of three-character grams and one of words, both
without content of their own; they are kept up to date by triggers. PostgreSQL: a trigram index on
the text, and one on the words as a text search vector. On both, results come by row number,
newest first, because an index can deliver them in that order without seeing all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fanlight.catalogue.session import Session
from fanlight.catalogue.words import GRAM, Query, searched

_MOST_GRAMS = 24

_KEEP = (
    "INSERT INTO asset_text (seq, body, words) VALUES (:seq, :body, :words)"
    " ON CONFLICT (seq) DO UPDATE SET body = excluded.body, words = excluded.words"
)


def keep(session: Session, seq: int, name: str, tags: str) -> None:
    """Make an asset findable by its name and tags as they are now."""
    body, words = searched(name, tags)
    session.do(_KEEP, seq=seq, body=body, words=words)


@dataclass(slots=True)
class Found:
    """Where matches come from: tables with the alias `x` for `asset_text`, and conditions."""

    tables: str = "asset_text x"
    seq: str = "x.seq"
    conditions: list[str] = field(default_factory=list[str])
    parameters: dict[str, object] = field(default_factory=dict[str, object])


def matches(query: Query, *, on_postgresql: bool) -> Found | None:
    """How to find what the query asks for; None when nothing in it can be searched for."""
    if query.empty:
        return Found(conditions=["TRUE"])
    grams = _grams(query)
    if not grams and not query.words and not query.prefix:
        return None
    found = Found()
    if on_postgresql:
        _postgresql(query, found)
    else:
        _sqlite(query, grams, found)
    return found


def _grams(query: Query) -> list[str]:
    """The grams that must all be there; a query as long as we take needs no more than a few."""
    grams = dict.fromkeys(
        part[at : at + GRAM] for part in query.parts for at in range(len(part) - GRAM + 1)
    )
    return list(grams)[:_MOST_GRAMS]


def _sqlite(query: Query, grams: list[str], found: Found) -> None:
    index = "asset_grams" if grams else "asset_words"
    found.tables = f"{index} g CROSS JOIN asset_text x ON x.seq = g.rowid"
    found.seq = "g.rowid"
    found.conditions.append(f"g.{index} MATCH :match")
    if grams:
        found.parameters["match"] = " AND ".join(_quoted(gram) for gram in grams)
        _compare_words(query, found)
    else:
        terms = [_quoted(word) for word in query.words]
        terms += [f"{_quoted(query.prefix)} *"] if query.prefix else []
        found.parameters["match"] = " AND ".join(terms)
    for at, part in enumerate(query.parts):
        found.conditions.append(f"instr(x.body, :part{at}) > 0")
        found.parameters[f"part{at}"] = part


def _compare_words(query: Query, found: Found) -> None:
    for at, word in enumerate((*query.words, query.prefix)):
        if not word:
            continue
        end = " " if at < len(query.words) else ""
        found.conditions.append(f"instr(' ' || x.words || ' ', :word{at}) > 0")
        found.parameters[f"word{at}"] = f" {word}{end}"


def _postgresql(query: Query, found: Found) -> None:
    for at, part in enumerate(query.parts):
        escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found.conditions.append(f"x.body LIKE :part{at}")
        found.parameters[f"part{at}"] = f"%{escaped}%"
    terms = [f"'{word}'" for word in query.words]
    terms += [f"'{query.prefix}':*"] if query.prefix else []
    if terms:
        found.conditions.append(
            "array_to_tsvector(string_to_array(x.words, ' ')) @@ CAST(:match AS tsquery)"
        )
        found.parameters["match"] = " & ".join(terms)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
