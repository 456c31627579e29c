"""Providers that fail on purpose, and providers that can do less."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from fanlight.storage.base import (
    Addressing,
    Body,
    Check,
    Checksum,
    Delta,
    Entry,
    Listing,
    Provider,
    Span,
    Traits,
    Watched,
)
from fanlight.storage.memory import Memory
from fanlight.storage.pace import Policy


@dataclass
class Fault:
    """What goes wrong in one call."""

    before: Exception | None = None
    """Raised instead of doing anything."""
    after: Exception | None = None
    """Raised when it is done: the reply was lost."""
    hang: bool = False
    """Never answers."""
    at: int | None = None
    """The body (of `open`) breaks at this byte..."""
    short: bool = False
    """...by ending early instead of raising."""
    long: bool = False
    """The body goes on after the end of the span."""
    pieces: int | None = None
    """A put fails with `before` when it has taken so many pieces."""
    spoil: Callable[[bytes], bytes] | None = None
    """A put stores something else."""
    lie: Callable[[Entry], Entry] | None = None
    """The entry that a put answers with."""


class BrokenBody:
    """Bytes that stop at a position."""

    def __init__(self, body: Body, fault: Fault) -> None:
        self.entry, self.start, self.stop = body.entry, body.start, body.stop
        self.closed = 0
        self._body = body
        self._pieces = aiter(body)
        self._fault = fault
        self._left = (fault.at or 0) - body.start

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._fault.hang:
            await asyncio.Event().wait()
        if self._left > 0:
            piece = (await anext(self._pieces))[: self._left]
            self._left -= len(piece)
            return piece
        if self._fault.short or self._fault.before is None:
            raise StopAsyncIteration
        raise self._fault.before

    async def aclose(self) -> None:
        self.closed += 1
        await self._body.aclose()


class LongBody:
    """Bytes that go on and on."""

    def __init__(self, body: Body, pieces: AsyncIterator[bytes]) -> None:
        self.entry, self.start, self.stop = body.entry, body.start, body.stop
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def aclose(self) -> None:
        pass


class Faulty:
    """Memory, whose next calls fail as planned: `plan["put"] = [Fault(...), ...]`, first first."""

    def __init__(self, traits: Traits | None = None, *, inner: Memory | None = None) -> None:
        self.inner = inner or Memory()
        self.traits = traits or self.inner.traits
        self.plan: dict[str, list[Fault]] = {}
        self.calls: list[str] = []
        self.bodies: list[Body] = []

    async def _run(self, verb: str, call: Callable[[], Any], fault: Fault | None = None, /) -> Any:
        fault = fault or self._next(verb) or Fault()
        if fault.hang:
            await asyncio.Event().wait()
        if fault.before is not None:
            raise fault.before
        result = await call()
        if fault.after is not None:
            raise fault.after
        return result

    def _next(self, verb: str) -> Fault | None:
        self.calls.append(verb)
        planned = self.plan.get(verb)
        return planned.pop(0) if planned else None

    async def check(self) -> Check:
        return await self._run("check", self.inner.check)

    async def list(self, folder: str, cursor: str | None = None) -> Listing:
        return await self._run("list", lambda: self.inner.list(folder, cursor))

    async def stat(self, locator: str) -> Entry:
        return await self._run("stat", lambda: self.inner.stat(locator))

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> Body:
        fault = self._next("open")
        if fault is not None and fault.long:
            whole = await self.inner.open(locator)
            body = LongBody(await self.inner.open(locator, span, version), aiter(whole))
        elif fault is None or fault.at is None:
            body = await self._run(
                "", lambda: self.inner.open(locator, span, version), fault or Fault()
            )
        else:
            body = BrokenBody(await self.inner.open(locator, span, version), fault)
        self.bodies.append(body)
        return body

    async def put(
        self,
        path: str,
        body: AsyncIterator[bytes],
        *,
        ticket: str,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> Entry:
        fault = self._next("put") or Fault()
        if fault.pieces is not None:
            for _ in range(fault.pieces):
                await anext(body, b"")
        if fault.spoil is not None:
            body = one(fault.spoil(b"".join([piece async for piece in body])))
            size = None
        entry: Entry = await self._run(
            "",
            lambda: self.inner.put(
                path,
                body,
                ticket=ticket,
                size=size,
                modified_at=modified_at,
                overwrite=overwrite,
            ),
            fault,
        )
        return fault.lie(entry) if fault.lie else entry

    async def discard(self, ticket: str) -> None:
        await self._run("discard", lambda: self.inner.discard(ticket))

    async def delete(self, locator: str) -> None:
        await self._run("delete", lambda: self.inner.delete(locator))

    async def move(self, locator: str, path: str) -> Entry:
        return await self._run("move", lambda: self.inner.move(locator, path))

    async def copy(self, locator: str, path: str) -> Entry:
        return await self._run("copy", lambda: self.inner.copy(locator, path))

    async def quota(self) -> Any:
        return await self._run("quota", self.inner.quota)

    async def close(self) -> None:
        self.calls.append("close")


class Following(Faulty):
    """The same, naming objects by handles that stay theirs, and telling what has changed."""

    def __init__(self, *, page: int = 1000) -> None:
        super().__init__(inner=Memory(page=page, handles=True))

    async def changes(self, cursor: str | None = None) -> Delta:
        return await self._run("changes", lambda: self.inner.changes(cursor))

    async def latest(self) -> str:
        return await self._run("latest", self.inner.latest)

    async def watch(self, cursor: str) -> Watched:
        return await self._run("watch", lambda: self.inner.watch(cursor))


class Reading:
    """A provider that can only read."""

    def __init__(self, inner: Any) -> None:
        self.faulty = inner
        self.traits: Traits = inner.traits
        self.check = inner.check
        self.list = inner.list
        self.stat = inner.stat
        self.open = inner.open
        self.close = inner.close


class Basic(Reading):
    """A provider that can also put and delete, but neither move nor copy."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.put = inner.put
        self.discard = inner.discard
        self.delete = inner.delete


