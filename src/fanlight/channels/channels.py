"""Channels: added, changed, checked, removed; and which one an upload goes to."""

from __future__ import annotations

import secrets
import unicodedata
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.channels.authority import Authorities
from fanlight.channels.choosing import choose, named, read_only
from fanlight.channels.connecting import ORIGINS, Connecting, known_origins
from fanlight.channels.diagnosis import Diagnosis
from fanlight.channels.state import State, state_of
from fanlight.channels.stores import Stores
from fanlight.channels.wire import Wire
from fanlight.errors import (
    BadLocator,
    BadName,
    Conflict,
    Invalid,
    NotFound,
    NotSupported,
    ReadOnly,
    Unauthenticated,
    concerning,
)
from fanlight.model import (
    SERVER,
    Actor,
    Channel,
    Connection,
    Passing,
    Quota,
    Scope,
    Visibility,
)
from fanlight.outgoing import Http
from fanlight.storage import registry
from fanlight.storage.base import Ability, Links
from fanlight.storage.options import part, redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels.stores import Roster
    from fanlight.storage.base import Check, Provider
    from fanlight.storage.options import Option
    from fanlight.storage.registry import Listed
    from fanlight.storage.store import Store

LONGEST_NAME = 100
FIRST = "This server"
"""The name of the channel a new server begins with."""
BEGUN = "channels.begun"
"""The setting that remembers that it had one."""

MOST_ORIGINS = 6


