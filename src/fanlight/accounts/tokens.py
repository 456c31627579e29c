"""API tokens: made, listed, revoked. A token can never make one that is stronger than itself."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.accounts.desk import Desk, new_id
from fanlight.errors import Forbidden, Invalid, NotFound
from fanlight.guard.secret import digest, new_token
from fanlight.model import Actor, ApiToken, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fanlight.catalogue import Records

HINT = 8
"""Characters of a token that are kept open, to tell tokens apart."""
LONGEST_NAME = 100


class Tokens(Desk):
    """Keys for programs."""

    async def make_token(
        self,
        actor: Actor,
        name: str,
        scopes: Iterable[Scope],
        channel_id: str | None = None,
        folder: str | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[ApiToken, str]:
        """Make a token; its text is the second part and can never be had again.

        `channel_id` and `folder` (with what is below) bind it. Who may not manage can give no
        more than their own scopes; a token needs the right to manage, and what it makes is bound
        as it is and expires no later. One that the server makes before set-up is nobody's.
        Raises Forbidden, Invalid (`invalid.token`), NotFound (the channel).
        """
        now, text = self._clock(), new_token()
        token = ApiToken(
            id=new_id(),
            name=_name(name),
            owner_id=actor.user_id,
            secret_hash=digest(text),
            hint=text[:HINT],
            scopes=frozenset(Scope(scope) for scope in scopes),
            channel_id=channel_id or None,
            folder=_folder(folder),
            created_at=now,
            expires_at=expires_at,
            last_used_at=None,
        )
        _check(token)
        _require_no_more(actor, token)

        def unit(records: Records) -> ApiToken:
            if token.channel_id is not None:
                records.channels.get(token.channel_id)
            kept = records.tokens.add(_owned(records, token))
            records.events.add(
                at=now,
                action="token.made",
                actor=actor.name,
                subject=token.id,
                data={"name": token.name, "scopes": sorted(token.scopes)},
            )
            return kept

        return await self._catalogue.write(unit), text

    async def tokens(self, actor: Actor) -> tuple[ApiToken, ...]:
        """The actor's own tokens; all, for those who manage the server. Raises Forbidden."""
        whose = _whose(actor)
        if whose is None:
            return await self._catalogue.read(lambda records: records.tokens.all())
        return await self._catalogue.read(lambda records: records.tokens.of(whose))

    async def revoke_token(self, actor: Actor, token_id: str) -> None:
        """End a token: here at once, in every other process within a second.

        Raises NotFound (`not-found.token`), also for a token that the actor may not see.
        """
        whose, now = _whose(actor), self._clock()

        def unit(records: Records) -> None:
            token = records.tokens.get(token_id)
            if whose not in (None, token.owner_id):
                raise NotFound("There is no such token.", code="not-found.token")
            records.tokens.remove(token_id)
            records.events.add(
                at=now,
                action="token.revoked",
                actor=actor.name,
                subject=token_id,
                data={"name": token.name},
            )

        await self._catalogue.write(unit)
        self._seen.clear()


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _invalid(
            "name",
            f"A token's name has 1 to {LONGEST_NAME} visible characters.",
            "Name it after the program that uses it.",
        )
    return name


def _folder(given: str | None) -> str | None:
    """The folder as assets have it, `None` for the top (which binds to nothing)."""
    parts = [part for part in unicodedata.normalize("NFC", given or "").split("/") if part]
    if any(part in (".", "..") or not part.isprintable() for part in parts):
        raise _invalid(
            "folder", "This cannot be a token's folder.", "Write it as in the list of folders."
        )
    return "/".join(parts) or None


def _check(token: ApiToken) -> None:
    if not token.scopes:
        raise _invalid("scopes", "A token needs a scope.", f"Scopes are: {', '.join(Scope)}.")
    if token.expires_at is None:
        return
    if token.expires_at.tzinfo is None or token.expires_at <= token.created_at:
        raise _invalid(
            "expires_at", "A token must expire in the future.", "Choose a later time, or none."
        )


def _require_no_more(actor: Actor, token: ApiToken) -> None:
    if actor.user_id is None or actor.token is not None:
        actor.require(Scope.MANAGE)  # an upload code, too, would outlive itself
    if actor.token is not None:
        until = actor.token.expires_at
        if until is not None and (token.expires_at is None or token.expires_at > until):
            raise _stronger("A token cannot make one that lasts longer than itself.")
    if actor.channel_id not in (None, token.channel_id):
        raise _stronger("A token that is bound to a channel cannot make one for others.")
    if actor.folder is not None and not _inside(token.folder, actor.folder):
        raise _stronger("A token that is bound to a folder cannot make one for others.")
    for scope in sorted(token.scopes):
        actor.require(scope)


def _inside(folder: str | None, outer: str) -> bool:
    return folder is not None and (folder == outer or folder.startswith(f"{outer}/"))


def _owned(records: Records, token: ApiToken) -> ApiToken:
    """The token with an owner, if there is one: what the server makes by itself is theirs."""
    owner = None if token.owner_id else records.users.owner()
    return token if owner is None else replace(token, owner_id=owner.id)


def _whose(actor: Actor) -> str | None:
    """Whose tokens the actor may see and revoke; `None` for everybody's."""
    if actor.user_id is None or actor.token is not None or actor.may(Scope.MANAGE):
        actor.require_everywhere(Scope.MANAGE)
        return None
    return actor.user_id


def _stronger(message: str) -> Forbidden:
    return Forbidden(message, code="forbidden.stronger-token")


def _invalid(about: str, message: str, remedy: str) -> Invalid:
    return Invalid(message, remedy=remedy, code="invalid.token", about=about)
