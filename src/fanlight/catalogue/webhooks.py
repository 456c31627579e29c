"""Addresses of other programs that are called when something happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Session
from fanlight.gallery_model import Webhook


class Webhooks(Keep[Webhook]):
    """Secrets are sealed in the table and open in the record."""

    plain = Plain(schema.webhook)
    noun = "webhook"
    record = Webhook

    def __init__(self, session: Session, seal: Seal) -> None:
        super().__init__(session)
        self._seal = seal

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        row = super()._to_row(fields)
        if "secret" in row:
            row["secret"] = self._seal.seal(str(row["secret"]).encode())
        return row

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"secret": self._seal.open(fields["secret"]).decode()}
