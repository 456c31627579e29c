"""Who acts when somebody types a command on the server's own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.model import Actor


async def operator(fanlight: Fanlight) -> Actor:
    """The owner, if there is one, else the server itself: whoever is here can do everything."""
    from fanlight.model import SERVER, Actor, Role, Scope

    for user in await fanlight.accounts.users(SERVER):
        if user.role is Role.OWNER:
            return Actor(user.name, user_id=user.id, scopes=frozenset(Scope))
    return SERVER
