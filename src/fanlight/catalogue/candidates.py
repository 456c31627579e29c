"""Candidates: the pictures and videos that lie in a folder of a channel."""

from __future__ import annotations

from datetime import datetime

from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros, moment
from fanlight.gallery_model import Candidate
from fanlight.model import Kind

_COLUMNS = "a.id, a.name, a.kind, a.media_type, a.taken_at, a.folder, p.path, p.state"
_IN_USE = (
    # An expression, lest PostgreSQL begin with all pictures there are.
    "a.deleted_at IS NULL AND a.kind || '' IN ('picture', 'video')"
    " AND a.visibility <> 'blocked' AND (a.expires_at IS NULL OR a.expires_at > :at)"
)


class Candidates:
    """What sources may bring into their galleries."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def below(self, channel_id: str, path: str, at: datetime) -> tuple[Candidate, ...]:
        """What lies in a folder of a channel, at whatever depth; `""` for all of the channel.

        `path` is in the form in which the provider compares paths. What is missing comes too; what
        lies in `copies_in` a folder below does not, so that nothing is shown twice.
        """
        within, asked = "p.channel_id = :channel_id", dict[str, object](channel_id=channel_id)
        if path:
            # 0 follows / in the alphabet: everything between begins with the folder's path.
            within += " AND p.path > :below AND p.path < :beyond"
            asked |= {"below": f"{path}/", "beyond": f"{path}0"}
        rows = self._session.fetch(f"SELECT p.path FROM copy_folder p WHERE {within}", **asked)  # noqa: S608
        copies = tuple(f"{folder}/" for (folder,) in rows)
        found = self._found(
            f"placement p CROSS JOIN asset a WHERE a.id = p.asset_id AND {within}", at, **asked
        )
        return tuple(one for one in found if not one.path.startswith(copies))

    def copies_in(self, channel_id: str, path: str) -> None:
        """Keep in mind that copies of photos are put into a folder; `path` is as for `below`."""
        self._session.do(
            "INSERT INTO copy_folder (channel_id, path) VALUES (:channel_id, :path)"
            " ON CONFLICT DO NOTHING",
            channel_id=channel_id,
            path=path,
        )

    def chosen(self, gallery_id: str, at: datetime) -> tuple[Candidate, ...]:
        """Those that were put into a gallery by hand, with any of their placements."""
        return self._found(
            "gallery_item i CROSS JOIN asset a CROSS JOIN placement p"
            " WHERE i.gallery_id = :gallery_id AND i.source_id IS NULL"
            " AND a.id = i.asset_id AND p.asset_id = a.id",
            at,
            gallery_id=gallery_id,
        )

    def _found(self, tables: str, at: datetime, **asked: object) -> tuple[Candidate, ...]:
        rows = self._session.fetch(
            f"SELECT {_COLUMNS} FROM {tables} AND {_IN_USE} AND p.state <> 'deleting'"  # noqa: S608
            " ORDER BY p.path, p.id",
            at=micros(at),
            **asked,
        )
        return tuple(
            Candidate(
                asset_id,
                name,
                Kind(kind),
                media_type,
                None if taken_at is None else moment(taken_at),
                folder,
                path,
                state == "stored",
            )
            for asset_id, name, kind, media_type, taken_at, folder, path, state in rows
        )
