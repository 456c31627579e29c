"""Assets: the catalogue's records of originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Unpack

from fanlight.catalogue import aliases, bulk, pages, schema, search
from fanlight.catalogue.counts import flush_counts
from fanlight.catalogue.filters import Wanted
from fanlight.catalogue.pages import clamp
from fanlight.catalogue.rows import (
    asset_from,
    columns_of_asset,
    columns_of_placement,
    placement_from,
)
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.tags import Tags, check, tie
from fanlight.catalogue.types import micros
from fanlight.catalogue.words import can_be_asked, parse
from fanlight.errors import Conflict, NotFound
from fanlight.model import Asset, Filters, Folder, Page, Placement, Sort

_COLUMNS = columns_of_asset()
_PLACEMENT_COLUMNS = columns_of_placement()
_COLUMNS_HERE = columns_of_asset("asset")
_CHANGEABLE = frozenset(
    [
        "name",
        "folder",
        "kind",
        "media_type",
        "size",
        "sha256",
        "version",
        "visibility",
        "owner_id",
        "updated_at",
        "expires_at",
        "width",
        "height",
        "taken_at",
        "placeholder",
    ]
)

_AT_ONCE = 500
"""Ids in one statement."""


class Assets:
    """One row an asset; with it go its aliases, placements and tags."""

    table = schema.asset

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- one asset --------------------------------------------------------------------------------

    def add(self, asset: Asset, *, placement: Placement, alias_path: str) -> Asset:
        """Write an asset, its primary placement and its current alias in one go.

        Gives the asset as it is kept (`alias` is `alias_path`). Raises Conflict: `conflict.asset`
        for a known id, `conflict.alias` when the path is another's, BadName for a bad tag.
        """
        session, names = self._session, check(asset.tags)
        seq = self._insert(asset, alias_path, names)
        aliases.claim(session, asset.id, alias_path, asset.created_at)
        _insert_placement(session, asset.id, placement)
        tie(session, seq, micros(asset.created_at), names)
        search.keep(session, seq, asset.name, "\n".join(names))
        if asset.deleted_at is None:
            session.folders[asset.folder] += 1
            session.tags.update(names)
        return self.get(asset.id, trashed=asset.deleted_at is not None)

    def find(self, id: str) -> Asset | None:  # noqa: A002
        """The asset, in use or in the trash, or None."""
        row = self._row(id)
        return None if row is None else asset_from(row)

    def get(self, id: str, trashed: bool = False) -> Asset:  # noqa: A002, FBT
        """The asset in use; with `trashed`, also one in the trash. Raises NotFound."""
        found = self.find(id)
        if found is None or (found.deleted_at is not None and not trashed):
            raise _missing()
        return found

    def many(self, ids: Iterable[str]) -> tuple[Asset, ...]:
        """Those of the assets that are in use, in no order: a list may be long."""
        wanted = tuple(dict.fromkeys(filter(can_be_asked, ids)))
        found: list[Asset] = []
        for begin in range(0, len(wanted), _AT_ONCE):
            some = wanted[begin : begin + _AT_ONCE]
            names = ", ".join(f":id{number}" for number in range(len(some)))
            rows = self._session.fetch(
                f"SELECT {_COLUMNS} FROM asset a"  # noqa: S608
                f" WHERE a.id IN ({names}) AND a.deleted_at IS NULL",
                **{f"id{number}": id for number, id in enumerate(some)},  # noqa: A001
            )
            found += map(asset_from, rows)
        return tuple(found)

    def update(
        self,
        id: str,  # noqa: A002
        *,
        tags: Sequence[str] | None = None,
        **fields: object,
    ) -> Asset:
        """Change fields of an asset, in use or in the trash, and give it back.

        Its alias and the trash have verbs of their own. Raises NotFound, BadName for a bad tag,
        and TypeError for a field that cannot be changed here.
        """
        row = self._changed(id, fields) if fields else self._row(id)
        if row is None:
            raise _missing()
        self._session.touch(id)
        if tags is not None:
            Tags(self._session).set(id, tags)
            return self.get(id, trashed=True)
        return asset_from(row)

    # --- many -------------------------------------------------------------------------------------

    def add_many(self, entries: Iterable[tuple[Asset, Placement, str]]) -> int:
        """Write many assets with their primary placements and alias paths; how many.

        For index runs: some ten times faster than `add`, all or nothing. Raises Conflict when
        any id or path is taken. Old aliases are not taken over.
        """
        return bulk.add_many(self._session, entries)

    def page(
        self,
        *,
        sort: Sort = Sort.NEWEST,
        after: str | None = None,
        limit: int = 100,
        **filters: Unpack[Filters],
    ) -> Page[Asset]:
        """One page in an order. `limit` is brought between 1 and 500. Raises BadCursor."""
        return pages.page(self._session, Wanted(**filters), sort, after, limit)

    def search(
        self,
        query: str,
        *,
        after: str | None = None,
        limit: int = 100,
        **filters: Unpack[Filters],
    ) -> Page[Asset]:
        """One page of those whose name and tags hold all of the query, last added first.

        Filters are those of `page`, but `deep` is what a search is unless it is told otherwise.
        A piece of three characters or more may stand anywhere; a shorter one is a word, the last
        one the beginning of a word. No character has a special meaning. A blank query gives
        everything; one of nothing but one or two signs gives nothing. Raises BadCursor.
        """
        given: Filters = {"deep": True, **filters}
        return pages.found(self._session, parse(query), Wanted(**given), after, limit)

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many a `page` of the same filters has in all. At once by folder or tag alone."""
        return pages.count(self._session, Wanted(**filters))

    def tidy(self) -> None:
        """Make searches quick again after many changes; now and then, by a periodic task."""
        search.tidy(self._session)

    def folders(self, parent: str = "") -> tuple[Folder, ...]:
        """The folders directly in a folder, by name, with the counts of assets directly in them."""
        flush_counts(self._session)
        if not can_be_asked(parent):
            return ()
        rows = self._session.fetch(
            "SELECT path, count, total - count FROM folder"
            " WHERE parent = :parent AND total > 0 ORDER BY path",
            parent=parent,
        )
        return tuple(Folder(path, count, below) for path, count, below in rows)

    def same_content(self, sha256: str, size: int, channel_id: str) -> Placement | None:
        """A stored placement of these bytes in a channel, whether its asset is in use or trash.

        In a `write` it stays what it is until the commit.
        """
        lock = " FOR UPDATE OF p" if self._session.on_postgresql and self._session.writing else ""
        rows = self._session.fetch(
            f"SELECT {_PLACEMENT_COLUMNS} FROM asset a"  # noqa: S608
            # CROSS keeps SQLite from beginning with all placements of the channel
            " CROSS JOIN placement p WHERE p.asset_id = a.id"
            " AND a.sha256 = :sha256 AND a.size = :size AND p.size = :size"
            " AND p.channel_id = :channel_id AND p.state = 'stored'"
            f" ORDER BY p.created_at, p.id LIMIT 1{lock}",
            sha256=sha256,
            size=size,
            channel_id=channel_id,
        )
        return placement_from(rows[0]) if rows else None

    # --- the trash --------------------------------------------------------------------------------

    def trash(self, id: str, at: datetime) -> Asset:  # noqa: A002
        """Put an asset in use into the trash. Raises NotFound."""
        return self._move(id, "deleted_at = :at", "deleted_at IS NULL", -1, at=micros(at))

    def restore(self, id: str) -> Asset:  # noqa: A002
        """Take an asset out of the trash. Raises NotFound when it is not there."""
        return self._move(id, "deleted_at = NULL", "deleted_at IS NOT NULL", +1)

    def trashed_before(self, at: datetime, limit: int = 100) -> tuple[Asset, ...]:
        """Those that went to the trash before then, the first to go first."""
        rows = self._session.fetch(
            f"SELECT {_COLUMNS} FROM asset a"  # noqa: S608
            " WHERE a.deleted_at IS NOT NULL AND a.deleted_at < :at"
            " ORDER BY a.deleted_at, a.seq LIMIT :limit",
            at=micros(at),
            limit=clamp(limit),
        )
        return tuple(map(asset_from, rows))

    def purge(self, id: str) -> None:  # noqa: A002
        """Remove an asset for good, with its aliases, placements and tags. Raises NotFound."""
        row = self._row(id)
        if row is None:
            raise _missing()
        asset = asset_from(row)
        self._session.do("DELETE FROM asset WHERE seq = :seq", seq=row[0])
        if asset.deleted_at is None:
            self._session.folders[asset.folder] -= 1
            self._session.tags.subtract(asset.tags)
        self._session.touch(id)

    # --- rows -------------------------------------------------------------------------------------

    def _row(self, id: str, lock: bool = False) -> Row | None:  # noqa: A002, FBT
        if not can_be_asked(id):
            return None
        locked = " FOR UPDATE" if lock and self._session.on_postgresql else ""
        rows = self._session.fetch(
            f"SELECT {_COLUMNS} FROM asset a WHERE a.id = :id{locked}",  # noqa: S608
            id=id,
        )
        return rows[0] if rows else None

    def _insert(self, asset: Asset, alias_path: str, names: Sequence[str]) -> int:
        rows = self._session.fetch(bulk.INSERT_NEW, **bulk.asset_values(asset, alias_path, names))
        if not rows:
            raise Conflict("There is such an asset already.", code="conflict.asset")
        return int(rows[0][0])

    def _changed(self, id: str, fields: Mapping[str, object]) -> Row | None:  # noqa: A002
        if unknown := fields.keys() - _CHANGEABLE:
            raise TypeError(f"not a field that can be changed here: {', '.join(sorted(unknown))}")
        before = self._row(id, lock=True)
        if before is None:
            return None
        if "version" in fields:
            fields = {**fields, "problem": ""}  # of other bytes
        setting = ", ".join(f"{name} = :{name}" for name in fields)
        rows = self._session.fetch(
            f"UPDATE asset SET {setting} WHERE seq = :seq RETURNING {_COLUMNS_HERE}",  # noqa: S608
            seq=before[0],
            **{name: bulk.plain(value) for name, value in fields.items()},
        )
        self._follow(asset_from(before), asset_from(rows[0]), before[0])
        return rows[0]

    def _follow(self, before: Asset, after: Asset, seq: int) -> None:
        """Bring what is derived from an asset's row after it."""
        if after.name != before.name:
            search.keep(self._session, seq, after.name, "\n".join(after.tags))
        if after.folder != before.folder and after.deleted_at is None:
            self._session.folders[before.folder] -= 1
            self._session.folders[after.folder] += 1

    def _move(self, id: str, change: str, condition: str, more: int, **values: object) -> Asset:  # noqa: A002
        rows = self._session.fetch(
            f"UPDATE asset SET {change} WHERE id = :id AND {condition}"  # noqa: S608
            f" RETURNING {_COLUMNS_HERE}",
            id=id,
            **values,
        )
        if not rows:
            raise _missing()
        asset = asset_from(rows[0])
        self._session.folders[asset.folder] += more
        for name in asset.tags:
            self._session.tags[name] += more
        self._session.touch(id)
        return asset


def _insert_placement(session: Session, asset_id: str, placement: Placement) -> None:
    rows = session.fetch(bulk.INSERT_NEW_PLACEMENT, **bulk.placement_values(placement, asset_id))
    if not rows:
        raise Conflict("There is such a placement already.", code="conflict.placement")


def _missing() -> NotFound:
    return NotFound("There is no such asset.", code="not-found.asset")
