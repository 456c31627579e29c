"""Connecting an account: the owner goes to the service, gives consent, and comes back."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from fanlight import oauth
from fanlight.channels import findings, redirects
from fanlight.channels.authority import REFRESH, missing
from fanlight.errors import (
    ConnectFailed,
    Expired,
    FanlightError,
    NotSupported,
    StorageError,
    StorageUnavailable,
)
from fanlight.model import ConnectAttempt, Scope, Severity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels.authority import Authority
    from fanlight.channels.diagnosis import Diagnosis
    from fanlight.channels.stores import Stores
    from fanlight.channels.wire import Wire
    from fanlight.model import Actor, Channel, Connection, Finding
    from fanlight.oauth import Grant
    from fanlight.storage.authority import OAuth

LIFE = timedelta(minutes=15)
"""How long an attempt may take."""
ORIGINS = "site.origins"
"""The setting that remembers by which addresses the site is managed."""


@dataclass(frozen=True, slots=True)
class Departure:
    """The owner is about to leave: where to, and until when they are expected back."""

    address: str
    expires_at: datetime
    state: str
    """What a code must be brought back with; the service returns it by itself."""


@dataclass(frozen=True, slots=True)
class Return:
    """The owner is back. `finding` is what went wrong, if anything did."""

    channel_id: str
    finding: Finding | None = None


class Connecting:
    """What belongs to connecting. Every action needs the right to manage, everywhere."""

    def __init__(
        self,
        catalogue: Catalogue,
        stores: Stores,
        diagnosis: Diagnosis,
        wire: Wire,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalogue = catalogue
        self._stores = stores
        self._diagnosis = diagnosis
        self._wire = wire
        self._clock = clock
        self.on_connected: Callable[[Channel], Awaitable[object]] | None = None
        """Told of channels whose account was connected and that can be used now."""

    async def begin(
        self, actor: Actor, channel_id: str, *, bound: str, redirect_uri: str = ""
    ) -> Departure:
        """The address to send the owner to. Only who shows the same `bound` can come back.

        Without a redirect URI the service shows a code to copy. The service's page is looked at
        first: what it would refuse with a page of its own is kept as the channel's finding, and
        raised. Raises Forbidden, NotFound, NotSupported, ConnectFailed, StorageUnavailable.
        """
        channel, connection, authority = await self._found(actor, channel_id)
        attempt = oauth.begin(redirect_uri)
        scopes = authority.declared.scopes(storing=channel.uploads)
        again = bool(connection.connected_at)
        address = oauth.address(authority.service, authority.app, attempt, scopes, again=again)
        if gaps := missing(connection):
            await self._refuse(channel, gaps[0])
        if refusal := await self._refusal(authority.declared, address):
            await self._refuse(channel, await self._compared(refusal, authority, attempt, scopes))
        now = self._clock()
        kept = ConnectAttempt(
            id=_hash(attempt.state),
            channel_id=channel.id,
            bound=_hash(bound),
            redirect_uri=redirect_uri,
            verifier=attempt.verifier,
            created_at=now,
            expires_at=now + LIFE,
        )

        def unit(records: Records) -> None:
            records.attempts.prune(now - LIFE)
            records.attempts.add(kept)

        await self._catalogue.write(unit)
        return Departure(address, kept.expires_at, attempt.state)

    async def finish(
        self, actor: Actor, *, state: str, bound: str, code: str = "", error: str = ""
    ) -> Return:
        """Take what the owner brings back. Works once for each attempt.

        What goes wrong is kept as the channel's finding and given back. Raises Forbidden, and
        Expired (`expired.attempt`) for an attempt that is not known, or not any more.
        """
        actor.require_everywhere(Scope.MANAGE)
        attempt = await self._catalogue.write(lambda records: records.attempts.take(_hash(state)))
        if attempt is None:
            raise Expired(
                "This attempt to connect is over, or was never begun here.",
                remedy="Open the channel and connect again.",
                code="expired.attempt",
            )
        finding = await self._objection(attempt, bound, error)
        if finding is None:
            finding = await self._accept(attempt, code)
        if finding is not None:
            return await self._came_to_nothing(attempt.channel_id, finding)
        return await self._connected(attempt.channel_id)

    async def heard(self, actor: Actor, channel_id: str, said: str) -> Return:
        """Take what the service's own page says, where it does not send the owner back.

        Its words are told by what the page is known for, and kept as the channel's finding. Raises
        Forbidden, NotFound, NotSupported.
        """
        channel, _, authority = await self._found(actor, channel_id)
        words = " ".join(said.split())
        finding = _known(authority.declared, words) or _other(words)
        await self._catalogue.write(lambda records: records.attempts.end(channel.id))
        return await self._came_to_nothing(channel.id, finding)

    async def paste(self, actor: Actor, channel_id: str, refresh_token: str) -> Return:
        """Use a refresh token that the owner has from elsewhere, made for the same app.

        It is tried at once. Raises Forbidden, NotFound, NotSupported.
        """
        channel, connection, authority = await self._found(actor, channel_id)
        token = "".join(refresh_token.split())
        if gaps := missing(connection):
            return await self._came_to_nothing(channel.id, gaps[0])
        try:
            grant = await authority.endpoint.refresh(token)
        except StorageError as error:
            return await self._came_to_nothing(channel.id, findings.of_connecting(error))
        grant = replace(grant, refresh_token=grant.refresh_token or token)
        if finding := await self._take(channel, connection, authority, grant):
            return await self._came_to_nothing(channel.id, finding)
        return await self._connected(channel.id)

    async def disconnect(self, actor: Actor, channel_id: str) -> bool:
        """End the access at the service and forget it here; whether the service has done its part.

        The channel stays, with its app. Raises Forbidden, NotFound, NotSupported.
        """
        channel, connection, authority = await self._found(actor, channel_id)
        revoked = True
        try:
            if connection.tokens:
                token = await self._stores.tokens(connection).get()
                await authority.endpoint.revoke(token)
        except FanlightError:
            revoked = False
        gone: dict[str, object] = {
            "tokens": {},
            "scopes": (),
            "account": None,
            "quota": None,
            "connected_at": None,
        }

        def unit(records: Records) -> None:
            records.connections.update(connection.id, **gone, updated_at=self._clock())
            records.attempts.end(channel.id)

        await self._catalogue.write(unit)
        self._stores.forget_tokens(connection.id)
        await self._diagnosis.of_channel(channel.id)
        return revoked

    async def away_since(self, channel_id: str) -> datetime | None:
        """When the owner left for the service, if they should be back and are not yet."""
        now = self._clock()

        def unit(records: Records) -> datetime | None:
            left = [one for one in records.attempts.of(channel_id) if one.expires_at > now]
            sent = [one.created_at for one in left if one.redirect_uri]
            return max(sent, default=None)

        return await self._catalogue.read(unit)

    def refusals(self, provider: str) -> tuple[tuple[str, Finding], ...]:
        """What the service may show instead of sending the owner back: its words, what they mean.

        Raises NotFound.
        """
        declared = self._stores.authorities.declared(provider)
        return tuple((one.says, one.finding) for one in declared.refusals) if declared else ()

    # --- within ---------------------------------------------------------------------------------

    async def _found(self, actor: Actor, channel_id: str) -> tuple[Channel, Connection, Authority]:
        actor.require_everywhere(Scope.MANAGE)
        channel, connection = await self._stores.look_up(channel_id)
        authority = self._stores.authorities.of(connection)
        if authority is None:
            raise NotSupported(
                f"The channel {channel.name} needs no connecting.",
                remedy="Its settings are all it needs.",
            )
        return channel, connection, authority

    async def _refusal(self, declared: OAuth, address: str) -> Finding | None:
        page = await self._wire.look(address)
        if page.status >= 500:
            raise StorageUnavailable(f"The consent page answers with {page.status}.")
        if page.status < 400:
            return None
        return _known(declared, page.text)

    async def _compared(
        self,
        refusal: Finding,
        authority: Authority,
        attempt: oauth.Attempt,
        scopes: tuple[str, ...],
    ) -> Finding:
        """With the redirect URI that is registered instead, if it can be found out."""
        ours = attempt.redirect_uri
        if refusal.code != "connect.redirect" or not ours:
            return refusal

        async def takes(other: str) -> bool:
            tried = replace(attempt, redirect_uri=other)
            address = oauth.address(authority.service, authority.app, tried, scopes)
            return await self._refusal(authority.declared, address) is None

        origins = await self._catalogue.read(known_origins)
        return await redirects.compared(refusal, ours, redirects.likely(ours, origins), takes)

    async def _connected(self, channel_id: str) -> Return:
        """See whether it works; if so, begin to use it."""
        await self._diagnosis.of_channel(channel_id)
        channel, _ = await self._stores.look_up(channel_id)
        well = all(one.severity is not Severity.PROBLEM for one in channel.findings)
        if well and self.on_connected is not None:
            await self.on_connected(channel)
        return Return(channel_id)

    async def _came_to_nothing(self, channel_id: str, finding: Finding) -> Return:
        await self._diagnosis.keep(channel_id, (finding,))
        return Return(channel_id, finding)

    async def _refuse(self, channel: Channel, finding: Finding) -> None:
        await self._diagnosis.keep(channel.id, (finding,))
        raise ConnectFailed(f"{finding.meaning}.", remedy=f"{finding.steps[0]}.", code=finding.code)

    async def _objection(self, attempt: ConnectAttempt, bound: str, error: str) -> Finding | None:
        if not hmac.compare_digest(attempt.bound, _hash(bound)):
            return findings.other_browser()
        if attempt.expires_at <= self._clock():
            return findings.too_late()
        if error == "access_denied":
            return findings.refused_consent()
        if error:
            _, connection = await self._stores.look_up(attempt.channel_id)
            declared = self._stores.authorities.declared(connection.provider)
            return (_known(declared, error) if declared else None) or _other(error)
        return None

    async def _accept(self, attempt: ConnectAttempt, code: str) -> Finding | None:
        channel, connection = await self._stores.look_up(attempt.channel_id)
        authority = self._stores.authorities.of(connection)
        assert authority is not None  # noqa: S101 - nobody could have begun
        proof = oauth.Attempt("", attempt.verifier, attempt.redirect_uri)
        try:
            grant = await authority.endpoint.exchange(code.strip(), proof)
        except StorageError as error:
            finding, ours = findings.of_connecting(error), attempt.redirect_uri
            if finding.code == "connect.redirect" and ours:
                return replace(finding, values=(("Fanlight sends", ours),))
            return finding
        return await self._take(channel, connection, authority, grant)

    async def _take(
        self, channel: Channel, connection: Connection, authority: Authority, grant: Grant
    ) -> Finding | None:
        """Keep a grant, unless it speaks for somebody else than the one that is connected."""
        before = connection.account
        if before is not None:
            who = await self._stores.whose(channel, connection, grant)
            if who is not None and who.id != before.id:
                with suppress(FanlightError):
                    await authority.endpoint.revoke(grant.access_token)
                return findings.other_account(before, who)
        await self._keep(channel.id, connection, grant)
        return None

    async def _keep(self, channel_id: str, connection: Connection, grant: Grant) -> None:
        now = self._clock()
        fields: dict[str, object] = {
            "tokens": {REFRESH: grant.refresh_token},
            "scopes": tuple(sorted(grant.scopes or ())),
            "account": None,
            "connected_at": now,
            "updated_at": now,
        }

        def unit(records: Records) -> None:
            records.connections.update(connection.id, **fields)
            records.attempts.end(channel_id)

        await self._catalogue.write(unit)
        self._stores.forget_tokens(connection.id)
        self._stores.tokens(replace(connection, connected_at=now)).take(grant)


def known_origins(records: Records) -> tuple[str, ...]:
    """The addresses by which the site was managed, newest first."""
    return tuple(cast("list[str]", records.settings.get(ORIGINS) or []))


def _known(declared: OAuth, text: str) -> Finding | None:
    """What a page of the service means, if it is one that is known."""
    return next((one.finding for one in declared.refusals if one.says in text), None)


def _other(said: str) -> Finding:
    words = said[:200].rstrip(".") or "nothing"
    return findings.of_connecting(
        ConnectFailed(f"The service says: {words}.", code="connect.other")
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