class Mute(Basic):
    """...and that knows no checksums."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.traits = replace(inner.traits, checksum=None)

        async def put(path: str, body: AsyncIterator[bytes], **options: Any) -> Entry:
            return replace(await inner.put(path, body, **options), checksum=None)

        self.put = put


class Handles(Faulty):
    """A provider that names objects by numbers; moves keep the number."""

    def __init__(self) -> None:
        super().__init__(Traits(Addressing.HANDLE, checksum="sha256"))
        self._paths: dict[str, str] = {"": ""}
        self._numbers = count(1)

    def _named(self, entry: Entry) -> Entry:
        for handle, path in self._paths.items():
            if path == entry.locator:
                return replace(entry, locator=handle)
        handle = f"#{next(self._numbers)}"
        self._paths[handle] = entry.locator
        return replace(entry, locator=handle)

    def _path(self, handle: str) -> str:
        return self._paths.get(handle, "gone")

    async def list(self, folder: str, cursor: str | None = None) -> Listing:
        listing = await super().list(self._path(folder), cursor)
        return replace(listing, entries=tuple(self._named(entry) for entry in listing.entries))

    async def stat(self, locator: str) -> Entry:
        return self._named(await super().stat(self._path(locator)))

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> Body:
        return await super().open(self._path(locator), span, version)

    async def put(self, path: str, body: AsyncIterator[bytes], **options: Any) -> Entry:
        return self._named(await super().put(path, body, **options))

    async def delete(self, locator: str) -> None:
        await super().delete(self._path(locator))

    async def move(self, locator: str, path: str) -> Entry:
        old = self._path(locator)

        async def call() -> Entry:
            entry = await self.inner.move(old, path)
            self._paths[locator] = path
            return entry

        return self._named(await self._run("move", call))


@dataclass
class Clock:
    """Sleeps that take no time and are written down; luck that is always the same."""

    slept: list[float] = field(default_factory=list[float])
    luck: float = 1.0
    now: float = 1000.0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def chance(self) -> float:
        return self.luck

    def policy(self, **options: Any) -> Policy:
        return Policy(sleep=self.sleep, chance=self.chance, now=lambda: self.now, **options)


async def one(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def chunks(data: bytes, size: int = 60_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def checksum(value: str) -> Checksum:
    return Checksum("sha256", value * 64)


def as_provider(double: Any) -> Provider:
    """Says to the type checker what the double says by its attributes."""
    return double
