"""Webhooks: made with a secret that can be shown again, tried, switched off, removed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fanlight.errors import Invalid
from fanlight.gallery_model import Webhook
from fanlight.model import Scope
from fanlight.notices.calls import News, call, checked_url, new_secret
from fanlight.notices.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fanlight.gallery_model import Telling
    from fanlight.model import Actor

TEST = "fanlight.test"
"""What a test call says it is."""


class Hooking(Desk):
    """Addresses of other programs."""

    async def webhooks(self, actor: Actor) -> tuple[Webhook, ...]:
        """All, oldest first. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: records.webhooks.all())

    async def add_webhook(self, actor: Actor, url: str, tellings: Iterable[Telling]) -> Webhook:
        """Have an address called from now on. Raises Forbidden, Invalid."""
        actor.require_everywhere(Scope.MANAGE)
        webhook = Webhook(
            id=secrets.token_hex(8),
            url=checked_url(url),
            tellings=_some(tellings),
            enabled=True,
            secret=new_secret(),
            created_at=self._clock(),
        )
        return await self._catalogue.write(lambda records: records.webhooks.add(webhook))

    async def switch_webhook(self, actor: Actor, webhook_id: str, *, enabled: bool) -> Webhook:
        """Switch it on or off. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.write(
            lambda records: records.webhooks.update(webhook_id, enabled=enabled)
        )

    async def remove_webhook(self, actor: Actor, webhook_id: str) -> None:
        """Call it no more. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)
        await self._catalogue.write(lambda records: records.webhooks.remove(webhook_id))

    async def try_webhook(self, actor: Actor, webhook_id: str) -> None:
        """Call it now, with news that are none.

        Raises Forbidden, NotFound, CallRefused, CallUnavailable.
        """
        actor.require_everywhere(Scope.MANAGE)
        webhook = await self._catalogue.read(lambda records: records.webhooks.get(webhook_id))
        now = self._clock()
        news = News(f"test_{secrets.token_hex(8)}", TEST, now, {"webhook": webhook.id})
        await call(self._http, webhook, news, now)


def _some(tellings: Iterable[Telling]) -> frozenset[Telling]:
    wanted = frozenset(tellings)
    if not wanted:
        raise Invalid(
            "A webhook is told of something.",
            remedy="Choose what it shall be told of.",
            code="invalid.tellings",
            about="tellings",
        )
    return wanted
