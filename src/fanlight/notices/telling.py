"""Telling: the journal is read from where it was read last, and who wants to know is told.

Each mail and each call is a job of its own, asked for before the mark is moved on: what a crash
interrupts is asked for twice rather than never, and one that cannot be reached holds up no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from fanlight.errors import CallRefused, NotFound
from fanlight.model import Scope
from fanlight.notices.calls import call
from fanlight.notices.desk import Desk
from fanlight.notices.letters import letter
from fanlight.notices.occasions import letter_about, news_about, occasion, telling_of
from fanlight.notices.preferences import preferences

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.model import Actor

log = structlog.get_logger(__name__)

MARK = "notices.told"
"""The setting that says up to which entry of the journal everybody has been told."""


class Delivering(Desk):
    """Mails and calls."""

    async def tell(self) -> int:
        """Ask for what is to be told since the last time; how many mails and calls."""
        asked = 0
        while True:
            found = await self._catalogue.read(self._untold)
            if found is None:
                return asked
            mark, mails, calls = found
            for activity_id in mails:
                await self._asking.mail(activity_id)
            for webhook_id, activity_id in calls:
                await self._asking.call(webhook_id, activity_id)
            asked += len(mails) + len(calls)
            await self._catalogue.write(lambda records, mark=mark: _advance(records, mark))

    async def send_mail(self, activity_id: int) -> None:
        """Write to the owner about an entry of the journal; nothing if that is wanted no more.

        Raises MailRefused, MailUnavailable.
        """
        about = await self._catalogue.read(lambda records: occasion(records, activity_id))
        wanted = await self._catalogue.read(preferences)
        if about is None or not wanted.to or about.telling not in wanted.tellings:
            return
        reply_to = about.viewer.email if about.viewer else ""
        await self._post.send(letter_about(about, self._site), wanted.to, reply_to=reply_to)

    async def call_webhook(self, webhook_id: str, activity_id: int) -> None:
        """Call a webhook about an entry of the journal; nothing if that is wanted no more.

        One that wants no more calls is switched off. Raises CallRefused, CallUnavailable.
        """
        about = await self._catalogue.read(lambda records: occasion(records, activity_id))
        webhook = await self._catalogue.read(lambda records: records.webhooks.find(webhook_id))
        if about is None or webhook is None or not webhook.enabled:
            return
        problem, enabled = "", True
        try:
            await call(self._http, webhook, news_about(about), self._clock())
        except CallRefused as error:
            problem, enabled = error.public_message, False
            raise
        except Exception as error:
            problem = str(error)
            raise
        finally:
            await self._note_call(webhook_id, problem, enabled=enabled)

    async def send_test(self, actor: Actor, to: str) -> None:
        """Send a mail that says that mail works.

        Raises Forbidden, Invalid (`invalid.email`), MailRefused, MailUnavailable.
        """
        actor.require_everywhere(Scope.MANAGE)
        words = "Mail from your Fanlight arrives. Notices and invitations will, too."
        await self._post.send(letter("Mail works", words), to)

    async def _note_call(self, webhook_id: str, problem: str, *, enabled: bool) -> None:
        def unit(records: Records) -> None:
            fields: dict[str, object] = {"problem": problem, "called_at": self._clock()}
            if not enabled:
                fields["enabled"] = False
            try:
                records.webhooks.update(webhook_id, **fields)
            except NotFound:
                log.info("notices.webhook_gone", webhook=webhook_id)

        await self._catalogue.write(unit)

    def _untold(self, records: Records) -> tuple[int, list[int], list[tuple[str, int]]] | None:
        entries = records.activities.beyond(_mark(records))
        if not entries:
            return None
        wanted = preferences(records)
        hooks = [hook for hook in records.webhooks.all() if hook.enabled]
        mails: list[int] = []
        calls: list[tuple[str, int]] = []
        for entry in entries:
            telling = telling_of(records, entry)
            if telling is None:
                continue
            if self._post.open and wanted.to and telling in wanted.tellings:
                mails.append(entry.id)
            calls += [(hook.id, entry.id) for hook in hooks if telling in hook.tellings]
        return entries[-1].id, mails, calls


def _mark(records: Records) -> int:
    kept = records.settings.get(MARK, 0)
    return kept if isinstance(kept, int) else 0


def _advance(records: Records, mark: int) -> None:
    records.alone(MARK)
    records.settings.set(MARK, max(mark, _mark(records)))
