"""Coming in: from a key and proofs to a pass. Judged anew for each request, page and picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fanlight.errors import Expired, NotFound, NotYetOpen, PasswordNeeded, Unauthenticated
from fanlight.gallery_model import GalleryState, Party, Reach, Right
from fanlight.guard.secret import digest
from fanlight.model import Scope
from fanlight.sharing.desk import Desk
from fanlight.sharing.keys import NONE, Key, Proofs
from fanlight.sharing.passes import Pass
from fanlight.sharing.signer import same

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.gallery_model import Gallery, ShareLink, Viewer
    from fanlight.sharing.leads import Lead

SAME_VISIT = timedelta(minutes=30)
"""Looking again within this time is no new visit."""
MOST_VISITS = 10_000
"""Visits that are remembered."""


class Entering(Desk):
    """Who comes in, and with what rights."""

    async def enter(self, key: Key, proofs: Proofs = NONE) -> Pass:
        """Let somebody in, for one request.

        Raises NotFound (`not-found.gallery`: unknown, revoked, draft, all alike), NotYetOpen,
        Expired (`expired.gallery`, `expired.link`, `expired.used-up`), PasswordNeeded, and
        Unauthenticated (`unauthenticated.entry`) where coming in must be counted first: by `knock`.
        """
        lead = await self._lead(key)
        proofs = key.proofs.over(proofs)
        pass_ = self._judge(lead, proofs)
        if proofs.viewer:
            return replace(pass_, viewer=await self._viewer(pass_.gallery, proofs.viewer))
        return pass_

    async def face(self, key: Key) -> Gallery:
        """The gallery behind a key, for a page that says why it stays closed.

        Raises NotFound where nobody may know that there is one.
        """
        lead = await self._lead(key)
        _check_known(lead, owner=False)
        return lead.gallery

    async def listed(self) -> tuple[Gallery, ...]:
        """The galleries that stand on the site's list: open now, newest day first."""
        now = self._clock()
        found = await self._catalogue.read(lambda records: records.galleries.all())
        seen = [one for one in found if one.rules.reach is Reach.LISTED and is_open(one, now)]
        seen.sort(key=lambda one: (one.held_on or one.created_at.date(), one.id), reverse=True)
        return tuple(seen)

    async def opened(self, pass_: Pass) -> None:
        """Count who opens a gallery by a share link that has no limit: each visit once."""
        link, now = pass_.link, self._clock()
        if link is None or link.most or pass_.owner:
            return
        visit = (link.id, pass_.visit)
        before = self._visits.get(visit)
        if before is None and len(self._visits) >= MOST_VISITS:
            self._visits.clear()
        self._visits[visit] = now
        if before is None or now - before >= SAME_VISIT:
            await self._catalogue.write(lambda records: records.share_links.opened(link.id, now))

    def knows_pin(self, pass_: Pass, proofs: Proofs) -> bool:
        """Whether downloads need no pin, or it was told. The owner need not."""
        gallery = pass_.gallery
        return pass_.owner or not gallery.pin or same(self._signer.pin(gallery), proofs.pin)

    async def _lead(self, key: Key) -> Lead:
        lead = await self._leads.find(key)
        if lead is None:
            raise missing()
        return lead

    def _judge(self, lead: Lead, proofs: Proofs) -> Pass:
        gallery, link, now = lead.gallery, lead.link, self._clock()
        owner = _is_owner(proofs)
        _check_known(lead, owner=owner)
        if not owner:
            _check_time(gallery, link, now)
            self._check_proofs(gallery, link, proofs)
        if link is None:
            rights = gallery.rules.rights | ({Right.VIEW} if owner else frozenset[Right]())
            return Pass(gallery, Party.GUEST, rights, owner=owner)
        return Pass(gallery, link.party, link.rights, link, owner=owner)

    def _check_proofs(self, gallery: Gallery, link: ShareLink | None, proofs: Proofs) -> None:
        entered = False
        if link is not None and link.most:
            entered = same(self._signer.entry(link), proofs.entry)
            if not entered and link.opened >= link.most:
                raise used_up()
        if (link.password_hash if link else gallery.password_hash) and not same(
            self._signer.password(gallery, link), proofs.password
        ):
            raise PasswordNeeded
        if link is not None and link.most and not entered:
            raise Unauthenticated(
                "This link counts who comes in.",
                remedy="Open the gallery by its button.",
                code="unauthenticated.entry",
            )

    async def _viewer(self, gallery: Gallery, token: str) -> Viewer | None:
        found = await self._catalogue.read(lambda records: records.viewers.by_hash(digest(token)))
        return found if found is not None and found.gallery_id == gallery.id else None


def is_open(gallery: Gallery, now: datetime) -> bool:
    """Whether viewers may come in, now."""
    return (
        gallery.state is GalleryState.PUBLISHED
        and (gallery.opens_at is None or gallery.opens_at <= now)
        and (gallery.closes_at is None or gallery.closes_at > now)
    )


def missing() -> NotFound:
    """What there is not, or what nobody may know of."""
    return NotFound("There is no gallery at this address.", code="not-found.gallery")


def used_up() -> Expired:
    """A link by which as many have come in as may."""
    return Expired("This link was used as often as it may be.", code="expired.used-up")


def _is_owner(proofs: Proofs) -> bool:
    actor = proofs.actor
    return Scope.MANAGE in actor.scopes and not actor.limited


def _check_known(lead: Lead, *, owner: bool) -> None:
    """Raise NotFound for what nobody may know of; the owner knows everything but what is over."""
    if lead.link is not None and lead.link.revoked_at is not None:
        raise missing()
    if owner:
        return
    by_links_only = lead.link is None and lead.gallery.rules.reach is Reach.LINKS
    if lead.gallery.state is GalleryState.DRAFT or by_links_only:
        raise missing()


def _check_time(gallery: Gallery, link: ShareLink | None, now: datetime) -> None:
    closed = gallery.closes_at is not None and gallery.closes_at <= now
    if gallery.state is GalleryState.ARCHIVED or closed:
        raise Expired("This gallery is closed.", code="expired.gallery")
    if link is not None and link.expires_at is not None and link.expires_at <= now:
        raise Expired(code="expired.link")
    if gallery.opens_at is not None and gallery.opens_at > now:
        wait = (gallery.opens_at - now).total_seconds()
        raise NotYetOpen(retry_after=wait)
