"""Invitations: a share link by mail, with the owner's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import Invalid
from fanlight.model import Scope
from fanlight.notices.desk import Desk
from fanlight.notices.letters import filled, letter
from fanlight.notices.preferences import preferences

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.gallery_model import Gallery, ShareLink
    from fanlight.model import Actor
    from fanlight.notices.preferences import Preferences

LONGEST_MESSAGE = 4000


class Inviting(Desk):
    """Mails to clients."""

    async def invite(
        self, actor: Actor, link_id: str, to: str, *, name: str, message: str, site: str
    ) -> None:
        """Send a share link to somebody. `site` is the address that people know the server by.

        Raises Forbidden, NotFound, Invalid (`invalid.email`, `invalid.message`), MailRefused,
        MailUnavailable.
        """
        actor.require_everywhere(Scope.MANAGE)
        if len(message) > LONGEST_MESSAGE:
            raise Invalid(
                f"A message has at most {LONGEST_MESSAGE} characters.",
                code="invalid.message",
                about="message",
            )

        def unit(records: Records) -> tuple[ShareLink, Gallery, Preferences]:
            link = records.share_links.get(link_id)
            return link, records.galleries.get(link.gallery_id), preferences(records)

        link, gallery, wanted = await self._catalogue.read(unit)
        values = {"title": gallery.title, "name": name.strip(), "message": message.strip()}
        address = f"{self._site or site}/s/{link.token}"
        paragraphs = filled(wanted.body, values).split("\n\n")
        mail = letter(
            filled(wanted.subject, values),
            *(paragraph.strip() for paragraph in paragraphs),
            link=("Open the gallery", address),
        )
        await self._post.send(mail, to, reply_to=wanted.to)
