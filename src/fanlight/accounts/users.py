"""Users: added, listed, removed; passwords changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.accounts.desk import Desk, new_id, require_person, user_name
from fanlight.errors import Conflict, NotFound, Unauthenticated
from fanlight.model import Actor, Role, Scope, User

if TYPE_CHECKING:
    from fanlight.catalogue import Records


class Users(Desk):
    """Those who can sign in."""

    async def add_user(
        self, actor: Actor, name: str, password: str, *, role: Role = Role.MEMBER
    ) -> User:
        """Add a user. There is one owner: a second is refused with Conflict (`conflict.owner`).

        Raises Forbidden, BadName, Invalid (`invalid.password`), Conflict (`conflict.user`).
        """
        actor.require_everywhere(Scope.MANAGE)
        user = User(
            id=new_id(),
            name=user_name(name),
            role=role,
            password_hash=await self._passwords.hash(password),
            created_at=self._clock(),
        )

        def unit(records: Records) -> User:
            records.alone("owner")
            if role is Role.OWNER and records.users.owner() is not None:
                raise Conflict(
                    "This server has its owner already.",
                    remedy="Add a member, or remove the owner first.",
                    code="conflict.owner",
                )
            records.events.add(
                at=user.created_at,
                action="user.added",
                actor=actor.name,
                subject=user.id,
                data={"name": user.name, "role": role.value},
            )
            return records.users.add(user)

        return await self._catalogue.write(unit)

    async def users(self, actor: Actor) -> tuple[User, ...]:
        """Everybody who can sign in. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: records.users.all())

    async def remove_user(self, actor: Actor, user_id: str) -> None:
        """Remove a user with their sessions and tokens; their assets stay.

        Raises Forbidden, NotFound (`not-found.user`), Conflict (`conflict.owner`) for the owner.
        """
        actor.require_everywhere(Scope.MANAGE)
        now = self._clock()

        def unit(records: Records) -> None:
            user = records.users.get(user_id)
            if user.role is Role.OWNER:
                raise Conflict("The owner cannot be removed.", code="conflict.owner")
            records.users.remove(user_id)
            records.events.add(
                at=now,
                action="user.removed",
                actor=actor.name,
                subject=user_id,
                data={"name": user.name},
            )

        await self._catalogue.write(unit)
        self._seen.clear()

    async def change_password(
        self, actor: Actor, current: str, new: str, *, keep: str | None = None
    ) -> None:
        """Change one's own password and sign out all devices but the session `keep` (its id).

        Raises Forbidden for tokens, Unauthenticated (`unauthenticated.password`) if `current`
        is wrong, Throttled, Invalid (`invalid.password`).
        """
        user_id = require_person(actor)
        user = await self._catalogue.read(lambda records: records.users.get(user_id))
        self._by_account.take(user.name, self._clock())
        if not await self._passwords.verify(current, user.password_hash):
            raise Unauthenticated(
                "The current password is wrong.",
                remedy="Try again.",
                code="unauthenticated.password",
                about="old",
            )
        self._by_account.clear(user.name)
        await self._set(actor, user, new, keep)

    async def set_password(self, actor: Actor, name: str, new: str) -> None:
        """Give a user a new password without knowing the old one; signs out all their devices.

        Raises Forbidden, NotFound (`not-found.user`), Invalid (`invalid.password`).
        """
        actor.require_everywhere(Scope.MANAGE)
        wanted = user_name(name)
        user = await self._catalogue.read(lambda records: records.users.by_name(wanted))
        if user is None:
            raise NotFound(f"There is no user named {wanted}.", code="not-found.user")
        await self._set(actor, user, new, None)

    async def _set(self, actor: Actor, user: User, new: str, keep: str | None) -> None:
        kept, now = await self._passwords.hash(new), self._clock()

        def unit(records: Records) -> None:
            records.users.update(user.id, password_hash=kept)
            records.sessions.remove_of(user.id, keep=keep)
            records.events.add(at=now, action="password.changed", actor=actor.name, subject=user.id)

        await self._catalogue.write(unit)
        self._seen.clear()
