"""Invitations: a share link by mail, with the owner's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fanlight.errors import Conflict, Invalid
from fanlight.model import Scope
from fanlight.notices import drafting
from fanlight.notices.desk import Desk
from fanlight.notices.letters import Block, Button, Letter
from fanlight.notices.mail import Envelope
from fanlight.notices.preferences import preferences
from fanlight.notices.templates import checked_words, filled, filled_line
from fanlight.site import site as site_of
from fanlight.words import mail_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Gallery, ShareLink
    from fanlight.model import Actor
    from fanlight.notices.templates import Template
    from fanlight.words import Words

LONGEST_CLIENT = 200
HIDDEN = "••••••••"
"""What stands for a password that nobody but its owner knows."""
SAMPLE = {
    "client": "Anna",
    "gallery": "Anna & Ben",
    "password": "",
    "pin": "",
    "closes": "",
}
"""What a template is filled with while there is no share link."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody is to be written."""

    client: str
    """Who it is to, as the letter calls them."""
    subject: str
    text: str
    """As `templates` have it, with places."""
    language: str
    password: str = field(default="", repr=False)
    """Of the share link, if the letter shall tell it."""


class Inviting(Desk):
    """Mails to clients."""

    async def draft(self, actor: Actor, link_id: str, template_id: str = "") -> Invitation:
        """How an invitation begins: by a template, or the usual one of the gallery's language.

        Raises Forbidden, NotFound, Conflict (`conflict.share-link`) for a link that was ended.
        """
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> tuple[ShareLink, Template]:
            link, gallery = _asked(records, link_id)
            language = mail_words(gallery.look.language).tag
            return link, drafting.template(records, template_id or language)

        link, template = await self._catalogue.read(unit)
        return Invitation(link.name, template.subject, template.text, template.language)

    async def written(
        self, actor: Actor, link_id: str, invitation: Invitation, *, site: str
    ) -> Letter:
        """The letter, as it would be sent. `site`: the address that people know the server by.

        Raises Forbidden, NotFound, Invalid (`invalid.client`, `invalid.subject`, `invalid.text`,
        `invalid.placeholder`, `invalid.password` for one that does not open the link), Throttled,
        Conflict (`conflict.share-link`) for a link that was ended.
        """
        actor.require_everywhere(Scope.MANAGE)
        subject, text = checked_words(invitation.subject, invitation.text)
        client = " ".join(invitation.client.split())
        if len(client) > LONGEST_CLIENT:
            raise Invalid(
                f"A name has at most {LONGEST_CLIENT} characters.",
                code="invalid.client",
                about="client",
            )
        link, gallery = await self._catalogue.read(lambda records: _asked(records, link_id))
        password = await self._told(link, invitation.password)
        words = mail_words(invitation.language)
        values = await self._values(link, gallery, words, client, password, site)
        return _letter(subject, text, values, words)

    async def sample(self, actor: Actor, template: Template, *, site: str) -> Letter:
        """What a template becomes for the newest share link, of its language if there is one.

        Raises Forbidden, Invalid (`invalid.subject`, `invalid.text`, `invalid.placeholder`).
        """
        actor.require_everywhere(Scope.MANAGE)
        subject, text = checked_words(template.subject, template.text)
        newest = await self._catalogue.read(lambda records: _newest(records, template.language))
        words = mail_words(template.language)
        if newest is None:
            address = f"{self._site or site}/s/"
            values = dict(SAMPLE, link=address, studio=await self._studio())
        else:
            link, gallery = newest
            password = HIDDEN if link.password_hash else ""
            values = await self._values(link, gallery, words, link.name, password, site)
        return _letter(subject, text, values, words)

    async def invite(
        self, actor: Actor, link_id: str, to: str, invitation: Invitation, *, site: str
    ) -> None:
        """Send a share link to somebody.

        Raises what `written` raises, Invalid (`invalid.email`), MailRefused, MailUnavailable.
        """
        written = await self.written(actor, link_id, invitation, site=site)
        wanted = await self._catalogue.read(preferences)
        await self._post.send(written, Envelope(to, wanted.to, studio=await self._studio()))

    async def _values(
        self,
        link: ShareLink,
        gallery: Gallery,
        words: Words,
        client: str,
        password: str,
        site: str,
    ) -> dict[str, str]:
        site_kept = await self._catalogue.read(site_of)
        ends = [moment for moment in (gallery.closes_at, link.expires_at) if moment]
        return {
            "client": client,
            "gallery": gallery.title,
            "link": f"{self._site or site}/s/{link.token}",
            "password": password,
            "pin": gallery.pin,
            "closes": words.day(site_kept.last_day(min(ends))) if ends else "",
            "studio": self._named(site_kept),
        }

    async def _told(self, link: ShareLink, password: str) -> str:
        """The password as the letter tells it. Raises Invalid, Throttled."""
        if not password or not link.password_hash:
            return ""
        if not await self._passwords.verify(password, link.password_hash):
            raise Invalid(
                "This password does not open the link.",
                remedy="Enter it as it was set, or leave it out and tell it another way.",
                code="invalid.password",
                about="password",
            )
        return password


def _asked(records: Records, link_id: str) -> tuple[ShareLink, Gallery]:
    link = records.share_links.get(link_id)
    if link.revoked_at is not None:
        raise Conflict(
            "This link was ended: nobody comes in by it.",
            remedy="Give it a new address first.",
            code="conflict.share-link",
        )
    return link, records.galleries.get(link.gallery_id)


def _newest(records: Records, language: str) -> tuple[ShareLink, Gallery] | None:
    found = [
        (link, gallery)
        for gallery in records.galleries.all()
        for link in records.share_links.of(gallery.id)
        if link.revoked_at is None
    ]
    spoken = mail_words(language).tag
    return max(
        found,
        key=lambda one: (one[1].look.language == spoken, one[0].created_at),
        default=None,
    )


def _letter(subject: str, text: str, values: Mapping[str, str], words: Words) -> Letter:
    button = Button(words.open, values["link"])
    return Letter(
        filled_line(subject, values),
        _blocks(filled(text, values), button),
        words.tag,
        links=(button.address,),
    )


def _blocks(text: str, button: Button) -> tuple[Block, ...]:
    """Paragraphs, and the button where its address has a line of its own."""
    found: list[Block] = []
    for paragraph in text.split("\n\n"):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            if line.strip() == button.address:
                found += ["\n".join(lines), button]
                lines = []
            else:
                lines.append(line)
        found.append("\n".join(lines))
    return tuple(block for block in found if block)
