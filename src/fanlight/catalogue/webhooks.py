"""Addresses of other programs that are called when something happens."""

from __future__ import annotations

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.keep import SealedKeep
from fanlight.catalogue.plain import Plain
from fanlight.gallery_model import Webhook


class Webhooks(SealedKeep[Webhook]):
    """Secrets are sealed in the table and open in the record."""

    plain = Plain(schema.webhook)
    noun = "webhook"
    record = Webhook
    sealed = "secret"
