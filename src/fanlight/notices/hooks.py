"""Webhooks: made with a secret that is shown once, tried, changed, switched off, removed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, cast

import structlog

from fanlight.errors import CallRefused, Invalid, NotFound
from fanlight.gallery_model import Webhook
from fanlight.model import Scope
from fanlight.notices.calls import Delivery, News, call, checked_url, new_secret
from fanlight.notices.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Telling
    from fanlight.model import Actor

log = structlog.get_logger(__name__)

CALLS = "notices.calls:"
"""Settings that say how the last calls of a webhook went."""
MOST_CALLS = 20
TEST = "fanlight.test"
"""What a test call says it is."""


class Hooking(Desk):
    """Addresses of other programs."""

    async def webhooks(self, actor: Actor) -> tuple[Webhook, ...]:
        """All, oldest first. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: records.webhooks.all())

    async def deliveries(self, actor: Actor) -> Mapping[str, tuple[Delivery, ...]]:
        """The last calls of each webhook by its id, newest first. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> dict[str, tuple[Delivery, ...]]:
            return {one.id: deliveries(records, one.id) for one in records.webhooks.all()}

        return await self._catalogue.read(unit)

    async def webhook(self, actor: Actor, webhook_id: str) -> Webhook:
        """One. Raises Forbidden, NotFound (`not-found.webhook`)."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: records.webhooks.get(webhook_id))

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

    async def change_webhook(
        self,
        actor: Actor,
        webhook_id: str,
        *,
        url: str | None = None,
        tellings: Iterable[Telling] | None = None,
        enabled: bool | None = None,
    ) -> Webhook:
        """Change what is given; the secret stays. Raises Forbidden, NotFound, Invalid."""
        actor.require_everywhere(Scope.MANAGE)
        given: dict[str, object] = {
            "url": None if url is None else checked_url(url),
            "tellings": None if tellings is None else _some(tellings),
            "enabled": enabled,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        return await self._catalogue.write(
            lambda records: records.webhooks.update(webhook_id, **changes)
        )

    async def remove_webhook(self, actor: Actor, webhook_id: str) -> None:
        """Call it no more. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> None:
            records.webhooks.remove(webhook_id)
            records.settings.remove(f"{CALLS}{webhook_id}")

        await self._catalogue.write(unit)

    async def try_webhook(self, actor: Actor, webhook_id: str) -> None:
        """Call it now, with news that are none.

        Raises Forbidden, NotFound, CallRefused, CallUnavailable.
        """
        webhook = await self.webhook(actor, webhook_id)
        now = self._clock()
        news = News(f"test_{secrets.token_hex(8)}", TEST, now, {"webhook": webhook.id})
        await self._call(webhook, news)

    async def _call(self, webhook: Webhook, news: News) -> None:
        """Call it, and write down how that went. One that wants no more calls is switched off.

        Raises CallRefused, CallUnavailable.
        """
        problem, changes = "", dict[str, object]()
        try:
            await call(self._http, webhook, news, self._clock())
        except CallRefused as error:
            problem, changes = error.public_message, {"enabled": False}
            raise
        except Exception as error:
            problem = str(error)
            raise
        finally:
            await self._note_call(webhook.id, news, problem, **changes)

    async def _note_call(
        self, webhook_id: str, news: News, problem: str, **changes: object
    ) -> None:
        now = self._clock()

        def unit(records: Records) -> None:
            try:
                records.webhooks.update(webhook_id, problem=problem, called_at=now, **changes)
            except NotFound:
                log.info("notices.webhook_gone", webhook=webhook_id)
                return
            remember(records, webhook_id, Delivery(now, news.kind, news.id, problem))

        await self._catalogue.write(unit)


def deliveries(records: Records, webhook_id: str) -> tuple[Delivery, ...]:
    """The last calls of a webhook, newest first."""
    kept = records.settings.get(f"{CALLS}{webhook_id}", [])
    found = cast("list[list[str]]", kept)
    return tuple(Delivery(datetime.fromisoformat(at), *rest) for at, *rest in found)


def remember(records: Records, webhook_id: str, delivery: Delivery) -> None:
    """Write down that a webhook was called; what is older than the last few is forgotten."""
    name = f"{CALLS}{webhook_id}"
    records.alone(name)
    kept = (delivery, *deliveries(records, webhook_id))[:MOST_CALLS]
    told = [[one.at.isoformat(), one.kind, one.id, one.problem] for one in kept]
    records.settings.set(name, told)


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
