"""Signing in, signing out, and the list of signed-in devices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from fanlight.accounts.desk import Desk, new_id, require_person, user_name
from fanlight.errors import BadName, NotFound, Unauthenticated
from fanlight.guard.secret import digest, new_secret
from fanlight.guard.throttle import network
from fanlight.model import Actor, User, WebSession

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.catalogue import Records

log = structlog.get_logger(__name__)


class SigningIn(Desk):
    """From a name and a password to a session, and back."""

    async def sign_in(
        self, name: str, password: str, *, address: str, user_agent: str
    ) -> tuple[WebSession, str]:
        """Check a password and begin a session; the second part is the cookie's secret.

        An unknown name takes as long as a wrong password. Raises Unauthenticated
        (`unauthenticated.password`), and Throttled with `retry_after` after several wrong
        tries from one address or for one account; an address from which the account is signed
        in already is not held up by others' tries for it.
        """
        try:
            name = user_name(name)
        except BadName:
            name = ""
        place, now = network(address), self._clock()
        user, known = await self._catalogue.read(lambda records: _user(records, name, now))
        self._by_address.take(place, now)
        if place not in known:
            self._by_account.take(name, now)
        if not await self._passwords.verify(password, user.password_hash if user else None):
            log.warning("sign-in.refused", address=address)
            raise Unauthenticated(
                "The name or the password is wrong.",
                remedy="Try again. Forgot it? Run: fanlight user password NAME",
                code="unauthenticated.password",
            )
        assert user is not None  # noqa: S101 -- nobody's password is never right
        self._by_address.give_back(place)
        self._by_account.clear(name)
        return await self._begin(user, password, address, user_agent)

    async def sign_out(self, secret: str) -> None:
        """End the session of a cookie's secret; one that has ended already is fine."""

        def unit(records: Records) -> None:
            session = records.sessions.by_hash(digest(secret))
            if session is not None:
                records.sessions.remove(session.id)

        await self._catalogue.write(unit)
        self._seen.forget(digest(secret))

    async def sessions(self, actor: Actor) -> tuple[WebSession, ...]:
        """The devices on which the actor is signed in. Raises Forbidden for tokens."""
        user_id = require_person(actor)
        now = self._clock()
        found = await self._catalogue.read(lambda records: records.sessions.of(user_id))
        return tuple(session for session in found if session.expires_at > now)

    async def end_session(self, actor: Actor, session_id: str) -> None:
        """Sign out one of the actor's devices. Raises NotFound (`not-found.session`)."""
        user_id = require_person(actor)
        now = self._clock()

        def unit(records: Records) -> None:
            if records.sessions.get(session_id).user_id != user_id:
                raise NotFound("There is no such session.", code="not-found.session")
            records.sessions.remove(session_id)
            records.events.add(at=now, action="session.ended", actor=actor.name, subject=session_id)

        await self._catalogue.write(unit)
        self._seen.clear()

    async def _begin(
        self, user: User, password: str, address: str, user_agent: str
    ) -> tuple[WebSession, str]:
        secret, now = new_secret(), self._clock()
        session = WebSession(
            id=new_id(),
            user_id=user.id,
            secret_hash=digest(secret),
            user_agent=user_agent[:300].encode(errors="replace").decode(),
            address=address[:100],
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=self._session_days),
        )
        fresh = None
        if self._passwords.is_outdated(user.password_hash):
            fresh = await self._passwords.hash(password)

        def unit(records: Records) -> None:
            if fresh is not None:
                records.users.update(user.id, password_hash=fresh)
            records.sessions.add(session)
            records.events.add(
                at=now,
                action="session.began",
                actor=user.name,
                subject=session.id,
                data={"address": session.address},
            )

        await self._catalogue.write(unit)
        return session, secret


def _user(records: Records, name: str, now: datetime) -> tuple[User | None, frozenset[str]]:
    """The user of that name and the addresses they are signed in from."""
    user = records.users.by_name(name) if name else None
    sessions = records.sessions.of(user.id) if user else ()
    return user, frozenset(network(one.address) for one in sessions if one.expires_at > now)
