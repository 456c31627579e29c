"""Store: what everyone holds instead of a provider.

A provider only translates. What is the same for all of them is here, once: trying again with full
jitter, waiting out pauses, time-outs, limits, verified transfers, the look-up of a commit whose
reply was lost, slow fallbacks for missing abilities, and the log.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize

import structlog

from fanlight.errors import (
    AlreadyExists,
    ChecksumMismatch,
    ObjectMissing,
    StorageError,
    StorageUnavailable,
)
from fanlight.model import Quota
from fanlight.storage.arranging import Arranging, needed, unclear
from fanlight.storage.base import (
    Ability,
    Addressing,
    Body,
    Changes,
    Check,
    Delta,
    Entry,
    Link,
    Links,
    Listing,
    Paths,
    Preview,
    Previews,
    Provider,
    Puts,
    Quotas,
    Resumes,
    Rings,
    Span,
    Traits,
    Watched,
    Watches,
)
from fanlight.storage.calls import Calls, Failed
from fanlight.storage.checks import failed, paused
from fanlight.storage.many import PutsMany, Relocation
from fanlight.storage.pace import Lane, Pace, Policy
from fanlight.storage.putting import Putting, Wish
from fanlight.storage.receiving import Incoming
from fanlight.storage.sending import Hashing, Outgoing, Watch, too_large
from fanlight.storage.shared import Alone, Shared

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """An object whose bytes went through our hands: stored and verified, or examined."""

    entry: Entry
    sha256: str
    size: int
    head: bytes
    """The first 4 KiB, enough to tell the kind of content."""


class Store:
    """One channel's storage.

    `name` is for the log, `failed` is told of failures that are not about one object. Stores of
    channels that share an account share its `pace`, and what is `shared` with other processes.
    Errors raised are those under `StorageError`, and `Incomplete` and `TooLarge` by `put`.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        name: str,
        pace: Pace | None = None,
        policy: Policy | None = None,
        shared: Shared | None = None,
        failed: Failed | None = None,
    ) -> None:
        self.name = name
        self._provider = provider
        self._policy = policy or Policy()
        traits = provider.traits
        self._pace = pace or Pace(traits.parallel, self._policy, puts=traits.puts)
        self._calls = Calls(name, self._pace, self._policy, failed)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="fanlight-hash")
        # Asking a protocol costs 20 us, so it is done once.
        self._puts = provider if isinstance(provider, Puts) else None
        shared = shared or Alone()
        self._putting = self._puts and Putting(self._puts, traits, self._calls, shared)
        puts = self._puts is not None
        self._arranging = Arranging(provider, self, self._calls, shared, puts=puts)
        self._quotas = provider if isinstance(provider, Quotas) else None
        self._paths = provider if isinstance(provider, Paths) else None
        self._changes = provider if isinstance(provider, Changes) else None
        self._watches = provider if isinstance(provider, Watches) else None
        self._rings = provider if isinstance(provider, Rings) else None
        self._many = provider if isinstance(provider, PutsMany) else None
        self._resumes = provider if isinstance(provider, Resumes) else None
        self._previews = provider if isinstance(provider, Previews) else None
        self._links = provider if isinstance(provider, Links) else None

    @property
    def traits(self) -> Traits:
        """Facts about the provider."""
        return self._provider.traits

    @property
    def paused_until(self) -> datetime | None:
        """When calls go on, while the service has asked us to pause; else `None`."""
        return self._pace.paused_until

    def can(self, ability: Ability) -> bool:
        """Whether this channel does that, natively or by a slow fallback."""
        arranging = self._arranging
        return {
            Ability.PUT: bool(self._puts),
            Ability.DELETE: arranging.can_delete,
            Ability.COPY: arranging.can_copy,
            Ability.MOVE: arranging.can_move,
            Ability.MOVE_MANY: arranging.can_move_many,
            Ability.DELETE_MANY: arranging.can_delete_many,
            Ability.RESTORE: arranging.can_restore,
            Ability.QUOTA: bool(self._quotas),
            Ability.PATH: bool(self._paths),
            Ability.CHANGES: bool(self._changes),
            Ability.WATCH: bool(self._watches),
            Ability.RING: bool(self._rings),
            Ability.MANY: bool(self._many),
            Ability.RESUME: bool(self._resumes),
            Ability.PREVIEW: bool(self._previews),
            Ability.LINK: bool(self._links),
        }[ability]

    async def check(self) -> Check:
        """Try the connection once, without further tries; what is wrong is in the findings."""
        try:
            async with asyncio.timeout(self._policy.call_timeout):
                found = await self._provider.check()
        except TimeoutError:
            found = failed(StorageUnavailable("The storage did not answer in time."))
        except StorageError as error:
            found = failed(error)
        if (until := self.paused_until) is None:
            return found
        return replace(found, findings=(*found.findings, paused(until)))

    # --- reading ----------------------------------------------------------------------------------

    async def page(self, folder: str, cursor: str | None = None) -> Listing:
        """One page of what lies directly in a folder, given by locator. ObjectMissing."""
        return await self._calls.run("list", lambda: self._provider.list(folder, cursor))

    async def walk(self, folder: str = "") -> AsyncGenerator[Entry]:
        """All objects in a folder (given by locator) and below; what vanishes is passed over."""
        waiting = [folder]
        while waiting:
            async for entry in self._entries(waiting.pop()):
                if entry.folder:
                    waiting.append(entry.locator)
                else:
                    yield entry

    async def _entries(self, folder: str) -> AsyncGenerator[Entry]:
        cursor: str | None = None
        while True:
            try:
                listing = await self.page(folder, cursor)
            except ObjectMissing:
                return
            for entry in listing.entries:
                yield entry
            cursor = listing.cursor
            if cursor is None:
                return

    async def stat(self, locator: str) -> Entry:
        """The entry of one object. ObjectMissing, BadLocator."""
        return await self._calls.run("stat", lambda: self._provider.stat(locator))

    async def find(self, path: str) -> Entry | None:
        """The object at a path, also where the service names objects by handle."""
        path = normalize("NFC", path)
        if self.traits.addressing is Addressing.PATH or self.traits.takes_paths:
            with suppress(ObjectMissing):
                return await self.stat(path)
            return None
        *folders, name = path.split("/")
        at = ""
        for folder in folders:
            below = await self._named(at, folder, folder=True)
            if below is None:
                return None
            at = below.locator
        return await self._named(at, name, folder=False)

    async def _named(self, at: str, name: str, *, folder: bool) -> Entry | None:
        async with aclosing(self._entries(at)) as entries:
            async for entry in entries:
                if entry.name == name and entry.folder is folder:
                    return entry
        return None

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> Body:
        """Open for reading, as `Provider.open`; a dropped connection is taken up where it broke."""

        async def again(rest: Span, pinned: str) -> Body:
            return await self._open(locator, rest, pinned)

        return Incoming(await self._open(locator, span, version), self._policy, again)

    async def _open(self, locator: str, span: Span | None, version: str | None) -> Body:
        return await self._calls.run("open", lambda: self._provider.open(locator, span, version))

    async def examine(self, locator: str, version: str | None = None) -> Stored:
        """Read an object whole for its checksum and first bytes."""
        body = await self.open(locator, version=version)
        try:
            hashing = Hashing(Traits(checksum="sha256"), self._pool)
            async for piece in body:
                await hashing.take(piece)
            return Stored(body.entry, await hashing.sha256(), hashing.total, hashing.head)
        finally:
            await body.aclose()

    # --- following --------------------------------------------------------------------------------

    async def changes(self, cursor: str | None = None) -> Delta:
        """A page of all there is, or of what changed since a cursor. CursorLost, NotSupported."""
        changes = needed(self._changes)
        return await self._calls.run("changes", lambda: changes.changes(cursor))

    async def latest(self) -> str:
        """The cursor of this moment. NotSupported, ObjectMissing where the root is not there."""
        return await self._calls.run("latest", needed(self._changes).latest)

    async def watch(self, cursor: str) -> Watched:
        """Wait for a change, tried once and without a slot: it takes minutes. As `Watches.watch`.

        RateLimited while the account is paused for longer than our patience. NotSupported.
        """
        return await self._calls.waiting(lambda: needed(self._watches).watch(cursor))

    def rung(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a call from outside is the service's own and about this account."""
        return self._rings is not None and self._rings.rung(headers, body)

    # --- what the service makes of objects --------------------------------------------------------

    async def previews(self, locators: Sequence[str], edge: int) -> list[Preview | None]:
        """Small pictures that the service made, in as many calls at once as it takes. NotSupported.

        `edge` is how long the longer edge should be. Who wants some first asks for them first.
        """
        previews, most = needed(self._previews), self.traits.previews

        async def ask(some: Sequence[str]) -> Sequence[Preview | None]:
            return await self._calls.run("previews", lambda: previews.previews(some, edge))

        calls = [ask(locators[start : start + most]) for start in range(0, len(locators), most)]
        return [one for found in await asyncio.gather(*calls) for one in found]

    async def link(self, locator: str) -> Link:
        """An address at the service that works for a while. NotSupported, ObjectMissing."""
        links = needed(self._links)
        return await self._calls.run("link", lambda: links.link(locator))

    # --- writing ----------------------------------------------------------------------------------

    async def put(
        self,
        path: str,
        body: AsyncIterator[bytes],
        *,
        ticket: str,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> Stored:
        """Store a body, whole and verified, or not at all.

        It is hashed while it streams, and what is stored must have the same checksum: the
        provider's, or else that of reading it back; if not, it is removed and ChecksumMismatch is
        raised. A body of one piece is sent again after a passing failure. Where the reply to a
        commit was lost, the object is looked up before anything is sent again. Whatever `body`
        raises comes through. Otherwise as `Puts.put`, and TooLarge.
        """
        putting = needed(self._putting)
        if self.traits.largest is not None and (size or 0) > self.traits.largest:
            raise too_large(self.traits.largest)
        path = normalize("NFC", path)
        outgoing = Outgoing(body, self.traits, self._pool, size=size)
        wish = Wish(path, ticket, size, modified_at, overwrite)

        async def send() -> Stored:
            outgoing.watch = Watch(self._policy)
            async with outgoing.watch:
                entry = await putting.put(outgoing, wish)
            stored = await self._verified(entry, outgoing.hashing)
            if stored is None:
                await self._arranging.remove(entry)
                raise ChecksumMismatch
            return stored

        async def settle(error: StorageError, attempt: int) -> Stored | None:
            if isinstance(outgoing.broken, Exception):
                raise outgoing.broken
            if outgoing.ended and unclear(error, attempt, AlreadyExists):
                entry = await self._arranging.quietly(self.find(path))
                stored = entry and await self._arranging.quietly(
                    self._verified(entry, outgoing.hashing)
                )
                if stored is not None:
                    return stored
            if not outgoing.restart():
                raise error
            await self._arranging.quietly(putting.clear(ticket))
            return None

        return await self._calls.tried("put", send, settle, lane=Lane.PUT)

    async def recognise(self, entry: Entry, body: AsyncIterator[bytes]) -> Stored | None:
        """Read a body to its end, and send nothing: whether a stored object has just its bytes."""
        hashing = Hashing(self.traits, self._pool)
        async for piece in body:
            await hashing.take(bytes(piece))
        return await self._verified(entry, hashing)

    async def _verified(self, entry: Entry, sent: Hashing) -> Stored | None:
        """The stored object, if it is what was sent."""
        if entry.size != sent.total:
            return None
        sha256 = await sent.sha256()
        same = await sent.matches(entry.checksum)
        if same is None:
            same = (await self.examine(entry.locator, entry.version or None)).sha256 == sha256
        return Stored(entry, sha256, sent.total, sent.head) if same else None

    async def discard(self, ticket: str) -> None:
        """Remove what an interrupted put with this ticket left. Nothing there is fine."""
        putting = needed(self._putting)
        await self._calls.run("discard", lambda: putting.discard(ticket))

    async def delete(self, locator: str) -> None:
        """Remove an object. ObjectMissing, ReadOnly, NotSupported."""
        await self._arranging.delete(locator)

    async def delete_many(self, locators: Sequence[str]) -> list[StorageError | None]:
        """Remove objects, in a few calls where the service can; what each raised, if anything."""
        return await self._arranging.delete_many(locators)

    async def copy(self, locator: str, path: str, *, ticket: str | None = None) -> Entry:
        """Copy to `path`; AlreadyExists if something is there.

        Where the service cannot, the bytes go through us, under `ticket` (made up if left out).
        """
        return await self._arranging.copy(locator, normalize("NFC", path), ticket=ticket)

    async def copy_many(self, copies: Sequence[Relocation]) -> list[Entry | StorageError]:
        """Copy objects, in a few calls where the service can; each copy, or its error."""
        return await self._arranging.copy_many([_composed(one) for one in copies])

    async def move(self, locator: str, path: str, *, ticket: str | None = None) -> Entry:
        """Move to `path`; AlreadyExists if something is there.

        Where the service cannot: copy, see that the source is unchanged, delete it.
        """
        return await self._arranging.move(locator, normalize("NFC", path), ticket=ticket)

    async def move_many(self, moves: Sequence[Relocation]) -> list[Entry | StorageError]:
        """Move objects, in a few calls where the service can; each as it is now, or its error."""
        return await self._arranging.move_many([_composed(one) for one in moves])

    async def restore(self, path: str, version: str) -> Entry:
        """Bring back what was deleted at the service. As `Restores.restore`; NotSupported."""
        return await self._arranging.restore(normalize("NFC", path), version)

    # --- the rest ---------------------------------------------------------------------------------

    async def quota(self) -> Quota:
        """Space at the service. NotSupported."""
        return await self._calls.run("quota", needed(self._quotas).quota)

    def local_path(self, locator: str) -> Path | None:
        """Where the object lies as a plain local file, or `None`. BadLocator, ObjectMissing.

        Blocks for a few microseconds. The path was free of symbolic links a moment ago: whoever
        opens it must refuse links (`O_NOFOLLOW`) and compare `local_version_of(fstat)` with the
        version wanted, which includes the inode.
        """
        return self._paths.local_path(locator) if self._paths else None

    def local_version(self, path: Path) -> str:
        """The version of what is at a path from `local_path` right now. ObjectMissing."""
        return needed(self._paths).local_version(path)

    def local_version_of(self, found: os.stat_result) -> str:
        """The same from a `stat` or `fstat` that the caller has made."""
        return needed(self._paths).local_version_of(found)

    async def close(self) -> None:
        """Free connections and threads; calls still running end by themselves."""
        if self._putting is not None:
            await self._putting.close()
        await self._provider.close()
        self._pool.shutdown(wait=False)


def _composed(one: Relocation) -> Relocation:
    return replace(one, path=normalize("NFC", one.path))
