"""Who somebody is, by what they show: a session's cookie, an API token, an upload code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from fanlight.accounts.desk import RIGHTS, Desk, actor_of
from fanlight.errors import CatalogueError, Expired, Unauthenticated
from fanlight.guard.secret import TOKEN_PREFIX, digest, same
from fanlight.model import Actor, ApiToken, Role, Scope, User, WebSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fanlight.catalogue import Records

log = structlog.get_logger(__name__)

USE_NOTED_EVERY = timedelta(minutes=1)


class Proofs(Desk):
    """From a secret to an actor."""

    async def actor_for_session(self, secret: str) -> Actor:
        """Who is signed in with this cookie's secret. Raises Unauthenticated."""
        proof, now = digest(secret), self._clock()
        if (actor := self._seen.get(proof, now)) is not None:
            return actor
        session, user = await self._catalogue.read(lambda records: _signed_in(records, proof))
        if session is None or user is None or session.expires_at <= now:
            raise Unauthenticated
        await self._note_use(
            session.last_seen_at, now, lambda records: records.sessions.touch(session.id, now)
        )
        return self._seen.put(proof, actor_of(user), now)

    async def session_of(self, secret: str) -> WebSession | None:
        """The session of a cookie's secret, to tell this device among others."""
        proof = digest(secret)
        session = await self._catalogue.read(lambda records: records.sessions.by_hash(proof))
        return session if session and session.expires_at > self._clock() else None

    async def actor_for_token(self, text: str) -> Actor:
        """Who holds this API token, with its scopes, channel and folder.

        A token can never do more than its owner may by now. Raises Unauthenticated, and
        Expired (`expired.token`) when its time is over.
        """
        text = text.strip()
        if not text.startswith(TOKEN_PREFIX):
            raise _bad_token()
        proof, now = digest(text), self._clock()
        if (actor := self._seen.get(proof, now)) is not None:
            return actor
        token, owner = await self._catalogue.read(lambda records: _held(records, proof))
        if token is None or (owner is None and token.owner_id is not None):
            raise _bad_token()
        if token.expires_at is not None and token.expires_at <= now:
            raise Expired(
                "This API token has expired.", remedy="Make a new one.", code="expired.token"
            )
        await self._note_use(
            token.last_used_at, now, lambda records: records.tokens.touch(token.id, now)
        )
        return self._seen.put(proof, _holder(token, owner), now)

    def actor_for_code(self, code: str) -> Actor:
        """Whoever knows the upload code: may upload, and nothing else. Raises Unauthenticated."""
        if not self._upload_code or not same(self._upload_code, code):
            raise Unauthenticated(
                "The upload code is not right.", code="unauthenticated.upload-code"
            )
        return Actor("upload code", scopes=frozenset({Scope.UPLOAD}))

    async def _note_use(
        self, noted: datetime | None, now: datetime, unit: Callable[[Records], None]
    ) -> None:
        if noted is not None and now - noted < USE_NOTED_EVERY:
            return
        try:
            await self._catalogue.write(unit)
        except CatalogueError:
            # Nobody is turned away because a note could not be made.
            log.warning("use.not-noted", exc_info=True)


def _signed_in(records: Records, proof: str) -> tuple[WebSession | None, User | None]:
    session = records.sessions.by_hash(proof)
    return session, records.users.find(session.user_id) if session else None


def _held(records: Records, proof: str) -> tuple[ApiToken | None, User | None]:
    token = records.tokens.by_hash(proof)
    return token, records.users.find(token.owner_id) if token and token.owner_id else None


def _holder(token: ApiToken, owner: User | None) -> Actor:
    rights = RIGHTS[owner.role if owner else Role.OWNER]
    scopes = token.scopes if Scope.MANAGE in rights else token.scopes & rights
    return Actor(
        f"token {token.name}",
        user_id=owner.id if owner else None,
        scopes=scopes,
        channel_id=token.channel_id,
        folder=token.folder,
        token=token,
    )


def _bad_token() -> Unauthenticated:
    return Unauthenticated(
        "This API token is not known here, or was revoked.", code="unauthenticated.token"
    )
