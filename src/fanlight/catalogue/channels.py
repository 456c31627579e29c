"""Connections (with their sealed secrets) and channels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select, update

from fanlight.catalogue import schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import to_json
from fanlight.model import Channel, Connection


class Connections(Keep[Connection]):
    """Authorised accounts. Their secrets are sealed in the table and open in the record."""

    table = schema.connection
    noun = "connection"
    record = Connection

    def __init__(self, session: Session, seal: Seal) -> None:
        super().__init__(session)
        self._seal = seal

    def rotate(self) -> int:
        """Seal all secrets (and the canary) again with the newest key; how many connections."""
        self._rotate(schema.canary, "sealed")
        return self._rotate(self.table, "secrets")

    def _rotate(self, table: Table, column: str) -> int:
        rows = self._session.run(select(table)).mappings().all()
        for row in rows:
            changed = update(table).where(table.c.id == row["id"])
            self._session.run(changed.values({column: self._seal.rotate(row[column])}))
        return len(rows)

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        row = super()._to_row(fields)
        if "secrets" in row:
            row["secrets"] = self._seal.seal(to_json(row["secrets"]).encode())
        return row

    def _of_row(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        fields = super()._of_row(row)
        fields["secrets"] = json.loads(self._seal.open(fields["secrets"]))
        return fields


class Channels(Keep[Channel]):
    """Places to put and publish from."""

    table = schema.channel
    noun = "channel"
    record = Channel

    def by_name(self, name: str) -> Channel | None:
        """The channel of exactly this name."""
        return self._first(self.table.c.name, name)
