"""Telling: the journal is read from where it was read last, and who wants to know is told.

Each mail and each call is a job of its own, asked for before the mark is moved on: what a crash
interrupts is asked for twice rather than never, and one that cannot be reached holds up no other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fanlight.guard.addresses import is_mail_address
from fanlight.model import Scope
from fanlight.notices.courtesies import Parting, letter_to, owed, owed_for, with_foot
from fanlight.notices.hooks import Hooking
from fanlight.notices.letters import letter
from fanlight.notices.mail import Envelope
from fanlight.notices.occasions import letter_about, news_about, occasion, telling_of
from fanlight.notices.preferences import preferences
from fanlight.site import site as site_of

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.gallery_model import Viewer
    from fanlight.model import Actor
    from fanlight.notices.letters import Letter
    from fanlight.notices.occasions import Occasion
    from fanlight.notices.preferences import Preferences
    from fanlight.site import Site

MARK = "notices.told"
"""The setting that says up to which entry of the journal everybody has been told."""

MAILED = "notices.mailed:"
"""Settings that say when a mail about an entry of the journal was sent, and to whom."""
KEEP = timedelta(days=7)
"""How long that is known: longer than a mail is tried, and its job kept."""

Untold = tuple[int, list[tuple[int, str | None]], list[tuple[str, int]]]
"""How far the journal was read, and the mails and calls that are due."""


class Delivering(Parting, Hooking):
    """Mails and calls."""

    async def tell(self) -> int:
        """Ask for what is to be told since the last time; how many mails and calls."""
        asked = 0
        while True:
            found = await self._catalogue.read(self._untold)
            if found is None:
                return asked
            mark, mails, calls = found
            for activity_id, viewer_id in mails:
                await self._asking.mail(activity_id, viewer_id)
            for webhook_id, activity_id in calls:
                await self._asking.call(webhook_id, activity_id)
            asked += len(mails) + len(calls)
            await self._catalogue.write(lambda records, mark=mark: _advance(records, mark))

    async def send_mail(self, activity_id: int, viewer_id: str | None = None) -> None:
        """Write to the owner, or to a viewer, about an entry of the journal, once.

        Nothing if that is wanted no more. Raises MailRefused, MailUnavailable.
        """
        name = f"{MAILED}{activity_id}:{viewer_id or 'owner'}"

        def unit(records: Records) -> tuple[Letter, Envelope] | None:
            about = occasion(records, activity_id)
            if about is None or records.settings.get(name):
                return None
            if viewer_id is None:
                return self._to_owner(about, preferences(records), site_of(records))
            viewer, wanted = records.viewers.find(viewer_id), preferences(records)
            site = site_of(records)
            mail = self._to_viewer(about, viewer, wanted, site)
            return mail and (mail[0], replace(mail[1], studio=site.name))

        mail = await self._catalogue.read(unit)
        if mail is not None:
            await self._post.send(*mail)
            sent_at = self._clock().isoformat()
            await self._catalogue.write(lambda records: records.settings.set(name, sent_at))

    async def tidy(self) -> None:
        """Forget which mails were sent, of those that nobody will send again."""
        before = self._clock() - KEEP

        def unit(records: Records) -> None:
            for name, at in records.settings.all(MAILED).items():
                if datetime.fromisoformat(str(at)) < before:
                    records.settings.remove(name)

        await self._catalogue.write(unit)

    async def call_webhook(self, webhook_id: str, activity_id: int) -> None:
        """Call a webhook about an entry of the journal; nothing if that is wanted no more.

        Raises CallRefused, CallUnavailable.
        """
        about = await self._catalogue.read(lambda records: occasion(records, activity_id))
        webhook = await self._catalogue.read(lambda records: records.webhooks.find(webhook_id))
        if about is None or about.telling is None or webhook is None or not webhook.enabled:
            return
        await self._call(webhook, news_about(about, about.telling))

    async def send_test(self, actor: Actor, to: str) -> None:
        """Send a mail that says that mail works.

        Raises Forbidden, Invalid (`invalid.email`), MailRefused, MailUnavailable.
        """
        actor.require_everywhere(Scope.MANAGE)
        words = "Mail from your Fanlight arrives. Notices and invitations will, too."
        await self._post.send(letter("Mail works", words), Envelope(to))

    def _to_owner(
        self, about: Occasion, wanted: Preferences, site: Site
    ) -> tuple[Letter, Envelope] | None:
        if not wanted.to or about.telling not in wanted.tellings:
            return None
        email = about.viewer.email if about.viewer else ""
        envelope = Envelope(wanted.to, email if is_mail_address(email) else "", _name(about))
        return letter_about(about, self._site, site), envelope

    def _to_viewer(
        self, about: Occasion, viewer: Viewer | None, wanted: Preferences, site: Site
    ) -> tuple[Letter, Envelope] | None:
        if viewer is None or not owed_for(about.activity, wanted.courtesies):
            return None
        written = letter_to(about, viewer, self._site, site)
        if written is None or not is_mail_address(viewer.email):
            return None
        parting = self._parting(viewer.id)
        envelope = Envelope(viewer.email, wanted.to, _name(about), parting)
        return with_foot(written, parting), envelope

    def _untold(self, records: Records) -> Untold | None:
        entries = records.activities.beyond(_mark(records))
        if not entries:
            return None
        wanted = preferences(records)
        hooks = [hook for hook in records.webhooks.all() if hook.enabled]
        mails: list[tuple[int, str | None]] = []
        calls: list[tuple[str, int]] = []
        for entry in entries:
            telling = telling_of(records, entry)
            if self._post.open and wanted.to and telling in wanted.tellings:
                mails.append((entry.id, None))
            if self.writes_to_viewers:
                viewers = owed(records, entry, wanted.courtesies)
                mails += [(entry.id, viewer.id) for viewer in viewers]
            calls += [(hook.id, entry.id) for hook in hooks if telling in hook.tellings]
        return entries[-1].id, mails, calls


def _mark(records: Records) -> int:
    kept = records.settings.get(MARK, 0)
    return kept if isinstance(kept, int) else 0


def _advance(records: Records, mark: int) -> None:
    records.alone(MARK)
    records.settings.set(MARK, max(mark, _mark(records)))


def _name(about: Occasion) -> str:
    """What names the letters about an entry, among those of all servers."""
    activity = about.activity
    return f"{activity.gallery_id} {activity.id} {activity.at.isoformat()}"