class Channels:
    """What the owner does with channels. `stores` opens them for everybody else."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        clock: Callable[[], datetime],
        http: Http | None = None,
        addresses: Mapping[str, str] | None = None,
    ) -> None:
        """`addresses` are those of services that are elsewhere than usual, by provider."""
        self._catalogue = catalogue
        self._clock = clock
        self._http = http or Http()
        wire = Wire(self._http)
        self.authorities = Authorities(wire, addresses or {})
        self.stores = Stores(catalogue, self.authorities, self._http, clock=clock)
        self.diagnosis = Diagnosis(catalogue, self.stores, wire, clock=clock)
        self.connecting = Connecting(catalogue, self.stores, self.diagnosis, wire, clock=clock)
        self.stores.on_failure = self.diagnosis.after_failure

    # --- looking ----------------------------------------------------------------------------------

    async def all(self, actor: Actor) -> tuple[Channel, ...]:
        """The channels the actor may use, oldest first. Raises Unauthenticated for a stranger."""
        if not actor.scopes:
            raise Unauthenticated
        roster = await self.stores.roster()
        bound = actor.channel_id
        return tuple(one for one in roster.channels.values() if bound in (None, one.id))

    async def get(self, actor: Actor, channel_id: str) -> Channel:
        """One channel, by id or name. Raises NotFound (`not-found.channel`)."""
        found = named(await self.all(actor), channel_id)
        if found is None:
            raise NotFound("There is no such channel.", code="not-found.channel")
        return found

    async def default(self) -> Channel:
        """Where uploads go that name no channel: the oldest that takes any. Raises NotFound."""
        return choose((await self.stores.roster()).channels.values(), Actor("anybody"), None)

    async def for_upload(self, actor: Actor, wanted: str | None) -> tuple[Channel, Store]:
        """The channel (by id or name, or the default) and store that an upload goes to.

        Raises NotFound, Forbidden, Conflict (`conflict.channel-off`) or ReadOnly.
        """
        roster = await self.stores.roster()
        try:
            channel = choose(roster.channels.values(), actor, wanted)
        except ReadOnly as error:
            self._tell_of(error, actor, wanted, roster)
            raise
        actor.require(Scope.UPLOAD, channel_id=channel.id)
        store = await self.stores.get(channel.id)
        if not store.can(Ability.PUT):
            raise read_only(channel)
        return channel, store

    def _tell_of(self, error: ReadOnly, actor: Actor, wanted: str | None, roster: Roster) -> None:
        """Let the owner know that somebody who may upload tried to store where one only reads."""
        channel = named(roster.channels.values(), wanted or actor.channel_id or "")
        if channel is not None and actor.may(Scope.UPLOAD, channel_id=channel.id):
            self.diagnosis.after_failure(channel.id, error)

    def providers(self) -> tuple[Listed, ...]:
        """The kinds of storage there are."""
        return tuple(registry.PROVIDERS.values())

    def provider_options(self, provider: str) -> tuple[Option, ...]:
        """What a provider must be told. Raises NotFound (`not-found.provider`)."""
        return registry.options(provider)

    async def options(self, actor: Actor, channel_id: str) -> dict[str, str]:
        """A channel's options as they may be shown: secrets are dots."""
        actor.require_everywhere(Scope.MANAGE)
        channel = await self.get(actor, channel_id)
        connection = (await self.stores.roster()).connections[channel.connection_id]
        values = {**connection.options, **connection.secrets}
        return redact(registry.options(connection.provider), values)

    async def states(self, actor: Actor) -> tuple[State, ...]:
        """The channels the actor may use with all that is known of them. Unauthenticated."""
        channels = await self.all(actor)
        connections, now = (await self.stores.roster()).connections, self._clock()
        return tuple(
            state_of(one, connections[one.connection_id], self.authorities, now) for one in channels
        )

    async def state(self, actor: Actor, channel_id: str) -> State:
        """All that is known of one channel, by id or name. Raises NotFound, Unauthenticated."""
        channel = await self.get(actor, channel_id)
        known = await self.stores.look_up(channel.id)
        return state_of(*known, self.authorities, self._clock())

    async def look(self, actor: Actor, channel_id: str) -> None:
        """Bring up to date what costs nothing to know: what is on this machine. NotFound.

        Of a service, only whether one that could not be reached is back.
        """
        channel = await self.get(actor, channel_id)
        if self.authorities.declared(channel.provider) is None:
            await self.diagnosis.of_channel(channel.id)
        else:
            await self.diagnosis.look_again(channel.id)

    async def deliveries(self, actor: Actor, channel_id: str) -> tuple[Passing, ...]:
        """The ways in which a channel's originals can get to viewers. Raises NotFound."""
        channel = await self.get(actor, channel_id)
        with suppress(Invalid, BadLocator):  # of one that is not finished yet
            if (await self.stores.get(channel.id)).can(Ability.LINK):
                return (Passing.PROXY, Passing.REDIRECT)
        return (Passing.PROXY,)

    async def origins(self, actor: Actor, here: str) -> tuple[str, ...]:
        """Other addresses that the site was managed by, newest first; `here` is remembered."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> None:
            known = [one for one in known_origins(records) if one != here]
            records.settings.set(ORIGINS, [here, *known][:MOST_ORIGINS])

        known = await self._catalogue.read(known_origins)
        if here not in known[:1]:
            await self._catalogue.write(unit)
        return tuple(one for one in known if one != here)

    async def check(self, actor: Actor, channel_id: str) -> Check:
        """Diagnose the channel, keep what was found and say it. Raises Forbidden, NotFound."""
        actor.require(Scope.MANAGE, channel_id=channel_id)
        return await self.diagnosis.of_channel(channel_id)

    async def quota(self, actor: Actor, channel_id: str) -> Quota:
        """Ask how much space there is, and keep it with the time.

        Raises Forbidden, NotFound, NotSupported, StorageError.
        """
        actor.require(Scope.LIST, channel_id=channel_id)
        return await self.diagnosis.quota(channel_id)

    async def begin(self, folder: str) -> Channel | None:
        """Give a new server its first channel, its originals in `folder` (which is there); once.

        `None` if there is, or ever was, a channel: who removed it does not want it back.
        """

        def is_new(records: Records) -> bool:
            return not records.settings.get(BEGUN) and not records.channels.all()

        first = None
        if await self._catalogue.read(is_new):
            provider, options = registry.own(folder)
            with suppress(Conflict):  # another process was quicker
                first = await self.add(SERVER, provider=provider, name=FIRST, options=options)
        await self._catalogue.write(lambda records: records.settings.set(BEGUN, True))
        return first

    async def settle(self, actor: Actor, folder: str) -> Channel:
        """Have a new server keep its originals in a folder of its owner's, which may hold some.

        Raises Forbidden; Invalid (`invalid.folder`, `invalid.option`) for one that cannot be read
        and written; Conflict (`conflict.channel-used`) once something is stored.
        """
        actor.require_everywhere(Scope.MANAGE)
        provider, options = registry.own(folder)
        await _require_usable(registry.create(provider, options, ""))
        first = next((one for one in await self.all(actor) if one.provider == provider), None)
        if first is None:
            return await self.add(actor, provider=provider, name=FIRST, options=options)
        await self._catalogue.read(lambda records: _require_unused(records, first))
        return await self.update(actor, first.id, options=options)

    # --- changing ---------------------------------------------------------------------------------

    async def add(
        self,
        actor: Actor,
        *,
        provider: str,
        name: str,
        options: Mapping[str, str],
        root: str | None = None,
        uploads: bool = True,
        note: str = "",
        found: Visibility | None = None,
        delivery: Passing = Passing.PROXY,
    ) -> Channel:
        """Add a channel with a connection of its own. Nothing is asked of the service yet.

        `root` is a folder inside the account; left out, what the provider advises for storing, else
        all of it. What is to be connected may be added with gaps: the diagnosis names them.
        What is `found` is public in a folder of this server and private elsewhere, unless given.
        Raises Forbidden, NotFound (`not-found.provider`), Invalid (`invalid.option`), BadLocator
        (the root), BadName, NotSupported (a delivery that the storage knows no way for; to be
        told, it must be added without gaps), Conflict (`conflict.channel`).
        """
        actor.require_everywhere(Scope.MANAGE)
        declared = self.authorities.declared(provider)
        if root is None:
            root = declared.root if declared and uploads else ""
        name, root = _name(name), _root(root)
        registry.examine(provider, options, root, draft=declared is not None)
        redirects = delivery is Passing.REDIRECT
        if redirects and not isinstance(registry.create(provider, options, root), Links):
            raise _no_addresses()
        now = self._clock()
        plain, secret = part(registry.options(provider), options)
        connection = Connection(_new_id(), provider, name, plain, secret, now, now)
        channel = Channel(
            id=_new_id(),
            name=name,
            connection_id=connection.id,
            provider=provider,
            root=root,
            uploads=uploads,
            enabled=True,
            note=note,
            created_at=now,
            updated_at=now,
            found=found or _found(provider),
            delivery=delivery,
        )

        def unit(records: Records) -> None:
            records.connections.add(connection)
            with concerning("name"):
                records.channels.add(channel)
            _note(records, now, actor, "channel.added", channel)

        await self._catalogue.write(unit)
        self.stores.forget()
        return channel

    async def update(
        self,
        actor: Actor,
        channel_id: str,
        *,
        name: str | None = None,
        uploads: bool | None = None,
        enabled: bool | None = None,
        note: str | None = None,
        root: str | None = None,
        options: Mapping[str, str] | None = None,
        found: Visibility | None = None,
        delivery: Passing | None = None,
    ) -> Channel:
        """Change what is given. `options` are merged in; a secret left empty stays as it is.

        Raises Forbidden, NotFound, BadName, Invalid (`invalid.option`), NotSupported (a delivery
        that the storage knows no way for), Conflict: also for another root
        (`conflict.channel-used`) while assets or galleries depend on the channel.
        """
        actor.require_everywhere(Scope.MANAGE)
        if delivery and delivery not in await self.deliveries(actor, channel_id):
            raise _no_addresses()
        wanted = {
            "uploads": uploads,
            "enabled": enabled,
            "note": note,
            "found": found,
            "delivery": delivery,
        }
        fields: dict[str, object] = {
            field: value for field, value in wanted.items() if value is not None
        }
        if name is not None:
            fields["name"] = _name(name)
        now = self._clock()

        def unit(records: Records) -> Channel:
            channel = records.channels.get(channel_id)
            if root is not None and _root(root) != channel.root:
                with concerning("root"):
                    _require_unused(records, channel)
                fields["root"] = _root(root)
            connection = records.connections.get(channel.connection_id)
            if options is not None or root is not None:
                connection = _merged(connection, options or {})
                draft = self.authorities.declared(connection.provider) is not None
                at = str(fields.get("root", channel.root))
                registry.examine(connection.provider, _values(connection), at, draft=draft)
                records.connections.update(
                    connection.id,
                    options=connection.options,
                    secrets=connection.secrets,
                    updated_at=now,
                )
            _note(records, now, actor, "channel.changed", channel)
            with concerning("name"):
                return records.channels.update(channel_id, **fields, updated_at=now)

        changed = await self._catalogue.write(unit)
        self.stores.forget()
        return changed

    async def remove(self, actor: Actor, channel_id: str) -> None:
        """Forget a channel; its objects stay where they are.

        Raises Forbidden, NotFound, Conflict (`conflict.channel-used`) while assets or galleries
        depend on it.
        """
        actor.require_everywhere(Scope.MANAGE)
        now = self._clock()

        def unit(records: Records) -> None:
            channel = records.channels.get(channel_id)
            _require_unused(records, channel)
            records.channels.remove(channel_id)
            if not any(o.connection_id == channel.connection_id for o in records.channels.all()):
                records.connections.remove(channel.connection_id)
            _note(records, now, actor, "channel.removed", channel)

        await self._catalogue.write(unit)
        self.stores.forget()

    async def close(self) -> None:
        """Close all stores."""
        await self.diagnosis.close()
        await self.stores.close()
        await self._http.close()


async def _require_usable(provider: Provider) -> None:
    try:
        check = await provider.check()
    finally:
        await provider.close()
    if not check.writable:
        first = check.findings[0]
        raise Invalid(
            first.meaning, remedy=" ".join(first.steps), code="invalid.folder", about="folder"
        )


def _require_unused(records: Records, channel: Channel) -> None:
    if records.placements.in_channel(channel.id, None, 1).items:
        raise Conflict(
            f"There are assets in the channel {channel.name}.",
            remedy="Delete them for good first, or only switch the channel off.",
            code="conflict.channel-used",
        )
    if records.sources.in_channel(channel.id):
        raise Conflict(
            f"Galleries show folders of the channel {channel.name}.",
            remedy="Take those folders out of the galleries first.",
            code="conflict.channel-used",
        )


def _no_addresses() -> NotSupported:
    return NotSupported(
        "This storage has no addresses to send viewers to.",
        remedy="Let originals pass through Fanlight.",
        about="delivery",
    )


def _name(given: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", given).split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadName(
            f"A channel's name has 1 to {LONGEST_NAME} visible characters.",
            remedy="Choose a shorter one.",
            about="name",
        )
    return name


def _root(given: str) -> str:
    return unicodedata.normalize("NFC", given).strip().strip("/")


def _merged(connection: Connection, options: Mapping[str, str]) -> Connection:
    declared = registry.options(connection.provider)
    plain, secret = part(declared, options)
    given = {name: value for name, value in secret.items() if value}
    return replace(
        connection,
        options={**connection.options, **plain},
        secrets={**connection.secrets, **given},
    )


def _found(provider: str) -> Visibility:
    """Who may see what is found there: who keeps a folder for it on this server, wants it seen."""
    return Visibility.PUBLIC if provider == registry.OWN else Visibility.PRIVATE


def _values(connection: Connection) -> dict[str, str]:
    return {**connection.options, **connection.secrets}


def _note(records: Records, at: datetime, actor: Actor, action: str, channel: Channel) -> None:
    data = {"name": channel.name, "provider": channel.provider}
    records.events.add(at=at, action=action, actor=actor.name, subject=channel.id, data=data)


def _new_id() -> str:
    return secrets.token_hex(8)
