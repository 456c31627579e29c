"""Diagnosis: everything that may be wrong with a channel, named with its remedy, and kept.

It runs after connecting, on demand, from `fanlight doctor`, and when a call fails. What is true of
any service is found here; what is special to one, its provider says in `check`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fanlight.channels import findings
from fanlight.channels.authority import missing
from fanlight.errors import (
    ClientRefused,
    FanlightError,
    NotFound,
    RateLimited,
    ReadOnly,
    ReconnectNeeded,
    ScopeMissing,
    StorageFull,
    StorageUnavailable,
)
from fanlight.model import Severity
from fanlight.storage.base import Ability, Check

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels.authority import Authority
    from fanlight.channels.stores import Stores
    from fanlight.channels.wire import Wire
    from fanlight.model import Channel, Connection, Finding, Quota

TELLING = (
    ClientRefused,
    RateLimited,
    ReadOnly,
    ReconnectNeeded,
    ScopeMissing,
    StorageFull,
    StorageUnavailable,
)
"""Failures of a call that say something lasting about the channel."""
CALM = timedelta(seconds=60)
"""How long after a diagnosis failed calls start no other one."""
MOMENT = 1.5
"""Seconds that somebody who opens a page waits to see whether a service is back."""


class Diagnosis:
    """Diagnoses channels, one at a time each."""

    def __init__(
        self, catalogue: Catalogue, stores: Stores, wire: Wire, *, clock: Callable[[], datetime]
    ) -> None:
        self._catalogue = catalogue
        self._stores = stores
        self._wire = wire
        self._clock = clock
        self._running: dict[str, asyncio.Task[None]] = {}

    async def of_channel(self, channel_id: str) -> Check:
        """Look at everything, keep what was found, and give it. NotFound."""
        channel, connection = await self._stores.look_up(channel_id)
        check, quota = await self._examine(channel, connection)
        changes: dict[str, object] = {"account": check.who, "quota": quota}
        known = {name: value for name, value in changes.items() if value is not None}
        await self.keep(channel_id, check.findings, **known)
        return check

    async def keep(self, channel_id: str, found: tuple[Finding, ...], **changes: object) -> Channel:
        """Keep findings as those of the last diagnosis. NotFound."""
        now = self._clock()

        def unit(records: Records) -> Channel:
            channel = records.channels.update(channel_id, findings=found, checked_at=now)
            if changes:
                records.connections.update(channel.connection_id, **changes)
            return channel

        kept = await self._catalogue.write(unit)
        self._stores.forget()
        return kept

    async def quota(self, channel_id: str) -> Quota:
        """Ask how much space there is, and keep it. NotFound, NotSupported, StorageError."""
        store = await self._stores.get(channel_id)
        quota = await store.quota()
        channel, _ = await self._stores.look_up(channel_id)
        others = tuple(one for one in channel.findings if one.code not in findings.OF_QUOTA)
        said = findings.of_quota(quota) if channel.uploads else None
        await self.keep(channel_id, (*others, said) if said else others, quota=quota)
        return quota

    def after_failure(self, channel_id: str, error: FanlightError) -> None:
        """A call has failed: look into it in the background, if it says something lasting."""
        if isinstance(error, TELLING) and channel_id not in self._running:
            self._begin(channel_id, self._look_into(channel_id, error))

    async def look_again(self, channel_id: str) -> None:
        """See whether a service that could not be reached is back, if it is time for that.

        Waited for only a moment; what is found later is kept all the same. NotFound.
        """
        channel, _ = await self._stores.look_up(channel_id)
        away = any(one.code == StorageUnavailable.code for one in channel.findings)
        if away and not self._is_calm(channel):
            if channel_id not in self._running:
                self._begin(channel_id, self._look_into(channel_id, StorageUnavailable()))
            await asyncio.wait({self._running[channel_id]}, timeout=MOMENT)

    async def close(self) -> None:
        """Stop looking."""
        for task in tuple(self._running.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    # --- within ---------------------------------------------------------------------------------

    def _begin(self, channel_id: str, looking: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(looking)
        self._running[channel_id] = task
        task.add_done_callback(lambda _: self._running.pop(channel_id, None))

    async def _look_into(self, channel_id: str, error: FanlightError) -> None:
        with suppress(FanlightError):
            channel, _ = await self._stores.look_up(channel_id)
            if not isinstance(error, ReadOnly) and not self._is_calm(channel):
                await self.of_channel(channel_id)
            elif not isinstance(error, StorageUnavailable):  # one call that failed says little
                await self.keep(channel_id, _merged(channel.findings, (findings.of(error),)))

    def _is_calm(self, channel: Channel) -> bool:
        """Whether it was diagnosed a short while ago."""
        return channel.checked_at is not None and self._clock() - channel.checked_at <= CALM

    async def _examine(
        self, channel: Channel, connection: Connection
    ) -> tuple[Check, Quota | None]:
        if gaps := missing(connection):
            return _failed(*gaps), None
        authority = self._stores.authorities.of(connection)
        if authority is not None:
            if not connection.tokens:
                return _failed(findings.never()), None
            try:
                await self._stores.tokens(connection).get()
            except FanlightError as error:
                return _failed(findings.of(error), *await self._clock_of(authority)), None
        return await self._ask(channel, connection, authority)

    async def _ask(
        self, channel: Channel, connection: Connection, authority: Authority | None
    ) -> tuple[Check, Quota | None]:
        try:
            store = await self._stores.get(channel.id)
            check = await store.check()
        except NotFound:
            raise
        except FanlightError as error:
            return _failed(findings.of(error)), None
        found = _fitting(channel, check.findings, authority)
        if authority is not None:
            found = _with_lacking(channel, connection, authority, found)
            found = (*found, *await self._clock_of(authority))
        quota = None
        if store.can(Ability.QUOTA) and not _broken(found):
            with suppress(FanlightError):
                quota = await store.quota()
        said = findings.of_quota(quota) if quota and channel.uploads else None
        return replace(check, findings=_merged(found, (said,) if said else ())), quota

    async def _clock_of(self, authority: Authority) -> tuple[Finding, ...]:
        with suppress(FanlightError):
            page = await self._wire.look(authority.service.authorize)
            said = findings.of_clock(self._clock(), page.at) if page.at else None
            return (said,) if said else ()
        return ()


def _failed(*found: Finding) -> Check:
    return Check("", writable=False, findings=found)


def _with_lacking(
    channel: Channel, connection: Connection, authority: Authority, said: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """With what is needed and was not granted, beside what the provider has found by itself."""
    if not connection.scopes:
        return said  # a pasted token does not say; the provider's own look must do
    declared = authority.declared
    needed = declared.scopes(storing=channel.uploads)
    named = {value for finding in said for _, value in finding.values}
    lacking = tuple(one for one in needed if one not in connection.scopes and one not in named)
    if not lacking:
        return said
    forgotten = [finding for finding in said if finding.code == "scope.not-submitted"]
    if not forgotten:
        return (declared.lacking(lacking), *said)
    # forgotten in one go, and to be mended in one go
    all_of_it = {value for finding in forgotten for _, value in finding.values}.union(lacking)
    scopes = tuple(one for one in needed if one in all_of_it)
    others = (finding for finding in said if finding.code != "scope.not-submitted")
    return (declared.unsubmitted(scopes), *others)


def _fitting(
    channel: Channel, said: tuple[Finding, ...], authority: Authority | None
) -> tuple[Finding, ...]:
    """What a provider says, as far as it concerns a channel for this purpose."""
    needed = authority.declared.scopes(storing=channel.uploads) if authority else ()
    return tuple(
        findings.plain(findings.root_to_come(one) if channel.uploads else one)
        for one in said
        if not one.code.startswith("scope.") or any(value in needed for _, value in one.values)
    )


def _broken(found: tuple[Finding, ...]) -> bool:
    return any(one.severity is Severity.PROBLEM for one in found)


def _merged(some: tuple[Finding, ...], more: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Both, each code once, later ones winning."""
    by_code = {one.code: one for one in (*some, *more)}
    return tuple(by_code.values())
