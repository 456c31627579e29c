"""Which assets changed, numbered in the order of commits, for caches in every process."""

from __future__ import annotations

from fanlight.catalogue.session import Session
from fanlight.errors import Expired


class Changes:
    """A log with a limited past, written by every noun that changes an asset or where it leads."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def latest(self) -> int:
        """The number of the last change; 0 before the first."""
        rows = self._session.fetch("SELECT value FROM counter WHERE name = 'changes'")
        return int(rows[0][0]) if rows else 0

    def since(self, seq: int) -> tuple[int, tuple[str, ...]]:
        """The number of the last change, and the ids of assets that changed after `seq`.

        Raises Expired (`expired.changes`) when `seq` lies before what is kept (or never was):
        then forget everything and begin again at `latest`.
        """
        # One statement, so that number and changes are of the same moment.
        rows = self._session.fetch(
            "SELECT k.value, c.asset_id FROM"
            " (SELECT coalesce(max(value), 0) AS value FROM counter WHERE name = 'changes') k"
            " LEFT JOIN change c ON c.seq > :seq ORDER BY c.seq",
            seq=seq,
        )
        last = int(rows[0][0])
        changed = [str(row[1]) for row in rows if row[1] is not None]
        if last - seq != len(changed):
            raise Expired(code="expired.changes")
        return last, tuple(dict.fromkeys(changed))
