"""What every action on notices needs; `Notices` is composed of groups of actions over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.guard.passwords import Passwords
from fanlight.model import Scope
from fanlight.notices import preferences
from fanlight.notices.preferences import Preferences
from fanlight.site import site as site_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue
    from fanlight.model import Actor
    from fanlight.notices.mail import Post
    from fanlight.outgoing import Http
    from fanlight.site import Site


@dataclass(frozen=True, slots=True)
class Asking:
    """How notices ask for jobs: each is delivered by one of its own, tried again by itself."""

    mail: Callable[[int, str | None], Awaitable[object]]
    """Have the mail about an entry of the journal sent, to a viewer or (`None`) to the owner."""
    call: Callable[[str, int], Awaitable[object]]
    """Have a webhook called about an entry of the journal."""


class Desk:
    """The catalogue, the ways out, and the clock."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        post: Post,
        http: Http,
        asking: Asking,
        clock: Callable[[], datetime],
        sign_key: bytes,
        passwords: Passwords | None = None,
        site: str = "",
    ) -> None:
        """`site` is the server's own public address, without a slash; empty if it is not set."""
        self._catalogue = catalogue
        self._post = post
        self._http = http
        self._asking = asking
        self._clock = clock
        self._sign_key = sign_key
        self._passwords = passwords or Passwords()
        self._site = site

    @property
    def mail_server(self) -> str:
        """Which mail server is used, for people; empty for none."""
        return self._post.place

    @property
    def writes_to_viewers(self) -> bool:
        """Whether viewers can be written to: their letters carry addresses of this server."""
        return self._post.open and bool(self._site)

    async def _studio(self) -> str:
        """Who letters are from: the site's name, or the one that the sender has."""
        return self._named(await self._catalogue.read(site_of))

    def _named(self, site: Site) -> str:
        return site.name or self._post.studio

    async def preferences(self, actor: Actor) -> Preferences:
        """Whom the owner wants told of what. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(preferences.preferences)

    async def prefer(self, actor: Actor, wanted: Preferences) -> Preferences:
        """Change it. Raises Forbidden, Invalid."""
        actor.require_everywhere(Scope.MANAGE)
        wanted = preferences.checked(wanted)
        await self._catalogue.write(lambda records: preferences.keep(records, wanted))
        return wanted
