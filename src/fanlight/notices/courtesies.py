"""Courtesies: what viewers are written who have left their address, in the gallery's language.

Somebody may have typed the address of somebody else. So these letters repeat nothing that a viewer
wrote, and carry nothing that opens a gallery, neither a share link nor who the viewer is; whoever
gets one can have the address forgotten, without knowing anything else.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.errors import NotFound
from fanlight.gallery_model import Act, Courtesy, GalleryState, Reach
from fanlight.notices.desk import Desk
from fanlight.notices.letters import Block, Button, Letter, letter
from fanlight.words import mail_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Activity, Gallery, Viewer
    from fanlight.notices.occasions import Occasion
    from fanlight.site import Site

_COURTESIES = {
    Act.SUBMITTED: Courtesy.RECEIPT,
    Act.ANSWERED: Courtesy.ANSWER,
    Act.CLOSING: Courtesy.CLOSING,
}


class Parting(Desk):
    """Having one's address forgotten, by the address that each letter carries."""

    async def written_to(self, viewer_id: str, proof: str) -> tuple[Gallery, Viewer]:
        """Whom such an address is about, and of which gallery. Raises NotFound."""
        if not hmac.compare_digest(proof.encode(), self._proof(viewer_id).encode()):
            raise NotFound
        return await self._catalogue.read(lambda records: _known(records, viewer_id))

    async def write_no_more(self, viewer_id: str, proof: str) -> None:
        """Forget the address of a viewer; what they gave stays. Raises NotFound."""
        await self.written_to(viewer_id, proof)
        await self._catalogue.write(lambda records: records.viewers.update(viewer_id, email=""))

    def _parting(self, viewer_id: str) -> str:
        """The address by which a viewer has theirs forgotten."""
        return f"{self._site}/mails/{viewer_id}/{self._proof(viewer_id)}"

    def _proof(self, viewer_id: str) -> str:
        digest = hmac.digest(self._sign_key, b"mails\0" + viewer_id.encode(), "sha256")
        return urlsafe_b64encode(digest[:18]).decode()


def owed(records: Records, activity: Activity, wanted: Collection[Courtesy]) -> tuple[Viewer, ...]:
    """Who is to be written about an entry of the journal: each address once."""
    if not owed_for(activity, wanted):
        return ()
    if activity.act is Act.CLOSING:
        viewers = {one.email.casefold(): one for one in records.viewers.of(activity.gallery_id)}
    else:
        found = records.viewers.find(activity.viewer_id) if activity.viewer_id else None
        viewers = {found.email: found} if found else {}
    return tuple(one for one in viewers.values() if one.email)


def owed_for(activity: Activity, wanted: Collection[Courtesy]) -> bool:
    """Whether viewers are to be written about an entry at all."""
    return _COURTESIES.get(activity.act) in wanted


def letter_to(occasion: Occasion, viewer: Viewer, address: str, site: Site) -> Letter | None:
    """The letter to a viewer; `None` if the gallery is open no more, or nothing is left to say.

    `address` is the server's own, empty if it is not known; days are said by the clock of `site`.
    """
    gallery, act = occasion.gallery, occasion.activity.act
    if gallery.state is not GalleryState.PUBLISHED:
        return None
    words, title = mail_words(gallery.look.language), gallery.title
    base = _way(gallery, viewer, address)
    said: list[Block]
    if act is Act.SUBMITTED:
        subject = words("receipt_subject", gallery=title)
        said = [words("receipt", n=occasion.activity.count, gallery=title), words.receipt_more]
        button = words.open
    elif act is Act.ANSWERED and occasion.comment and occasion.asset:
        author, photo = occasion.comment.author, occasion.asset.name
        subject = words("answer_subject", who=author, photo=photo, gallery=title)
        said = [words("answer", who=author, photo=photo, gallery=title), occasion.comment.text]
        base, button = base and f"{base}/p/{occasion.asset.id}", words.open_photo
    elif act is Act.CLOSING and gallery.closes_at:
        closes = words.day(site.last_day(gallery.closes_at))
        subject = words("closing_subject", closes=closes, gallery=title)
        said = [words("closing", closes=closes, gallery=title)]
        button = words.open
    else:
        return None
    said.append(Button(button, base) if base else words.by_your_link)
    return letter(subject, *said, language=words.tag)


def with_foot(letter: Letter, parting: str) -> Letter:
    """The letter, with why it came and how no other does."""
    words = mail_words(letter.language)
    return replace(letter, foot=(words.foot, Button(words.no_more, parting)))


def _way(gallery: Gallery, viewer: Viewer, site: str) -> str:
    """The gallery's own address, if the viewer came by it; share links they have themselves."""
    own = viewer.link_id is None and gallery.rules.reach is not Reach.LINKS
    return f"{site}/g/{gallery.slug}" if own else ""


def _known(records: Records, viewer_id: str) -> tuple[Gallery, Viewer]:
    viewer = records.viewers.get(viewer_id)
    return records.galleries.get(viewer.gallery_id), viewer
