"""Knocking: passwords and pins are told here, once; the proofs of it are shown from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.errors import PasswordNeeded, Unauthenticated
from fanlight.guard.secret import same as same_secret
from fanlight.guard.throttle import network
from fanlight.sharing.entering import Entering, used_up
from fanlight.sharing.keys import NONE, Proofs

if TYPE_CHECKING:
    from fanlight.gallery_model import Gallery, ShareLink
    from fanlight.sharing.keys import Key
    from fanlight.sharing.passes import Pass


class Knocking(Entering):
    """From what somebody knows to what they show."""

    async def knock(
        self, key: Key, password: str, *, address: str, proofs: Proofs = NONE
    ) -> Proofs:
        """The proofs that let somebody in who knows the password; they are counted where need be.

        Raises what `enter` raises for who cannot come in by any password, PasswordNeeded
        (`password-needed.wrong`) for a wrong one, and Throttled after several from one address, or
        many for one gallery.
        """
        shown = key.proofs.over(proofs)
        try:
            await self.enter(key, replace(shown, viewer=""))
        except PasswordNeeded:
            shown = await self._told_password(key, password, address, shown)
        except Unauthenticated:
            pass  # only counting is left
        else:
            return shown
        lead = await self._lead(key)
        if lead.link is not None and lead.link.most and not self._entered(lead.link, shown):
            await self._count(lead.link)
            shown = replace(shown, entry=self._signer.entry(lead.link))
        return shown

    async def tell_pin(self, pass_: Pass, pin: str, *, address: str) -> str:
        """The proof that somebody knows the pin for downloads.

        Raises Unauthenticated (`unauthenticated.pin`) for a wrong one, Throttled.
        """
        gallery, place, now = pass_.gallery, network(address), self._clock()
        self._by_address.take(place, now)
        self._by_gallery.take(f"pin {gallery.id}", now)
        if gallery.pin and not same_secret(gallery.pin, "".join(pin.split())):
            raise Unauthenticated(
                "This is not the pin.",
                remedy="Look at it once more, and try again.",
                code="unauthenticated.pin",
            )
        self._by_address.give_back(place)
        self._by_gallery.give_back(f"pin {gallery.id}")
        return self._signer.pin(gallery)

    async def _told_password(self, key: Key, password: str, address: str, shown: Proofs) -> Proofs:
        lead = await self._lead(key)
        gallery, link = lead.gallery, lead.link
        place, now = network(address), self._clock()
        self._by_address.take(place, now)
        self._by_gallery.take(gallery.id, now)
        if not await self._passwords.verify(password, _asked(gallery, link)):
            raise PasswordNeeded(
                "This is not the password.",
                remedy="Look at it once more: capitals and small letters differ.",
                code="password-needed.wrong",
            )
        self._by_address.give_back(place)
        self._by_gallery.give_back(gallery.id)
        return replace(shown, password=self._signer.password(gallery, link))

    def _entered(self, link: ShareLink, proofs: Proofs) -> bool:
        return proofs.entry == self._signer.entry(link)

    async def _count(self, link: ShareLink) -> None:
        now = self._clock()
        counted = await self._catalogue.write(
            lambda records: records.share_links.opened(link.id, now)
        )
        self._leads.forget()
        if not counted:
            raise used_up()


def _asked(gallery: Gallery, link: ShareLink | None) -> str:
    """The hash of the password that is asked for."""
    return gallery.password_hash if link is None else link.password_hash
