"""Open stores by channel, made on first use and made again when their channel changes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fanlight.channels.agreeing import Agreed
from fanlight.channels.authority import CatalogueKeeper
from fanlight.errors import FanlightError, NotFound, NotSupported
from fanlight.model import Passing
from fanlight.oauth import Tokens
from fanlight.storage import registry
from fanlight.storage.pace import Pace
from fanlight.storage.store import Store
from fanlight.storage.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels.authority import Authorities
    from fanlight.errors import FanlightError
    from fanlight.model import Account, Channel, Connection
    from fanlight.oauth import Grant
    from fanlight.outgoing import Http
    from fanlight.storage.base import Provider

    Failed = Callable[[str, FanlightError], None]

FRESH = timedelta(seconds=1)
"""How long what we know of channels is believed before we look again."""
RETIRED = timedelta(hours=1)
"""How long a replaced store is kept for those still reading or writing through it."""


@dataclass(frozen=True, slots=True)
class Roster:
    """All channels and connections as they were at one moment."""

    at: datetime
    channels: dict[str, Channel]
    connections: dict[str, Connection] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Open:
    store: Store
    made_of: tuple[object, ...] = field(repr=False)


class Stores:
    """The one place that turns a channel into something that can be read and written.

    What another process changes is noticed within a second, what this one changes at once.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        authorities: Authorities,
        http: Http,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self.authorities = authorities
        self.on_failure: Failed | None = None
        """Told of calls that have failed: the channel, and the error."""
        self._catalogue = catalogue
        self._clock = clock
        self._roster: Roster | None = None
        self._open: dict[str, _Open] = {}
        self._http = http
        self._tokens: dict[str, tuple[tuple[object, ...], Tokens]] = {}
        self._paces: dict[str, Pace] = {}
        self._agreed: dict[str, Agreed] = {}
        self._retired: list[tuple[datetime, Store]] = []

    async def get(self, channel_id: str) -> Store:
        """The store of a channel, also of one that is switched off.

        Raises NotFound (`not-found.channel`), and Invalid or BadLocator if its options are no
        longer good.
        """
        roster = await self.roster()
        channel = roster.channels.get(channel_id)
        if channel is None:
            raise NotFound("There is no such channel.", code="not-found.channel")
        connection = roster.connections[channel.connection_id]
        who = connection.account.id if connection.account else ""
        made_of = (channel.root, who, *_made_of(connection))
        found = self._open.get(channel_id)
        if found is not None and found.made_of == made_of:
            return found.store
        store = self._make(channel, connection)
        self._open[channel_id] = _Open(store, made_of)
        if found is not None:
            await self._retire(found.store)
        return store

    async def passing(self, channel_id: str) -> Passing:
        """How the bytes of a channel's originals get to viewers, as known within a second."""
        channel = (await self.roster()).channels.get(channel_id)
        return Passing.PROXY if channel is None else channel.delivery

    async def roster(self) -> Roster:
        """All channels, as known within the last second."""
        roster, now = self._roster, self._clock()
        if roster is None or not timedelta() <= now - roster.at < FRESH:
            self._roster = roster = await self._catalogue.read(lambda records: _read(records, now))
        return roster

    async def rung(self, provider: str, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The channels that a call from outside is about, if it is the provider's own.

        `headers` have lower-case names, `body` is as it came.
        """
        roster = await self.roster()
        about: list[str] = []
        for channel in roster.channels.values():
            if channel.provider == provider and channel.enabled:
                with suppress(FanlightError):  # of one that is not finished nobody can be told
                    if (await self.get(channel.id)).rung(headers, body):
                        about.append(channel.id)
        return tuple(about)

    async def look_up(self, channel_id: str) -> tuple[Channel, Connection]:
        """A channel and its connection as they are right now. NotFound (`not-found.channel`)."""

        def unit(records: Records) -> tuple[Channel, Connection]:
            channel = records.channels.get(channel_id)
            return channel, records.connections.get(channel.connection_id)

        return await self._catalogue.read(unit)

    def tokens(self, connection: Connection) -> Tokens:
        """The access tokens of a connection, the same for all its channels.

        Raises NotSupported for one that needs none.
        """
        made_of = _made_of(connection)
        found = self._tokens.get(connection.id)
        if found is not None and found[0] == made_of:
            return found[1]
        authority = self.authorities.of(connection)
        if authority is None:
            raise NotSupported
        tokens = Tokens(authority.endpoint, CatalogueKeeper(self._catalogue, connection.id))
        self._tokens[connection.id] = (made_of, tokens)
        return tokens

    async def whose(self, channel: Channel, connection: Connection, grant: Grant) -> Account | None:
        """Whom a grant speaks for that is not kept yet; `None` where that cannot be told."""
        authority, around = self.authorities.of(connection), self._around(connection)
        if authority is None or around is None:
            return None
        tokens = Tokens(authority.endpoint, CatalogueKeeper(self._catalogue, connection.id))
        tokens.take(grant)
        provider = _provider(channel, connection, replace(around, tokens=tokens, account=""))
        try:
            return (await provider.check()).who
        except FanlightError:
            return None
        finally:
            await provider.close()

    def forget_tokens(self, connection_id: str) -> None:
        """Use no access token any more that was made before: the grant has changed."""
        self._tokens.pop(connection_id, None)
        self.forget()

    def forget(self) -> None:
        """Look again before the next use: a channel was changed here."""
        self._roster = None

    async def close(self) -> None:
        """Close all stores."""
        stores = [found.store for found in self._open.values()]
        stores += [store for _, store in self._retired]
        self._open.clear()
        self._retired.clear()
        for store in stores:
            await store.close()

    def _make(self, channel: Channel, connection: Connection) -> Store:
        around = self._around(connection)
        provider = _provider(channel, connection, around)
        agreed = None if around is None else self._agreed_on(connection)
        traits = provider.traits
        pace = self._paces.setdefault(
            connection.id, Pace(traits.parallel, puts=traits.puts, shared=agreed)
        )
        tell = self._teller(channel.id)
        return Store(provider, name=channel.name, pace=pace, shared=agreed, failed=tell)

    def _agreed_on(self, connection: Connection) -> Agreed:
        """What all processes agree on about an account in the network."""
        agreed = Agreed(self._catalogue, connection.id, clock=self._clock)
        return self._agreed.setdefault(connection.id, agreed)

    def _teller(self, channel_id: str) -> Callable[[FanlightError], None]:
        def tell(error: FanlightError) -> None:
            if self.on_failure is not None:
                self.on_failure(channel_id, error)

        return tell

    def _around(self, connection: Connection) -> Surroundings | None:
        """What the provider of a service in the network may use; of anything else, nothing."""
        if self.authorities.declared(connection.provider) is None:
            return None
        return Surroundings(
            http=self._http,
            tokens=self.tokens(connection),
            address=self.authorities.address(connection.provider),
            account=connection.account.id if connection.account else "",
        )

    async def _retire(self, store: Store) -> None:
        now = self._clock()
        self._retired.append((now, store))
        due = [old for since, old in self._retired if now - since > RETIRED]
        self._retired = [kept for kept in self._retired if now - kept[0] <= RETIRED]
        for old in due:
            await old.close()


def _provider(channel: Channel, connection: Connection, around: Surroundings | None) -> Provider:
    options = {**connection.options, **connection.secrets}
    return registry.create(connection.provider, options, channel.root, around)


def _made_of(connection: Connection) -> tuple[object, ...]:
    """What a store and its access tokens are good for, and not longer."""
    return (
        connection.provider,
        connection.options,
        connection.secrets,
        connection.connected_at,
    )


def _read(records: Records, now: datetime) -> Roster:
    channels = {channel.id: channel for channel in records.channels.all()}
    return Roster(now, channels, {one.id: one for one in records.connections.all()})
