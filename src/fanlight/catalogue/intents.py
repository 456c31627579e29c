"""Promises written down before storage is touched."""

from __future__ import annotations

from datetime import datetime

from fanlight.catalogue import schema
from fanlight.catalogue.aliases import alias_taken
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.types import micros
from fanlight.catalogue.words import checked
from fanlight.errors import Conflict
from fanlight.model import Intent, IntentKind


class Intents(Keep[Intent]):
    """What processes are about to do, who does it, and until when that is believed."""

    plain = Plain(schema.intent)
    noun = "intent"
    record = Intent

    def add(self, record: Intent) -> Intent:
        """Write an intent, which reserves its path against all other intents.

        STORE is refused on a path with any alias, MOVE on the current alias of another asset,
        DELETE on neither (the object of a path may go while the path leads elsewhere).
        Raises Conflict (`conflict.alias`).
        """
        self._session.lock(checked(record.path))
        if self._alias_refuses(record) or not self._insert(record):
            raise alias_taken(record.path)
        return record

    def finish(self, id: str, holder: str | None = None) -> None:  # noqa: A002
        """Remove an intent because it is done.

        Raises Conflict (`conflict.intent`) if it is gone, or claimed by another holder than
        the one named: then whatever else the unit did must not become true.
        """
        condition, asked = "id = :id", {"id": id}
        if holder is not None:
            condition, asked = f"{condition} AND holder = :holder", {**asked, "holder": holder}
        if not self._delete(condition, **asked):
            raise Conflict(
                "This was taken over by another process, because it took too long.",
                code="conflict.intent",
            )

    def at(self, path: str) -> Intent | None:
        """The intent that has a path, or None."""
        return self._first(path=path)

    def renew(self, holder: str, until: datetime) -> int:
        """Extend the leases of everything a holder does; how many intents that is."""
        rows = self._session.fetch(
            "UPDATE intent SET lease_until = :until WHERE holder = :holder RETURNING 1",
            holder=holder,
            until=micros(until),
        )
        return len(rows)

    def claim_stale(
        self, now: datetime, holder: str, until: datetime, limit: int = 100
    ) -> tuple[Intent, ...]:
        """Take over intents whose lease has run out, oldest lease first. Each goes to one only."""
        others_wait = " FOR UPDATE SKIP LOCKED" if self._session.on_postgresql else ""
        rows = self._session.fetch(
            "UPDATE intent SET holder = :holder, lease_until = :until WHERE id IN"  # noqa: S608
            " (SELECT id FROM intent WHERE lease_until < :now"
            f" ORDER BY lease_until, id LIMIT :limit{others_wait}) RETURNING {self.plain.columns}",
            now=micros(now),
            holder=holder,
            until=micros(until),
            limit=limit,
        )
        claimed = map(self._record, rows)
        return tuple(sorted(claimed, key=lambda intent: (intent.created_at, intent.id)))

    def held_by(self, holder: str) -> tuple[Intent, ...]:
        """What a holder is doing."""
        return self._all(holder=holder)

    def in_channel(self, channel_id: str) -> tuple[Intent, ...]:
        """What is being done in a channel, or was left there."""
        return self._all(channel_id=channel_id)

    def _alias_refuses(self, record: Intent) -> bool:
        if record.kind is IntentKind.DELETE:
            return False
        rows = self._session.fetch(
            'SELECT asset_id, "current" FROM alias WHERE path = :path', path=record.path
        )
        if not rows or record.kind is IntentKind.STORE:
            return bool(rows)
        return bool(rows[0][1]) and rows[0][0] != record.asset_id
