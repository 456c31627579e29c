"""Which assets are wanted, and which of the filters narrows best.

A page walks along an index in its order and leaves out what a filter refuses. That is quick
unless the filter lets through few: then all of those are gathered first and sorted. Where the one
becomes cheaper than the other is told by counts that are kept anyway, or by counting up to
there; neither database can tell it by itself well enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from fanlight.catalogue.session import Session
from fanlight.catalogue.words import can_be_asked
from fanlight.model import Kind

_PAGE = 100
_IN_FOLDER = "(a.folder = :folder OR a.folder > :below AND a.folder < :beyond)"
_SOURCES = {
    "direct": "SELECT a.seq FROM asset a WHERE a.folder = :folder AND a.deleted_at IS NULL",
    "below": (
        "SELECT a.seq FROM asset a WHERE a.deleted_at IS NULL AND a.folder IN"
        " (SELECT path FROM folder WHERE path = :folder OR path > :below AND path < :beyond)"
    ),
    "tag": "SELECT t.seq FROM asset_tag t WHERE t.tag = :tag",
    "kind": "SELECT a.seq FROM asset a WHERE a.kind = :kind AND a.deleted_at IS NULL",
    "channel": (
        "SELECT DISTINCT a.seq FROM placement p JOIN asset a ON a.id = p.asset_id"
        " WHERE p.channel_id = :channel_id"
    ),
}
"""Numbers of all assets that one filter lets through."""


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

    @property
    def direct(self) -> bool:
        """Whether only what lies directly in one folder is wanted."""
        return self.folder is not None and not self.deep

    @property
    def below(self) -> bool:
        """Whether everything below some folder is wanted, but not everything there is."""
        return self.deep and bool(self.folder)

    @property
    def asked(self) -> list[str]:
        """The names of the filters that are set."""
        given = {
            "direct": self.direct,
            "below": self.below,
            "tag": self.tag is not None,
            "kind": self.kind is not None,
            "channel": self.channel_id is not None,
        }
        return [name for name, there in given.items() if there]


def parameters_of(wanted: Wanted) -> dict[str, object]:
    """The parameters of all conditions and sources."""
    parameters: dict[str, object] = {}
    if wanted.direct or wanted.below:
        # 0 follows / in the alphabet: everything between begins with the folder's path.
        parameters["folder"] = wanted.folder
        if wanted.below:
            parameters |= {"below": f"{wanted.folder}/", "beyond": f"{wanted.folder}0"}
    if wanted.tag is not None:
        parameters["tag"] = wanted.tag
    if wanted.kind is not None:
        parameters["kind"] = wanted.kind.value
    if wanted.channel_id is not None:
        parameters["channel_id"] = wanted.channel_id
    return parameters


def conditions_of(wanted: Wanted) -> list[str]:
    """SQL conditions on `asset a` that let through exactly what is wanted."""
    conditions = ["a.deleted_at IS NOT NULL" if wanted.trashed else "a.deleted_at IS NULL"]
    if wanted.direct:
        conditions.append("a.folder = :folder")
    elif wanted.below:
        conditions.append(_IN_FOLDER)
    if wanted.tag is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM asset_tag t WHERE t.tag = :tag"
            " AND t.created_at = a.created_at AND t.seq = a.seq)"
        )
    if wanted.kind is not None:
        # An expression, lest SQLite take the kind's index where another is meant.
        conditions.append("a.kind || '' = :kind")
    if wanted.channel_id is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM placement p WHERE p.asset_id = a.id"
            " AND p.channel_id = :channel_id)"
        )
    return conditions


def narrow(
    session: Session, wanted: Wanted, *, ordered: frozenset[str] = frozenset()
) -> str | None:
    """A statement for the numbers of few assets, among them all that are wanted, if there is one.

    `ordered` names filters that an index has in the order of the page: alone, they need no help.
    """
    asked = wanted.asked
    if wanted.trashed or not asked or (len(asked) == 1 and asked[0] in ordered):
        return None
    bound = isqrt(_PAGE * kept_count(session, "folder", "total", ""))
    sizes: list[tuple[int, str]] = []
    for name in asked:
        size = _size(session, wanted, name, bound)
        if name == "direct" and name in ordered:
            bound = min(bound, size)
        else:
            sizes.append((size, _SOURCES[name]))
    few = [each for each in sizes if each[0] <= bound]
    return min(few)[1] if few else None


def _size(session: Session, wanted: Wanted, name: str, bound: int) -> int:
    """How many assets a filter lets through; not more than `bound` and one if it must count."""
    if name == "tag":
        return kept_count(session, "tag", "count", wanted.tag)
    if name in ("direct", "below"):
        which = "count" if name == "direct" else "total"
        return kept_count(session, "folder", which, wanted.folder)
    counted = "SELECT 1 FROM placement WHERE channel_id = :channel_id"
    if name == "kind":
        counted = _SOURCES[name]
    rows = session.fetch(
        f"SELECT count(*) FROM ({counted} LIMIT :bound) counted",  # noqa: S608
        bound=bound + 1,
        **parameters_of(wanted),
    )
    return int(rows[0][0])


def kept_count(session: Session, table: str, column: str, key: str | None) -> int:
    """A count that is kept: of a `folder` (`count` or `total`) or a `tag` (`count`)."""
    name = "path" if table == "folder" else "name"
    rows = session.fetch(f"SELECT {column} FROM {table} WHERE {name} = :key", key=key)  # noqa: S608
    return int(rows[0][0]) if rows else 0
