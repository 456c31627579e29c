"""Objects in this process's memory: for trying things out, and the plainest provider there is."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from unicodedata import normalize

from fanlight.errors import AlreadyExists, Incomplete, ObjectChanged, ObjectMissing
from fanlight.model import Quota
from fanlight.storage.base import (
    Addressing,
    Check,
    Checksum,
    Delta,
    Entry,
    Gone,
    Listing,
    Span,
    Traits,
    Watched,
    cut,
)
from fanlight.storage.journal import Journal
from fanlight.storage.names import checked_ticket, new_parts, object_parts, parts
from fanlight.storage.options import Option

OPTIONS = (
    Option(
        "space",
        "Space",
        "Channels that name the same space and root share their objects.",
        default="default",
    ),
)
PAGE = 1000
CHUNK = 1 << 18

_versions = count(1)
_handles = count(1)
_spaces: dict[tuple[str, str], Space] = {}


def create(options: Mapping[str, str], root: str, around: object = None) -> Memory:
    """The space that the options name; it lives as long as the process."""
    del around  # nothing in the network
    parts(root)
    return Memory(_spaces.setdefault((options["space"], root), Space()))


@dataclass(frozen=True, slots=True)
class Kept:
    """One object, and the handle it has for life."""

    data: bytes
    entry: Entry
    handle: str


class Space:
    """Objects by path, paths by handle, and what has happened to them."""

    def __init__(self) -> None:
        self.objects: dict[str, Kept] = {}
        self.paths: dict[str, str] = {}
        self.journal = Journal()

    def put(self, path: str, kept: Kept) -> None:
        """Keep an object."""
        self.objects[path] = kept
        self.paths[kept.handle] = path
        self.journal.note(path)

    def remove(self, path: str) -> None:
        """Forget an object."""
        kept = self.objects.pop(path)
        del self.paths[kept.handle]
        self.journal.note(path)


class Memory:
    """A provider over a dictionary from path to object; folders are what paths imply.

    With `handles` objects are named by a handle that stays theirs wherever they are moved.
    """

    def __init__(
        self, space: Space | None = None, *, page: int = PAGE, handles: bool = False
    ) -> None:
        addressing = Addressing.HANDLE if handles else Addressing.PATH
        self.traits = Traits(addressing, checksum="sha256", parallel=64)
        self.space = Space() if space is None else space
        self._objects = self.space.objects
        self._handles = handles
        self._page = page

    async def check(self) -> Check:
        """Nothing can be wrong with memory."""
        return Check(account="memory", writable=True)

    async def list(self, folder: str, cursor: str | None = None) -> Listing:
        """Entries in the order of their names; the cursor is the last name given."""
        parts(folder)
        prefix = f"{folder}/" if folder else ""
        found: dict[str, Entry] = {}
        for path, kept in self._objects.items():
            if path.startswith(prefix):
                name, slash, _ = path.removeprefix(prefix).partition("/")
                found[name] = _folder(prefix + name) if slash else self._shown(kept)
        if folder and not found:
            raise ObjectMissing("There is no such folder.")
        names = sorted(name for name in found if cursor is None or name > cursor)
        return Listing(
            tuple(found[name] for name in names[: self._page]),
            names[self._page - 1] if len(names) > self._page else None,
        )

    async def stat(self, locator: str) -> Entry:
        """The entry of the object kept under that path."""
        return self._shown(self._kept(locator))

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> MemoryBody:
        """A body over the bytes as they are now; they cannot change under it."""
        kept = self._kept(locator)
        if version not in (None, kept.entry.version):
            raise ObjectChanged
        return MemoryBody(kept.data, self._shown(kept), *cut(span, kept.entry.size))

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
        """Gather the body, then keep it in one step."""
        checked_ticket(ticket)
        self._free(path, overwrite)
        gathered = bytearray()
        async for piece in body:
            gathered += piece
            if size is not None and len(gathered) > size:
                raise Incomplete
        data = bytes(gathered)
        if size not in (None, len(data)):
            raise Incomplete
        self._free(path, overwrite)
        before = self._objects.get(path)
        return self._keep(path, data, modified_at, before.handle if before else None)

    async def discard(self, ticket: str) -> None:
        """An interrupted put leaves nothing here."""
        checked_ticket(ticket)

    async def delete(self, locator: str) -> None:
        """Forget the object."""
        self._kept(locator)
        self.space.remove(self._path(locator))

    async def move(self, locator: str, path: str) -> Entry:
        """Keep the same bytes under another path."""
        kept = self._kept(locator)
        self._free(path)
        self.space.remove(self._path(locator))
        return self._keep(path, kept.data, kept.entry.modified_at, kept.handle)

    async def copy(self, locator: str, path: str) -> Entry:
        """Keep the same bytes under one more path."""
        kept = self._kept(locator)
        self._free(path)
        return self._keep(path, kept.data, kept.entry.modified_at)

    async def quota(self) -> Quota:
        """What is kept; there is no limit but the machine's."""
        used = sum(kept.entry.size for kept in self._objects.values())
        return Quota(used=used, total=None, asked_at=datetime.now(UTC))

    async def changes(self, cursor: str | None = None) -> Delta:
        """Everything in the order of paths, then what the journal has since that began."""
        journal = self.space.journal
        at, listed = journal.place(cursor)
        if listed is None:
            touched, after = journal.since(at, self._page)
            found = tuple(self._there(path) for path in touched)
            return Delta(found, journal.cursor(after), after < journal.end)
        paths = sorted(path for path in self._objects if path > listed)[: self._page]
        full = len(paths) == self._page
        entries = tuple(self._shown(self._objects[path]) for path in paths)
        return Delta(entries, journal.cursor(at, paths[-1] if full else None), more=True)

    async def latest(self) -> str:
        """Where the journal ends now."""
        journal = self.space.journal
        return journal.cursor(journal.end)

    async def watch(self, cursor: str) -> Watched:
        """Return at the next change."""
        return Watched(await self.space.journal.wait(cursor))

    async def close(self) -> None:
        """Nothing is held open."""

    def _there(self, path: str) -> Entry | Gone:
        kept = self._objects.get(path)
        return Gone(normalize("NFC", path)) if kept is None else self._shown(kept)

    def _shown(self, kept: Kept) -> Entry:
        return replace(kept.entry, locator=kept.handle) if self._handles else kept.entry

    def _path(self, locator: str) -> str:
        return self.space.paths.get(locator, locator) if self._handles else locator

    def _kept(self, locator: str) -> Kept:
        object_parts(locator)
        try:
            return self._objects[self._path(locator)]
        except KeyError:
            raise ObjectMissing from None

    def _free(self, path: str, overwrite: bool = False) -> None:
        """Nothing may be at `path`, no object on the way to it and none below it."""
        names = new_parts(path)
        ways = {"/".join(names[:depth]) for depth in range(1, len(names))}
        below = f"{path}/"
        if (
            (path in self._objects and not overwrite)
            or not ways.isdisjoint(self._objects)
            or any(other.startswith(below) for other in self._objects)
        ):
            raise AlreadyExists

    def _keep(
        self, path: str, data: bytes, modified_at: datetime | None, handle: str | None = None
    ) -> Entry:
        entry = Entry(
            locator=path,
            path=normalize("NFC", path),
            size=len(data),
            version=str(next(_versions)),
            modified_at=modified_at or datetime.now(UTC),
            checksum=Checksum("sha256", hashlib.sha256(data).hexdigest()),
        )
        kept = Kept(data, entry, handle or f"#{next(_handles)}")
        self.space.put(path, kept)
        return self._shown(kept)


def _folder(locator: str) -> Entry:
    return Entry(
        locator=locator,
        path=normalize("NFC", locator),
        size=0,
        version="",
        modified_at=datetime.fromtimestamp(0, UTC),
        folder=True,
    )


class MemoryBody:
    """Bytes of one object, a piece at a time."""

    def __init__(self, data: bytes, entry: Entry, start: int, stop: int) -> None:
        self.entry = entry
        self.start = start
        self.stop = stop
        self._data = data
        self._at = start

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next piece; lets others run in between."""
        await asyncio.sleep(0)
        stop = min(self._at + CHUNK, self.stop)
        if self._at >= stop:
            raise StopAsyncIteration
        piece = self._data[self._at : stop]
        self._at = stop
        return piece

    async def aclose(self) -> None:
        """Let go of the bytes."""
        self._data = b""
        self._at = self.stop
