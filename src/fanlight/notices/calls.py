"""Calls: telling another program, signed as the Standard Webhooks say.

Source: the Standard Webhooks specification (standardwebhooks.com): headers `webhook-id`,
`webhook-timestamp` and `webhook-signature`, which is `v1,` and the base64 of HMAC-SHA256 over
`id.timestamp.body`; secrets are `whsec_` and base64. The id stays the same when a call is tried
again, so that who is called can tell.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fanlight.errors import CallRefused, CallUnavailable, FanlightError, Invalid
from fanlight.guard.addresses import is_web_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fanlight.gallery_model import Webhook
    from fanlight.outgoing import Http

PREFIX = "whsec_"
GONE = 410
PATIENCE = 15.0
"""Seconds that an answer is waited for."""


def new_secret() -> str:
    """A secret for a new webhook: 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_url(url: str) -> str:
    """An address that can be called. Raises Invalid (`invalid.url`)."""
    url = url.strip()
    if not is_web_address(url):
        raise Invalid(
            "An address begins with https:// and names a host.",
            remedy="Copy it from the program that is to be called.",
            code="invalid.url",
            about="url",
        )
    return url


def signature(secret: str, call_id: str, timestamp: int, body: bytes) -> str:
    """What `webhook-signature` says."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b"%b.%d.%b" % (call_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


@dataclass(frozen=True, slots=True)
class News:
    """What a call says. JSON values only."""

    id: str
    kind: str
    at: datetime
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call, as it is remembered."""

    at: datetime
    kind: str
    id: str
    """What `webhook-id` said: the same each time that it was tried."""
    problem: str = ""
    """Why it did not arrive; empty if it did."""


async def call(http: Http, webhook: Webhook, news: News, now: datetime) -> None:
    """Tell one program, once. The address is not repeated in errors: it may hold a secret.

    Raises CallRefused when calling again would not help, CallUnavailable when it might.
    """
    told = {"type": news.kind, "timestamp": _iso(news.at), "data": dict(news.data)}
    body, seconds = json.dumps(told, separators=(",", ":")).encode(), int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": news.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(webhook.secret, news.id, seconds, body),
    }
    host = urlsplit(webhook.url).hostname
    try:
        answer = await http.send("POST", webhook.url, headers=headers, body=body, stall=PATIENCE)
        async with answer:
            status = answer.status
    except FanlightError as error:
        raise CallUnavailable(f"{host} cannot be called: {error.public_message}") from None
    if status == GONE:
        raise CallRefused(f"{host} says that it wants no more calls (410).")
    if not 200 <= status < 300:
        raise CallUnavailable(f"{host} answered {status}.")


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
