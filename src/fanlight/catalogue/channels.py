"""Connections (with their sealed secrets) and channels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fanlight.catalogue import schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import to_json
from fanlight.model import Channel, Connection


class Connections(Keep[Connection]):
    """Authorised accounts. Their secrets are sealed in the table and open in the record."""

    plain = Plain(schema.connection)
    noun = "connection"
    record = Connection

    def __init__(self, session: Session, seal: Seal) -> None:
        super().__init__(session)
        self._seal = seal

    def rotate(self) -> int:
        """Seal all secrets (and the canary) again with the newest key; how many connections."""
        self._rotate("canary", "sealed")
        return self._rotate("connection", "secrets")

    def _rotate(self, table: str, column: str) -> int:
        rows = self._session.fetch(f"SELECT id, {column} FROM {table}")  # noqa: S608
        for id_, sealed in rows:
            self._session.do(
                f"UPDATE {table} SET {column} = :sealed WHERE id = :id",  # noqa: S608
                id=id_,
                sealed=self._seal.rotate(sealed),
            )
        return len(rows)

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        row = super()._to_row(fields)
        if "secrets" in row:
            row["secrets"] = self._seal.seal(to_json(row["secrets"]).encode())
        return row

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"secrets": json.loads(self._seal.open(fields["secrets"]))}


class Channels(Keep[Channel]):
    """Places to put and publish from."""

    plain = Plain(schema.channel)
    noun = "channel"
    record = Channel

    def by_name(self, name: str) -> Channel | None:
        """The channel of exactly this name."""
        return self._first(name=name)
