"""Users, signed-in browsers and API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from fanlight.catalogue import schema
from fanlight.catalogue.keep import Keep
from fanlight.model import ApiToken, Role, User, WebSession


class Users(Keep[User]):
    """Those who can sign in."""

    table = schema.user_account
    noun = "user"
    record = User

    def by_name(self, name: str) -> User | None:
        """The user of exactly this name."""
        return self._first(self.table.c.name, name)

    def owner(self) -> User | None:
        """The first owner, or None before the server was set up."""
        return self._first(self.table.c.role, Role.OWNER)


class Sessions(Keep[WebSession]):
    """Signed-in browsers. Secrets are found by their hash only."""

    table = schema.web_session
    noun = "session"
    record = WebSession

    def by_hash(self, secret_hash: str) -> WebSession | None:
        """The session whose secret has this hash."""
        return self._first(self.table.c.secret_hash, secret_hash)

    def of(self, user_id: str) -> tuple[WebSession, ...]:
        """A user's sessions, oldest first."""
        return self._all(self.table.c.user_id == user_id)

    def touch(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that the session was used. Nothing happens when it is gone."""
        columns = self.table.c
        self._session.run(self.table.update().where(columns.id == id).values(last_seen_at=at))

    def remove_of(self, user_id: str, *, keep: str | None = None) -> int:
        """End a user's sessions, all or all but one; how many."""
        columns = self.table.c
        ended = delete(self.table).where(columns.user_id == user_id)
        if keep is not None:
            ended = ended.where(columns.id != keep)
        return self._session.run(ended).rowcount

    def prune(self, before: datetime) -> int:
        """Remove sessions that expired before; how many."""
        expired = delete(self.table).where(self.table.c.expires_at < before)
        return self._session.run(expired).rowcount


class Tokens(Keep[ApiToken]):
    """Keys for programs. Secrets are found by their hash only."""

    table = schema.api_token
    noun = "token"
    record = ApiToken

    def by_hash(self, secret_hash: str) -> ApiToken | None:
        """The token whose secret has this hash."""
        return self._first(self.table.c.secret_hash, secret_hash)

    def of(self, owner_id: str) -> tuple[ApiToken, ...]:
        """A user's tokens, oldest first."""
        return self._all(self.table.c.owner_id == owner_id)

    def touch(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that the token was used. Nothing happens when it is gone."""
        self._session.run(self.table.update().where(self.table.c.id == id).values(last_used_at=at))
