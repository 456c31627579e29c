"""Viewers' lists, and the picks in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros
from fanlight.gallery_model import Pick, Selection


class Selections(Keep[Selection]):
    """Lists of picks."""

    plain = Plain(schema.selection)
    noun = "selection"
    record = Selection

    def of(self, gallery_id: str) -> tuple[Selection, ...]:
        """Everybody's lists in a gallery, oldest first."""
        return self._all(gallery_id=gallery_id)

    def of_viewer(self, viewer_id: str) -> tuple[Selection, ...]:
        """A viewer's lists, oldest first."""
        return self._all(viewer_id=viewer_id)

    def changed(self, id: str, at: datetime) -> Selection:  # noqa: A002 - the field's name
        """Count a change of what is in a list. Raises NotFound."""
        rows = self._session.fetch(
            "UPDATE selection SET version = version + 1, updated_at = :at"  # noqa: S608
            f" WHERE id = :id RETURNING {self.plain.columns}",
            id=id,
            at=micros(at),
        )
        if not rows:
            raise self._missing()
        return self._record(rows[0])


class Picks:
    """Marks in lists, one for each photo of a list at most."""

    _plain = Plain(schema.pick)

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, pick: Pick) -> None:
        """Write a mark; one that is there keeps the time it was made.

        Raises Conflict when there is no such list or asset.
        """
        fields = {name: getattr(pick, name) for name in self._plain.names}
        self._session.do(
            f"{self._plain.insert} ON CONFLICT (selection_id, asset_id) DO UPDATE SET"
            " heart = excluded.heart, stars = excluded.stars, flag = excluded.flag,"
            " note = excluded.note, updated_at = excluded.updated_at",
            **self._plain.kept(fields),
        )

    def take_away(self, selection_id: str, asset_id: str) -> None:
        """Remove a mark, if it is there."""
        self._session.do(
            "DELETE FROM pick WHERE selection_id = :selection_id AND asset_id = :asset_id",
            selection_id=selection_id,
            asset_id=asset_id,
        )

    def find(self, selection_id: str, asset_id: str) -> Pick | None:
        """The mark of a photo in a list."""
        found = self._where(
            "selection_id = :selection_id AND asset_id = :asset_id",
            selection_id=selection_id,
            asset_id=asset_id,
        )
        return found[0] if found else None

    def of(self, selection_id: str) -> tuple[Pick, ...]:
        """A list's marks, in the order they were made."""
        return self._where("selection_id = :selection_id", selection_id=selection_id)

    def of_gallery(self, gallery_id: str) -> tuple[Pick, ...]:
        """All marks in all lists of a gallery, in the order they were made."""
        return self._where(
            "selection_id IN (SELECT id FROM selection WHERE gallery_id = :gallery_id)",
            gallery_id=gallery_id,
        )

    def photos(self) -> Mapping[str, int]:
        """How many photos of each gallery have a heart in some list."""
        rows = self._session.fetch(
            "SELECT s.gallery_id, count(DISTINCT p.asset_id) FROM selection s"
            " JOIN pick p ON p.selection_id = s.id WHERE p.heart GROUP BY s.gallery_id"
        )
        return {gallery_id: int(count) for gallery_id, count in rows}

    def hearts(self, selection_id: str, beside: str | None = None) -> int:
        """How many photos have a heart in a list; only those in one section with `beside`.

        Photos that have left the gallery do not count, nor is there anything beside one that is in
        no section.
        """
        rows = self._session.fetch(
            "SELECT count(*) FROM pick JOIN selection ON selection.id = pick.selection_id"
            " JOIN gallery_item ON gallery_item.gallery_id = selection.gallery_id"
            " AND gallery_item.asset_id = pick.asset_id"
            " WHERE pick.selection_id = :selection_id AND pick.heart"
            " AND (:anywhere OR gallery_item.section_id IN (SELECT one.section_id"
            " FROM gallery_item AS one WHERE one.gallery_id = selection.gallery_id"
            " AND one.asset_id = :beside))",
            selection_id=selection_id,
            anywhere=beside is None,
            beside=beside or "",
        )
        return int(rows[0][0])

    def _where(self, condition: str, **parameters: object) -> tuple[Pick, ...]:
        rows: Sequence[tuple[object, ...]] = self._session.fetch(
            f"{self._plain.select} WHERE {condition} ORDER BY created_at, asset_id", **parameters
        )
        return tuple(Pick(**self._plain.fields(row)) for row in rows)
