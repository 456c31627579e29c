"""Users, signed-in browsers and API tokens."""

from __future__ import annotations

from datetime import datetime

from fanlight.catalogue import schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.types import micros
from fanlight.model import ApiToken, Role, User, WebSession


class Users(Keep[User]):
    """Those who can sign in."""

    plain = Plain(schema.user_account)
    noun = "user"
    record = User

    def by_name(self, name: str) -> User | None:
        """The user of exactly this name."""
        return self._first(name=name)

    def owner(self) -> User | None:
        """The first owner, or None before the server was set up."""
        return self._first(role=Role.OWNER.value)


class Sessions(Keep[WebSession]):
    """Signed-in browsers. Secrets are found by their hash only."""

    plain = Plain(schema.web_session)
    noun = "session"
    record = WebSession

    def by_hash(self, secret_hash: str) -> WebSession | None:
        """The session whose secret has this hash."""
        return self._first(secret_hash=secret_hash)

    def of(self, user_id: str) -> tuple[WebSession, ...]:
        """A user's sessions, oldest first."""
        return self._all(user_id=user_id)

    def touch(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that the session was used. Nothing happens when it is gone."""
        self._session.do(
            "UPDATE web_session SET last_seen_at = :at WHERE id = :id", id=id, at=micros(at)
        )

    def remove_of(self, user_id: str, *, keep: str | None = None) -> int:
        """End a user's sessions, all or all but one; how many."""
        return self._delete("user_id = :user_id AND id <> :keep", user_id=user_id, keep=keep or "")

    def prune(self, before: datetime) -> int:
        """Remove sessions that expired before; how many."""
        return self._delete("expires_at < :before", before=micros(before))


class Tokens(Keep[ApiToken]):
    """Keys for programs. Secrets are found by their hash only."""

    plain = Plain(schema.api_token)
    noun = "token"
    record = ApiToken

    def by_hash(self, secret_hash: str) -> ApiToken | None:
        """The token whose secret has this hash."""
        return self._first(secret_hash=secret_hash)

    def of(self, owner_id: str) -> tuple[ApiToken, ...]:
        """A user's tokens, oldest first."""
        return self._all(owner_id=owner_id)

    def touch(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that the token was used. Nothing happens when it is gone."""
        self._session.do(
            "UPDATE api_token SET last_used_at = :at WHERE id = :id", id=id, at=micros(at)
        )
