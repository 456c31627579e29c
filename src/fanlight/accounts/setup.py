"""The first start: a one-time code makes its bearer the owner, and then is worth nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.accounts.desk import Desk, new_id, user_name
from fanlight.errors import Conflict, Forbidden
from fanlight.guard.secret import digest, new_secret, same
from fanlight.model import Role, User

if TYPE_CHECKING:
    from fanlight.catalogue import Records

SETTING = "accounts.setup"


class Setup(Desk):
    """Become the owner."""

    async def setup_code(self) -> str | None:
        """A new code while there is no owner, else `None`. It replaces any earlier one.

        Only its hash is kept, so it must be shown now. Ask once at each start of the server.
        """
        code = new_secret()

        def unit(records: Records) -> bool:
            if records.users.owner() is not None:
                return False
            records.settings.set(SETTING, digest(code))
            return True

        return code if await self._catalogue.write(unit) else None

    async def set_up(self, code: str, name: str, password: str) -> User:
        """Make the owner.

        Raises Forbidden (`forbidden.setup`) for a code that is not the last one, Conflict
        (`conflict.owner`) once there is an owner, BadName, Invalid (`invalid.password`).
        """
        name = user_name(name)
        await self._catalogue.read(lambda records: _check(records, code))
        user = User(
            id=new_id(),
            name=name,
            role=Role.OWNER,
            password_hash=await self._passwords.hash(password),
            created_at=self._clock(),
        )

        def unit(records: Records) -> None:
            records.alone("owner")
            _check(records, code)
            records.settings.remove(SETTING)
            records.users.add(user)
            records.events.add(
                at=user.created_at, action="owner.set-up", actor=name, subject=user.id
            )

        await self._catalogue.write(unit)
        return user


def _check(records: Records, code: str) -> None:
    if records.users.owner() is not None:
        raise _used()
    kept = records.settings.get(SETTING)
    if not isinstance(kept, str) or not same(kept, digest(code)):
        raise Forbidden(
            "This is not the setup link of the server's last start.",
            remedy="Use the link that the server printed when it was last started.",
            code="forbidden.setup",
        )


def _used() -> Conflict:
    return Conflict("This server has its owner already.", remedy="Sign in.", code="conflict.owner")
