"""What every action on accounts needs; `Accounts` is composed of groups of actions over it."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING

from fanlight.accounts.seen import Seen
from fanlight.errors import BadName, Forbidden
from fanlight.guard.passwords import Passwords
from fanlight.guard.throttle import Throttle
from fanlight.model import Actor, Role, Scope, User

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Catalogue

LONGEST_NAME = 64
"""Characters of a user's name."""

RIGHTS = {
    Role.OWNER: frozenset(Scope),
    Role.MEMBER: frozenset({Scope.UPLOAD, Scope.READ, Scope.LIST, Scope.DELETE}),
}
"""What a signed-in user of each role may do."""

_bad = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Desk:
    """The catalogue, the clock, the settings' values, and what is kept between requests."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime],
        session_days: int,
        upload_code: str,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._session_days = session_days
        self._upload_code = upload_code
        self._passwords = Passwords()
        self._seen = Seen()
        self._by_account = Throttle(free=5, longest=900)
        self._by_address = Throttle(free=20, longest=900)

    async def close(self) -> None:
        """End the thread that hashes."""
        self._passwords.close()


def actor_of(user: User) -> Actor:
    """Who a signed-in user is to the use cases."""
    return Actor(user.name, user.id, RIGHTS[user.role])


def user_name(given: str) -> str:
    """A user's name as it is kept: NFKC, lower case, so that `Anna` and `anna` are one.

    Raises BadName.
    """
    name = unicodedata.normalize("NFKC", given.strip()).casefold()
    if not name or len(name) > LONGEST_NAME or _bad.search(name):
        raise BadName(f"A user's name has 1 to {LONGEST_NAME} visible characters.", about="name")
    return name


def require_person(actor: Actor) -> str:
    """The id of the user who acts in person, not by a token. Raises Forbidden, Unauthenticated."""
    if actor.user_id is None or actor.token is not None:
        actor.require_everywhere(Scope.MANAGE)
    if actor.user_id is None:
        raise Forbidden("Only a signed-in user can do this.", code="forbidden.person")
    return actor.user_id


def new_id() -> str:
    """A random id: 16 letters and digits."""
    return secrets.token_hex(8)
