"""What every action on galleries needs; `Galleries` is composed of groups of actions over it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fanlight.galleries.members import Members
from fanlight.guard.passwords import Passwords
from fanlight.model import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels import Channels
    from fanlight.gallery_model import Gallery
    from fanlight.library import Library
    from fanlight.model import Actor


class Desk:
    """The catalogue, the channels, the library, and what is kept between requests."""

    def __init__(
        self,
        catalogue: Catalogue,
        channels: Channels,
        library: Library,
        *,
        clock: Callable[[], datetime],
        changed: Callable[[str], None] = lambda _: None,
        passwords: Passwords | None = None,
    ) -> None:
        """`changed` is told the id of each gallery that viewers see otherwise; it must be quick."""
        self._catalogue = catalogue
        self._channels = channels
        self._library = library
        self._clock = clock
        self._told = changed
        self._passwords = passwords or Passwords()
        self._members = Members(catalogue, clock)

    async def close(self) -> None:
        """End the thread that hashes."""
        self._passwords.close()

    async def get(self, actor: Actor, gallery_id: str) -> Gallery:
        """One gallery, by its id or its slug. Raises NotFound (`not-found.gallery`), Forbidden."""
        may_manage(actor)

        def unit(records: Records) -> Gallery:
            return records.galleries.by_slug(gallery_id) or records.galleries.get(gallery_id)

        return await self._catalogue.read(unit)

    def _noted(
        self, records: Records, actor: Actor, gallery_id: str, action: str, **data: object
    ) -> None:
        """Write into the journal what somebody did."""
        records.events.add(
            at=self._clock(), action=action, actor=actor.name, subject=gallery_id, data=data
        )


def may_manage(actor: Actor) -> None:
    """Galleries show what lies in any channel: who is bound to one does not manage them."""
    actor.require_everywhere(Scope.MANAGE)


def new_id() -> str:
    """A random id for galleries, sources and sections."""
    return secrets.token_hex(8)
