"""Promises written down before storage is touched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from fanlight.catalogue import schema
from fanlight.catalogue.aliases import alias_taken
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.words import checked
from fanlight.errors import Conflict
from fanlight.model import Intent, IntentKind


class Intents(Keep[Intent]):
    """What processes are about to do, who does it, and until when that is believed."""

    table = schema.intent
    noun = "intent"
    record = Intent

    def add(self, record: Intent) -> Intent:
        """Write an intent, which reserves its path against all other intents.

        STORE is refused on a path with any alias, MOVE on the current alias of another asset,
        DELETE on neither (the object of a path may go while the path leads elsewhere).
        Raises Conflict (`conflict.alias`).
        """
        self._session.lock(checked(record.path))
        if self._alias_refuses(record):
            raise alias_taken(record.path)
        values = {column.name: getattr(record, column.name) for column in self.table.c}
        if not self._session.insert_new(self.table, self._to_row(values)):
            raise alias_taken(record.path)
        return record

    def finish(self, id: str, holder: str | None = None) -> None:  # noqa: A002
        """Remove an intent because it is done.

        Raises Conflict (`conflict.intent`) if it is gone, or claimed by another holder than
        the one named: then whatever else the unit did must not become true.
        """
        done = delete(self.table).where(self.table.c.id == id)
        if holder is not None:
            done = done.where(self.table.c.holder == holder)
        if self._session.run(done).rowcount == 0:
            raise Conflict(
                "This was taken over by another process, because it took too long.",
                code="conflict.intent",
            )

    def renew(self, holder: str, until: datetime) -> int:
        """Extend the leases of everything a holder does; how many intents that is."""
        mine = update(self.table).where(self.table.c.holder == holder)
        return self._session.run(mine.values(lease_until=until)).rowcount

    def claim_stale(
        self, now: datetime, holder: str, until: datetime, limit: int = 100
    ) -> tuple[Intent, ...]:
        """Take over intents whose lease has run out, oldest lease first. Each goes to one only."""
        columns = self.table.c
        stale = (
            select(columns.id)
            .where(columns.lease_until < now)
            .order_by(columns.lease_until, columns.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = self._session.run(stale).scalars().all()
        taken = update(self.table).where(columns.id.in_(ids))
        self._session.run(taken.values(holder=holder, lease_until=until))
        return self._all(columns.id.in_(ids))

    def held_by(self, holder: str) -> tuple[Intent, ...]:
        """What a holder is doing."""
        return self._all(self.table.c.holder == holder)

    def _alias_refuses(self, record: Intent) -> bool:
        if record.kind is IntentKind.DELETE:
            return False
        rows = self._session.fetch(
            'SELECT asset_id, "current" FROM alias WHERE path = :path', path=record.path
        )
        if not rows or record.kind is IntentKind.STORE:
            return bool(rows)
        return bool(rows[0][1]) and rows[0][0] != record.asset_id
