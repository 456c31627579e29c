"""Connections (with their sealed secrets), channels, and attempts to connect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from fanlight.catalogue import schema
from fanlight.catalogue.diagnoses import (
    account_from,
    account_text,
    findings_from,
    findings_text,
    quota_from,
    quota_text,
)
from fanlight.catalogue.keep import Keep, SealedKeep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros, to_json
from fanlight.model import Channel, ConnectAttempt, Connection


class Connections(Keep[Connection]):
    """Authorised accounts. Secrets and tokens are sealed in the table and open in the record."""

    plain = Plain(schema.connection)
    noun = "connection"
    record = Connection

    def __init__(self, session: Session, seal: Seal) -> None:
        super().__init__(session)
        self._seal = seal

    def rotate(self) -> int:
        """Seal all secrets (and the canary) again with the newest key; how many connections."""
        self._rotate("canary", "sealed")
        self._rotate("connection", "tokens")
        self._rotate("connect_attempt", "verifier")
        self._rotate("share_link", "token")
        self._rotate("viewer", "token")
        self._rotate("webhook", "secret")
        return self._rotate("connection", "secrets")

    def _rotate(self, table: str, column: str) -> int:
        rows = self._session.fetch(
            f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        )
        for id_, sealed in rows:
            self._session.do(
                f"UPDATE {table} SET {column} = :sealed WHERE id = :id",  # noqa: S608
                id=id_,
                sealed=self._seal.rotate(sealed),
            )
        return len(rows)

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        turns: dict[str, Callable[[object], object]] = {
            "secrets": self._sealed,
            "tokens": self._sealed,
            "scopes": _words,
            "account": account_text,
            "quota": quota_text,
        }
        turned = {name: turn(fields[name]) for name, turn in turns.items() if name in fields}
        return super()._to_row({**fields, **turned})

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {
            "secrets": self._opened(fields["secrets"]),
            "tokens": self._opened(fields["tokens"]),
            "scopes": tuple(fields["scopes"].split()),
            "account": account_from(fields["account"]),
            "quota": quota_from(fields["quota"]),
        }

    def _sealed(self, values: object) -> bytes:
        return self._seal.seal(to_json(values).encode())

    def _opened(self, sealed: bytes | None) -> dict[str, str]:
        return {} if sealed is None else json.loads(self._seal.open(sealed))


def _words(scopes: object) -> str:
    return " ".join(cast("Iterable[str]", scopes))


class Channels(Keep[Channel]):
    """Places to put and publish from."""

    plain = Plain(schema.channel)
    noun = "channel"
    record = Channel

    def by_name(self, name: str) -> Channel | None:
        """The channel of exactly this name."""
        return self._first(name=name)

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        if "findings" in fields:
            fields = {**fields, "findings": findings_text(fields["findings"])}
        return super()._to_row(fields)

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"findings": findings_from(fields["findings"])}


class ConnectAttempts(SealedKeep[ConnectAttempt]):
    """Owners who are away at a service. Verifiers are sealed in the table."""

    plain = Plain(schema.connect_attempt)
    noun = "attempt"
    record = ConnectAttempt
    sealed = "verifier"

    def of(self, channel_id: str) -> tuple[ConnectAttempt, ...]:
        """A channel's attempts that are still open, oldest first."""
        return self._all(channel_id=channel_id)

    def take(self, id: str) -> ConnectAttempt | None:  # noqa: A002 - the field's name
        """The attempt, which is gone with this: of two who come with the same state, one wins."""
        found = self.find(id)
        return found if found is not None and self._delete("id = :id", id=id) else None

    def prune(self, before: datetime) -> int:
        """Remove attempts that ended before; how many."""
        return self._delete("expires_at < :before", before=micros(before))

    def end(self, channel_id: str) -> int:
        """Remove those of a channel; how many."""
        return self._delete("channel_id = :channel_id", channel_id=channel_id)
