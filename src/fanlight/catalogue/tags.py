"""Tags: what they are, who carries them, and how many do."""

from __future__ import annotations

from collections.abc import Sequence

from fanlight.catalogue import search
from fanlight.catalogue.counts import flush_counts
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.rows import tags_from
from fanlight.catalogue.session import Session
from fanlight.catalogue.words import can_be_asked
from fanlight.errors import BadName, NotFound
from fanlight.model import Tag

TIE = "INSERT INTO asset_tag (tag, created_at, seq) VALUES (:tag, :created_at, :seq)"


class Tags:
    """Names that assets carry. Counts are of assets in use."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set(self, asset_id: str, names: Sequence[str]) -> tuple[str, ...]:
        """Give an asset exactly these tags (a doubled name counts once).

        Raises NotFound, and BadName for an empty name or one with control characters.
        """
        kept = check(names)
        rows = self._session.fetch(
            "SELECT seq, name, tags, created_at, deleted_at FROM asset WHERE id = :id", id=asset_id
        )
        if not rows:
            raise NotFound("There is no such asset.", code="not-found.asset")
        seq, name, before, created_at, deleted_at = rows[0]
        if kept == tags_from(before):
            return kept
        text = "\n".join(kept)
        self._session.do("UPDATE asset SET tags = :tags WHERE seq = :seq", tags=text, seq=seq)
        self._session.do("DELETE FROM asset_tag WHERE seq = :seq", seq=seq)
        tie(self._session, seq, created_at, kept)
        search.keep(self._session, seq, name, text)
        if deleted_at is None:
            self._session.tags.subtract(tags_from(before))
            self._session.tags.update(kept)
        self._session.touch(asset_id)
        return kept

    def all(self, prefix: str = "", limit: int = 100) -> tuple[Tag, ...]:
        """Tags whose names begin with `prefix`, by name; at most `limit` (500)."""
        flush_counts(self._session)
        if not can_be_asked(prefix):
            return ()
        rows = self._session.fetch(
            "SELECT name, count FROM tag WHERE name >= :prefix AND name < :beyond"
            " AND count > 0 ORDER BY name LIMIT :limit",
            prefix=prefix,
            beyond=f"{prefix}\U0010ffff",
            limit=clamp(limit),
        )
        return tuple(Tag(name, count) for name, count in rows)


def check(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once. Raises BadName."""
    for name in names:
        if not name.strip() or not can_be_asked(name) or any(c < " " for c in name):
            raise BadName("A tag must have a name without control characters.")
    return tuple(dict.fromkeys(names))


def tie(session: Session, seq: int, created_at: int, names: Sequence[str]) -> None:
    """Write the rows by which assets are found by tag."""
    if names:
        session.many(
            TIE,
            [{"tag": name, "created_at": created_at, "seq": seq} for name in names],
        )
